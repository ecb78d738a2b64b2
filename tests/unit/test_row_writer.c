/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/row_writer.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
put(struct row_writer *writer, uint64_t row, const struct slice *cells,
    size_t count)
{
    struct error err = {0};
    struct slice fields[8];
    for (size_t i = 0; i < count; i++) {
        fields[i] = cells[i];
    }
    const struct record record = {
        .row = row, .line = row + 1, .fields = fields, .field_count = count};
    assert_true(row_writer_put(writer, &record, &err));
}

static void
assert_next(struct row_file_reader *reader, uint64_t row, const char *want)
{
    struct error err = {0};
    struct row_file_entry entry;
    assert_int_equal(row_file_reader_next(reader, &entry, &err), FILE_BYTES);
    assert_true(entry.row == row);
    assert_true(slice_is(entry.text, want));
}

/* A result file fed back: its added columns are not the source's. */
static void
rows_are_spelled_as_result_files_show_them(void **state)
{
    struct error err = {0};
    struct slice names[] = {slice_of("sf__Id"), slice_of("sfetl__Row"),
                            slice_of("Na,me"), slice_of("City")};
    const struct columns columns = {names, 4, 2};
    const struct slice cells[] = {slice_of("001"),
                                  slice_of("9"),
                                  slice_of("a \"b\""),
                                  {NULL, 0},
                                  slice_of("more")};
    char *path = scratch_path(state, "rows");
    struct row_writer writer;
    assert_true(row_writer_open(&writer, path, 0, &columns, &err));
    put(&writer, 1, cells, 4);
    uint64_t size = row_writer_size(&writer);
    put(&writer, 2, cells, 5); /* ragged */
    assert_true(row_writer_sync(&writer, &err));
    row_writer_close(&writer);
    assert_true(row_writer_open(&writer, path, size, &columns, &err));
    put(&writer, 2, cells, 1); /* ragged, too */
    put(&writer, 3, cells, 3);
    assert_true(row_writer_sync(&writer, &err));
    size = row_writer_size(&writer);
    row_writer_close(&writer);

    struct row_file_reader reader;
    assert_true(row_file_reader_open(&reader, path, size, &err));
    assert_next(&reader, 0, "\"Na,me\",City");
    assert_next(&reader, 1, "\"a \"\"b\"\"\",");
    assert_next(&reader, 2, "");
    assert_next(&reader, 3, "\"a \"\"b\"\"\"");
    row_file_reader_close(&reader);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_spelled_as_result_files_show_them),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
