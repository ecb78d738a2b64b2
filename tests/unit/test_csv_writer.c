/* SPDX-License-Identifier: Apache-2.0 */
#include "model/csv_writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
assert_cell(const char *value, const char *want)
{
    struct buffer line = {0};
    csv_writer_cell(&line, slice_of(value));
    assert_string_equal(buffer_text(&line), want);
    buffer_release(&line);
}

static void
quotes_only_where_they_are_needed(void **state)
{
    (void)state;
    assert_cell("", "");
    assert_cell("a", "a");
    assert_cell("a b", "a b");
    assert_cell("a,b", "\"a,b\"");
    assert_cell("5\" pipe", "\"5\"\" pipe\"");
    assert_cell("\"", "\"\"\"\"");
    assert_cell("a\nb", "\"a\nb\"");
    assert_cell("a\rb", "\"a\rb\"");
    assert_cell(" a", "\" a\"");
    assert_cell("a\t", "\"a\t\"");
    assert_cell("a;b|c#d", "a;b|c#d");
    assert_cell("M\xc3\xbcller \xe2\x82\xac", "M\xc3\xbcller \xe2\x82\xac");
}

/* Cells are looked at in words and lanes, whose ends overlap. */
static void
each_place_of_each_length_is_seen(void **state)
{
    (void)state;
    static const char specials[] = {',', '"', '\n', '\r'};
    char value[64];
    struct buffer line = {0};
    for (size_t len = 1; len <= sizeof value; len++) {
        memset(value, 'x', sizeof value);
        buffer_reset(&line);
        csv_writer_cell(&line, (struct slice){value, len});
        assert_int_equal(line.len, len);
        assert_memory_equal(line.bytes, value, len);
        for (size_t at = 0; at < 4 * len; at++) {
            memset(value, 'x', sizeof value);
            value[at / 4] = specials[at % 4];
            buffer_reset(&line);
            csv_writer_cell(&line, (struct slice){value, len});
            assert_int_equal(line.len, len + 2 + (at % 4 == 1));
            assert_int_equal(line.bytes[0], '"');
        }
    }
    buffer_release(&line);
}

static void
cells_are_joined(void **state)
{
    (void)state;
    const struct slice values[] = {
        {NULL, 0}, slice_of("a"), {"", 0}, slice_of("b,c"), {NULL, 0}};
    struct buffer line = {0};
    csv_writer_cells(&line, values, 5);
    assert_string_equal(buffer_text(&line), ",a,,\"b,c\",");
    csv_writer_cells(&line, values, 0);
    assert_string_equal(buffer_text(&line), ",a,,\"b,c\",");
    buffer_release(&line);
}

static void
a_full_buffer_says_so(void **state)
{
    (void)state;
    struct buffer line = {.limit = 8};
    csv_writer_cell(&line, slice_of("abcdefgh"));
    assert_true(line.overflowed);
    csv_writer_cells(&line, &(struct slice){"a", 1}, 1);
    assert_int_equal(line.len, 0);
    buffer_release(&line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_only_where_they_are_needed),
        cmocka_unit_test(each_place_of_each_length_is_seen),
        cmocka_unit_test(cells_are_joined),
        cmocka_unit_test(a_full_buffer_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
