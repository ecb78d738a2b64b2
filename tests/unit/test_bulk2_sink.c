/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink.h"

#include "base/clock.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "scratch.h"

#define JOB_ID "7505e000003qrstAAA"
#define JOB(state, more)                                                       \
    "{\"id\":\"" JOB_ID "\",\"operation\":\"upsert\",\"object\":\"Account\","  \
    "\"state\":\"" state "\",\"apiVersion\":64.0" more "}"
#define COUNTS(processed, failed)                                              \
    ",\"numberRecordsProcessed\":" #processed                                  \
    ",\"numberRecordsFailed\":" #failed
#define FAULT(code, text)                                                      \
    "[{\"message\":\"" text "\",\"errorCode\":\"" code "\"}]"

static int64_t now_ms = 1000000;

static int64_t
fixed_now(void)
{
    return now_ms;
}

struct fixture {
    struct load_column columns[2];
    struct load load;
    struct org org;
    struct session session;
    char url[32], token[8];
    struct sink *sink;
    struct ticket ticket;
    struct sink_files files;
    struct http_request request;
    int64_t wait_ms;
    struct error err;
};

static void
open_fixture(struct fixture *f)
{
    *f = (struct fixture){
        .columns = {{.name = "ERP_Id__c", .type = FIELD_STRING},
                    {.name = "Name", .type = FIELD_STRING}},
        .load = {.name = "accounts",
                 .object = "Account",
                 .operation = OPERATION_UPSERT,
                 .external_id = "ERP_Id__c",
                 .column_count = 2},
        .org = {.name = "ci", .api_version = "64.0", .allow_upsert = true},
        .url = "https://x.example",
        .ticket = {.id = 1, .chunk_id = 1, .attempt = 1},
        .files = {.chunk_path = "/run/chunks/a.csv",
                  .spool_prefix = "/nonexistent/a",
                  .rows = 100},
    };
    f->load.columns = f->columns;
    f->session.org = &f->org;
    f->session.instance_url = f->url;
    const struct sink_target target = {&f->load, &f->session};
    f->sink = sink_open("auto", &target, &f->err);
    assert_non_null(f->sink);
}

static void
close_fixture(struct fixture *f)
{
    http_request_release(&f->request);
    sink_close(f->sink);
}

static enum sink_step
step(struct fixture *f)
{
    return sink_next(f->sink, &f->ticket, &f->files, &f->request, &f->wait_ms,
                     &f->err);
}

static void
expect_call(struct fixture *f, const char *method, const char *path)
{
    enum sink_step said = step(f);
    if (said == SINK_WAIT) {
        now_ms += f->wait_ms;
        said = step(f);
    }
    assert_int_equal(said, SINK_CALL);
    assert_string_equal(f->request.method, method);
    char *url = mem_printf("https://x.example/services/data/v64.0%s", path);
    assert_string_equal(f->request.url, url);
    assert_true(f->request.needs_session);
    free(url);
}

static bool
answer_typed(struct fixture *f, long status, const char *type, const char *body)
{
    struct http_answer answer = {.status = status, .body = slice_of(body)};
    snprintf(answer.content_type, sizeof answer.content_type, "%s", type);
    f->err = (struct error){0};
    return sink_answer(f->sink, &f->ticket, &f->files, &answer, &f->err);
}

static bool
answer(struct fixture *f, long status, const char *body)
{
    return answer_typed(f, status, "application/json", body);
}

#define PATH_JOBS "/jobs/ingest"
#define PATH_JOB PATH_JOBS "/" JOB_ID

static void
create(struct fixture *f)
{
    expect_call(f, "POST", PATH_JOBS);
    assert_int_equal(f->ticket.state, TICKET_CREATING);
    assert_true(answer(f, 200, JOB("Open", "")));
    assert_int_equal(f->ticket.state, TICKET_CREATED);
}

static void
upload(struct fixture *f)
{
    create(f);
    expect_call(f, "PUT", PATH_JOB "/batches");
    assert_int_equal(f->ticket.state, TICKET_UPLOADING);
    assert_true(answer(f, 201, ""));
    assert_int_equal(f->ticket.state, TICKET_UPLOADED);
}

