/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_number.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
reads_by_shape(void **state)
{
    (void)state;
    static const struct {
        const char *shape, *text, *want; /* want NULL: refused */
    } cases[] = {
        {"1.234,56", "1.234,56", "1234.56"},
        {"1.234,56", "1234,56", "1234.56"},
        {"1.234,56", "-1.234.567,5", "-1234567.5"},
        {"1.234,56", "0,10", "0.10"},
        {"1.234,56", ",5", "0.5"},
        {"1.234,56", "007", "7"},
        {"1.234,56", "0.001.234", "1234"},
        {"1.234,56", "-0,00", "0.00"},
        {"1.234,56", "12345678901234567890123456789012345678,901",
         "12345678901234567890123456789012345678.901"},
        {"1.234,56", "1.234", "1234"},
        {"1.234,56", "1.23", NULL},
        {"1.234,56", "1234.567", NULL},
        {"1.234,56", "1.2345,6", NULL},
        {"1.234,56", ".234,56", NULL},
        {"1.234,56", "1..234", NULL},
        {"1.234,56", "1.234,", NULL},
        {"1.234,56", "1,234.56", NULL},
        {"1.234,56", "1.234,56-", NULL},
        {"1.234,56", "(1)", NULL},
        {"1.234,56", "+1", NULL},
        {"1.234,56", " 1", NULL},
        {"1.234,56", "1 ", NULL},
        {"1.234,56", "1.23x", NULL},
        {"1.234,56", "", NULL},
        {"1.234,56", "-", NULL},
        {"1.234,56", ",", NULL},
        {"1.234,56", "--1", NULL},
        {"1.234,56", "1e3", NULL},
        {"1.234,56-", "1.234,56-", "-1234.56"},
        {"1.234,56-", "-1.234,56", "-1234.56"},
        {"1.234,56-", "-1.234,56-", NULL},
        {"1.234,56-", "5-", "-5"},
        {"1.234,56-", "-", NULL},
        {"-1.234,56", "-1.234,56", "-1234.56"},
        {"1 234.56", "1 234.5", "1234.5"},
        {"1 234.56",
         "1\xC2\xA0"
         "234.5",
         "1234.5"},
        {"1 234.56",
         "1\xE2\x80\xAF"
         "234.5",
         "1234.5"},
        {"1 234.56", "12 34.5", NULL},
        {"1'234.56", "1'234'567.00", "1234567.00"},
        {"1,234.56-", "12,345.6-", "-12345.6"},
        {"(1,234.56)", "(1,234.56)", "-1234.56"},
        {"(1,234.56)", "1,234.56", "1234.56"},
        {"(1,234.56)", "-1,234.56", "-1234.56"},
        {"(1,234.56)", "(-1)", NULL},
        {"(1,234.56)", "()", NULL},
        {"(1,234.56)", "(1", NULL},
        {"1234,56", "1234567,8", "1234567.8"},
        {"1234,56", "1.234,5", NULL},
        {"1234.56", "1234.50", "1234.50"},
        {"1234", "12", "12"},
        {"1234", "12.5", NULL},
        {"1.234.567", "1.234", "1234"},
        {"1.234.567", "1.234,5", NULL},
        {"1 234", "1 234", "1234"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct number_shape shape;
        struct slice number;
        const char *why;
        assert_true(value_number_shape(slice_of(cases[i].shape), &shape, &why));
        bool is_number =
            value_number_read(&shape, slice_of(cases[i].text), &arena, &number);
        if (is_number != (cases[i].want != NULL) ||
            (is_number && !slice_is(number, cases[i].want))) {
            fail_msg("%s by %s", cases[i].text, cases[i].shape);
        }
        arena_release(&arena);
    }
}

static void
refuses_shapes_that_say_nothing(void **state)
{
    (void)state;
    static const char *const examples[] = {
        "",       "-",         "x",           "1234,56 EUR", "1.234",   "1,234",
        "1.23.4", "1.2345.67", "1,234.56.78", "1 23",        "1234 56", "()",
        "1.",     ".5",        "1,234,56",    "--1",         "1'234'5"};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct number_shape shape;
        const char *why = NULL;
        if (value_number_shape(slice_of(examples[i]), &shape, &why)) {
            fail_msg("%s", examples[i]);
        }
        assert_non_null(why);
    }
}

static void
borrows_what_is_as_wanted(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const char *const texts[] = {"0",  "-1234.56", "1234.50", "0.000",
                                        "10", "-0.5",     "99999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct slice number;
        assert_true(value_number_read(&value_number_plain, slice_of(texts[i]),
                                      &arena, &number));
        assert_ptr_equal(number.ptr, texts[i]);
        assert_int_equal(number.len, strlen(texts[i]));
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_by_shape),
        cmocka_unit_test(refuses_shapes_that_say_nothing),
        cmocka_unit_test(borrows_what_is_as_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
