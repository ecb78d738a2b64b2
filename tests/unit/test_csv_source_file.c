/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_source_case.h"

static void
a_result_file_is_read_in_our_own_form(void **state)
{
    struct source_spec spec = usual;
    spec.delimiter = ';';
    spec.quote = '\'';
    spec.skip_lines = 3;
    spec.has_header = false;
    static const char bytes[] =
        "sf__Id,sf__Error,sfetl__Row,Name,sf__Id\n"
        ",no,1,\"a;b\",x\n,no,2,M\xef\xbf\xbdller,x\n,no,3,x\n";
    check(state, &spec, bytes,
          "[sf__Id][sf__Error][sfetl__Row][Name][sf__Id]\n"
          "1@2 -[no][1][a;b][x]\n"
          "2@3 -[no][2][M\xef\xbf\xbdller][x] bad-bytes: the row still holds "
          "U+FFFD, which stands for bytes that could not be read; put in the "
          "right character\n"
          "3@4 -[no][3][x] ragged-row: the row has 4 cells, the header 5\n");
    struct error err = {0};
    char *path = scratch_path(state, "input");
    spec.path = path;
    struct source *source = csv_source_open(&spec, 0, &err);
    assert_int_equal(source_columns(source)->added_count, 3);
    assert_string_equal(source_description(source),
                        "result file, UTF-8, delimiter comma, 5 columns");
    source_close(source);
    check(state, &usual, "Name\nM\xef\xbf\xbdller\n",
          "[Name]\n1@2 [M\xef\xbf\xbdller]\n");
    free(path);
}

static void
what_has_no_rows_is_told_apart(void **state)
{
    check(state, &usual, "", "error 4: input' is empty");
    check(state, &usual, "\xef\xbb\xbf", "error 4: input' is empty");
    check(state, &usual, "\n\r\n\n",
          "error 4: input' has no header; name its columns in the first row, "
          "or with 'header: [...]' [no-header]");
    check(state, &usual, "a,b\n", "[a][b]\n");
    check(state, &usual, "a,b", "[a][b]\n");
}

static void
check_bytes(void **state, const struct source_spec *spec, const char *bytes,
            size_t len, const char *want)
{
    struct error err = {0};
    char *path = scratch_path(state, "input");
    struct source_spec at = *spec;
    at.path = path;
    assert_true(file_replace(path, (struct slice){bytes, len}, &err));
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        check_window(&at, windows[i], want);
    }
    free(path);
}

static void
other_encodings_keep_lines_and_offsets(void **state)
{
    struct source_spec spec = usual;
    spec.encoding = "windows-1252";
    static const char ansi[] = "a,b\r\n\xe4,\x80\r\n\"x\n\x81\",\xfc\n"
                               "z,\0\n5,6\n";
    check_bytes(state, &spec, ansi, sizeof ansi - 1,
                "[a][b]\n1@2 [\xc3\xa4][\xe2\x82\xac]\n"
                "2@3 [x\n\xef\xbf\xbd][\xc3\xbc] bad-bytes: byte 0x81 at "
                "offset 13 is not windows-1252\n"
                "3@5 [z][@] nul-byte: the row holds a NUL byte at offset 20\n"
                "4@6 [5][6]\n");
    static const char wide[] = "\xff\xfe"
                               "a\0,\0b\0\n\0\xe4\0,\0\x3d\xd8\n\0"
                               "5\0,\0\"\0\n\0\"\0\n\0";
    check_bytes(state, &spec, wide, sizeof wide - 1,
                "[a][b]\n"
                "1@2 [\xc3\xa4][\xef\xbf\xbd] bad-bytes: bytes 0x3D 0xD8 at "
                "offset 14 are not UTF-16LE\n"
                "2@3 [5][\n]\n");
    check_bytes(state, &usual, "\xff\xfe", 2, "error 4: input' is empty");
}

static void
a_quote_may_be_data_everywhere(void **state)
{
    struct source_spec spec = usual;
    spec.no_quotes = true;
    check(state, &spec, "a,b\n\"1,2\"\n\r\n5\" pipe,\"\"\n\n\",\xff",
          "[a][b]\n1@2 [\"1][2\"]\n2@4 [5\" pipe][\"\"]\n"
          "3@6 [\"][\xef\xbf\xbd] bad-bytes: byte 0xFF at offset 26 is not "
          "UTF-8\n");
    spec.no_quotes = false;
    spec.quote = '\'';
    check(state, &spec, "a,b\n'x\n''y',\"2\n", "[a][b]\n1@2 [x\n'y][\"2]\n");
    spec.no_quotes = true;
    spec.max_row_bytes = 20;
    check(
        state, &spec, "a,b\n1,01234567890123456789\n",
        "[a][b]\nerror 4: input:2: the row that begins here is longer than 20 "
        "bytes; "
        "close its quote, or raise 'max_row_bytes' [row-too-long]");
}

static void
the_sep_line_of_excel_is_no_row(void **state)
{
    check_with(state, &usual, "sep=^\r\na^b,c\r\n1^2\r\n", '\0',
               "[a][b,c]\n1@3 [1][2]\n");
    check_with(state, &usual, "\"SEP=;\"\na;b\n1;2", '\0',
               "[a][b]\n1@3 [1][2]\n");
    check_with(state, &usual, "\xef\xbb\xbfsep=\t\na\tb\n", '\0', "[a][b]\n");
    check_with(state, &usual, "sep=x1,b\n1,2\n", '\0',
               "[sep=x1][b]\n1@2 [1][2]\n");
    struct source_spec spec = usual;
    spec.delimiter = ',';
    spec.skip_lines = 1;
    check(state, &spec, "sep=;\nfrom SAP\na,b;c\n1,2\n",
          "[a][b;c]\n1@4 [1][2]\n");
    check_with(state, &usual, "sep=,", '\0',
               "error 4: input' has no header; name its "
               "columns in the first row, or with "
               "'header: [...]' [no-header]");
}