static void
close_job(struct fixture *f)
{
    upload(f);
    expect_call(f, "PATCH", PATH_JOB);
    assert_int_equal(f->ticket.state, TICKET_CLOSING);
    assert_true(answer(f, 200, JOB("UploadComplete", "")));
    assert_int_equal(f->ticket.state, TICKET_CLOSED);
}

static bool
has_header(const struct fixture *f, const char *name, const char *value)
{
    for (size_t i = 0; i < f->request.header_count; i++) {
        if (strcmp(f->request.headers[i].name, name) == 0 &&
            strcmp(f->request.headers[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

static void
test_the_whole_way(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    assert_string_equal(sink_name(f.sink), "bulk2");
    assert_int_equal(sink_limits(f.sink).rows_rounded, 10000);
    expect_call(&f, "POST", PATH_JOBS);
    const char *want = "{\"object\":\"Account\",\"operation\":\"upsert\","
                       "\"externalIdFieldName\":\"ERP_Id__c\","
                       "\"contentType\":\"CSV\",\"columnDelimiter\":\"COMMA\","
                       "\"lineEnding\":\"LF\"}";
    assert_true(slice_is(f.request.body, want));
    assert_true(answer(&f, 200, JOB("Open", ",\"contentUrl\":\"evil\"")));
    assert_string_equal(f.ticket.job_id, JOB_ID);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_int_equal(f.request.repeat, HTTP_REPEAT_NEVER);
    assert_string_equal(f.request.body_path, "/run/chunks/a.csv");
    assert_true(has_header(&f, "Content-Type", "text/csv"));
    assert_false(has_header(&f, "Content-Encoding", "gzip"));
    assert_true(answer(&f, 201, ""));
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(slice_is(f.request.body, "{\"state\":\"UploadComplete\"}"));
    assert_true(answer(&f, 200, JOB("UploadComplete", "")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("InProgress", COUNTS(40, 0))));
    assert_int_equal(f.ticket.processed, 40);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("JobComplete", COUNTS(100, 3))));
    assert_int_equal(f.ticket.state, TICKET_DONE);
    expect_call(&f, "GET", PATH_JOB "/successfulResults/");
    assert_string_equal(f.request.answer_path, "/nonexistent/a.success.csv");
    assert_true(answer_typed(&f, 200, "text/csv", ""));
    expect_call(&f, "GET", PATH_JOB "/failedResults/");
    assert_string_equal(f.request.answer_path, "/nonexistent/a.failed.csv");
    assert_true(answer_typed(&f, 200, "text/csv", ""));
    assert_int_equal(step(&f), SINK_DONE);
    assert_int_equal(f.ticket.state, TICKET_FETCHED);
    struct slice code, message;
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_IN_DOUBT);
    close_fixture(&f);
}

static void
test_compressed_chunks_say_so(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    f.files.gzip = true;
    create(&f);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_true(has_header(&f, "Content-Encoding", "gzip"));
    close_fixture(&f);
}

/* What the counts say is empty is not fetched. */
static void
test_only_what_is_needed_is_fetched(void **state)
{
    (void)state;
    static const struct {
        const char *counts;
        const char *paths[4];
    } cases[] = {
        {JOB("JobComplete", COUNTS(100, 0)), {"/successfulResults/"}},
        {JOB("JobComplete", COUNTS(100, 100)), {"/failedResults/"}},
        {JOB("JobComplete", COUNTS(99, 0)),
         {"/successfulResults/", "/failedResults/", "/unprocessedrecords/"}},
        {JOB("Failed", COUNTS(0, 0)),
         {"/successfulResults/", "/failedResults/"}},
        {JOB("Failed", COUNTS(50, 1)),
         {"/successfulResults/", "/failedResults/", "/unprocessedrecords/"}},
        {JOB("Aborted", COUNTS(0, 0)),
         {"/successfulResults/", "/failedResults/", "/unprocessedrecords/"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        open_fixture(&f);
        close_job(&f);
        expect_call(&f, "GET", PATH_JOB);
        assert_true(answer(&f, 200, cases[i].counts));
        if (f.ticket.state == TICKET_CLOSED) { /* aborted: does it go on? */
            expect_call(&f, "GET", PATH_JOB);
            assert_true(answer(&f, 200, cases[i].counts));
        }
        for (size_t j = 0; cases[i].paths[j] != NULL; j++) {
            char *path = mem_printf(PATH_JOB "%s", cases[i].paths[j]);
            expect_call(&f, "GET", path);
            assert_true(answer_typed(&f, 200, "text/csv", ""));
            free(path);
        }
        assert_int_equal(step(&f), SINK_DONE);
        close_fixture(&f);
    }
}

static void
test_a_failed_job_tells_why(void **state)
{
    (void)state;
    struct fixture f;
    struct slice code, message;
    open_fixture(&f);
    close_job(&f);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200,
                       JOB("Failed", COUNTS(0, 0) ",\"errorMessage\":"
                                                  "\"InvalidBatch : x\"")));
    assert_int_equal(f.ticket.state, TICKET_FAILED);
    assert_string_equal(f.ticket.message, "InvalidBatch : x");
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_UNPROCESSED);
    assert_true(slice_is(message, "InvalidBatch : x"));
    /* An org that has no results of such a job. */
    step(&f);
    assert_true(answer(&f, 400, FAULT("NOT_FOUND", "no")));
    step(&f);
    assert_true(answer(&f, 404, FAULT("NOT_FOUND", "no")));
    assert_int_equal(step(&f), SINK_DONE);
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_UNPROCESSED);
    close_fixture(&f);
}

