/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const size_t windows[] = {0, 1, 2, 3, 4, 5, 7, 11, 64};
#define WINDOW_COUNT (sizeof windows / sizeof *windows)

static const struct source_spec usual = {
    .format = "csv", .quote = '"', .has_header = true};

/* "[a]" is a cell, "-" an empty one. */
static void
show_cells(struct buffer *text, const struct slice *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].ptr == NULL) {
            buffer_append_char(text, '-');
        } else {
            buffer_append_char(text, '[');
            buffer_append_slice(text, cells[i]);
            buffer_append_char(text, ']');
        }
    }
}

static void
show_record(struct buffer *text, const struct record *record)
{
    buffer_printf(text, "%d@%d ", (int)record->row, (int)record->line);
    show_cells(text, record->fields, record->field_count);
    if (record->fate == RECORD_REJECTED) {
        buffer_printf(text, " %s: %.*s", record->code,
                      SLICE_ARGS(record->reason));
    }
    buffer_append_char(text, '\n');
}

/* The header, the records, and the error, as text. */
static void
show(struct buffer *text, const struct source_spec *spec, size_t window)
{
    struct error err = {0};
    struct source *source = csv_source_open(spec, window, &err);
    if (source != NULL) {
        const struct columns *columns = source_columns(source);
        show_cells(text, columns->names, columns->count);
        buffer_append_char(text, '\n');
        struct batch batch = {0};
        while (source_next(source, &batch, &err) == SOURCE_ROWS) {
            for (size_t i = 0; i < batch.count; i++) {
                show_record(text, &batch.records[i]);
            }
        }
        batch_release(&batch);
    }
    if (err.kind != ERROR_NONE) {
        const char *rest = strstr(err.text, "input");
        buffer_printf(text, "error %d: %s", error_exit_code(&err),
                      rest ? rest : err.text);
    }
    source_close(source);
}

static void
check_window(const struct source_spec *spec, size_t window, const char *want)
{
    struct buffer text = {0};
    show(&text, spec, window);
    char *nul;
    while ((nul = memchr(text.bytes, '\0', text.len)) != NULL) {
        *nul = '@';
    }
    if (strcmp(buffer_text(&text), want) != 0) {
        fail_msg("window %zu:\n%s\ninstead of\n%s", window, buffer_text(&text),
                 want);
    }
    buffer_release(&text);
}

/* Reads bytes and compares with what is wanted: once as the mapping would,
 * and once with each window, for which the delimiter must be given: sniffing
 * reads a sample first. */
static void
check_with(void **state, const struct source_spec *spec, const char *bytes,
           char delimiter, const char *want)
{
    struct error err = {0};
    char *path = scratch_path(state, "input");
    assert_true(file_replace(path, slice_of(bytes), &err));
    struct source_spec read = *spec;
    read.path = path;
    check_window(&read, 0, want);
    read.delimiter = delimiter;
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        check_window(&read, windows[i], want);
    }
    free(path);
}

static void
check(void **state, const struct source_spec *spec, const char *bytes,
      const char *want)
{
    check_with(state, spec, bytes, spec->delimiter ? spec->delimiter : ',',
               want);
}

static void
cells_come_as_they_are(void **state)
{
    check(state, &usual, "a,b,c\n1, 2 ,3\n", "[a][b][c]\n1@2 [1][ 2 ][3]\n");
    check(state, &usual, "a,b\n,\n\"\",\n", "[a][b]\n1@2 --\n2@3 []-\n");
    check(state, &usual, "a,b\n\"x,\"\"y\"\"\",\"p\nq\"\n1,2",
          "[a][b]\n1@2 [x,\"y\"][p\nq]\n2@4 [1][2]\n");
    check(state, &usual, "a\n\"\"\nx\n", "[a]\n1@2 []\n2@3 [x]\n");
    check(state, &usual, "a,b\n1,", "[a][b]\n1@2 [1]-\n");
    check(state, &usual, "a,a\n1,2\n", "[a][a]\n1@2 [1][2]\n");
}

static void
lines_count_whatever_ends_them(void **state)
{
    check(state, &usual, "a,b\r\n\r\n1,2\r\n\"x\r\ny\",2\r\n3,4\r\n",
          "[a][b]\n1@3 [1][2]\n2@4 [x\r\ny][2]\n3@6 [3][4]\n");
    check(state, &usual, "a,b\r1,2\r\r3,4\r",
          "[a][b]\n1@2 [1][2]\n2@4 [3][4]\n");
    check(state, &usual, "a,b\n1,\"x\ry\n\r\nz\"\n3,4",
          "[a][b]\n1@2 [1][x\ry\n\r\nz]\n2@6 [3][4]\n");
    check(state, &usual, "\n\na,b\n\n1,2\n\n\n", "[a][b]\n1@5 [1][2]\n");
}

