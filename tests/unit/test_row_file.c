/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_file.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
put(struct row_file_writer *writer, uint64_t row, uint64_t line,
    const char *text)
{
    struct error err = {0};
    const struct row_file_entry entry = {row, line, slice_of(text)};
    assert_true(row_file_writer_put(writer, &entry, &err));
}

static void
assert_next(struct row_file_reader *reader, uint64_t row, uint64_t line,
            const char *text)
{
    struct error err = {0};
    struct row_file_entry entry;
    assert_int_equal(row_file_reader_next(reader, &entry, &err), FILE_BYTES);
    assert_true(entry.row == row && entry.line == line);
    assert_true(slice_is(entry.text, text));
}

static void
a_file_goes_on_behind_what_was_synced(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "rows");
    struct row_file_writer writer;
    assert_true(row_file_writer_open(&writer, path, 0, &err));
    put(&writer, 0, 0, "a,b");
    put(&writer, 1, 2, "1,\"x\ny\"");
    uint64_t size, end;
    assert_true(row_file_writer_sync(&writer, &size, &err));
    assert_true(size == file_size(path));
    put(&writer, 2, 4, "lost");
    assert_true(row_file_writer_sync(&writer, &end, &err));
    row_file_writer_close(&writer);
    assert_true(row_file_writer_open(&writer, path, size, &err));
    put(&writer, 2, 4, "");
    assert_true(row_file_writer_sync(&writer, &end, &err));
    row_file_writer_close(&writer);

    struct row_file_reader reader;
    struct row_file_entry entry;
    assert_true(row_file_reader_open(&reader, path, end, &err));
    assert_next(&reader, 0, 0, "a,b");
    assert_next(&reader, 1, 2, "1,\"x\ny\"");
    assert_next(&reader, 2, 4, "");
    assert_int_equal(row_file_reader_next(&reader, &entry, &err), FILE_END);
    row_file_reader_close(&reader);

    assert_true(row_file_reader_open(&reader, path, size, &err));
    assert_next(&reader, 0, 0, "a,b");
    assert_next(&reader, 1, 2, "1,\"x\ny\"");
    assert_int_equal(row_file_reader_next(&reader, &entry, &err), FILE_END);
    row_file_reader_close(&reader);
    free(path);
}

/* Each size that is not an entry's end is a damage; none is a crash. */
static void
any_cut_is_noticed(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "cut");
    struct row_file_writer writer;
    assert_true(row_file_writer_open(&writer, path, 0, &err));
    put(&writer, 1, 1, "abc");
    uint64_t size;
    assert_true(row_file_writer_sync(&writer, &size, &err));
    row_file_writer_close(&writer);
    for (uint64_t cut = 1; cut < size; cut++) {
        struct row_file_reader reader;
        struct row_file_entry entry;
        error_clear(&err);
        assert_true(row_file_reader_open(&reader, path, cut, &err));
        assert_int_equal(row_file_reader_next(&reader, &entry, &err),
                         FILE_FAILED);
        assert_int_equal(err.kind, ERROR_INTERNAL);
        row_file_reader_close(&reader);
    }
    struct row_file_reader reader;
    struct row_file_entry entry;
    error_clear(&err);
    assert_true(row_file_reader_open(&reader, path, size + 1, &err));
    assert_next(&reader, 1, 1, "abc");
    assert_int_equal(row_file_reader_next(&reader, &entry, &err), FILE_FAILED);
    row_file_reader_close(&reader);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_on_behind_what_was_synced),
        cmocka_unit_test(any_cut_is_noticed),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
