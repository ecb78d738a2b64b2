/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify/verify_compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct pair {
    enum field_type type;
    const char *sent, *found;
    enum verify_verdict verdict;
};

static void
values_are_compared_by_their_type(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {FIELD_STRING, "a", "a", VERIFY_SAME},
        {FIELD_STRING, "a ", "a", VERIFY_TRIMMED},
        {FIELD_STRING, "Abc", "aBC", VERIFY_CASE},
        {FIELD_STRING, "abcdef", "abc", VERIFY_CUT},
        {FIELD_STRING, "abc", "abd", VERIFY_CHANGED},
        {FIELD_STRING, "abc", "", VERIFY_BLANK},
        {FIELD_STRING, "", "x", VERIFY_FILLED},
        {FIELD_STRING, "", "", VERIFY_SAME},
        {FIELD_STRING, "1.0", "1", VERIFY_CUT},
        {FIELD_TEXTAREA, "a\r\nb\rc", "a\nb\nc", VERIFY_SAME},
        {FIELD_TEXTAREA, "a\nb", "a\r\nb", VERIFY_SAME},
        {FIELD_DOUBLE, "910000000", "9.1E8", VERIFY_SAME},
        {FIELD_DOUBLE, "-0.50", "-.5", VERIFY_SAME},
        {FIELD_DOUBLE, "1.239", "1.24", VERIFY_ROUNDED},
        {FIELD_DOUBLE, "1.239", "1.25", VERIFY_CHANGED},
        {FIELD_INT, "7", "7.0", VERIFY_SAME},
        {FIELD_DATE, "2026-01-31", "2026-01-31", VERIFY_SAME},
        {FIELD_DATETIME, "2026-01-31T10:00:00+01:00",
         "2026-01-31T09:00:00.000+0000", VERIFY_SAME},
        {FIELD_DATETIME, "2026-01-31T09:00:00.250Z", "2026-01-31T09:00:00.000Z",
         VERIFY_ROUNDED},
        {FIELD_DATETIME, "2026-01-31T09:00:01.000Z", "2026-01-31T09:00:00.000Z",
         VERIFY_CHANGED},
        {FIELD_BOOLEAN, "true", "1", VERIFY_SAME},
        {FIELD_BOOLEAN, "", "false", VERIFY_SAME},
        {FIELD_BOOLEAN, "true", "false", VERIFY_CHANGED},
        {FIELD_REFERENCE, "0018c00002FInbo", "0018c00002FInboAAD", VERIFY_SAME},
        {FIELD_REFERENCE, "0018c00002FInbo", "0018c00002FInbpAAD",
         VERIFY_CHANGED},
        {FIELD_MULTIPICKLIST, "b;a; c", "a;b;c", VERIFY_SAME},
        {FIELD_MULTIPICKLIST, "a;b", "a;c", VERIFY_CHANGED},
        {FIELD_PICKLIST, "Hot", "Hot", VERIFY_SAME},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct pair *pair = &pairs[i];
        const struct load_column column = {
            .name = "F", .type = pair->type, .rounds = true, .scale = 2};
        enum verify_verdict verdict = verify_compare(
            &column, slice_of(pair->sent), slice_of(pair->found));
        if (verdict != pair->verdict) {
            fail_msg("%zu: '%s' and '%s' are %s", i, pair->sent, pair->found,
                     verify_compare_name(verdict));
        }
    }
}

static void
a_parent_is_found_in_any_case(void **state)
{
    (void)state;
    struct load_column column = {.name = "Parent.Key__c", .type = FIELD_STRING};
    assert_int_equal(
        verify_compare(&column, SLICE_LITERAL("a1"), SLICE_LITERAL("A1")),
        VERIFY_SAME);
    column.case_sensitive = true;
    assert_int_equal(
        verify_compare(&column, SLICE_LITERAL("a1"), SLICE_LITERAL("A1")),
        VERIFY_CASE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_compared_by_their_type),
        cmocka_unit_test(a_parent_is_found_in_any_case),
    };
    return cmocka_run_group_tests_name("verify_compare", tests, NULL, NULL);
}
