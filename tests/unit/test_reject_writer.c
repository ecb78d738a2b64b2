/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/reject_writer.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
put(struct reject_writer *writer, uint64_t row, enum record_fate fate)
{
    struct error err = {0};
    const struct record record = {.row = row,
                                  .fate = fate,
                                  .code = "where",
                                  .reason = slice_of("because")};
    assert_true(reject_writer_put(writer, &record, &err));
}

static void
assert_rows(const char *path, const char *want)
{
    struct error err = {0};
    struct outcome_reader reader;
    struct outcome outcome;
    struct buffer text = {0};
    assert_true(outcome_reader_open(&reader, path, &err));
    while (outcome_reader_next(&reader, &outcome, &err) == FILE_BYTES) {
        buffer_printf(&text, "%d%c ", (int)outcome.row,
                      outcome.fate == OUTCOME_SKIPPED ? 's' : 'r');
    }
    assert_int_equal(err.kind, ERROR_NONE);
    assert_string_equal(buffer_text(&text), want);
    outcome_reader_close(&reader);
    buffer_release(&text);
}

static void
a_resume_keeps_what_it_will_not_decide_again(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "fates");
    struct reject_writer writer;
    assert_true(reject_writer_open(&writer, path, 0, &err));
    put(&writer, 3, RECORD_REJECTED);
    put(&writer, 5, RECORD_SKIPPED);
    put(&writer, 9, RECORD_REJECTED);
    assert_true(reject_writer_sync(&writer, &err));
    reject_writer_close(&writer);
    assert_rows(path, "3r 5s 9r ");

    assert_true(reject_writer_open(&writer, path, 8, &err));
    assert_true(writer.rejected == 1 && writer.skipped == 1);
    assert_true(reject_writer_reject(&writer, 9, "x", "too long", &err));
    assert_true(reject_writer_sync(&writer, &err));
    assert_true(reject_writer_sync(&writer, &err));
    reject_writer_close(&writer);
    assert_rows(path, "3r 5s 9r ");

    assert_true(reject_writer_open(&writer, path, 0, &err));
    assert_true(reject_writer_sync(&writer, &err));
    reject_writer_close(&writer);
    assert_rows(path, "");
    free(path);
}

/* Each cut that a kill can leave, and zeros that a power cut can. */
static void
any_torn_end_is_cut_off(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "torn");
    struct reject_writer writer;
    struct buffer whole = {0};
    assert_true(reject_writer_open(&writer, path, 0, &err));
    put(&writer, 1, RECORD_REJECTED);
    assert_true(reject_writer_sync(&writer, &err));
    uint64_t synced = file_size(path);
    put(&writer, 2, RECORD_REJECTED);
    assert_true(reject_writer_sync(&writer, &err));
    reject_writer_close(&writer);
    assert_true(file_read_whole(path, 1 << 20, &whole, &err));
    for (size_t len = (size_t)synced; len < whole.len; len++) {
        struct slice cut = {whole.bytes, len};
        assert_true(file_replace(path, cut, &err));
        assert_true(reject_writer_open(&writer, path, 7, &err));
        reject_writer_close(&writer);
        assert_true(file_size(path) == synced);
    }
    memset(whole.bytes + synced, 0, whole.len - (size_t)synced);
    assert_true(file_replace(path, buffer_slice(&whole), &err));
    assert_true(reject_writer_open(&writer, path, 7, &err));
    put(&writer, 2, RECORD_SKIPPED);
    assert_true(reject_writer_sync(&writer, &err));
    reject_writer_close(&writer);
    assert_rows(path, "1r 2s ");
    buffer_release(&whole);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resume_keeps_what_it_will_not_decide_again),
        cmocka_unit_test(any_torn_end_is_cut_off),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
