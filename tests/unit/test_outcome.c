/* SPDX-License-Identifier: Apache-2.0 */
#include "model/outcome.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct outcome samples[] = {
    {.row = 1,
     .fate = OUTCOME_SUCCEEDED,
     .created = true,
     .id = {"0018c00002FInboAAD", 18}},
    {.row = 5,
     .fate = OUTCOME_FAILED,
     .code = {"DUPLICATE_VALUE", 15},
     .message = {"a:b,c\n\"d\"", 9}},
    {.row = 6,
     .fate = OUTCOME_IN_DOUBT,
     .id = {"0018c00002FInbo", 15},
     .code = {"x", 1},
     .message = {"", 0}},
};
#define SAMPLES (sizeof samples / sizeof *samples)

static void
expect(struct outcome_reader *reader, const struct outcome *want)
{
    struct outcome got;
    struct error err = {0};
    assert_int_equal(outcome_reader_next(reader, &got, &err), FILE_BYTES);
    assert_int_equal(got.row, want->row);
    assert_int_equal(got.fate, want->fate);
    assert_int_equal(got.created, want->created);
    assert_true(slice_equals(got.id, want->id));
    assert_true(slice_equals(got.code, want->code));
    assert_true(slice_equals(got.message, want->message));
}

static void
reads_what_was_written(void **state)
{
    char *path = scratch_path(state, "a.outcomes");
    struct outcome_writer writer;
    struct error err = {0};
    assert_true(outcome_writer_open(&writer, path, &err));
    for (size_t i = 0; i < SAMPLES; i++) {
        assert_true(outcome_writer_put(&writer, &samples[i], &err));
    }
    assert_false(file_exists(path));
    assert_true(outcome_writer_commit(&writer, &err));
    assert_int_equal(writer.counts[OUTCOME_FAILED], 1);
    outcome_writer_close(&writer);

    struct outcome_reader reader;
    assert_true(outcome_reader_open(&reader, path, &err));
    for (size_t i = 0; i < SAMPLES; i++) {
        expect(&reader, &samples[i]);
    }
    struct outcome none;
    assert_int_equal(outcome_reader_next(&reader, &none, &err), FILE_END);
    outcome_reader_close(&reader);
    free(path);
}

static void
goes_on_behind_what_was_synced(void **state)
{
    char *path = scratch_path(state, "a.fates");
    struct outcome_writer writer;
    struct error err = {0};
    uint64_t size = 0;
    assert_true(outcome_writer_open_append(&writer, path, 0, &err));
    assert_true(outcome_writer_put(&writer, &samples[0], &err));
    assert_true(outcome_writer_sync(&writer, &size, &err));
    assert_true(outcome_writer_put(&writer, &samples[1], &err));
    outcome_writer_close(&writer);
    assert_true(outcome_writer_open_append(&writer, path, size, &err));
    assert_true(outcome_writer_put(&writer, &samples[2], &err));
    assert_true(outcome_writer_commit(&writer, &err));
    outcome_writer_close(&writer);

    struct outcome_reader reader;
    assert_true(outcome_reader_open(&reader, path, &err));
    expect(&reader, &samples[0]);
    expect(&reader, &samples[2]);
    outcome_reader_close(&reader);
    free(path);
}

static void
rows_ascend_and_messages_are_cut(void **state)
{
    char *path = scratch_path(state, "b.outcomes");
    struct outcome_writer writer;
    struct error err = {0};
    char *text = mem_alloc(OUTCOME_MESSAGE_LIMIT + 3);
    text[0] = 'x';
    for (size_t i = 1; i < OUTCOME_MESSAGE_LIMIT + 3; i++) {
        text[i] = i % 2 ? '\xC3' : '\xBC';
    }
    assert_true(outcome_writer_open(&writer, path, &err));
    assert_true(outcome_writer_put(
        &writer,
        &(struct outcome){.row = 3,
                          .fate = OUTCOME_FAILED,
                          .message = {text, OUTCOME_MESSAGE_LIMIT + 3}},
        &err));
    assert_false(
        outcome_writer_put(&writer, &(struct outcome){.row = 3}, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    error_clear(&err);
    assert_false(outcome_writer_put(
        &writer, &(struct outcome){.row = 4, .id = {text, 19}}, &err));
    error_clear(&err);
    assert_true(outcome_writer_commit(&writer, &err));
    outcome_writer_close(&writer);
    struct outcome_reader reader;
    struct outcome got;
    assert_true(outcome_reader_open(&reader, path, &err));
    assert_int_equal(outcome_reader_next(&reader, &got, &err), FILE_BYTES);
    assert_int_equal(got.message.len, OUTCOME_MESSAGE_LIMIT - 1);
    assert_int_equal(slice_utf8_valid_len(got.message), got.message.len);
    outcome_reader_close(&reader);
    free(text);
    free(path);
}

/* A damaged file fails or ends; it is never believed or read past its end. */
static void
damage_is_told(void **state)
{
    char *path = scratch_path(state, "c.outcomes");
    struct outcome_writer writer;
    struct error err = {0};
    assert_true(outcome_writer_open(&writer, path, &err));
    for (size_t i = 0; i < SAMPLES; i++) {
        assert_true(outcome_writer_put(&writer, &samples[i], &err));
    }
    assert_true(outcome_writer_commit(&writer, &err));
    struct buffer bytes = {0};
    assert_true(file_read_whole(path, 10000, &bytes, &err));
    for (size_t i = 0; i < bytes.len; i++) {
        for (unsigned cut = 0; cut < 2; cut++) {
            bytes.bytes[i] ^= (char)0x7f;
            struct slice part = {bytes.bytes, cut ? i : bytes.len};
            assert_true(file_replace(path, part, &err));
            bytes.bytes[i] ^= (char)0x7f;
            struct outcome_reader reader;
            struct outcome got;
            assert_true(outcome_reader_open(&reader, path, &err));
            enum file_status status;
            size_t count = 0;
            do {
                status = outcome_reader_next(&reader, &got, &err);
            } while (status == FILE_BYTES && ++count < 100);
            assert_true(status != FILE_FAILED || err.kind != ERROR_NONE);
            assert_in_range(count, 0, SAMPLES);
            outcome_reader_close(&reader);
            error_clear(&err);
        }
    }
    buffer_release(&bytes);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(goes_on_behind_what_was_synced),
        cmocka_unit_test(rows_ascend_and_messages_are_cut),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