static void
test_a_lost_create_is_made_again(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    expect_call(&f, "POST", PATH_JOBS);
    expect_call(&f, "POST", PATH_JOBS);
    assert_false(answer(&f, 503, "<html>busy</html>"));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_int_equal(f.ticket.state, TICKET_NEW);
    create(&f);
    close_fixture(&f);
}

static void
test_a_lost_upload_gives_its_job_up(void **state)
{
    (void)state;
    static const long taken_or_not[] = {200, 400, 404};
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        open_fixture(&f);
        create(&f);
        expect_call(&f, "PUT", PATH_JOB "/batches");
        /* no answer; or the process was killed */
        expect_call(&f, "PATCH", PATH_JOB);
        assert_true(slice_is(f.request.body, "{\"state\":\"Aborted\"}"));
        assert_int_equal(f.ticket.state, TICKET_UPLOADING);
        sink_take_back(&f.ticket); /* the abort did not leave: still lost */
        assert_int_equal(f.ticket.state, TICKET_UPLOADING);
        expect_call(&f, "PATCH", PATH_JOB);
        assert_true(answer(&f, taken_or_not[i], JOB("Aborted", "")));
        assert_int_equal(f.ticket.state, TICKET_NEW);
        assert_string_equal(f.ticket.job_id, "");
        create(&f);
        close_fixture(&f);
    }
}

static void
test_uploads_are_not_lost_for_ever(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    for (int i = 1; i <= 8; i++) {
        create(&f);
        expect_call(&f, "PUT", PATH_JOB "/batches");
        expect_call(&f, "PATCH", PATH_JOB);
        assert_int_equal(answer(&f, 200, JOB("Aborted", "")), i < 8);
    }
    assert_int_equal(f.err.kind, ERROR_REMOTE);
    close_fixture(&f);
}

