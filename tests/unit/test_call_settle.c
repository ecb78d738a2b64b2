/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/call_settle.h"

#include "base/clock.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 3
#define OURS_ID "001Re0000000001IAA"
#define OLD_ID "001Re0000000002IAA"

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
        .column = {.name = "ERP_Id__c", .is_unique = true},
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
    buffer_append_text(&text, "ERP_Id__c\n");
    for (unsigned i = 0; i < ROWS; i++) {
        buffer_printf(&text, "K%u\n", i);
    }
    assert_true(file_replace(f->chunk, buffer_slice(&text), &f->err));
    buffer_release(&text);
    const struct sink_target target = {&f->load, &f->session};
    f->sink = sink_open("soap", &target, &f->err);
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
    const struct http_answer answer = {.status = status,
                                       .body = slice_of(body),
                                       .was_sent = true,
                                       .date_ms = -1};
    error_clear(&f->err);
    return sink_answer(f->sink, &f->ticket, &f->files, &answer, &f->err);
}

#define ENVELOPE                                                               \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"       \
    "<s:Body>"

static bool
says(const struct fixture *f, const char *text)
{
    struct slice body = f->request.body;
    return memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

struct seen {
    unsigned fates[OUTCOME_FATE_COUNT];
    char ids[ROWS][19];
    unsigned count;
};

static bool
see(void *cookie, const struct result_row *row, struct error *err)
{
    (void)err;
    struct seen *seen = cookie;
    snprintf(seen->ids[seen->count++], 19, "%.*s", SLICE_ARGS(row->id));
    seen->fates[row->fate]++;
    return true;
}

static struct seen
collect(struct fixture *f)
{
    struct seen seen = {.count = 0};
    assert_int_equal(step(f), SINK_DONE);
    error_clear(&f->err);
    assert_true(
        sink_collect(f->sink, &f->ticket, &f->files, see, &seen, &f->err));
    return seen;
}

#define DUPLICATE(id)                                                          \
    "<result><errors><message>duplicate value found: ERP_Id__c duplicates "    \
    "value on record with id: " id "</message><statusCode>DUPLICATE_VALUE"     \
    "</statusCode></errors><id/><success>false</success></result>"
#define CREATED                                                                \
    "<result><id>001Re0000000003IAA</id><success>true</success></result>"

/* The first call's answer is lost, and the second's tells of duplicates. */
static void
meet_duplicates(struct fixture *f)
{
    assert_int_equal(step(f), SINK_CALL);
    f->ticket.closed_at_ms = 1769853600000; /* 2026-01-31T10:00:00Z */
    assert_false(answer(f, 502, ""));
    assert_int_equal(step(f), SINK_CALL);
    assert_true(says(f, "<create>"));
    assert_true(f->ticket.settling);
    assert_true(answer(f, 200,
                       ENVELOPE "<createResponse>" DUPLICATE("001Re0000000001")
                           DUPLICATE("001Re0000000002") CREATED
                       "</createResponse></s:Body></s:Envelope>"));
    assert_int_equal(f->ticket.state, TICKET_UPLOADING);
}

static const char origins[] =
    "{\"totalSize\":2,\"done\":true,\"records\":["
    "{\"Id\":\"" OURS_ID "\",\"CreatedDate\":\"2026-01-31T10:00:01.000+0000\"},"
    "{\"Id\":\"" OLD_ID
    "\",\"CreatedDate\":\"2026-01-31T09:59:57.000+0000\"}]}";

static void
ask(struct fixture *f)
{
    assert_int_equal(step(f), SINK_CALL);
    assert_string_equal(f->request.name, "settle.query");
    assert_non_null(strstr(f->request.url,
                           "SELECT%20Id%2C%20CreatedDate%20FROM%20Account"));
    assert_non_null(strstr(f->request.url, "001Re0000000002"));
    assert_null(strstr(f->request.url, "001Re0000000003"));
    sink_take_back(&f->ticket);
    assert_int_equal(f->ticket.state, TICKET_UPLOADING);
}

static void
check(struct fixture *f)
{
    struct seen seen = collect(f);
    assert_int_equal(seen.fates[OUTCOME_SUCCEEDED], 2);
    assert_int_equal(seen.fates[OUTCOME_FAILED], 1);
    assert_string_equal(seen.ids[0], OURS_ID);
    assert_string_equal(seen.ids[2], "001Re0000000003IAA");
}

static void
duplicates_of_ours_are_ours(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    meet_duplicates(&f);
    ask(&f);
    assert_false(answer(&f, 503, ""));
    ask(&f);
    assert_false(answer(&f, 200, "{\"done\":false,\"records\":[]}"));
    ask(&f);
    assert_true(answer(&f, 200, origins));
    check(&f);
    close_fixture(&f);
}

/* The org's clock is an hour ahead of ours, and its records' times with it. */
static int64_t
fixed_now(void)
{
    return 1769853600000;
}

static void
clocks_may_differ(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    meet_duplicates(&f);
    f.ticket.closed_at_ms -= 3600000;
    ask(&f);
    const struct http_answer late = {.status = 200,
                                     .body = slice_of(origins),
                                     .was_sent = true,
                                     .date_ms = fixed_now() + 3600000};
    error_clear(&f.err);
    assert_true(sink_answer(f.sink, &f.ticket, &f.files, &late, &f.err));
    check(&f);
    close_fixture(&f);
}

/* Killed after the second answer was kept: the org is asked by the next. */
static void
a_kill_loses_nothing(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    meet_duplicates(&f);
    f.ticket.call = 0;
    ask(&f);
    assert_true(answer(&f, 200, origins));
    f.ticket.step = 0; /* the answer was kept, and not recorded */
    f.ticket.state = TICKET_UPLOADING;
    assert_int_equal(step(&f), SINK_WAIT);
    check(&f);
    close_fixture(&f);
}

/* A row without a key could be made twice. */
static void
rows_without_keys_are_in_doubt(void **state)
{
    struct fixture f;
    open_fixture(&f, state, OPERATION_INSERT);
    assert_true(file_replace(
        f.chunk, SLICE_LITERAL("ERP_Id__c\nK1\n\"\"\nK3\n"), &f.err));
    assert_int_equal(step(&f), SINK_CALL);
    assert_false(answer(&f, 502, ""));
    assert_int_equal(step(&f), SINK_WAIT);
    assert_int_equal(collect(&f).fates[OUTCOME_IN_DOUBT], ROWS);
    close_fixture(&f);
}

int
main(void)
{
    clock_replace(
        (struct clock_source){.monotonic_ms = fixed_now, .wall_ms = fixed_now});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_of_ours_are_ours),
        cmocka_unit_test(clocks_may_differ),
        cmocka_unit_test(a_kill_loses_nothing),
        cmocka_unit_test(rows_without_keys_are_in_doubt),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
