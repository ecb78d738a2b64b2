/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 450 /* three calls: 200, 200, 50 */

struct fixture {
    struct load_column column;
    struct load load;
    struct org org;
    struct session session;
    char url[32], token[8];
    char *chunk, *prefix;
    struct sink *sink;
    struct ticket ticket;
    struct sink_files files;
    struct http_request request;
    struct error err;
};

static void
open_fixture(struct fixture *f, void **state, enum operation operation)
{
    static unsigned number;
    *f = (struct fixture){
        .column = {.name = "Id", .type = FIELD_ID},
        .load = {.name = "accounts",
                 .object = "Account",
                 .operation = operation,
                 .external_id = "ERP_Id__c",
                 .column_count = 1},
        .org = {.name = "ci",
                .api_version = "64.0",
                .allow_insert = true,
                .allow_upsert = true,
                .allow_delete = true},
        .url = "https://x.example",
        .prefix = mem_printf("%s/p%u", (const char *)*state, number++),
        .ticket = {.id = 1, .chunk_id = 1, .attempt = 1},
    };
    f->load.columns = &f->column;
    f->session.org = &f->org;
    f->session.instance_url = f->url;
    f->chunk = mem_printf("%s.csv", f->prefix);
    f->files = (struct sink_files){
        .chunk_path = f->chunk, .spool_prefix = f->prefix, .rows = ROWS};
    struct buffer text = {0};
    buffer_append_text(&text, "Id\n");
    for (unsigned i = 0; i < ROWS; i++) {
        buffer_printf(&text, "%u\n", i);
    }
    assert_true(file_replace(f->chunk, buffer_slice(&text), &f->err));
    buffer_release(&text);
    const struct sink_target target = {&f->load, &f->session};
    f->sink = sink_open("rest", &target, &f->err);
    assert_non_null(f->sink);
}

static void
close_fixture(struct fixture *f)
{
    http_request_release(&f->request);
    sink_close(f->sink);
    free(f->chunk);
    free(f->prefix);
}

static enum sink_step
step(struct fixture *f)
{
    int64_t wait_ms;
    http_request_reset(&f->request);
    return sink_next(f->sink, &f->ticket, &f->files, &f->request, &wait_ms,
                     &f->err);
}

static bool
answer(struct fixture *f, long status, const char *body)
{
    const struct http_answer answer = {
        .status = status, .body = slice_of(body), .was_sent = true};
    error_clear(&f->err);
    return sink_answer(f->sink, &f->ticket, &f->files, &answer, &f->err);
}

/* count results; every tenth fails with this code, if any. */
static bool
answer_rows(struct fixture *f, unsigned count, const char *code)
{
    struct buffer text = {0};
    for (unsigned i = 0; i < count; i++) {
        buffer_append_char(&text, i > 0 ? ',' : '[');
        if (code != NULL && i % 10 == 0) {
            buffer_printf(&text,
                          "{\"success\":false,\"errors\":[{\"statusCode\":"
                          "\"%s\",\"message\":\"m\",\"fields\":[\"A\"]}]}",
                          code);
        } else {
            buffer_printf(&text,
                          "{\"id\":\"001Re00000%05uIAA\",\"success\":true,"
                          "\"errors\":[]}",
                          (unsigned)f->ticket.processed + i);
        }
    }
    buffer_append_char(&text, ']');
    bool taken = answer(f, 200, buffer_text(&text));
    buffer_release(&text);
    return taken;
}

struct seen {
    unsigned fates[OUTCOME_FATE_COUNT];
    unsigned count, first_doubt, created;
};

static bool
see(void *cookie, const struct result_row *row, struct error *err)
{
    (void)err;
    struct seen *seen = cookie;
    assert_null(row->fields);
    if (row->fate == OUTCOME_IN_DOUBT && seen->fates[row->fate] == 0) {
        seen->first_doubt = seen->count;
    }
    if (row->fate == OUTCOME_FAILED) {
        assert_true(slice_is(row->code, "A_CODE"));
        assert_true(slice_is(row->message, "A_CODE:m:A --"));
    }
    seen->fates[row->fate]++;
    seen->created += row->created;
    seen->count++;
    return true;
}

static struct seen
collect(struct fixture *f)
{
    struct seen seen = {.count = 0};
    assert_int_equal(step(f), SINK_DONE);
    assert_int_equal(f->ticket.state, TICKET_FETCHED);
    error_clear(&f->err);
    assert_true(
        sink_collect(f->sink, &f->ticket, &f->files, see, &seen, &f->err));
    return seen;
}