static void
test_an_upload_that_may_have_arrived_is_not_repeated(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    create(&f);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_false(answer(&f, 502, "<html>bad gateway</html>"));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    expect_call(&f, "PATCH", PATH_JOB);
    close_fixture(&f);
    /* one that was refused, or never left, is */
    open_fixture(&f);
    create(&f);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_false(answer(&f, 401, FAULT("INVALID_SESSION_ID", "expired")));
    assert_int_equal(f.err.kind, ERROR_AUTH);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    sink_take_back(&f.ticket);
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_false(answer(&f, 400, FAULT("INVALIDJOBSTATE", "is aborted")));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    create(&f);
    close_fixture(&f);
    /* and after a refusal for good the job is not trusted any more */
    open_fixture(&f);
    create(&f);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    assert_false(answer(&f, 400, FAULT("API_ERROR", "multiple contents")));
    assert_int_equal(f.err.kind, ERROR_REMOTE);
    expect_call(&f, "PATCH", PATH_JOB);
    close_fixture(&f);
}

static void
test_a_lost_close_is_settled_by_reading(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    expect_call(&f, "GET", PATH_JOB);
    assert_int_equal(f.ticket.state, TICKET_CLOSING);
    assert_true(answer(&f, 200, JOB("Open", "")));
    assert_int_equal(f.ticket.state, TICKET_UPLOADED);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_false(answer(&f, 504, ""));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("InProgress", COUNTS(1, 0))));
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    close_fixture(&f);
    /* refused, because the lost one had been taken */
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(
        &f, 400,
        FAULT("INVALIDJOBSTATE", "Closing already Completed Job not allowed")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("JobComplete", COUNTS(100, 0))));
    assert_int_equal(f.ticket.state, TICKET_DONE);
    close_fixture(&f);
    /* an answer that says nothing */
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 200, ""));
    expect_call(&f, "GET", PATH_JOB);
    sink_take_back(&f.ticket);
    assert_int_equal(f.ticket.state, TICKET_CLOSING);
    close_fixture(&f);
}

static void
test_answers_that_are_not_about_the_job(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "<html>proxy</html>",
        "{}",
        "[]",
        "null",
        "{\"id\":\"" JOB_ID "\"}",
        "{\"id\":\"7505e000003OTHERAA\",\"state\":\"InProgress\"}",
        "{\"id\":\"../../x\",\"state\":\"InProgress\"}",
        JOB("Sleeping", ""),
        JOB("JobComplete", ""),
        JOB("JobComplete", COUNTS(5, 6)),
        JOB("JobComplete", COUNTS(-5, -6)),
        JOB("JobComplete", COUNTS("x", "y")),
        JOB("JobComplete", COUNTS(1e30, 0)),
        "{\"id\":7505,\"state\":{}}",
    };
    struct fixture f;
    open_fixture(&f);
    close_job(&f);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        expect_call(&f, "GET", PATH_JOB);
        assert_false(answer(&f, 200, bodies[i]));
        assert_int_equal(f.err.kind, ERROR_NETWORK);
        assert_int_equal(f.ticket.state, TICKET_CLOSED);
    }
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("JobComplete", COUNTS(100.0, 0))));
    expect_call(&f, "GET", PATH_JOB "/successfulResults/");
    assert_false(answer_typed(&f, 200, "text/html", ""));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    expect_call(&f, "GET", PATH_JOB "/successfulResults/");
    close_fixture(&f);
    /* creating */
    open_fixture(&f);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        expect_call(&f, "POST", PATH_JOBS);
        assert_false(answer(&f, 200, bodies[i]));
        assert_int_equal(f.ticket.state, TICKET_NEW);
        assert_string_equal(f.ticket.job_id, "");
    }
    close_fixture(&f);
}

static void
test_a_job_that_is_gone_leaves_doubt(void **state)
{
    (void)state;
    struct fixture f;
    struct slice code, message;
    open_fixture(&f);
    close_job(&f);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 404, FAULT("NOT_FOUND", "gone")));
    assert_int_equal(step(&f), SINK_DONE);
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_IN_DOUBT);
    assert_true(slice_is(code, "no-result"));
    assert_true(sink_collect(f.sink, &f.ticket, &f.files, NULL, NULL, &f.err));
    close_fixture(&f);
}

/* It was open for more than a day: nothing of it was processed. */
static void
test_a_job_that_is_gone_before_its_close_is_made_anew(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_false(answer(&f, 404, FAULT("NOT_FOUND", "gone")));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_int_equal(f.ticket.state, TICKET_NEW);
    assert_string_equal(f.ticket.job_id, "");
    create(&f);
    close_fixture(&f);
}