static void
what_makes_no_sense_is_said(void **state)
{
    struct error err = {0};
    struct source_spec spec = usual;
    spec.encoding = "klingon";
    char *path = scratch_path(state, "input");
    assert_true(file_replace(path, slice_of("a,b\n"), &err));
    spec.path = path;
    assert_null(csv_source_open(&spec, 0, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    error_clear(&err);
    free(path);
    spec.encoding = "UTF-8";
    spec.delimiter = '"';
    assert_null(csv_source_open(&spec, 0, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    check_with(
        state, &usual, "a,b;c\n1,2;3\n", '\0',
        "error 4: input: cannot tell what separates its cells; say it, as in "
        "'delimiter: \";\"' [delimiter]");
}

/* The position is exact, and the hash is of the windows read. */
static void
the_position_is_where_the_last_row_ended(void **state)
{
    struct error err = {0};
    struct source_spec spec = usual;
    char *path = scratch_path(state, "input");
    spec.path = path;
    assert_true(
        file_replace(path, slice_of("a,b\n1,2\n\"x\ny\",2\n3,4\n\n"), &err));
    struct source *source = csv_source_open(&spec, 10, &err);
    assert_non_null(source);
    assert_true(source_size(source) == 21);
    assert_string_equal(source_name(source), path);
    struct batch batch = {0};
    uint64_t last_rows = 0;
    struct source_position position;
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
        position = source_position(source);
        assert_true(position.rows == last_rows + batch.count);
        assert_true(position.bytes <= position.hashed_bytes);
        last_rows = position.rows;
        static const uint64_t ends[] = {4, 8, 16, 20};
        assert_true(position.bytes == ends[position.rows]);
    }
    assert_int_equal(last_rows, 3);
    uint64_t hash = position.hash[0];
    position = source_position(source);
    assert_true(position.hashed_bytes == 21);
    source_close(source);
    source = csv_source_open(&spec, 10, &err);
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
        position = source_position(source);
    }
    assert_true(position.hash[0] == hash);
    source_close(source);
    batch_release(&batch);
    free(path);
}

/* A batch of tiny rows is bounded, and nothing is lost at the bound. */
static void
many_tiny_rows_come_in_several_batches(void **state)
{
    struct error err = {0};
    struct source_spec spec = usual;
    char *path = scratch_path(state, "input");
    struct buffer text = {0};
    buffer_append_text(&text, "a\n");
    for (int i = 0; i < 20000; i++) {
        buffer_append_text(&text, i % 3 ? "x\n" : "\"x\"\n");
    }
    assert_true(file_replace(path, buffer_slice(&text), &err));
    spec.path = path;
    struct source *source = csv_source_open(&spec, 0, &err);
    struct batch batch = {0};
    uint64_t row = 0;
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
        assert_true(batch.count <= 4096);
        for (size_t i = 0; i < batch.count; i++) {
            assert_true(batch.records[i].row == ++row);
            assert_true(batch.records[i].line == row + 1);
            assert_true(slice_is(batch.records[i].fields[0], "x"));
        }
    }
    assert_int_equal(row, 20000);
    source_close(source);
    batch_release(&batch);
    buffer_release(&text);
    free(path);
}

/* 300 KB in two cells, over several windows, then a plain row. */
static void
a_long_row_is_put_together(void **state)
{
    struct error err = {0};
    struct source_spec spec = usual;
    char *path = scratch_path(state, "input"), *long_text = mem_alloc(150000);
    memset(long_text, 'z', 150000);
    struct buffer text = {0};
    buffer_append_text(&text, "a,b,c\n1,\"");
    buffer_append(&text, long_text, 150000);
    buffer_append_text(&text, "\",");
    buffer_append(&text, long_text, 150000);
    buffer_append_text(&text, "\n1,2,3\n");
    assert_true(file_replace(path, buffer_slice(&text), &err));
    spec.path = path;
    struct source *source = csv_source_open(&spec, 0, &err);
    struct batch batch = {0};
    uint64_t rows = 0;
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
        for (size_t i = 0; i < batch.count; i++) {
            size_t len = rows++ == 0 ? 150000 : 1;
            assert_int_equal(batch.records[i].field_count, 3);
            assert_int_equal(batch.records[i].fields[1].len, len);
            assert_int_equal(batch.records[i].fields[2].len, len);
        }
    }
    assert_int_equal(rows, 2);
    source_close(source);
    batch_release(&batch);
    buffer_release(&text);
    free(long_text);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_file_is_read_in_our_own_form),
        cmocka_unit_test(what_has_no_rows_is_told_apart),
        cmocka_unit_test(other_encodings_keep_lines_and_offsets),
        cmocka_unit_test(a_quote_may_be_data_everywhere),
        cmocka_unit_test(the_sep_line_of_excel_is_no_row),
        cmocka_unit_test(what_makes_no_sense_is_said),
        cmocka_unit_test(the_position_is_where_the_last_row_ended),
        cmocka_unit_test(many_tiny_rows_come_in_several_batches),
        cmocka_unit_test(a_long_row_is_put_together),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