static void
call(struct fixture *f, const char *name)
{
    assert_int_equal(step(f), SINK_CALL);
    assert_string_equal(f->request.name, name);
}

static void
calls_by_200_and_results_by_position(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    static const unsigned rows[] = {200, 200, 50};
    for (size_t i = 0; i < 3; i++) {
        call(&f, "rest.create");
        assert_int_equal(f.ticket.state, TICKET_UPLOADING);
        assert_true(answer_rows(&f, rows[i], "A_CODE"));
        assert_int_equal(f.ticket.state, TICKET_CREATED);
    }
    assert_int_equal(f.ticket.processed, ROWS);
    assert_int_equal(f.ticket.failed, 45);
    struct seen seen = collect(&f);
    assert_int_equal(seen.count, ROWS);
    assert_int_equal(seen.fates[OUTCOME_FAILED], 45);
    /* FETCHED when the process was killed: nothing is sent again. */
    sink_fetch_again(&f.ticket);
    seen = collect(&f);
    assert_int_equal(seen.count, ROWS);
    close_fixture(&f);
}

/* It came twice on the connection, and is read as the next call's. */
static void
the_answer_to_the_call_before_is_none(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_UPSERT);
    call(&f, "rest.upsert");
    struct ticket before = f.ticket;
    assert_true(answer_rows(&f, 200, NULL));
    call(&f, "rest.upsert");
    struct ticket second = f.ticket;
    f.ticket.processed = before.processed; /* the same Ids */
    assert_false(answer_rows(&f, 200, NULL));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_int_equal(f.ticket.state, TICKET_UPLOADING);
    f.ticket.processed = second.processed;
    call(&f, "rest.upsert");
    assert_true(answer_rows(&f, 200, NULL));
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    close_fixture(&f);
}

static void
lost_insert_is_in_doubt_and_the_org_is_asked(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    call(&f, "rest.create");
    assert_true(answer_rows(&f, 200, NULL));
    call(&f, "rest.create");
    assert_false(answer(&f, 502, "<html>"));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_int_equal(f.ticket.state, TICKET_UPLOADING);
    assert_int_equal(step(&f), SINK_WAIT);
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    call(&f, "rest.probe");
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    assert_false(answer(&f, 503, ""));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    call(&f, "rest.probe");
    assert_true(answer(&f, 200, "{}"));
    call(&f, "rest.create");
    assert_true(answer_rows(&f, 50, NULL));
    struct seen seen = collect(&f);
    assert_int_equal(seen.count, ROWS);
    assert_int_equal(seen.fates[OUTCOME_IN_DOUBT], 200);
    assert_int_equal(seen.first_doubt, 200);
    assert_int_equal(seen.created, 250);
    close_fixture(&f);
}

static void
garbled_answers_are_lost_ones(void **state)
{
    static const char *const bad[] = {"", "[]", "{}", "[null]", "<html>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fixture f;
        open_fixture(&f, state, OPERATION_INSERT);
        call(&f, "rest.create");
        assert_false(answer(&f, 200, bad[i]));
        assert_int_equal(f.err.kind, ERROR_NETWORK);
        assert_int_equal(step(&f), SINK_WAIT);
        call(&f, "rest.probe");
        close_fixture(&f);
    }
}

static void
lost_upsert_is_repeated(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_UPSERT);
    call(&f, "rest.upsert");
    assert_false(answer(&f, 504, ""));
    assert_int_equal(f.ticket.state, TICKET_UPLOADING);
    assert_int_equal(f.ticket.step, 0);
    call(&f, "rest.upsert");
    assert_true(answer_rows(&f, 200, NULL));
    sink_abort(&f.ticket);
    struct seen seen = collect(&f);
    assert_int_equal(seen.count, 200);
    struct slice code, message;
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_UNPROCESSED);
    assert_true(message.len > 0);
    close_fixture(&f);
}

static void
kept_answer_is_found_after_a_kill(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    call(&f, "rest.create");
    struct ticket recorded = f.ticket;
    assert_true(answer_rows(&f, 200, NULL));
    f.ticket = recorded; /* killed before the ledger had it */
    assert_int_equal(step(&f), SINK_WAIT);
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    call(&f, "rest.create");
    assert_true(answer_rows(&f, 200, NULL));
    call(&f, "rest.create");
    recorded = f.ticket;
    recorded.lost = 0; /* killed with the call out */
    f.ticket = recorded;
    sink_abort(&f.ticket);
    assert_int_equal(step(&f), SINK_WAIT);
    struct seen seen = collect(&f);
    assert_int_equal(seen.fates[OUTCOME_SUCCEEDED], 400);
    assert_int_equal(seen.fates[OUTCOME_IN_DOUBT], 50);
    close_fixture(&f);
}