/* Likewise where the job is there, aborted by the org for its age. */
static void
test_a_job_aborted_before_its_close_is_made_anew(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 400, FAULT("INVALIDJOBSTATE", "is aborted")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(0, 0))));
    assert_int_equal(f.ticket.state, TICKET_NEW);
    assert_int_equal(f.ticket.step, 0);
    upload(&f);
    close_fixture(&f);
    /* not where it counts rows */
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 400, FAULT("INVALIDJOBSTATE", "is aborted")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(1, 0))));
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    close_fixture(&f);
    /* nor where an earlier close was lost, which may have been taken */
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Open", "")));
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 400, FAULT("INVALIDJOBSTATE", "is aborted")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(0, 0))));
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    close_fixture(&f);
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Open", "")));
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 404, FAULT("NOT_FOUND", "gone")));
    assert_int_equal(f.ticket.state, TICKET_FAILED);
    assert_true(f.ticket.step != 0);
    close_fixture(&f);
}

/* A lost close may arrive between the reading and the abort. */
static void
test_an_abort_after_a_lost_close_is_read(void **state)
{
    (void)state;
    struct fixture f;
    struct slice code, message;
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Open", "")));
    assert_int_equal(f.ticket.state, TICKET_UPLOADED);
    sink_abort(&f.ticket);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(slice_is(f.request.body, "{\"state\":\"Aborted\"}"));
    assert_true(answer(&f, 200, JOB("Aborted", "")));
    assert_int_equal(f.ticket.state, TICKET_CLOSING);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(5, 0))));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(5, 0))));
    assert_int_equal(f.ticket.state, TICKET_ABORTED);
    expect_call(&f, "GET", PATH_JOB "/successfulResults/");
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_IN_DOUBT);
    close_fixture(&f);
}

/* An answer that came twice on a connection is read as the next call's. */
static void
test_an_upload_believes_its_own_answer_only(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *body;
    } others[] = {{200, JOB("Open", "")}, {201, "{}"}, {204, ""}, {200, ""}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct fixture f;
        open_fixture(&f);
        create(&f);
        expect_call(&f, "PUT", PATH_JOB "/batches");
        assert_false(answer(&f, others[i].status, others[i].body));
        assert_int_equal(f.err.kind, ERROR_NETWORK);
        assert_int_equal(f.ticket.state, TICKET_UPLOADING);
        expect_call(&f, "PATCH", PATH_JOB);
        assert_true(slice_is(f.request.body, "{\"state\":\"Aborted\"}"));
        close_fixture(&f);
    }
}

static void
test_a_gateway_does_not_say_that_a_job_is_gone(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    upload(&f);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_false(answer(&f, 404, "<html>not here</html>"));
    assert_int_equal(f.err.kind, ERROR_REMOTE);
    assert_int_equal(f.ticket.state, TICKET_UPLOADED);
    close_fixture(&f);
    open_fixture(&f);
    close_job(&f);
    expect_call(&f, "GET", PATH_JOB);
    assert_false(answer(&f, 404, "<html>not here</html>"));
    assert_int_equal(f.err.kind, ERROR_REMOTE);
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    close_fixture(&f);
}

static void
test_refusals_keep_their_kind(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    expect_call(&f, "POST", PATH_JOBS);
    assert_false(answer(
        &f, 403,
        FAULT("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")));
    assert_int_equal(f.err.kind, ERROR_LIMIT);
    expect_call(&f, "POST", PATH_JOBS);
    assert_false(answer(&f, 400, FAULT("INVALIDENTITY", "not supported")));
    assert_int_equal(f.err.kind, ERROR_REMOTE);
    assert_non_null(strstr(f.err.text, "INVALIDENTITY: not supported"));
    close_fixture(&f);
}

