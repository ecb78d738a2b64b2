/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/bulk2_client.h"

#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const operations[] = {
    [OPERATION_INSERT] = "insert",          [OPERATION_UPDATE] = "update",
    [OPERATION_UPSERT] = "upsert",          [OPERATION_DELETE] = "delete",
    [OPERATION_HARD_DELETE] = "hardDelete",
};

bool
bulk2_client_knows(enum operation operation)
{
    return (size_t)operation < sizeof operations / sizeof *operations;
}

static void
begin(struct http_request *request, const char *name, const char *method)
{
    http_request_reset(request);
    request->name = name;
    request->method = method;
    request->needs_session = true;
    request->answer_limit = API_JOB_ANSWER_BYTES;
}

static void
set_json(struct http_request *request, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    request->body = arena_copy(&request->arena, slice_of(text));
    free(text);
    json_decref(json);
    http_request_add_header(request, "Content-Type",
                            "application/json; charset=UTF-8");
}

void
bulk2_client_create(struct http_request *request, const struct session *session,
                    const struct load *load)
{
    begin(request, "bulk2.create", "POST");
    session_set_url(session, request, "/jobs/ingest");
    json_t *json = json_object(); /* keeps the members' order */
    json_object_set_new(json, "object", json_string(load->object));
    json_object_set_new(json, "operation",
                        json_string(operations[load->operation]));
    if (load->operation == OPERATION_UPSERT) {
        json_object_set_new(json, "externalIdFieldName",
                            json_string(load->external_id));
    }
    json_object_set_new(json, "contentType", json_string("CSV"));
    json_object_set_new(json, "columnDelimiter", json_string("COMMA"));
    json_object_set_new(json, "lineEnding", json_string("LF"));
    if (load->assignment_rule != NULL) {
        json_object_set_new(json, "assignmentRuleId",
                            json_string(load->assignment_rule));
    }
    set_json(request, json);
}

void
bulk2_client_upload(struct http_request *request, const struct session *session,
                    const char *job_id, const char *path, struct slice bytes,
                    bool gzip)
{
    begin(request, "bulk2.upload", "PUT");
    request->repeat = HTTP_REPEAT_NEVER;
    session_set_url(session, request, "/jobs/ingest/%s/batches", job_id);
    http_request_add_header(request, "Content-Type", "text/csv");
    if (gzip) {
        http_request_add_header(request, "Content-Encoding", "gzip");
    }
    request->body_path = path;
    request->body = bytes;
}

static void
set_state(struct http_request *request, const struct session *session,
          const char *job_id, const char *state)
{
    session_set_url(session, request, "/jobs/ingest/%s", job_id);
    request->repeat = HTTP_REPEAT_NEVER;
    set_json(request, json_pack("{ss}", "state", state));
}

void
bulk2_client_close(struct http_request *request, const struct session *session,
                   const char *job_id)
{
    begin(request, "bulk2.close", "PATCH");
    set_state(request, session, job_id, "UploadComplete");
}

void
bulk2_client_abort(struct http_request *request, const struct session *session,
                   const char *job_id)
{
    begin(request, "bulk2.abort", "PATCH");
    set_state(request, session, job_id, "Aborted");
}

void
bulk2_client_read(struct http_request *request, const struct session *session,
                  const char *job_id)
{
    begin(request, "bulk2.poll", "GET");
    session_set_url(session, request, "/jobs/ingest/%s", job_id);
}

void
bulk2_client_delete(struct http_request *request, const struct session *session,
                    const char *job_id)
{
    begin(request, "bulk2.delete", "DELETE");
    session_set_url(session, request, "/jobs/ingest/%s", job_id);
}

void
bulk2_client_result(struct http_request *request, const struct session *session,
                    const char *job_id, enum bulk2_result result,
                    const char *path)
{
    static const struct {
        const char *name, *part;
    } results[] = {
        [BULK2_SUCCESSFUL] = {"bulk2.successful", "successfulResults"},
        [BULK2_FAILED_ROWS] = {"bulk2.failed", "failedResults"},
        [BULK2_UNPROCESSED] = {"bulk2.unprocessed", "unprocessedrecords"},
    };
    begin(request, results[result].name, "GET");
    session_set_url(session, request, "/jobs/ingest/%s/%s/", job_id,
                    results[result].part);
    http_request_add_header(request, "Accept", "text/csv");
    request->answer_path = arena_strdup(&request->arena, slice_of(path));
    request->answer_limit = BULK2_RESULT_BYTES;
}

static bool
is_id(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9'))) {
            return false;
        }
    }
    return len == 15 || len == 18;
}

static bool
read_state(const char *text, enum bulk2_state *state)
{
    static const char *const names[] = {
        [BULK2_OPEN] = "Open",
        [BULK2_UPLOAD_COMPLETE] = "UploadComplete",
        [BULK2_IN_PROGRESS] = "InProgress",
        [BULK2_JOB_COMPLETE] = "JobComplete",
        [BULK2_FAILED] = "Failed",
        [BULK2_ABORTED] = "Aborted",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *state = (enum bulk2_state)i;
            return true;
        }
    }
    return false;
}

static void
copy_message(struct bulk2_job *job, const char *text)
{
    struct slice message = slice_of(text ? text : "");
    if (message.len >= sizeof job->message) {
        message.len = sizeof job->message - 1;
        message.len = slice_utf8_valid_len(message);
    }
    for (size_t i = 0; i < message.len; i++) {
        unsigned char c = (unsigned char)message.ptr[i];
        job->message[i] = message.ptr[i];
        if (c < ' ') {
            job->message[i] = ' ';
        }
    }
    job->message[message.len] = '\0';
}

static bool
read_job(const json_t *json, const char *want_id, struct bulk2_job *job)
{
    const char *id = answer_json_text(json, "id");
    const char *state = answer_json_text(json, "state");
    /* 15 characters say all; the other 3 are a checksum. */
    if (id == NULL || state == NULL || !is_id(id) ||
        (want_id != NULL && strncmp(id, want_id, 15) != 0) ||
        !read_state(state, &job->state)) {
        return false;
    }
    snprintf(job->id, sizeof job->id, "%s", id);
    job->processed = answer_json_count(json, "numberRecordsProcessed");
    job->failed = answer_json_count(json, "numberRecordsFailed");
    job->total_processing_ms = answer_json_count(json, "totalProcessingTime");
    job->active_processing_ms =
        answer_json_count(json, "apiActiveProcessingTime");
    job->apex_processing_ms = answer_json_count(json, "apexProcessingTime");
    copy_message(job, answer_json_text(json, "errorMessage"));
    return job->failed <= job->processed;
}

bool
bulk2_client_parse_job(const struct http_answer *answer, const char *want_id,
                       struct bulk2_job *job, struct error *err)
{
    *job = (struct bulk2_job){.processed = -1, .failed = -1};
    json_t *json = answer_json_parse(answer->body, "Bulk API 2.0", err);
    if (json == NULL) {
        return false;
    }
    bool done = read_job(json, want_id, job);
    json_decref(json);
    return done || error_set(err, ERROR_NETWORK, 0,
                             "Bulk API 2.0: the answer is not about the job "
                             "that was asked for");
}
