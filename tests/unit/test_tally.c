/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void
add(struct tally *tally, const char *code, enum outcome_fate fate,
    struct slice message, uint64_t row)
{
    struct outcome outcome = {
        .row = row, .fate = fate, .code = slice_of(code), .message = message};
    tally_add_code(tally, &outcome, row + 1);
}

static void
codes_by_frequency(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (unsigned i = 0; i < 50; i++) {
        add(&tally, "RARE", OUTCOME_FAILED, slice_of("r"), i + 1);
        add(&tally, "OFTEN", OUTCOME_FAILED, slice_of("o"), i + 100);
        add(&tally, "OFTEN", OUTCOME_FAILED, slice_of("o"), i + 200);
        add(&tally, "OFTEN", OUTCOME_REJECTED, slice_of("o"), i + 300);
    }
    add(&tally, NULL, OUTCOME_SKIPPED, (struct slice){0}, 5);
    tally_sort_codes(&tally);
    assert_int_equal(tally.code_count, 4);
    assert_string_equal(tally.codes[0].code, "OFTEN");
    assert_int_equal(tally.codes[0].count, 100);
    assert_int_equal(tally.codes[0].example_count, TALLY_EXAMPLE_LIMIT);
    assert_int_equal(tally.codes[0].examples[0].row, 100);
    assert_int_equal(tally.codes[0].examples[0].line, 101);
    assert_int_equal(tally.codes[1].fate, OUTCOME_REJECTED);
    assert_string_equal(tally.codes[2].code, "RARE");
    assert_string_equal(tally.codes[3].code, "unknown");
    tally_release(&tally);
    assert_int_equal(tally.code_count, 0);
    tally_release(&tally);
}

static void
codes_past_the_limit_are_other(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (unsigned i = 0; i < 5000; i++) {
        char code[20];
        snprintf(code, sizeof code, "C%u", i);
        add(&tally, code, (enum outcome_fate)(i % OUTCOME_FATE_COUNT),
            slice_of(code), i + 1);
    }
    assert_in_range(tally.code_count, TALLY_CODE_LIMIT,
                    TALLY_CODE_LIMIT + OUTCOME_FATE_COUNT);
    tally_sort_codes(&tally);
    assert_string_equal(tally.codes[0].code, "other");
    uint64_t sum = 0;
    for (size_t i = 0; i < tally.code_count; i++) {
        sum += tally.codes[i].count;
    }
    assert_int_equal(sum, 5000);
    tally_release(&tally);
}

static void
texts_are_clean_and_cut(void **state)
{
    (void)state;
    struct tally tally = {0};
    char text[402];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = i % 2 ? '\xBC' : '\xC3';
    }
    add(&tally, "A", OUTCOME_FAILED, (struct slice){text, 400}, 1);
    add(&tally, "A", OUTCOME_FAILED, (struct slice){"x\0y\xFFz\xC3", 6}, 2);
    text[0] = 'a';
    text[1] = 'b';
    text[2] = 'c';
    add(&tally, "A", OUTCOME_FAILED, (struct slice){text, 400}, 3);
    const struct tally_example *examples = tally.codes[0].examples;
    assert_int_equal(strlen(examples[0].message), 198);
    assert_string_equal(examples[1].message, "x?y?z?");
    struct slice third = slice_of(examples[2].message);
    assert_int_equal(slice_utf8_valid_len(third), third.len);
    tally_release(&tally);
}

static void
the_sum_must_hold(void **state)
{
    (void)state;
    struct tally tally = {.read = 21, .by_fate = {1, 2, 3, 4, 5, 6}};
    assert_true(tally_balances(&tally));
    tally.by_fate[OUTCOME_IN_DOUBT]--;
    assert_false(tally_balances(&tally));
}

static void
rows_of_small_loads(void **state)
{
    (void)state;
    struct tally tally = {0};
    struct outcome outcome = {.fate = OUTCOME_SUCCEEDED,
                              .created = true,
                              .id = {"001Re0000000001IAA", 18}};
    for (uint64_t i = 1; i <= TALLY_ROW_LIMIT; i++) {
        outcome.row = i;
        tally_add_row(&tally, &outcome, i + 1);
    }
    assert_int_equal(tally.row_count, TALLY_ROW_LIMIT);
    assert_false(tally.too_many_rows);
    assert_string_equal(tally.rows[199].id, "001Re0000000001IAA");
    assert_int_equal(tally.rows[199].line, 201);
    assert_string_equal(tally.rows[199].code, "");
    tally_add_row(&tally, &outcome, 1);
    tally_add_row(&tally, &outcome, 1);
    assert_true(tally.too_many_rows);
    assert_int_equal(tally.row_count, 0);
    assert_null(tally.rows);
    tally_release(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_by_frequency),
        cmocka_unit_test(codes_past_the_limit_are_other),
        cmocka_unit_test(texts_are_clean_and_cut),
        cmocka_unit_test(the_sum_must_hold),
        cmocka_unit_test(rows_of_small_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
