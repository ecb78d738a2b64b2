/* SPDX-License-Identifier: Apache-2.0 */
#include "model/canonical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static bool
same(enum field_type type, const char *a, const char *b)
{
    char of_a[CANONICAL_SIZE], of_b[CANONICAL_SIZE];
    size_t len =
        canonical_value(type, CANONICAL_ALL_DECIMALS, slice_of(a), of_a);
    if (len == 0 || canonical_value(type, CANONICAL_ALL_DECIMALS, slice_of(b),
                                    of_b) != len) {
        return false;
    }
    return memcmp(of_a, of_b, len) == 0;
}

static bool
is_value(enum field_type type, const char *text)
{
    char out[CANONICAL_SIZE];
    return canonical_value(type, CANONICAL_ALL_DECIMALS, slice_of(text), out) >
           0;
}

static void
numbers_are_told_by_value(void **state)
{
    (void)state;
    static const char *const equal[][2] = {
        {"9.1E8", "910000000.00"},
        {"9.12260031E8", "912260031"},
        {"+007.50", "7.5"},
        {"-0", "0"},
        {"-0.00e5", "0"},
        {"0e99999", "0"},
        {".5", "0.5"},
        {"5.", "5"},
        {"1e-3", "0.001"},
        {"12345678901234567.89", "1234567890123456789E-2"},
        {"100", "1E+2"},
        {"-1.0e0", "-1"},
    };
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
        if (!same(FIELD_DOUBLE, equal[i][0], equal[i][1])) {
            fail_msg("%s is not %s", equal[i][0], equal[i][1]);
        }
    }
    assert_false(same(FIELD_DOUBLE, "1", "10"));
    assert_false(same(FIELD_DOUBLE, "1", "-1"));
    assert_false(same(FIELD_DOUBLE, "0.1", "0.10000000000000001"));
    assert_false(
        same(FIELD_CURRENCY, "123456789012345678", "123456789012345679"));
}

static void
what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",      ".",     "-",          "e5",  "1e",    "1e+",   "1,000",
        "1 ",    " 1",    "0x10",       "NaN", "1..2",  "1.2.3", "--1",
        "1e5e5", "1e9.5", "1e99999999", "inf", "1e--5",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (is_value(FIELD_DOUBLE, cases[i])) {
            fail_msg("'%s' was taken for a number", cases[i]);
        }
    }
    char digits[1000];
    memset(digits, '7', sizeof digits);
    char out[CANONICAL_SIZE];
    assert_int_equal(canonical_value(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                                     (struct slice){digits, sizeof digits},
                                     out),
                     0);
    assert_int_equal(canonical_value(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                                     (struct slice){digits, 65}, out),
                     0);
    assert_int_equal(canonical_value(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                                     (struct slice){digits, 64}, out),
                     69);
    memset(digits + 10, '0', sizeof digits - 10);
    assert_int_equal(canonical_value(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                                     (struct slice){digits, 300}, out),
                     15);
}

static void
loose_numbers_are_doubles(void **state)
{
    (void)state;
    char a[CANONICAL_SIZE], b[CANONICAL_SIZE];
    size_t len = canonical_value_loose(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                                       SLICE_LITERAL("1234567890123456.78"), a);
    assert_int_equal(len, sizeof(double));
    assert_int_equal(
        canonical_value_loose(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                              SLICE_LITERAL("1.2345678901234568E15"), b),
        len);
    assert_memory_equal(a, b, len);
    canonical_value_loose(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                          SLICE_LITERAL("-0"), a);
    canonical_value_loose(FIELD_DOUBLE, CANONICAL_ALL_DECIMALS,
                          SLICE_LITERAL("0.0"), b);
    assert_memory_equal(a, b, len);
    assert_int_equal(canonical_value_loose(FIELD_DATE, CANONICAL_ALL_DECIMALS,
                                           SLICE_LITERAL("2024-02-29"), a),
                     8);
}

