/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api_bulk2.h"

#include "base/clock.h"
#include "base/mem.h"
#include "rehearsal/jobs/job_engine.h"
#include "rehearsal/jobs/job_results.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIST_PAGE = 1000, VERSION_INGEST = 410, VERSION_QUERY = 470 };

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

static void
add_content_url(json_t *info, const struct job *job)
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
        add_content_url(info, job);
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
    if (exchange->version < (is_query ? VERSION_QUERY : VERSION_INGEST) ||
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

/* Copies a text member; false: it is too long or no text, and answered. */
bool
api_bulk2_read_text(struct exchange *exchange, json_t *body, const char *name,
                    char *text, size_t size)
{
    json_t *value = json_object_get(body, name);
    if (!value || json_is_null(value)) {
        return true;
    }
    const char *given = json_string_value(value);
    if (!given || strlen(given) >= size) {
        exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                              "Cannot deserialize instance of string for %s",
                              name);
        return false;
    }
    snprintf(text, size, "%s", given);
    return true;
}

bool
api_bulk2_check_members(struct exchange *exchange, json_t *body,
                        const char *const *known)
{
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], name) != 0) {
            i++;
        }
        if (!known[i]) {
            exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                                  "Unrecognized field \"%s\"", name);
            return false;
        }
    }
    return true;
}

/* Fills what was not given and refuses what is no such value. */
bool
api_bulk2_check_format(struct exchange *exchange, struct job *job,
                       const char *type)
{
    if (!job->delimiter[0]) {
        snprintf(job->delimiter, sizeof job->delimiter, "COMMA");
    }
    if (!job->line_ending[0]) {
        snprintf(job->line_ending, sizeof job->line_ending, "LF");
    }
    const char *wrong = NULL;
    if (!job_delimiter(job)) {
        wrong = job->delimiter;
    } else if (strcmp(job->line_ending, "LF") != 0 &&
               strcmp(job->line_ending, "CRLF") != 0) {
        wrong = job->line_ending;
    } else if (strcmp(type, "CSV") != 0) {
        wrong = type;
    }
    if (wrong) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "'%s' is not a valid value", wrong);
    }
    return !wrong;
}

static bool
check_operation(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct job *job)
{
    static const char *const known[] = {"insert", "update", "upsert", "delete",
                                        "hardDelete"};
    size_t i = 0;
    while (i < 5 && strcmp(known[i], job->operation) != 0) {
        i++;
    }
    if (i == 5) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : '%s' is not a valid operation",
                              job->operation);
        return false;
    }
    if (i == 4 && !faults_settings(rehearsal->faults).hard_delete) {
        exchange_answer_error(exchange, 400, "FEATURENOTENABLED",
                              "FeatureNotEnabled : hardDelete operation "
                              "requires special user profile permission, "
                              "please contact your system administrator");
        return false;
    }
    return true;
}

static bool
check_object(struct rehearsal *rehearsal, struct exchange *exchange,
             struct job *job)
{
    const struct schema_object *object =
        org_schema_object(rehearsal->schema, slice_of(job->object));
    if (!object) {
        exchange_answer_error(exchange, 400, "INVALIDENTITY",
                              "InvalidEntity : Unable to find object: %s",
                              job->object);
        return false;
    }
    if (object->flags & OBJECT_NO_BULK) {
        exchange_answer_error(exchange, 400, "INVALIDENTITY",
                              "InvalidEntity : Entity '%s' is not supported "
                              "by the Bulk API.",
                              object->name);
        return false;
    }
    snprintf(job->object, sizeof job->object, "%s", object->name);
    bool upsert = strcmp(job->operation, "upsert") == 0;
    if (!upsert && job->external[0]) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : External ID field can only be "
                              "specified for upsert");
        return false;
    }
    const struct schema_field *field =
        org_schema_field(object, slice_of(job->external));
    bool is_key =
        field && (field->type == FIELD_ID ||
                  (field->flags & (FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP)));
    if (upsert && !job->external[0]) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : External ID was blank for %s. An "
                              "External ID must be specified for upsert.",
                              object->name);
        return false;
    }
    if (upsert && !is_key) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : Field name provided, %s does not "
                              "match an External ID, Salesforce Id, or "
                              "indexed field for %s",
                              job->external, object->name);
        return false;
    }
    if (upsert) {
        snprintf(job->external, sizeof job->external, "%s", field->name);
    }
    return true;
}

static bool
read_ingest(struct rehearsal *rehearsal, struct exchange *exchange,
            json_t *body, struct job *job)
{
    static const char *const known[] = {
        "object",     "operation",       "externalIdFieldName", "contentType",
        "lineEnding", "columnDelimiter", "assignmentRuleId",    NULL};
    char type[32] = "CSV";
    return api_bulk2_check_members(exchange, body, known) &&
           api_bulk2_read_text(exchange, body, "object", job->object,
                               sizeof job->object) &&
           api_bulk2_read_text(exchange, body, "operation", job->operation,
                               sizeof job->operation) &&
           api_bulk2_read_text(exchange, body, "externalIdFieldName",
                               job->external, sizeof job->external) &&
           api_bulk2_read_text(exchange, body, "assignmentRuleId", job->rule,
                               sizeof job->rule) &&
           api_bulk2_read_text(exchange, body, "columnDelimiter",
                               job->delimiter, sizeof job->delimiter) &&
           api_bulk2_read_text(exchange, body, "lineEnding", job->line_ending,
                               sizeof job->line_ending) &&
           api_bulk2_read_text(exchange, body, "contentType", type,
                               sizeof type) &&
           api_bulk2_check_format(exchange, job, type) &&
           check_operation(rehearsal, exchange, job) &&
           check_object(rehearsal, exchange, job);
}

static void
serve_create(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct error err = {0};
    struct job job = {.version = exchange->version};
    if (exchange->version < VERSION_INGEST) {
        api_bulk2_answer_no_job(exchange);
        return;
    }
    json_t *body = exchange_json(exchange);
    if (!body || !read_ingest(rehearsal, exchange, body, &job)) {
        json_decref(body);
        return;
    }
    json_decref(body);
    if (!job_engine_create(rehearsal->jobs, &job, (struct slice){0}, &err)) {
        api_bulk2_answer_failure(exchange);
        return;
    }
    json_t *info = api_bulk2_head(rehearsal, &job);
    add_content_url(info, &job);
    api_bulk2_add_format(info, &job);
    exchange_answer_json(exchange, 200, info);
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
        body && api_bulk2_check_members(exchange, body, known) &&
        api_bulk2_read_text(exchange, body, "state", state, sizeof state);
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
            add_content_url(info, &jobs[i]);
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
    {"bulk2.create", "POST", INGEST, serve_create, 0},
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
