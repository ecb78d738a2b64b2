/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static void
sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void
facts_outlive_a_reopening(void **state)
{
    char *path = scratch_path(state, "facts.db");
    struct error err = {0};
    struct ledger *ledger = ledger_create(path, &err);
    assert_non_null(ledger);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    enum run_state run = RUN_CLOSED;
    assert_true(ledger_state(ledger, &run, &err));
    assert_int_equal(run, RUN_STAGING);
    assert_true(ledger_set_state(ledger, RUN_CONCLUDING, &err));
    assert_true(ledger_set(ledger, "mapping", slice_of("a: b\n"), &err));
    assert_true(ledger_set(ledger, "mapping", slice_of("\xC3\xBC: b\n"), &err));
    struct slice bytes = {"\0\xFF", 2};
    assert_true(ledger_set(ledger, "bytes", bytes, &err));
    assert_true(ledger_set(ledger, "empty", slice_of(""), &err));
    assert_true(ledger_set_u64(ledger, "big", UINT64_MAX - 1, &err));
    ledger_close(ledger);
    assert_null(ledger_create(path, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    error_clear(&err);

    ledger = ledger_open(path, &err);
    assert_non_null(ledger);
    struct arena arena = {0};
    struct slice value;
    uint64_t number = 7;
    assert_true(ledger_state(ledger, &run, &err));
    assert_int_equal(run, RUN_CONCLUDING);
    assert_true(ledger_get(ledger, "mapping", &arena, &value, &err));
    assert_true(slice_is(value, "\xC3\xBC: b\n"));
    assert_true(ledger_get(ledger, "bytes", &arena, &value, &err));
    assert_true(slice_equals(value, bytes));
    assert_true(ledger_get(ledger, "empty", &arena, &value, &err));
    assert_true(value.ptr != NULL && value.len == 0);
    assert_true(ledger_get(ledger, "never", &arena, &value, &err));
    assert_null(value.ptr);
    assert_true(ledger_get_u64(ledger, "never", &number, &err));
    assert_int_equal(number, 0);
    assert_true(ledger_get_u64(ledger, "big", &number, &err));
    assert_true(number == UINT64_MAX - 1);
    assert_false(ledger_get_u64(ledger, "mapping", &number, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    arena_release(&arena);
    ledger_close(ledger);
    free(path);
}

static void
chunks_and_tickets(void **state)
{
    char *path = scratch_path(state, "chunks.db");
    struct error err = {0};
    struct ledger *ledger = ledger_create(path, &err);
    struct chunk second = {.load = 0,
                           .number = 2,
                           .state = CHUNK_STAGED,
                           .rows = 5,
                           .bytes = 50,
                           .first_row = 6,
                           .last_row = 10,
                           .gzip = true,
                           .wave = 3,
                           .attempt = 1};
    struct chunk first = {.load = 0, .number = 1, .rows = 5};
    assert_true(ledger_put_chunk(ledger, &second, &err));
    assert_true(ledger_put_chunk(ledger, &first, &err));
    uint64_t id = second.id;
    second.id = 0;
    second.rows = 4;
    assert_true(ledger_put_chunk(ledger, &second, &err));
    assert_int_equal(second.id, id);
    assert_int_not_equal(first.id, id);
    assert_true(ledger_set_chunk_state(ledger, id, CHUNK_SENT, &err));
    assert_false(ledger_set_chunk_state(ledger, 99, CHUNK_SENT, &err));
    error_clear(&err);

    struct ticket ticket = {
        .chunk_id = id, .attempt = 1, .state = TICKET_CREATING};
    assert_true(ledger_put_ticket(ledger, &ticket, &err));
    struct ticket other = {.chunk_id = first.id, .attempt = 1};
    assert_true(ledger_put_ticket(ledger, &other, &err));
    assert_int_not_equal(ticket.id, other.id);
    ticket.state = TICKET_FAILED;
    snprintf(ticket.job_id, sizeof ticket.job_id, "7505e000002");
    snprintf(ticket.message, sizeof ticket.message, "InvalidBatch : 'x'");
    ticket.processed = 3;
    ticket.failed = 2;
    ticket.step = 1;
    ticket.closed_at_ms = -1;
    ticket.done_at_ms = INT64_C(1700000000000);
    ticket.polls = 4;
    ticket.total_processing_ms = 5;
    ticket.active_processing_ms = 6;
    ticket.apex_processing_ms = 7;
    assert_true(ledger_put_ticket(ledger, &ticket, &err));
    struct ticket unknown = {.id = 77, .chunk_id = id};
    assert_false(ledger_put_ticket(ledger, &unknown, &err));
    error_clear(&err);
    struct ticket orphan = {.chunk_id = 1234};
    assert_false(ledger_put_ticket(ledger, &orphan, &err));
    error_clear(&err);
    ledger_close(ledger);

    ledger = ledger_open(path, &err);
    struct arena arena = {0};
    struct chunk *chunks;
    struct ticket *tickets;
    size_t count;
    assert_true(ledger_chunks(ledger, &arena, &chunks, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(chunks[0].number, 1);
    const struct chunk *got = &chunks[1];
    assert_int_equal(got->id, second.id);
    assert_int_equal(got->state, CHUNK_SENT);
    assert_int_equal(got->rows * 1000 + got->bytes, 4050);
    assert_int_equal(got->first_row * 1000 + got->last_row, 6010);
    assert_int_equal(got->wave * 10 + got->attempt, 31);
    assert_true(got->gzip);
    assert_true(ledger_tickets(ledger, &arena, &tickets, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(tickets[0].id, ticket.id);
    assert_int_equal(tickets[0].chunk_id, id);
    assert_int_equal(tickets[0].attempt, 1);
    assert_int_equal(tickets[0].state, TICKET_FAILED);
    assert_string_equal(tickets[0].job_id, ticket.job_id);
    assert_string_equal(tickets[0].message, ticket.message);
    assert_int_equal(tickets[0].processed * 10 + tickets[0].failed, 32);
    assert_int_equal(tickets[0].step * 10 + tickets[0].polls, 14);
    assert_int_equal(tickets[0].closed_at_ms, -1);
    assert_int_equal(tickets[0].done_at_ms, ticket.done_at_ms);
    assert_int_equal(tickets[0].total_processing_ms, 5);
    assert_int_equal(tickets[0].active_processing_ms, 6);
    assert_int_equal(tickets[0].apex_processing_ms, 7);
    assert_int_equal(tickets[1].id, other.id);
    arena_release(&arena);
    ledger_close(ledger);
    free(path);
}

static void
several_writes_as_one(void **state)
{
    char *path = scratch_path(state, "begin.db");
    struct error err = {0};
    struct ledger *ledger = ledger_create(path, &err);
    uint64_t value;
    assert_true(ledger_begin(ledger, &err));
    assert_true(ledger_set_u64(ledger, "a", 1, &err));
    ledger_rollback(ledger);
    ledger_rollback(ledger);
    assert_true(ledger_get_u64(ledger, "a", &value, &err));
    assert_int_equal(value, 0);
    assert_true(ledger_begin(ledger, &err));
    assert_true(ledger_set_u64(ledger, "a", 2, &err));
    struct chunk chunk = {.number = 1};
    assert_true(ledger_put_chunk(ledger, &chunk, &err));
    assert_true(ledger_commit(ledger, &err));
    assert_true(ledger_get_u64(ledger, "a", &value, &err));
    assert_int_equal(value, 2);
    /* What failed is undone, and what is written after it is written. */
    assert_true(ledger_begin(ledger, &err));
    assert_true(ledger_set_u64(ledger, "a", 3, &err));
    assert_false(ledger_end(ledger, false, &err));
    assert_true(ledger_set_u64(ledger, "b", 4, &err));
    assert_true(ledger_begin(ledger, &err));
    assert_true(ledger_set_u64(ledger, "c", 5, &err));
    assert_true(ledger_end(ledger, true, &err));
    ledger_close(ledger);
    ledger = ledger_open(path, &err);
    assert_non_null(ledger);
    static const struct {
        const char *name;
        uint64_t value;
    } wanted[] = {{"a", 2}, {"b", 4}, {"c", 5}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(ledger_get_u64(ledger, wanted[i].name, &value, &err));
        assert_int_equal(value, wanted[i].value);
    }
    ledger_close(ledger);
    free(path);
}

static void
a_job_is_one_tickets(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "jobs.db");
    struct ledger *ledger = ledger_create(path, &err);
    assert_non_null(ledger);
    struct ticket first = {.attempt = 1, .job_id = "7505e000003qrstAAA"};
    struct ticket second = {.attempt = 1, .job_id = "7505e000003qrst"};
    struct ticket other = {.attempt = 1, .job_id = "7505e000003qrsTAAA"};
    struct chunk chunk = {.number = 1};
    bool is_another = true;
    assert_true(ledger_put_chunk(ledger, &chunk, &err));
    first.chunk_id = second.chunk_id = other.chunk_id = chunk.id;
    assert_true(ledger_put_ticket(ledger, &first, &err));
    assert_true(ledger_is_job_of_another(ledger, &first, &is_another, &err));
    assert_false(is_another);
    assert_true(ledger_put_ticket(ledger, &second, &err));
    assert_true(ledger_put_ticket(ledger, &other, &err));
    assert_true(ledger_is_job_of_another(ledger, &second, &is_another, &err));
    assert_true(is_another);
    assert_true(ledger_is_job_of_another(ledger, &other, &is_another, &err));
    assert_false(is_another);
    ledger_close(ledger);
    free(path);
}

/* A process that dies without a word: what was told is there, what was not
 * committed is not. */
static void
a_kill_keeps_what_was_told(void **state)
{
    char *path = scratch_path(state, "kill.db");
    pid_t child = fork();
    if (child == 0) {
        struct error err = {0};
        struct ledger *ledger = ledger_create(path, &err);
        bool done = ledger != NULL && ledger_set_u64(ledger, "a", 1, &err) &&
                    ledger_begin(ledger, &err) &&
                    ledger_set_u64(ledger, "a", 2, &err);
        _exit(done ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct error err = {0};
    uint64_t value = 0;
    struct ledger *ledger = ledger_open(path, &err);
    assert_non_null(ledger);
    assert_true(ledger_get_u64(ledger, "a", &value, &err));
    assert_int_equal(value, 1);
    ledger_close(ledger);
    free(path);
}

static void
refuses(const char *path, enum error_kind kind, const char *part)
{
    struct error err = {0};
    struct ledger *ledger = ledger_open(path, &err);
    assert_null(ledger);
    if (err.kind != kind || strstr(err.text, part) == NULL) {
        fail_msg("kind %d: %s", (int)err.kind, err.text);
    }
}

static void
foreign_files_are_refused(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "foreign.db");
    refuses(path, ERROR_SYSTEM, "cannot open the ledger");
    char garbage[4096];
    memset(garbage, 'x', sizeof garbage);
    assert_true(
        file_replace(path, (struct slice){garbage, sizeof garbage}, &err));
    refuses(path, ERROR_INTERNAL, "is damaged or none");
    assert_true(file_replace(path, slice_of(""), &err));
    refuses(path, ERROR_USAGE, "interrupted before it began");
    sql(path, "CREATE TABLE t(a); PRAGMA user_version = 1");
    refuses(path, ERROR_INTERNAL, "is not a ledger of sfetl");
    assert_int_equal(unlink(path), 0);
    ledger_close(ledger_create(path, &err));
    sql(path, "PRAGMA user_version = 9");
    refuses(path, ERROR_INTERNAL, "was written by a newer sfetl");
    refuses(*state, ERROR_SYSTEM, "cannot open the ledger");
    free(path);
}

static void
damage_is_told(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "damage.db");
    struct ledger *ledger = ledger_create(path, &err);
    struct chunk chunk = {.number = 1};
    assert_true(ledger_put_chunk(ledger, &chunk, &err));
    struct ticket ticket = {.chunk_id = chunk.id};
    assert_true(ledger_put_ticket(ledger, &ticket, &err));
    ledger_close(ledger);
    static const char *const cases[] = {
        "UPDATE tickets SET state = 'sleeping'",
        "UPDATE tickets SET state = 'new', job_id = "
        "'0123456789012345678901234567890123456789'",
        "UPDATE tickets SET job_id = ''; UPDATE chunks SET state = x'ff00'",
        "UPDATE chunks SET state = 'sent'; "
        "INSERT INTO facts VALUES('state', 'asleep')",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sql(path, cases[i]);
        ledger = ledger_open(path, &err);
        assert_non_null(ledger);
        struct arena arena = {0};
        struct chunk *chunks;
        struct ticket *tickets;
        size_t count;
        enum run_state run;
        assert_false(ledger_chunks(ledger, &arena, &chunks, &count, &err) &&
                     ledger_tickets(ledger, &arena, &tickets, &count, &err) &&
                     ledger_state(ledger, &run, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        error_clear(&err);
        arena_release(&arena);
        ledger_close(ledger);
    }
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_outlive_a_reopening),
        cmocka_unit_test(chunks_and_tickets),
        cmocka_unit_test(several_writes_as_one),
        cmocka_unit_test(a_job_is_one_tickets),
        cmocka_unit_test(a_kill_keeps_what_was_told),
        cmocka_unit_test(foreign_files_are_refused),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