static void
a_quote_inside_a_cell_is_data(void **state)
{
    check(state, &usual, "a,b\n5\" pipe,6\" \"x\"\n1,2\n",
          "[a][b]\n1@2 [5\" pipe][6\" \"x\"]\n2@3 [1][2]\n");
}

static void
text_behind_a_closing_quote_rejects_one_row(void **state)
{
    check(state, &usual, "a,b\n1,\"b\"c,d\n3,4\n",
          "[a][b]\n1@2 [1][\"b\"c,d] stray-quote: text follows a closing quote "
          "in line 2; double the quotes that are part of a cell\n2@3 [3][4]\n");
    check(state, &usual, "a,b\n1,\"x\ny\"z\"\r\n3,4\n",
          "[a][b]\n1@2 [1][\"x\ny\"z\"] stray-quote: text follows a closing "
          "quote in line 3; double the quotes that are part of a cell\n"
          "2@4 [3][4]\n");
    check(state, &usual, "a,b\n1,\"b\" ",
          "[a][b]\n1@2 [1][\"b\" ] stray-quote: text follows a closing quote "
          "in line 2; double the quotes that are part of a cell\n");
}

static void
an_open_quote_stops_with_its_line(void **state)
{
    check(state, &usual, "a,b\n1,2\n3,\"x\n4,5\n",
          "[a][b]\n1@2 [1][2]\nerror 4: input:3: a quote that opens in this "
          "line is still open at the end of the input; close it [open-quote]");
    check(state, &usual, "a,b\n\"1\n2\",\"x\n4,5\n",
          "[a][b]\nerror 4: input:3: a quote that opens in this "
          "line is still open at the end of the input; close it [open-quote]");
}

static void
a_row_that_is_too_long_stops_with_its_line(void **state)
{
    struct source_spec spec = usual;
    spec.max_row_bytes = 12;
    check(state, &spec, "a,b\n1,2\n123,456789\n1,\"3456789012\n",
          "[a][b]\n1@2 [1][2]\n2@3 [123][456789]\nerror 4: input:4: the row "
          "that begins here is longer than 12 bytes; close its quote, or raise "
          "'max_row_bytes' [row-too-long]");
}

static void
a_nul_byte_rejects_its_row(void **state)
{
    static const char bytes[] = "a,b\n1,x\0y\n3,4\n";
    static const char want[] =
        "[a][b]\n1@2 [1][x\0y] nul-byte: the row holds a NUL byte at offset 7\n"
        "2@3 [3][4]\n";
    struct error err = {0};
    char *path = scratch_path(state, "input");
    assert_true(
        file_replace(path, (struct slice){bytes, sizeof bytes - 1}, &err));
    struct source_spec spec = usual;
    spec.path = path;
    spec.delimiter = ',';
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        struct buffer text = {0};
        show(&text, &spec, windows[i]);
        assert_int_equal(text.len, sizeof want - 1);
        assert_memory_equal(text.bytes, want, text.len);
        buffer_release(&text);
    }
    free(path);
}

static void
bytes_that_are_not_utf8_are_shown_and_rejected(void **state)
{
    check(state, &usual, "a,b\nM\xc3\xbcller,\xe2\x82\xac\nM\xfcller,x\n1,2\n",
          "[a][b]\n1@2 [M\xc3\xbcller][\xe2\x82\xac]\n"
          "2@3 [M\xef\xbf\xbdller][x] bad-bytes: byte 0xFC at offset 17 is not "
          "UTF-8\n3@4 [1][2]\n");
    check(state, &usual, "a,b\n\"x\xff\xfe\",\"\xf0\x9f\x98\x80\"\n1,\xc3",
          "[a][b]\n1@2 [x\xef\xbf\xbd\xef\xbf\xbd][\xf0\x9f\x98\x80] bad-bytes:"
          " byte 0xFF at offset 6 is not UTF-8\n"
          "2@3 [1][\xef\xbf\xbd] bad-bytes: byte 0xC3 at offset 19 is not "
          "UTF-8\n");
    check(state, &usual, "a,\xff\n1,2\n",
          "error 4: input:1: the header: byte 0xFF at offset 2 is not UTF-8 "
          "[bad-bytes]");
}

