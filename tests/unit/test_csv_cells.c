/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_cells.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
split(struct csv_cells *cells, const char *line, bool trim, const char *want)
{
    struct buffer text = {0};
    csv_cells_split(cells, slice_of(line), ';', trim);
    for (size_t i = 0; i < cells->count; i++) {
        buffer_append_text(&text, cells->items[i].ptr ? "[" : "-");
        buffer_append_slice(&text, cells->items[i]);
    }
    assert_string_equal(buffer_text(&text), want);
    cells->count = 0;
    buffer_release(&text);
}

static void
a_line_is_split(void **state)
{
    (void)state;
    struct csv_cells cells = {0};
    split(&cells, "a;b;c", false, "[a[b[c");
    split(&cells, ";;", false, "---");
    split(&cells, "a", false, "[a");
    split(&cells, " a\t; ;b c", false, "[ a\t[ [b c");
    split(&cells, " a\t; ;b c", true, "[a-[b c");
    char line[301];
    memset(line, ';', sizeof line);
    line[300] = '\0';
    csv_cells_split(&cells, slice_of(line), ';', false);
    assert_int_equal(cells.count, 301);
    csv_cells_release(&cells);
}

static void
held_cells_keep_absent_and_empty_apart(void **state)
{
    (void)state;
    struct csv_cells cells = {0};
    struct arena one = {0}, two = {0};
    csv_cells_hold(&cells);
    csv_cells_add(&cells, arena_copy(&one, slice_of("a")));
    csv_cells_add(&cells, (struct slice){NULL, 0});
    csv_cells_add(&cells, arena_copy(&one, slice_of("")));
    csv_cells_hold(&cells);
    arena_release(&one);
    csv_cells_restore(&cells, &two);
    csv_cells_restore(&cells, &two);
    struct slice *fields = csv_cells_take(&cells, &two);
    assert_int_equal(cells.count, 0);
    assert_true(slice_is(fields[0], "a"));
    assert_null(fields[1].ptr);
    assert_non_null(fields[2].ptr);
    fields = csv_cells_pad(&two, fields, 3, 5);
    assert_true(slice_is(fields[0], "a"));
    assert_null(fields[4].ptr);
    arena_release(&two);
    csv_cells_release(&cells);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_split),
        cmocka_unit_test(held_cells_keep_absent_and_empty_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