static void
dates_and_times(void **state)
{
    (void)state;
    assert_true(same(FIELD_DATE, "2024-02-29", "2024-02-29"));
    assert_true(same(FIELD_DATE, "2024-02-29", "2024-02-29T00:00:00.000Z"));
    assert_true(same(FIELD_DATE, "1903-05-01", "1903-05-01T00:00:00+0000"));
    assert_false(same(FIELD_DATE, "2024-02-29", "2024-03-01"));
    assert_false(is_value(FIELD_DATE, "2023-02-29"));
    assert_false(is_value(FIELD_DATE, "2024-02-29T01:00:00Z"));
    assert_false(is_value(FIELD_DATE, "2024-13-01"));
    assert_false(is_value(FIELD_DATE, "0000-01-01"));
    assert_false(is_value(FIELD_DATE, "29.02.2024"));

    static const char *const instant[] = {
        "2018-12-10T17:50:19.000+0000", "2018-12-10T17:50:19Z",
        "2018-12-10T18:50:19+01:00",    "2018-12-10 12:20:19.0-0530",
        "2018-12-11T02:50:19.0004+09",
    };
    for (size_t i = 1; i < sizeof instant / sizeof *instant; i++) {
        if (!same(FIELD_DATETIME, instant[0], instant[i])) {
            fail_msg("%s is not %s", instant[0], instant[i]);
        }
    }
    assert_true(same(FIELD_DATETIME, "1969-12-31T23:59Z",
                     "1970-01-01T00:59:00.000+01:00"));
    assert_false(same(FIELD_DATETIME, instant[0], "2018-12-10T17:50:19.001Z"));
    assert_false(is_value(FIELD_DATETIME, "2018-12-10T17:50:19"));
    assert_false(is_value(FIELD_DATETIME, "2018-12-10"));
    assert_false(is_value(FIELD_DATETIME, "2018-12-10T24:00:00Z"));
    assert_false(is_value(FIELD_DATETIME, "2018-12-10T17:50:19.Z"));
    assert_false(is_value(FIELD_DATETIME, "2018-12-10T17:50:19Zx"));
    assert_true(same(FIELD_TIME, "07:30", "07:30:00.000Z"));
    assert_false(is_value(FIELD_TIME, "7:30"));
}

static void
booleans_and_ids(void **state)
{
    (void)state;
    assert_true(same(FIELD_BOOLEAN, "TRUE", "1"));
    assert_true(same(FIELD_BOOLEAN, "False", "0"));
    assert_false(same(FIELD_BOOLEAN, "true", "false"));
    assert_false(is_value(FIELD_BOOLEAN, "yes"));
    assert_true(same(FIELD_ID, "0018c00002FInbo", "0018c00002FInboAAD"));
    assert_false(same(FIELD_ID, "0018c00002FInbo", "0018c00002FInbO"));
    assert_false(is_value(FIELD_REFERENCE, "0018c00002FInb"));
    assert_false(is_value(FIELD_REFERENCE, "0018c00002FInb\xC3"));
    assert_false(is_value(FIELD_STRING, "1"));
}

static void
test_rounding(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *kept;
        int scale;
    } cases[] = {
        {"1.50", "2", 0},     {"1.49", "1", 0},   {"-2.5", "-3", 0},
        {"0.4", "0", 0},      {"0.5", "1", 0},    {"9.996", "10", 2},
        {"9.994", "9.99", 2}, {"99.5", "1E2", 0}, {"0.004", "0", 2},
        {"0.005", "0.01", 2}, {"-0.4", "0", 0},   {"12", "12", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char a[CANONICAL_SIZE], b[CANONICAL_SIZE];
        size_t len = canonical_value(FIELD_CURRENCY, cases[i].scale,
                                     slice_of(cases[i].sent), a);
        assert_int_equal(canonical_value(FIELD_CURRENCY, cases[i].scale,
                                         slice_of(cases[i].kept), b),
                         len);
        assert_memory_equal(a, b, len);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(numbers_are_told_by_value),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(loose_numbers_are_doubles),
        cmocka_unit_test(dates_and_times),
        cmocka_unit_test(booleans_and_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
