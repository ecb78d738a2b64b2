/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_source_case.h"

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
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
