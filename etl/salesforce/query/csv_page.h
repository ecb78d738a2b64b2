/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_CSV_PAGE_H
#define ETL_SALESFORCE_QUERY_CSV_PAGE_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>

/*
 * A page of a query job's records that lies in memory. Columns are found by
 * name, in whatever order and case they come. Memory is a row.
 */
struct csv_page {
    struct slice bytes;
    const struct slice *fields; /* the columns wanted */
    size_t field_count;
    int64_t announced; /* rows; -1: not said */
    /* values: one a field, ptr NULL where the cell is empty; lent. False:
     * stop with this error. */
    bool (*on_record)(void *cookie, const struct slice *values,
                      struct error *err);
    void *cookie;
};

/*
 * ERROR_NETWORK when the page is cut, has another number of rows than
 * announced or lacks a column: records may have been given out before that.
 */
bool csv_page_read(const struct csv_page *page, struct error *err);
/* The same without giving out any. */
bool csv_page_check(const struct csv_page *page, struct error *err);

#endif
