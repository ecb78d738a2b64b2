/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void
absent_and_empty_are_equal_in_bytes_only(void **state)
{
    (void)state;
    struct slice absent = {NULL, 0}, empty = {"", 0};
    assert_true(slice_equals(absent, empty));
    assert_true(slice_is(absent, ""));
    assert_false(slice_is(empty, "a"));
    assert_true(slice_begins(slice_of("abc"), "ab"));
    assert_false(slice_begins(slice_of("a"), "ab"));
    assert_true(slice_is_nocase(slice_of("UTF-8"), "utf-8"));
    assert_false(slice_is_nocase(slice_of("UTF-88"), "utf-8"));
}

static void
blanks_are_trimmed(void **state)
{
    (void)state;
    assert_true(slice_is(slice_trim(slice_of(" \t\r\na b \n")), "a b"));
    assert_int_equal(slice_trim(slice_of("  ")).len, 0);
    char *copy = slice_dup(slice_trim(slice_of(" x ")));
    assert_string_equal(copy, "x");
    free(copy);
}

static void
numbers_are_digits_that_fit(void **state)
{
    (void)state;
    uint64_t value;
    assert_true(slice_to_u64(slice_of("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    assert_true(slice_to_u64(slice_of("007"), &value));
    assert_int_equal(value, 7);
    static const char *const bad[] = {
        "18446744073709551616",    "",   "-1", "1 ",
        "99999999999999999999999", "0x1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(slice_to_u64(slice_of(bad[i]), &value));
    }
}

static void
utf8_is_judged_as_rfc_3629_does(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t valid;
    } cases[] = {
        {"", 0},
        {"plain text of some length", 25},
        {"M\xc3\xbcller", 7},
        {"\xe2\x82\xac\xf0\x9f\x98\x80", 7},
        {"12345678\xc3", 8},     /* cut */
        {"1234567\xc3\xa4", 9},  /* across a word */
        {"a\x80", 1},            /* a lone follower */
        {"\xc0\xaf", 0},         /* overlong */
        {"\xe0\x80\xaf", 0},     /* overlong */
        {"\xed\xa0\x80", 0},     /* a surrogate */
        {"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(slice_utf8_valid_len(slice_of(cases[i].text)),
                         cases[i].valid);
    }
    struct slice text = slice_of("a\xc3\xbc\xe2\x82\xac");
    assert_int_equal(slice_utf8_count(text), 3);
    assert_int_equal(slice_utf8_prefix(text, 2), 3);
    assert_int_equal(slice_utf8_prefix(text, 9), 6);
    assert_int_equal(slice_utf8_prefix(text, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_and_empty_are_equal_in_bytes_only),
        cmocka_unit_test(blanks_are_trimmed),
        cmocka_unit_test(numbers_are_digits_that_fit),
        cmocka_unit_test(utf8_is_judged_as_rfc_3629_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
