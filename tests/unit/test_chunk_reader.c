/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_reader.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
assert_next(struct chunk_reader *reader, const char *want)
{
    struct error err = {0};
    struct slice record;
    assert_int_equal(chunk_reader_next(reader, &record, &err), FILE_BYTES);
    assert_true(slice_is(record, want));
}

static void
records_end_outside_quotes(void **state)
{
    struct error err = {0};
    struct slice record;
    char *path = scratch_path(state, "chunk.csv");
    assert_true(file_replace(
        path, slice_of("a,b\n\"x\ny\",\"\"\"\n\"\"\"\n\"\"\nz,\n"), &err));
    struct chunk_reader reader;
    assert_true(chunk_reader_open(&reader, path, &err));
    assert_next(&reader, "a,b\n");
    assert_next(&reader, "\"x\ny\",\"\"\"\n\"\"\"\n");
    assert_next(&reader, "\"\"\n");
    assert_next(&reader, "z,\n");
    assert_int_equal(chunk_reader_next(&reader, &record, &err), FILE_END);
    chunk_reader_close(&reader);
    free(path);
}

static void
records_longer_than_the_window_are_whole(void **state)
{
    struct error err = {0};
    struct slice record;
    struct buffer text = {0};
    char *path = scratch_path(state, "chunk.csv");
    for (int i = 0; i < 100000; i++) {
        buffer_append_text(&text, i % 1000 ? "ab" : "\"\n\"");
    }
    buffer_append_text(&text, "\nlast\n");
    assert_true(file_replace(path, buffer_slice(&text), &err));
    struct chunk_reader reader;
    assert_true(chunk_reader_open(&reader, path, &err));
    assert_int_equal(chunk_reader_next(&reader, &record, &err), FILE_BYTES);
    assert_int_equal(record.len, text.len - 5);
    assert_next(&reader, "last\n");
    chunk_reader_close(&reader);
    buffer_release(&text);
    free(path);
}

static void
a_cut_record_is_told(void **state)
{
    struct error err = {0};
    struct slice record;
    char *path = scratch_path(state, "chunk.csv");
    assert_true(file_replace(path, slice_of("a,b\n1,\"2\n"), &err));
    struct chunk_reader reader;
    assert_true(chunk_reader_open(&reader, path, &err));
    assert_next(&reader, "a,b\n");
    assert_int_equal(chunk_reader_next(&reader, &record, &err), FILE_FAILED);
    assert_non_null(strstr(err.text, "is cut short"));
    chunk_reader_close(&reader);
    free(path);
    error_clear(&err);
    assert_false(chunk_reader_open(&reader, "missing", &err));
    chunk_reader_close(&reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_end_outside_quotes),
        cmocka_unit_test(records_longer_than_the_window_are_whole),
        cmocka_unit_test(a_cut_record_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