static void
test_an_abort_before_the_close(void **state)
{
    (void)state;
    struct fixture f;
    struct slice code, message;
    open_fixture(&f);
    sink_abort(&f.ticket); /* nothing is there yet */
    assert_int_equal(step(&f), SINK_DONE);
    close_fixture(&f);
    open_fixture(&f);
    create(&f);
    expect_call(&f, "PUT", PATH_JOB "/batches");
    sink_abort(&f.ticket); /* asked while the upload is in flight */
    assert_true(answer(&f, 201, ""));
    assert_int_equal(f.ticket.state, TICKET_UPLOADED);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(slice_is(f.request.body, "{\"state\":\"Aborted\"}"));
    assert_true(answer(&f, 200, JOB("Aborted", "")));
    assert_int_equal(f.ticket.state, TICKET_ABORTED);
    assert_int_equal(step(&f), SINK_DONE);
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_UNPROCESSED);
    close_fixture(&f);
}

static void
test_an_abort_of_a_job_at_work(void **state)
{
    (void)state;
    struct fixture f;
    struct slice code, message;
    open_fixture(&f);
    close_job(&f);
    sink_abort(&f.ticket);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", "")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(10, 0))));
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    /* a batch in flight runs on: not before the counts stand still */
    assert_int_equal(step(&f), SINK_WAIT);
    assert_int_equal(f.wait_ms, 1000);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(20, 0))));
    assert_int_equal(f.ticket.state, TICKET_CLOSED);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("Aborted", COUNTS(20, 0))));
    assert_int_equal(f.ticket.state, TICKET_ABORTED);
    expect_call(&f, "GET", PATH_JOB "/successfulResults/");
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_IN_DOUBT);
    close_fixture(&f);
    /* it had ended: its results count */
    open_fixture(&f);
    close_job(&f);
    sink_abort(&f.ticket);
    expect_call(&f, "PATCH", PATH_JOB);
    assert_true(answer(&f, 400,
                       FAULT("INVALIDJOBSTATE",
                             "Aborting already Completed Job not allowed")));
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("JobComplete", COUNTS(100, 0))));
    assert_int_equal(f.ticket.state, TICKET_DONE);
    close_fixture(&f);
}

/* Never later than a second or a tenth of the time, and seldom in between. */
static void
test_polling_neither_hammers_nor_oversleeps(void **state)
{
    (void)state;
    static const struct {
        uint64_t rows;
        int64_t most_polls;
    } cases[] = {{100, 90}, {500000, 90}};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        open_fixture(&f);
        f.files.rows = cases[i].rows;
        close_job(&f);
        int64_t begin_ms = now_ms, polls = 0;
        while (now_ms - begin_ms < 600000) {
            if (step(&f) == SINK_WAIT) {
                int64_t elapsed_ms = now_ms - begin_ms;
                int64_t bound_ms =
                    elapsed_ms / 10 > 1000 ? elapsed_ms / 10 : 1000;
                assert_true(f.wait_ms > 0 && f.wait_ms <= bound_ms);
                now_ms += f.wait_ms;
                continue;
            }
            polls++;
            assert_true(answer(&f, 200, JOB("InProgress", COUNTS(10, 0))));
        }
        assert_true(polls > 20 && polls < cases[i].most_polls);
        close_fixture(&f);
    }
    struct fixture f;
    open_fixture(&f);
    close_job(&f);
    assert_int_equal(step(&f), SINK_WAIT);
    assert_int_equal(f.wait_ms, 50); /* a tiny job is soon done */
    close_fixture(&f);
}

struct seen {
    size_t succeeded, failed, unprocessed, doubtful;
    char text[1000];
};

static bool
see(void *cookie, const struct result_row *row, struct error *err)
{
    (void)err;
    struct seen *seen = cookie;
    seen->succeeded += row->fate == OUTCOME_SUCCEEDED;
    seen->failed += row->fate == OUTCOME_FAILED;
    seen->unprocessed += row->fate == OUTCOME_UNPROCESSED;
    seen->doubtful += row->fate == OUTCOME_IN_DOUBT;
    size_t len = strlen(seen->text);
    snprintf(seen->text + len, sizeof seen->text - len, "%.*s|%.*s|%.*s\n",
             SLICE_ARGS(row->id), SLICE_ARGS(row->fields[0]),
             SLICE_ARGS(row->message));
    return true;
}

