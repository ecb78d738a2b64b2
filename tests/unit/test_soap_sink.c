/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

#define ROWS 450 /* three calls: 200, 200, 50 */

struct fixture {
    struct load_column column;
    struct load load;
    struct org org;
    struct session session;
    char url[32], token[64];
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
                .api_version = "58.0",
                .allow_insert = true,
                .allow_upsert = true,
                .allow_undelete = true},
        .url = "https://x.example",
        .token = "00DRe0000000001!first",
        .prefix = mem_printf("%s/p%u", (const char *)*state, number++),
        .ticket = {.id = 1, .chunk_id = 1, .attempt = 1},
    };
    f->load.columns = &f->column;
    f->session.org = &f->org;
    f->session.instance_url = f->url;
    f->session.token = f->token;
    f->chunk = mem_printf("%s.csv", f->prefix);
    f->files = (struct sink_files){
        .chunk_path = f->chunk, .spool_prefix = f->prefix, .rows = ROWS};
    struct buffer text = {0};
    buffer_append_text(&text, "Id\n");
    for (unsigned i = 0; i < ROWS; i++) {
        buffer_printf(&text, "001Re00000%05uIAA\n", i);
    }
    assert_true(file_replace(f->chunk, buffer_slice(&text), &f->err));
    buffer_release(&text);
    const struct sink_target target = {&f->load, &f->session};
    f->sink = sink_open(operation == OPERATION_UNDELETE ? NULL : "soap",
                        &target, &f->err);
    assert_non_null(f->sink);
    assert_string_equal(sink_name(f->sink), "soap");
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

#define ENVELOPE                                                               \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"       \
    "<s:Body>"

static bool
answer_rows(struct fixture *f, unsigned count)
{
    struct buffer text = {0};
    buffer_append_text(&text, ENVELOPE "<createResponse>");
    for (unsigned i = 0; i < count; i++) {
        buffer_printf(&text,
                      "<result><id>001Re00000%05uIAA</id><success>true"
                      "</success></result>",
                      (unsigned)f->ticket.processed + i);
    }
    buffer_append_text(&text, "</createResponse></s:Body></s:Envelope>");
    bool taken = answer(f, 200, buffer_text(&text));
    buffer_release(&text);
    return taken;
}

static bool
answer_fault(struct fixture *f, const char *code, const char *text)
{
    char *body = mem_printf(ENVELOPE "<s:Fault><faultcode>sf:%s</faultcode>"
                                     "<faultstring>%s: %s</faultstring>"
                                     "</s:Fault></s:Body></s:Envelope>",
                            code, code, text);
    bool taken = answer(f, 500, body);
    free(body);
    return taken;
}

static bool
says(const struct fixture *f, const char *text)
{
    struct slice body = f->request.body;
    return memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

struct seen {
    unsigned fates[OUTCOME_FATE_COUNT];
};

static bool
see(void *cookie, const struct result_row *row, struct error *err)
{
    (void)err;
    ((struct seen *)cookie)->fates[row->fate]++;
    return true;
}

static struct seen
collect(struct fixture *f)
{
    struct seen seen = {{0}};
    assert_int_equal(step(f), SINK_DONE);
    error_clear(&f->err);
    assert_true(
        sink_collect(f->sink, &f->ticket, &f->files, see, &seen, &f->err));
    return seen;
}

static void
calls_of_200(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    static const unsigned counts[] = {200, 200, 50};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(step(&f), SINK_CALL);
        assert_string_equal(
            f.request.url,
            "https://x.example/services/Soap/u/58.0/00DRe0000000001");
        assert_string_equal(f.request.method, "POST");
        assert_false(f.request.needs_session);
        assert_true(says(&f, "<sessionId>00DRe0000000001!first</sessionId>"));
        assert_true(says(&f, "<create><sObjects>"));
        assert_int_equal(f.request.repeat, HTTP_REPEAT_NEVER);
        assert_true(answer_rows(&f, counts[i]));
    }
    assert_int_equal(collect(&f).fates[OUTCOME_SUCCEEDED], ROWS);
    close_fixture(&f);
}

/* The session's id stands in the body: the call is made with the new one. */
static void
a_spent_session_is_renewed(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    assert_int_equal(step(&f), SINK_CALL);
    assert_false(answer_fault(&f, "INVALID_SESSION_ID", "gone"));
    assert_int_equal(f.err.kind, ERROR_AUTH);
    assert_null(strstr(f.err.text, "first"));
    snprintf(f.token, sizeof f.token, "00DRe0000000001!second");
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(says(&f, "!second<") && !says(&f, "!first<"));
    assert_true(answer_rows(&f, 200));
    close_fixture(&f);
}

