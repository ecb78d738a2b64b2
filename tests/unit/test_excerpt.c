/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/excerpt.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char text[] = "sfetl: 1\n"
                           "Näme: { column: \"A b\", date: x }\n"
                           "\tdeep: 'open\n";

static void
expect(int line, int column, const char *want)
{
    struct slice file = slice_of(text);
    struct buffer shown = {0};
    size_t offset = excerpt_offset(file, line, column);
    excerpt_append(&shown, file, offset, excerpt_word(file, offset), line);
    assert_string_equal(buffer_text(&shown), want);
    buffer_release(&shown);
}

static void
marks_what_belongs_together(void **state)
{
    (void)state;
    expect(1, 1, "    1 | sfetl: 1\n      | ^~~~~");
    expect(2, 1, "    2 | Näme: { column: \"A b\", date: x }\n      | ^~~~");
    expect(2, 17,
           "    2 | Näme: { column: \"A b\", date: x }\n"
           "      |                 ^~~~~");
    expect(2, 7,
           "    2 | Näme: { column: \"A b\", date: x }\n"
           "      |       ^");
    expect(3, 8, "    3 |  deep: 'open\n      |        ^");
    expect(2, 99,
           "    2 | Näme: { column: \"A b\", date: x }\n"
           "      |                                 ^");
    expect(9, 1, "    9 | \n      | ^");
}

static void
cuts_long_lines(void **state)
{
    (void)state;
    struct buffer line = {0}, shown = {0};
    for (int i = 0; i < 40; i++) {
        buffer_append_text(&line, "word ");
    }
    excerpt_append(&shown, buffer_slice(&line), 100, 4, 0);
    char *end = strchr(buffer_text(&shown), '\n');
    assert_non_null(end);
    struct slice first = {shown.bytes, (size_t)(end - shown.bytes)};
    assert_true(slice_utf8_count(first) <= 80);
    /* The mark stands below what is meant. */
    size_t at = strcspn(end + 1, "^");
    assert_memory_equal(shown.bytes + at + strlen("…") - 1, "word", 4);
    buffer_release(&line);
    buffer_release(&shown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_what_belongs_together),
        cmocka_unit_test(cuts_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