static void
repeated_delete_may_have_been_ours(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_DELETE);
    call(&f, "rest.delete");
    assert_false(answer(&f, 500, ""));
    call(&f, "rest.delete");
    assert_true(answer_rows(&f, 200, "ENTITY_IS_DELETED"));
    sink_abort(&f.ticket);
    struct seen seen = collect(&f);
    assert_int_equal(seen.fates[OUTCOME_IN_DOUBT], 20);
    assert_int_equal(seen.fates[OUTCOME_SUCCEEDED], 180);
    close_fixture(&f);
}

static void
refusals(void **state)
{
    static const struct {
        long status;
        const char *body;
        enum error_kind kind;
    } cases[] = {
        {401, "[{\"message\":\"x\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
         ERROR_AUTH},
        {403,
         "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":"
         "\"REQUEST_LIMIT_EXCEEDED\"}]",
         ERROR_LIMIT},
        {403,
         "[{\"message\":\"ConcurrentRequests (Concurrent API Requests) Limit "
         "exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]",
         ERROR_NETWORK},
        {429, "", ERROR_NETWORK},
        {404, "[{\"message\":\"x\",\"errorCode\":\"NOT_FOUND\"}]",
         ERROR_REMOTE},
    };
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        call(&f, "rest.create"); /* nothing was done: it is made again */
        assert_false(answer(&f, cases[i].status, cases[i].body));
        assert_int_equal(f.err.kind, cases[i].kind);
        assert_int_equal(f.ticket.state, TICKET_CREATED);
    }
    call(&f, "rest.create"); /* never left this machine */
    sink_take_back(&f.ticket);
    assert_int_equal(f.ticket.state, TICKET_CREATED);
    call(&f, "rest.create");
    assert_true(answer(&f, 400,
                       "[{\"message\":\"bad\",\"errorCode\":"
                       "\"JSON_PARSER_ERROR\"}]"));
    assert_int_equal(f.ticket.state, TICKET_FAILED);
    assert_string_equal(f.ticket.message, "JSON_PARSER_ERROR: bad");
    struct seen seen = collect(&f);
    assert_int_equal(seen.count, 0);
    close_fixture(&f);
}

static void
damaged_spool_is_doubt(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    call(&f, "rest.create");
    assert_true(answer_rows(&f, 200, NULL));
    char *path = mem_printf("%s.answers/0000.json", f.prefix);
    assert_true(file_replace(path, slice_of("[{\"succ"), &f.err));
    free(path);
    sink_abort(&f.ticket);
    struct seen seen = collect(&f);
    assert_int_equal(seen.fates[OUTCOME_IN_DOUBT], 200);
    close_fixture(&f);
}

static void
what_can_not_be_sent(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    assert_true(file_remove_tree(f.chunk, &f.err));
    assert_int_equal(step(&f), SINK_FAILED);
    assert_int_equal(f.err.kind, ERROR_SYSTEM);
    assert_int_equal(f.ticket.state, TICKET_NEW);
    const struct sink_target target = {&f.load, &f.session};
    error_clear(&f.err);
    f.org.api_version = "41.0";
    assert_null(sink_open("rest", &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    error_clear(&f.err);
    f.org.api_version = "64.0";
    f.org.allow_hard_delete = true;
    f.load.operation = OPERATION_HARD_DELETE;
    assert_null(sink_open("rest", &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    close_fixture(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_by_200_and_results_by_position),
        cmocka_unit_test(the_answer_to_the_call_before_is_none),
        cmocka_unit_test(lost_insert_is_in_doubt_and_the_org_is_asked),
        cmocka_unit_test(garbled_answers_are_lost_ones),
        cmocka_unit_test(lost_upsert_is_repeated),
        cmocka_unit_test(kept_answer_is_found_after_a_kill),
        cmocka_unit_test(repeated_delete_may_have_been_ours),
        cmocka_unit_test(refusals),
        cmocka_unit_test(damaged_spool_is_doubt),
        cmocka_unit_test(what_can_not_be_sent),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