static void
write_file(const char *folder, const char *name, const char *text)
{
    struct error err = {0};
    char *path = mem_printf("%s/%s", folder, name);
    assert_true(file_replace(path, slice_of(text), &err));
    free(path);
}

static void
test_results_that_are_not_whole_are_fetched_again(void **state)
{
    struct fixture f;
    const char *folder = *state;
    char *prefix = scratch_path(state, "a");
    open_fixture(&f);
    f.files.spool_prefix = prefix;
    f.files.rows = 2;
    close_job(&f);
    expect_call(&f, "GET", PATH_JOB);
    assert_true(answer(&f, 200, JOB("JobComplete", COUNTS(2, 1))));
    write_file(folder, "a.success.csv",
               "\"sf__Id\",\"sf__Created\",Name,ERP_Id__c\n");
    write_file(folder, "a.failed.csv",
               "\"sf__Id\",\"sf__Error\",Name,ERP_Id__c\n"
               "\"\",\"X:y:--\",\"A\",\"1\"\n");
    struct seen seen;
    for (uint32_t i = 0; i < SINK_FETCHES; i++) {
        expect_call(&f, "GET", PATH_JOB "/successfulResults/");
        assert_true(answer_typed(&f, 200, "text/csv", ""));
        expect_call(&f, "GET", PATH_JOB "/failedResults/");
        assert_true(answer_typed(&f, 200, "text/csv", ""));
        assert_int_equal(step(&f), SINK_DONE);
        seen = (struct seen){0};
        f.err = (struct error){0};
        assert_false(
            sink_collect(f.sink, &f.ticket, &f.files, see, &seen, &f.err));
        assert_int_equal(f.err.kind, ERROR_NETWORK);
        sink_fetch_again(&f.ticket);
    }
    step(&f);
    assert_true(answer_typed(&f, 200, "text/csv", ""));
    step(&f);
    assert_true(answer_typed(&f, 200, "text/csv", ""));
    assert_int_equal(step(&f), SINK_DONE);
    seen = (struct seen){0};
    f.err = (struct error){0};
    assert_true(sink_collect(f.sink, &f.ticket, &f.files, see, &seen, &f.err));
    assert_int_equal(seen.succeeded, 0);
    assert_int_equal(seen.failed, 1);
    assert_string_equal(seen.text, "|1|X:y:--\n");
    close_fixture(&f);
    free(prefix);
}

static void
fetch_three(struct fixture *f)
{
    expect_call(f, "GET", PATH_JOB "/successfulResults/");
    assert_true(answer_typed(f, 200, "text/csv", ""));
    expect_call(f, "GET", PATH_JOB "/failedResults/");
    assert_true(answer_typed(f, 200, "text/csv", ""));
    expect_call(f, "GET", PATH_JOB "/unprocessedrecords/");
    assert_true(answer_typed(f, 200, "text/csv", ""));
    assert_int_equal(step(f), SINK_DONE);
    f->err = (struct error){0};
}

/* What it says that it left untouched is believed only where its results name
 * all that it counts. */
