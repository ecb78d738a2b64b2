/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_RUN_H
#define ETL_REHEARSAL_SOQL_SOQL_RUN_H

#include "rehearsal/org/store.h"
#include "rehearsal/soql/soql_parse.h"

/*
 * Finds the numbers of the records that a statement asks for, in its order,
 * LIMIT and OFFSET applied: by the index where a condition on Id, a key or a
 * lookup allows it, else by reading all records of the object. *numbers is the
 * caller's to free, also after a failure.
 */
bool soql_run_statement(struct store *store,
                        const struct soql_statement *statement,
                        bool include_deleted, uint64_t **numbers, size_t *count,
                        struct error *err);

#endif
