/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_lines.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Length and end of each line. */
static void
check(const char *text, bool at_end, const size_t (*want)[2], size_t count)
{
    const char *at = text;
    struct csv_lines lines = {.end = text + strlen(text), .at_end = at_end};
    struct csv_line line;
    for (size_t i = 0; i < count; i++) {
        assert_true(csv_lines_next(&lines, at, &line));
        assert_ptr_equal(line.text.ptr, at);
        assert_int_equal(line.text.len, want[i][0]);
        assert_int_equal(line.end_len, want[i][1]);
        at += line.text.len;
    }
    assert_false(csv_lines_next(&lines, at, &line));
}

static void
all_ends_end_a_line(void **state)
{
    (void)state;
    static const size_t ends[][2] = {{2, 1}, {3, 2}, {2, 1}, {1, 1}, {1, 0}};
    check("a\nb\r\nc\r\nd", true,
          (const size_t[][2]){{2, 1}, {3, 2}, {3, 2}, {1, 0}}, 4);
    check("a\nb\r\nc\r\rd", true, ends, 5);
}

static void
a_cr_at_the_end_may_be_half_an_end(void **state)
{
    (void)state;
    check("a\r", true, (const size_t[][2]){{2, 1}}, 1);
    check("a\r", false, (const size_t[][2]){{1, 0}}, 1);
    check("", true, NULL, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ends_end_a_line),
        cmocka_unit_test(a_cr_at_the_end_may_be_half_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