static void
a_bom_is_no_part_of_the_first_name(void **state)
{
    check(state, &usual,
          "\xef\xbb\xbf"
          "a,b\n1,2\n",
          "[a][b]\n1@2 [1][2]\n");
    check(state, &usual, "\xef\xbb\xbf\"a\",b\n1,\xff\n",
          "[a][b]\n1@2 [1][\xef\xbf\xbd] bad-bytes: byte 0xFF at offset 11 is "
          "not UTF-8\n");
}

static void
ragged_rows_follow_the_policy(void **state)
{
    struct source_spec spec = usual;
    static const char bytes[] = "a,b,c\n1,2\n1,2,3,4\n5,6,7\n";
    check(state, &spec, bytes,
          "[a][b][c]\n"
          "1@2 [1][2] ragged-row: the row has 2 cells, the header 3\n"
          "2@3 [1][2][3][4] ragged-row: the row has 4 cells, the header 3\n"
          "3@4 [5][6][7]\n");
    spec.ragged = RAGGED_PAD;
    check(state, &spec, bytes,
          "[a][b][c]\n1@2 [1][2]-\n"
          "2@3 [1][2][3][4] ragged-row: the row has 4 cells, the header 3\n"
          "3@4 [5][6][7]\n");
    spec.ragged = RAGGED_ERROR;
    check(state, &spec, "a,b,c\n1,2,3\n1,2\n1,2,3\n",
          "[a][b][c]\n1@2 [1][2][3]\nerror 4: input:3: the row has 2 cells, "
          "the header 3; correct it, or say 'ragged: reject' [ragged-row]");
}

static void
comments_and_skipped_lines_are_passed_over(void **state)
{
    struct source_spec spec = usual;
    spec.comment = "//";
    spec.skip_lines = 2;
    spec.delimiter = ',';
    check(
        state, &spec,
        "Report \"1\r\nof today\r\n// a \"note\r\na,b\r\n//x\r\n1,/\r\n/,2\r\n"
        "\"//p\r\n//q\",3\r\n//\r\n/4,5\r\n//",
        "[a][b]\n1@6 [1][/]\n2@7 [/][2]\n3@8 [//p\r\n//q][3]\n4@11 [/4][5]\n");
    spec.skip_lines = 9;
    check(state, &spec, "a,b\n1,2\n",
          "error 4: input' has no header; name its columns in the first row, "
          "or with 'header: [...]' [no-header]");
}

static void
blanks_outside_quotes_may_be_trimmed(void **state)
{
    struct source_spec spec = usual;
    spec.trim = true;
    check(state, &spec, " a , b\n 1\t, \" x \" \n  ,2\n   \n",
          "[a][b]\n1@2 [1][ x ]\n2@3 -[2]\n");
}

static void
a_header_may_be_given(void **state)
{
    const struct slice names[] = {slice_of("a"), slice_of("b")};
    struct source_spec spec = usual;
    spec.has_header = false;
    spec.header = names;
    spec.header_count = 2;
    check_with(state, &spec, "1;2,5\n3;4\n", ';',
               "[a][b]\n1@1 [1][2,5]\n2@2 [3][4]\n");
    check(state, &spec, "\n\n", "[a][b]\n");
}

static void
other_quotes_and_delimiters_do(void **state)
{
    struct source_spec spec = usual;
    spec.quote = '\'';
    spec.delimiter = '^';
    check(state, &spec, "a^b\n'1^1'^\"2\"\n", "[a][b]\n1@2 [1^1][\"2\"]\n");
}

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
        cmocka_unit_test(cells_come_as_they_are),
        cmocka_unit_test(lines_count_whatever_ends_them),
        cmocka_unit_test(a_quote_inside_a_cell_is_data),
        cmocka_unit_test(text_behind_a_closing_quote_rejects_one_row),
        cmocka_unit_test(an_open_quote_stops_with_its_line),
        cmocka_unit_test(a_row_that_is_too_long_stops_with_its_line),
        cmocka_unit_test(a_nul_byte_rejects_its_row),
        cmocka_unit_test(bytes_that_are_not_utf8_are_shown_and_rejected),
        cmocka_unit_test(a_bom_is_no_part_of_the_first_name),
        cmocka_unit_test(ragged_rows_follow_the_policy),
        cmocka_unit_test(comments_and_skipped_lines_are_passed_over),
        cmocka_unit_test(blanks_outside_quotes_may_be_trimmed),
        cmocka_unit_test(a_header_may_be_given),
        cmocka_unit_test(other_quotes_and_delimiters_do),
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