static void
test_an_aborted_job_whose_results_do_not_add_up(void **state)
{
    const char *folder = *state;
    char *prefix = scratch_path(state, "b");
    for (int counted = 1; counted <= 2; counted++) {
        struct fixture f;
        struct seen seen = {0};
        open_fixture(&f);
        f.files.spool_prefix = prefix;
        f.files.rows = 3;
        close_job(&f);
        for (int i = 0; i < 2; i++) {
            expect_call(&f, "GET", PATH_JOB);
            assert_true(answer(&f, 200,
                               counted == 1 ? JOB("Aborted", COUNTS(1, 0))
                                            : JOB("Aborted", COUNTS(2, 0))));
        }
        write_file(folder, "b.success.csv",
                   "\"sf__Id\",\"sf__Created\",ERP_Id__c\n"
                   "\"001000000000001AAA\",\"true\",\"1\"\n");
        write_file(folder, "b.failed.csv",
                   "\"sf__Id\",\"sf__Error\",ERP_Id__c\n");
        write_file(folder, "b.unprocessed.csv", "ERP_Id__c\n2\n3\n");
        fetch_three(&f);
        for (int i = 0; counted == 2 && i < SINK_FETCHES; i++) {
            assert_false(
                sink_collect(f.sink, &f.ticket, &f.files, see, &seen, &f.err));
            assert_int_equal(f.err.kind, ERROR_NETWORK);
            sink_fetch_again(&f.ticket);
            fetch_three(&f);
        }
        seen = (struct seen){0};
        assert_true(
            sink_collect(f.sink, &f.ticket, &f.files, see, &seen, &f.err));
        assert_int_equal(seen.succeeded, 1);
        assert_int_equal(seen.unprocessed, counted == 1 ? 2 : 0);
        assert_int_equal(seen.doubtful, counted == 1 ? 0 : 2);
        close_fixture(&f);
    }
    free(prefix);
}

static void
test_what_may_not_be_sent_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f);
    const struct sink_target target = {&f.load, &f.session};
    f.load.operation = OPERATION_DELETE;
    assert_null(sink_open(NULL, &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    assert_non_null(strstr(f.err.text, "[not-allowed]"));
    f.err = (struct error){0};
    f.org.allow_undelete = true;
    f.load.operation = OPERATION_UNDELETE;
    assert_null(sink_open("bulk2", &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    f.load.operation = OPERATION_UPSERT;
    static const char *const apis[] = {"bulk1", "bulk3"};
    for (size_t i = 0; i < sizeof apis / sizeof *apis; i++) {
        f.err = (struct error){0};
        assert_null(sink_open(apis[i], &target, &f.err));
        assert_int_equal(f.err.kind, ERROR_USAGE);
    }
    f.err = (struct error){0};
    f.org.api_version = "40.0";
    assert_null(sink_open(NULL, &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    close_fixture(&f);
}

int
main(void)
{
    clock_replace(
        (struct clock_source){.monotonic_ms = fixed_now, .wall_ms = fixed_now});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_way),
        cmocka_unit_test(test_compressed_chunks_say_so),
        cmocka_unit_test(test_only_what_is_needed_is_fetched),
        cmocka_unit_test(test_a_failed_job_tells_why),
        cmocka_unit_test(test_a_lost_create_is_made_again),
        cmocka_unit_test(test_a_lost_upload_gives_its_job_up),
        cmocka_unit_test(test_uploads_are_not_lost_for_ever),
        cmocka_unit_test(test_an_upload_that_may_have_arrived_is_not_repeated),
        cmocka_unit_test(test_a_lost_close_is_settled_by_reading),
        cmocka_unit_test(test_answers_that_are_not_about_the_job),
        cmocka_unit_test(test_a_job_that_is_gone_leaves_doubt),
        cmocka_unit_test(test_a_job_that_is_gone_before_its_close_is_made_anew),
        cmocka_unit_test(test_a_job_aborted_before_its_close_is_made_anew),
        cmocka_unit_test(test_an_abort_after_a_lost_close_is_read),
        cmocka_unit_test(test_an_upload_believes_its_own_answer_only),
        cmocka_unit_test(test_an_aborted_job_whose_results_do_not_add_up),
        cmocka_unit_test(test_a_gateway_does_not_say_that_a_job_is_gone),
        cmocka_unit_test(test_refusals_keep_their_kind),
        cmocka_unit_test(test_an_abort_before_the_close),
        cmocka_unit_test(test_an_abort_of_a_job_at_work),
        cmocka_unit_test(test_polling_neither_hammers_nor_oversleeps),
        cmocka_unit_test(test_results_that_are_not_whole_are_fetched_again),
        cmocka_unit_test(test_what_may_not_be_sent_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
