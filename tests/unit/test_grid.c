/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/grid.h"

#include "cli/screen/figure.h"
#include "cli/screen/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static char *
print(const struct grid_column *columns, size_t column_count,
      const char *const *cells, size_t cell_count, size_t width)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    struct grid grid;
    grid_open(&grid, columns, column_count);
    for (size_t i = 0; i < cell_count; i++) {
        grid_put(&grid, slice_of(cells[i]));
    }
    grid_print(&grid, stream, width);
    grid_close(&grid);
    fclose(stream);
    return text;
}

static const struct grid_column two[] = {{"name", false, 0}, {"rows", true, 0}};

static void
aligns_by_display_width(void **state)
{
    (void)state;
    const char *const cells[] = {"日本語", "1",          "Müller",
                                 "20",     "e\xcc\x81t", "300"};
    char *text = print(two, 2, cells, 6, 80);
    assert_string_equal(text, "name    rows\n"
                              "日本語     1\n"
                              "Müller    20\n"
                              "e\xcc\x81t       300\n");
    free(text);
}

static void
shows_control_characters_as_escapes(void **state)
{
    (void)state;
    const char *const cells[] = {"a\nb\t\x1b[31m\xc2\x9b", "1"};
    char *text = print(two, 2, cells, 2, 80);
    assert_non_null(strstr(text, "a\\nb\\t\\x1b[31m\\x9b"));
    assert_null(strchr(text, '\x1b'));
    free(text);
}

static void
cuts_what_is_too_long(void **state)
{
    (void)state;
    const struct grid_column columns[] = {{"a", false, 4}, {"b", true, 0}};
    const char *const cells[] = {"日本語", "1", "abcd", "2", "abcde", "3"};
    char *text = print(columns, 2, cells, 6, 80);
    assert_string_equal(text, "a     b\n"
                              "日…   1\n"
                              "abcd  2\n"
                              "abc…  3\n");
    free(text);
}

static void
breaks_wide_tables_into_blocks(void **state)
{
    (void)state;
    const struct grid_column columns[] = {
        {"row", true, 0}, {"a", false, 0}, {"b", false, 0}};
    const char *const cells[] = {"1", "xxxxxxxxxx", "yyyyyyyyyy",
                                 "2", "xx",         "yy"};
    char *text = print(columns, 3, cells, 6, 20);
    assert_string_equal(text, "row a\n"
                              "  1 xxxxxxxxxx\n"
                              "  2 xx\n"
                              "\n"
                              "row b\n"
                              "  1 yyyyyyyyyy\n"
                              "  2 yy\n");
    free(text);
}

static void
leaves_no_blanks_behind_a_line(void **state)
{
    (void)state;
    const struct grid_column columns[] = {
        {"a", false, 0}, {"long title", false, 0}, {"", false, 0}};
    const char *const cells[] = {"1", "x", "", "2", "y", "z"};
    char *text = print(columns, 3, cells, 6, 80);
    assert_string_equal(text, "a  long title\n1  x\n2  y           z\n");
    free(text);
}

static void
survives_bytes_that_are_no_text(void **state)
{
    (void)state;
    const char *const cells[] = {"\xff\xfe\xc3", "1"};
    char *text = print(two, 2, cells, 2, 80);
    assert_non_null(strstr(text, "\\xff\\xfe\\xc3"));
    free(text);
    assert_int_equal(terminal_columns((struct slice){"\xe6\x97", 2}), 1);
}

static void
writes_figures_as_people_read_them(void **state)
{
    (void)state;
    char text[FIGURE_SIZE];
    assert_string_equal(figure_count(text, 0), "0");
    assert_string_equal(figure_count(text, 999), "999");
    assert_string_equal(figure_count(text, 1234567), "1,234,567");
    assert_string_equal(figure_count(text, UINT64_MAX),
                        "18,446,744,073,709,551,615");
    assert_string_equal(figure_duration(text, 850), "850 ms");
    assert_string_equal(figure_duration(text, 12345), "12.3 s");
    assert_string_equal(figure_duration(text, 245000), "4 min 05 s");
    assert_string_equal(figure_duration(text, 7380000), "2 h 03 min");
    assert_string_equal(figure_bytes(text, 950), "950 bytes");
    assert_string_equal(figure_bytes(text, 1250000), "1.2 MB");
    assert_string_equal(figure_bytes(text, UINT64_MAX), "18.4 EB");
    assert_int_equal(figure_rate(500, 250), 2000);
    assert_int_equal(figure_rate(500, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aligns_by_display_width),
        cmocka_unit_test(shows_control_characters_as_escapes),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(breaks_wide_tables_into_blocks),
        cmocka_unit_test(leaves_no_blanks_behind_a_line),
        cmocka_unit_test(survives_bytes_that_are_no_text),
        cmocka_unit_test(writes_figures_as_people_read_them),
    };
    cmocka_run_group_tests(tests, NULL, NULL);
    return 0;
}
