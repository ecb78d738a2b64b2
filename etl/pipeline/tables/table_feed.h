/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_TABLES_TABLE_FEED_H
#define ETL_PIPELINE_TABLES_TABLE_FEED_H

#include "mapping/mapping.h"
#include "salesforce/session.h"

/*
 * Fills the tables of a mapping that lie outside of it: CSV files, read as a
 * source is (UTF-8 or by its BOM, sniffed delimiter), and queries. A resume
 * takes the rows that the run kept (table_keep.h) instead.
 */
struct table_feed {
    const struct mapping *mapping;
    struct session *session; /* NULL: no org is asked */
    /* Resume: the file that holds the table's rows as they were, and how many;
     * NULL: a new run. The path is on the heap, the caller's. */
    bool (*kept)(void *cookie, const struct mapping_table *table, char **path,
                 uint64_t *rows, struct error *err);
    void *cookie;
    struct problems *problems;
    bool leaves_queries; /* examples give the rows of their tables */
};

/* What is wrong with a table is added to the problems; false only where struct
 * error is set. A row without a key is passed over: blank is never looked up.
 */
bool table_feed_all(const struct table_feed *feed, struct error *err);
/* Bytes of memory that all tables take. */
uint64_t table_feed_memory(const struct mapping *mapping);

#endif
