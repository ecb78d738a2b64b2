/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_bulk2.h"

#include "base/clock.h"
#include "base/mem.h"
#include "rehearsal/api/api_bulk2_create.h"
#include "rehearsal/jobs/job_engine.h"
#include "rehearsal/jobs/job_results.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIST_PAGE = 1000, VERSION_QUERY = 470 };

/* "2018-12-10T17:50:19.000+0000": whole seconds. */
static json_t *
json_time(int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(ms / 1000 * 1000, text);
    return json_sprintf("%.23s+0000", text);
}

/* The members up to apiVersion; external is left out where there is none. */
json_t *
api_bulk2_head(struct rehearsal *rehearsal, const struct job *job)
{
    json_t *info = json_pack("{s:s, s:s, s:s, s:s}", "id", job->id, "operation",
                             job->operation, "object", job->object,
                             "createdById", store_user_id(rehearsal->store));
    json_object_set_new(info, "createdDate", json_time(job->created_ms));
    json_object_set_new(info, "systemModstamp", json_time(job->modified_ms));
    json_object_set_new(info, "state", json_string(job_state_name(job->state)));
    if (job->external[0]) {
        json_object_set_new(info, "externalIdFieldName",
                            json_string(job->external));
    }
    json_object_set_new(info, "concurrencyMode", json_string("Parallel"));
    json_object_set_new(info, "contentType", json_string("CSV"));
    json_object_set_new(info, "apiVersion", json_real(job->version / 10.0));
    if (job->rule[0]) {
        json_object_set_new(info, "assignmentRuleId", json_string(job->rule));
    }
    return info;
}

void
api_bulk2_add_url(json_t *info, const struct job *job)
{
    json_object_set_new(
        info, "contentUrl",
        json_sprintf("services/data/v%d.0/jobs/ingest/%s/batches",
                     job->version / 10, job->id));
}

void
api_bulk2_add_format(json_t *info, const struct job *job)
{
    json_object_set_new(info, "lineEnding", json_string(job->line_ending));
    json_object_set_new(info, "columnDelimiter", json_string(job->delimiter));
}

static void
add_integer(json_t *info, const char *name, uint64_t value)
{
    json_object_set_new(info, name, json_integer((json_int_t)value));
}

/* As a poll shows it. */
static json_t *
job_info(struct rehearsal *rehearsal, const struct job *job)
{
    json_t *info = api_bulk2_head(rehearsal, job);
    json_object_set_new(info, "jobType",
                        json_string(job->is_query ? "V2Query" : "V2Ingest"));
    if (job->state == JOB_OPEN) {
        api_bulk2_add_url(info, job);
    }
    api_bulk2_add_format(info, job);
    if (job->state >= JOB_RUNNING) {
        add_integer(info, "numberRecordsProcessed", job->processed);
        if (!job->is_query) {
            add_integer(info, "numberRecordsFailed", job->failed);
        }
    }
    add_integer(info, "retries", 0);
    add_integer(info, "totalProcessingTime", (uint64_t)job->total_ms);
    if (!job->is_query) {
        add_integer(info, "apiActiveProcessingTime", (uint64_t)job->active_ms);
        add_integer(info, "apexProcessingTime", 0);
    }
    if (job->state == JOB_FAILED && job->message[0]) {
        json_object_set_new(info, "errorMessage", json_string(job->message));
    }
    return info;
}

void
api_bulk2_answer_no_job(struct exchange *exchange)
{
    exchange_answer_error(exchange, 404, "NOT_FOUND",
                          "The requested resource does not exist");
}

void
api_bulk2_answer_failure(struct exchange *exchange)
{
    exchange_answer_error(exchange, 500, "UNKNOWN_EXCEPTION",
                          "An unexpected error occurred. Please include this "
                          "ErrorId if you contact support: 0");
}

/* The job that the path names, of the kind that the path says. */
bool
api_bulk2_find(struct rehearsal *rehearsal, struct exchange *exchange,
               bool is_query, struct job *job)
{
    if (exchange->version <
            (is_query ? VERSION_QUERY : API_BULK2_INGEST_SINCE) ||
        !job_engine_find(rehearsal->jobs, exchange->captures[0], job) ||
        job->is_query != is_query) {
        api_bulk2_answer_no_job(exchange);
        return false;
    }
    if (job->version != exchange->version) {
        exchange_answer_error(exchange, 409, "API_ERROR",
                              "The API version of the request differs from "
                              "that of the job");
        return false;
    }
    return true;
}

