/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_QUERY_H
#define ETL_SALESFORCE_QUERY_QUERY_H

#include "salesforce/session.h"

/*
 * A SOQL query through REST, page after page ("REST API Developer Guide",
 * resources Query and QueryMore). Records are lent one at a time; memory is a
 * page.
 */
struct query {
    struct session *session;
    struct slice soql;
    /* Of each record, in this order; a path such as Owner.Name leads through
     * a parent. Case does not count, as in SOQL. */
    const struct slice *fields;
    size_t field_count;
    /* values: one a field, ptr NULL where the record has none. False: stop
     * with this error. */
    bool (*on_record)(void *cookie, const struct slice *values,
                      struct error *err);
    /* Before the first record, how many there are; false: that is enough, and
     * nothing more is asked. NULL: nobody wants to know. */
    bool (*on_total)(void *cookie, uint64_t total);
    void *cookie;
};

/*
 * ERROR_CONFIG when the query is too long or a record has no such field.
 * ERROR_NETWORK also when there came other than the announced number of
 * records; a page that is cut is asked for again.
 */
bool query_run(const struct query *query, struct error *err);

#endif
