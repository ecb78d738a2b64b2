/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
the_first_error_wins(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(error_set(&err, ERROR_INPUT, 7, "'%s' is bad", "a"));
    assert_false(error_set(&err, ERROR_SYSTEM, 8, "later"));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_int_equal(err.code, 7);
    assert_string_equal(err.text, "'a' is bad");
}

static void
context_is_put_in_front(void **state)
{
    (void)state;
    struct error err = {0};
    errno = ENOENT;
    error_set_errno(&err, "cannot open '%s'", "x");
    error_add_context(&err, "mapping '%s'", "m");
    assert_string_equal(
        err.text, "mapping 'm': cannot open 'x': No such file or directory");
    assert_int_equal(err.code, ENOENT);
    assert_int_equal(err.kind, ERROR_SYSTEM);
}

static void
a_long_text_is_cut(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    struct error err = {0};
    error_set(&err, ERROR_INPUT, 0, "%s", text);
    error_add_context(&err, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void
each_kind_has_its_exit_code(void **state)
{
    (void)state;
    static const struct {
        enum error_kind kind;
        int code;
    } cases[] = {
        {ERROR_NONE, 0},   {ERROR_USAGE, 2},       {ERROR_CONFIG, 3},
        {ERROR_INPUT, 4},  {ERROR_AUTH, 5},        {ERROR_NETWORK, 6},
        {ERROR_REMOTE, 6}, {ERROR_LIMIT, 7},       {ERROR_LOCKED, 8},
        {ERROR_SYSTEM, 9}, {ERROR_CANCELLED, 143}, {ERROR_INTERNAL, 70},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct error err = {.kind = cases[i].kind, .code = 15};
        assert_int_equal(error_exit_code(&err), cases[i].code);
    }
}

static void
clearing_forgets(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_INPUT, 0, "x");
    error_clear(&err);
    assert_int_equal(err.kind, ERROR_NONE);
    error_set(&err, ERROR_LIMIT, 0, "y");
    assert_string_equal(err.text, "y");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(context_is_put_in_front),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(each_kind_has_its_exit_code),
        cmocka_unit_test(clearing_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
