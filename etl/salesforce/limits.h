/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LIMITS_H
#define ETL_SALESFORCE_LIMITS_H

#include "salesforce/session.h"

/* GET /limits: what the org has left today. -1: not stated. */
struct limits {
    int64_t api_calls_max, api_calls_left;
    int64_t bulk_batches_max, bulk_batches_left;
    int64_t bulk_query_jobs_max, bulk_query_jobs_left;
    int64_t storage_mb_max, storage_mb_left;
};
bool limits_get(struct session *session, struct limits *limits,
                struct error *err);

#endif
