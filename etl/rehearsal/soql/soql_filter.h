/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_FILTER_H
#define ETL_REHEARSAL_SOQL_SOQL_FILTER_H

#include "rehearsal/org/store_row.h"
#include "rehearsal/soql/soql_parse.h"

/*
 * Values along a path and conditions on them, for one record at a time.
 * Comparing follows SOQL: texts ignore case, != and NOT IN hold for null,
 * the other operators never do.
 */
struct soql_filter {
    const struct store_layout *layout;
    struct store_link *link;
    struct arena *scratch; /* texts live until its reset */
    struct error *err;
};

/* The value at the end of a path; ptr NULL when null, a parent's absence
 * included. False: the store failed. */
bool soql_filter_value(const struct soql_filter *filter,
                       const struct store_row *row,
                       const struct soql_path *path, struct slice *value);
/* The record that a reference leads to; object NULL when there is none. */
bool soql_filter_parent(const struct soql_filter *filter,
                        const struct store_row *row,
                        const struct schema_field *reference,
                        struct store_row *parent);
bool soql_filter_matches(const struct soql_filter *filter,
                         const struct store_row *row,
                         const struct soql_condition *condition, bool *matches);
/* Below, at or above 0; both have values, folded where texts. */
int soql_filter_compare(const struct schema_field *field, struct slice a,
                        struct slice b);

#endif
