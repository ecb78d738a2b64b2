/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
counts_days_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(calendar_days(1970, 1, 1), 0);
    assert_int_equal(calendar_days(2000, 3, 1), 11017);
    assert_int_equal(calendar_days(1, 1, 1), -719162);
    int64_t days = calendar_days(1, 1, 1);
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            assert_int_equal(calendar_days(year, month, 1), days);
            struct date_parts parts = {.year = year, .month = month, .day = 1};
            char want[DATE_TEXT_SIZE], got[DATETIME_TEXT_SIZE];
            calendar_print(&parts, want);
            assert_true(calendar_print_utc(days * 86400, 0, got));
            assert_memory_equal(got, want, 10);
            days += calendar_month_len(year, month);
        }
    }
}

static void
prints_as_the_org_does(void **state)
{
    (void)state;
    char text[DATETIME_TEXT_SIZE];
    assert_true(calendar_print_utc(0, 7, text));
    assert_string_equal(text, "1970-01-01T00:00:00.007Z");
    assert_true(calendar_print_utc(-1, 0, text));
    assert_string_equal(text, "1969-12-31T23:59:59.000Z");
    int64_t end = calendar_days(10000, 1, 1) * 86400;
    assert_true(calendar_print_utc(end - 1, 0, text));
    assert_false(calendar_print_utc(end, 0, text));
    int64_t begin = calendar_days(1, 1, 1) * 86400;
    assert_true(calendar_print_utc(begin, 0, text));
    assert_false(calendar_print_utc(begin - 1, 0, text));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_days_there_and_back),
        cmocka_unit_test(prints_as_the_org_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