static void
lost_answers(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    assert_int_equal(step(&f), SINK_CALL);
    assert_false(answer(&f, 200, "<html>maybe</html>"));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_int_equal(step(&f), SINK_WAIT); /* settled: in doubt */
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(says(&f, "<getUserInfo/>"));
    assert_true(answer(&f, 200, ENVELOPE "</s:Body></s:Envelope>"));
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(answer_rows(&f, 200));
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(answer_rows(&f, 50));
    struct seen seen = collect(&f);
    assert_int_equal(seen.fates[OUTCOME_IN_DOUBT], 200);
    assert_int_equal(seen.fates[OUTCOME_SUCCEEDED], 250);
    close_fixture(&f);

    open_fixture(&f, state, OPERATION_UPSERT);
    assert_int_equal(step(&f), SINK_CALL);
    assert_false(answer_rows(&f, 199)); /* one is missing */
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(says(&f, "<upsert><externalIDFieldName>ERP_Id__c<"));
    assert_true(answer_rows(&f, 200));
    close_fixture(&f);
}

static void
faults_by_what_they_mean(void **state)
{
    static const struct {
        const char *code, *text;
        enum error_kind kind;
        bool is_untouched;
    } cases[] = {
        {"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", ERROR_LIMIT,
         true},
        {"REQUEST_LIMIT_EXCEEDED",
         "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
         ERROR_NETWORK, true},
        {"SERVER_UNAVAILABLE", "later", ERROR_NETWORK, false},
        {"UNKNOWN_EXCEPTION", "what", ERROR_NETWORK, false},
        {"API_DISABLED_FOR_ORG", "no", ERROR_REMOTE, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        open_fixture(&f, state, OPERATION_INSERT);
        assert_int_equal(step(&f), SINK_CALL);
        assert_false(answer_fault(&f, cases[i].code, cases[i].text));
        assert_int_equal(f.err.kind, cases[i].kind);
        assert_int_equal(f.ticket.state, cases[i].is_untouched
                                             ? TICKET_CREATED
                                             : TICKET_UPLOADING);
        close_fixture(&f);
    }
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    assert_int_equal(step(&f), SINK_CALL);
    assert_true(answer_fault(&f, "INVALID_FIELD", "No such column 'X'"));
    assert_int_equal(f.ticket.state, TICKET_FAILED);
    assert_string_equal(f.ticket.message, "INVALID_FIELD: No such column 'X'");
    assert_int_equal(collect(&f).fates[OUTCOME_SUCCEEDED], 0);
    struct slice code, message;
    assert_int_equal(sink_missing(f.sink, &f.ticket, &code, &message),
                     OUTCOME_UNPROCESSED);
    close_fixture(&f);
}

static void
a_jwt_is_no_session(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    const struct sink_target target = {&f.load, &f.session};
    snprintf(f.token, sizeof f.token, "eyJhbGciOi.eyJzdWIi.c2ln");
    assert_null(sink_open("soap", &target, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    assert_null(strstr(f.err.text, "eyJ"));
    close_fixture(&f);
}

static void
bodies_are_compressed(void **state)
{
    struct fixture f;
    char plain[200];
    open_fixture(&f, state, OPERATION_UNDELETE);
    f.org.gzip_uploads = true;
    assert_int_equal(step(&f), SINK_CALL);
    const struct http_header *last =
        &f.request.headers[f.request.header_count - 1];
    assert_string_equal(last->name, "Content-Encoding");
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)f.request.body.ptr,
                       .avail_in = (uInt)f.request.body.len,
                       .next_out = (Bytef *)plain,
                       .avail_out = sizeof plain - 1};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    inflate(&stream, Z_NO_FLUSH);
    plain[stream.total_out] = '\0';
    assert_non_null(strstr(plain, "<s:Envelope "));
    inflateEnd(&stream);
    close_fixture(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_200),
        cmocka_unit_test(a_spent_session_is_renewed),
        cmocka_unit_test(lost_answers),
        cmocka_unit_test(faults_by_what_they_mean),
        cmocka_unit_test(bodies_are_compressed),
        cmocka_unit_test(a_jwt_is_no_session),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
