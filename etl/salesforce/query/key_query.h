/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_KEY_QUERY_H
#define ETL_SALESFORCE_QUERY_KEY_QUERY_H

#include "model/schema.h"
#include "salesforce/session.h"

/*
 * The records that have one of many keys, in any order: a few hundred keys a
 * query by REST, or, where there are more than KEY_QUERY_REST_KEYS, a few
 * thousand in each query job of Bulk API 2.0, several at once. Memory is the
 * answers of the jobs that are read.
 */
#define KEY_QUERY_REST_KEYS 2000

struct key_query {
    struct session *session;
    const char *object;
    const char *key_field; /* "Id", "ERP_Id__c" */
    enum field_type key_type;
    const struct slice *keys; /* none empty */
    size_t key_count;
    const struct slice *fields; /* of each record, such as "Account.Name" */
    size_t field_count;
    bool (*may_go_on)(struct error *err); /* asked now and then */
    /* values: one a field, ptr NULL where blank. False: stop with this error.
     */
    bool (*on_record)(void *cookie, const struct slice *values,
                      struct error *err);
    void *cookie;
};

bool key_query_run(const struct key_query *query, struct error *err);

/* How many calls, and how many query jobs of them, so many keys take. */
uint64_t key_query_calls(uint64_t key_count, uint64_t *jobs);

#endif
