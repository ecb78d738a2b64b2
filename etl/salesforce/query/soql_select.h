/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_SOQL_SELECT_H
#define ETL_SALESFORCE_QUERY_SOQL_SELECT_H

#include "base/arena.h"
#include "base/error.h"

/*
 * What a SOQL query selects, as far as one must know before it is asked: the
 * columns of its records, and which API can take it. Nothing else is checked:
 * that is the org's. Bounded by the text; slices borrow from it or lie in the
 * arena.
 */
struct soql_select {
    /* As records name them: "Id", "Owner.Name", an alias, "expr0". */
    struct slice *columns;
    size_t count;
    struct slice object; /* behind FROM */
    /* NULL, or what it holds that Bulk API 2.0 has not ("GROUP BY"). */
    const char *not_bulk;
};

/* ERROR_CONFIG when its records make no table of one line each: a query in
 * the select list, TYPEOF, FIELDS(), COUNT() [export-query]. */
bool soql_select_parse(struct slice soql, struct arena *arena,
                       struct soql_select *select, struct error *err);

#endif
