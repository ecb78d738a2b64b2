/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_TABLES_TABLE_KEEP_H
#define ETL_PIPELINE_TABLES_TABLE_KEEP_H

#include "ledger/ledger.h"
#include "mapping/mapping.h"
#include "model/source_spec.h"

/*
 * The rows of tables from files and queries as a run was begun with them:
 * RUN/tables/1.csv and so on, in the mapping's order, so that a resume maps
 * the rest by the same. Which file holds which table, and how many rows, is in
 * the ledger.
 */
#define TABLE_KEEP_KEY "key"
#define TABLE_KEEP_VALUE "value"

/* Durable when the ledger's open transaction is. */
bool table_keep_write(const struct mapping *mapping, const char *run_folder,
                      struct ledger *ledger, struct error *err);
/* *path is on the heap, the caller's. */
bool table_keep_find(struct ledger *ledger, const char *run_folder,
                     const struct mapping_table *table, char **path,
                     uint64_t *rows, struct error *err);
/* How such a file is read; the path is to be added. */
struct source_spec table_keep_spec(void);

#endif