static void
serve_upload(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct job job;
    const char *type = exchange_header(exchange, "Content-Type");
    if (!api_bulk2_find(rehearsal, exchange, false, &job)) {
        return;
    }
    if (!type || strncasecmp(type, "text/csv", 8) != 0) {
        exchange_answer_error(exchange, 415, "UNSUPPORTED_MEDIA_TYPE",
                              "Content-Type of the upload is not text/csv");
        return;
    }
    switch (job_engine_upload(rehearsal->jobs, job.id, exchange->spool_path)) {
    case JOB_CHANGED:
        exchange_answer_empty(exchange, 201);
        break;
    case JOB_NOT_THERE:
        api_bulk2_answer_no_job(exchange);
        break;
    case JOB_SECOND_CONTENT:
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "Found multiple contents for job: <%s>, please "
                              "'Close' / 'Abort' / 'Delete' the current Job "
                              "then create a new Job and make sure you only "
                              "do 'PUT' once on a given Job.",
                              job.id);
        break;
    case JOB_WRONG_STATE:
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "Failed to upload, since the Job is not Open. "
                              "Current job state is '%s'",
                              job_state_name(job.state));
        break;
    case JOB_STORE_FAILED:
        api_bulk2_answer_failure(exchange);
        break;
    }
}

static void
answer_change(struct rehearsal *rehearsal, struct exchange *exchange,
              enum job_change change, const struct job *job, const char *verb)
{
    static const char *const past[] = {
        [JOB_OPEN] = "Open",          [JOB_UPLOADED] = "Completed",
        [JOB_RUNNING] = "Completed",  [JOB_ABORTED] = "Aborted",
        [JOB_COMPLETE] = "Completed", [JOB_FAILED] = "Failed"};
    switch (change) {
    case JOB_CHANGED:
        exchange_answer_json(exchange, 200, api_bulk2_head(rehearsal, job));
        break;
    case JOB_WRONG_STATE:
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "%s already %s Job not allowed", verb,
                              past[job->state]);
        break;
    case JOB_STORE_FAILED:
        api_bulk2_answer_failure(exchange);
        break;
    default:
        api_bulk2_answer_no_job(exchange);
        break;
    }
}

void
api_bulk2_patch(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct fault *fault)
{
    (void)fault;
    struct job job;
    static const char *const known[] = {"state", NULL};
    char state[32] = "";
    bool is_query = strstr(exchange->route->path, "/query/") != NULL;
    if (!api_bulk2_find(rehearsal, exchange, is_query, &job)) {
        return;
    }
    json_t *body = exchange_json(exchange);
    bool fine =
        body && api_bulk2_create_members(exchange, body, known) &&
        api_bulk2_create_text(exchange, body, "state", state, sizeof state);
    json_decref(body);
    if (!fine) {
        return;
    }
    if (strcmp(state, "UploadComplete") == 0 && !is_query) {
        answer_change(rehearsal, exchange,
                      job_engine_submit(rehearsal->jobs, job.id, &job), &job,
                      "Closing");
    } else if (strcmp(state, "Aborted") == 0) {
        answer_change(rehearsal, exchange,
                      job_engine_abort(rehearsal->jobs, job.id, &job), &job,
                      "Aborting");
    } else {
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "Job state '%s' is not allowed", state);
    }
}

void
api_bulk2_info(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct fault *fault)
{
    (void)fault;
    struct job job;
    bool is_query = strstr(exchange->route->path, "/query/") != NULL;
    if (api_bulk2_find(rehearsal, exchange, is_query, &job)) {
        exchange_answer_json(exchange, 200, job_info(rehearsal, &job));
    }
}

void
api_bulk2_delete(struct rehearsal *rehearsal, struct exchange *exchange,
                 const struct fault *fault)
{
    (void)fault;
    struct job job;
    bool is_query = strstr(exchange->route->path, "/query/") != NULL;
    if (!api_bulk2_find(rehearsal, exchange, is_query, &job)) {
        return;
    }
    switch (job_engine_delete(rehearsal->jobs, job.id)) {
    case JOB_CHANGED:
        exchange_answer_empty(exchange, 204);
        break;
    case JOB_WRONG_STATE:
        exchange_answer_error(exchange, 400, "API_ERROR",
                              "Error encountered when deleting the job because "
                              "the job is not terminated");
        break;
    case JOB_STORE_FAILED:
        api_bulk2_answer_failure(exchange);
        break;
    default:
        api_bulk2_answer_no_job(exchange);
        break;
    }
}

