/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/limits.h"

#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"

static void
read_limit(const json_t *json, const char *name, int64_t *max, int64_t *left)
{
    const json_t *limit = json_object_get(json, name);
    *max = answer_json_count(limit, "Max");
    *left = answer_json_count(limit, "Remaining");
}

bool
limits_get(struct session *session, struct limits *limits, struct error *err)
{
    struct http_request request = {
        .name = "limits",
        .method = "GET",
        .needs_session = true,
        .answer_limit = API_JOB_ANSWER_BYTES,
    };
    struct http_answer answer;
    session_set_url(session, &request, "/limits");
    json_t *json = NULL;
    if (session_call(session, &request, &answer, err)) {
        json = answer_json_parse(answer.body, "limits", err);
    }
    http_request_release(&request);
    if (json == NULL) {
        return false;
    }
    read_limit(json, "DailyApiRequests", &limits->api_calls_max,
               &limits->api_calls_left);
    /* The name of 47.0 and later, then the one before. */
    read_limit(json, "DailyBulkApiBatches", &limits->bulk_batches_max,
               &limits->bulk_batches_left);
    if (limits->bulk_batches_max < 0) {
        read_limit(json, "DailyBulkApiRequests", &limits->bulk_batches_max,
                   &limits->bulk_batches_left);
    }
    read_limit(json, "DailyBulkV2QueryJobs", &limits->bulk_query_jobs_max,
               &limits->bulk_query_jobs_left);
    read_limit(json, "DataStorageMB", &limits->storage_mb_max,
               &limits->storage_mb_left);
    json_decref(json);
    return true;
}