/* The list's locator is the position of its first job. */
void
api_bulk2_list(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct fault *fault)
{
    (void)fault;
    bool is_query = strstr(exchange->route->path, "/query") != NULL;
    const char *type = exchange_parameter(exchange, "jobType");
    const char *locator = exchange_parameter(exchange, "queryLocator");
    bool fits = !type || strcmp(type, is_query ? "V2Query" : "V2Ingest") == 0;
    uint64_t first = 0;
    if (locator && !slice_to_u64(slice_of(locator), &first)) {
        exchange_answer_error(exchange, 400, "INVALID_QUERY_LOCATOR",
                              "invalid query locator");
        return;
    }
    struct job *jobs = mem_array(LIST_PAGE + 1, sizeof *jobs);
    size_t count = fits ? job_engine_list(rehearsal->jobs, is_query,
                                          (size_t)first, jobs, LIST_PAGE + 1)
                        : 0;
    bool done = count <= LIST_PAGE;
    json_t *records = json_array();
    for (size_t i = 0; i < count && i < LIST_PAGE; i++) {
        json_t *info = api_bulk2_head(rehearsal, &jobs[i]);
        json_object_set_new(info, "jobType",
                            json_string(is_query ? "V2Query" : "V2Ingest"));
        if (jobs[i].state == JOB_OPEN) {
            api_bulk2_add_url(info, &jobs[i]);
        }
        api_bulk2_add_format(info, &jobs[i]);
        json_array_append_new(records, info);
    }
    free(jobs);
    json_t *list = json_pack("{s:b, s:o}", "done", done, "records", records);
    json_object_set_new(
        list, "nextRecordsUrl",
        done ? json_null()
             : json_sprintf("/services/data/v%d.0/jobs/%s?queryLocator=%llu",
                            exchange->version / 10,
                            is_query ? "query" : "ingest",
                            (unsigned long long)first + LIST_PAGE));
    exchange_answer_json(exchange, 200, list);
}

/* A finished job of the same kind, for the fault that mixes them up. */
static bool
find_other(struct rehearsal *rehearsal, const struct job *job,
           struct job *other)
{
    struct job *jobs = mem_array(LIST_PAGE, sizeof *jobs);
    size_t count = job_engine_list(rehearsal->jobs, false, 0, jobs, LIST_PAGE);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        found = strcmp(jobs[i].id, job->id) != 0 && job_is_over(&jobs[i]);
        *other = jobs[i];
    }
    free(jobs);
    return found;
}

static void
serve_result(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault, enum job_result result)
{
    struct job job, other;
    struct arena *arena = &exchange->arena;
    if (!api_bulk2_find(rehearsal, exchange, false, &job)) {
        return;
    }
    if (!job_is_over(&job)) {
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "Results are not available while the job is "
                              "%s",
                              job_state_name(job.state));
        return;
    }
    if (fault->kind == FAULT_OTHER_JOB && find_other(rehearsal, &job, &other)) {
        job = other;
    }
    const char *path =
        job_engine_result_path(rehearsal->jobs, &job, result, arena);
    if (fault->kind >= FAULT_ROWS_MISSING && fault->kind != FAULT_OTHER_JOB) {
        const char *copy = job_results_spoil(rehearsal, path, fault, arena);
        exchange_answer_file(exchange, "text/csv", copy ? copy : path);
        exchange->answer_path_is_ours = copy != NULL;
        return;
    }
    exchange_answer_file(exchange, "text/csv", path);
}

static void
serve_successful(struct rehearsal *rehearsal, struct exchange *exchange,
                 const struct fault *fault)
{
    serve_result(rehearsal, exchange, fault, JOB_SUCCESSFUL);
}

static void
serve_failed(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    serve_result(rehearsal, exchange, fault, JOB_UNSUCCESSFUL);
}

static void
serve_unprocessed(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct fault *fault)
{
    serve_result(rehearsal, exchange, fault, JOB_UNPROCESSED);
}

#define INGEST "/services/data/v*/jobs/ingest"

const struct route api_bulk2_routes[] = {
    {"bulk2.create", "POST", INGEST, api_bulk2_create_serve, 0},
    {"bulk2.list", "GET", INGEST, api_bulk2_list, 0},
    {"bulk2.upload", "PUT", INGEST "/*/batches", serve_upload, ROUTE_UPLOAD},
    {"bulk2.close", "PATCH", INGEST "/*", api_bulk2_patch, 0},
    {"bulk2.status", "GET", INGEST "/*", api_bulk2_info, 0},
    {"bulk2.delete", "DELETE", INGEST "/*", api_bulk2_delete, 0},
    {"bulk2.results.success", "GET", INGEST "/*/successfulResults",
     serve_successful, 0},
    {"bulk2.results.failed", "GET", INGEST "/*/failedResults", serve_failed, 0},
    {"bulk2.results.unprocessed", "GET", INGEST "/*/unprocessedrecords",
     serve_unprocessed, 0},
    {0},
};
