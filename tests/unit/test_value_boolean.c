/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_boolean.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
reads_usual_words_in_any_case(void **state)
{
    (void)state;
    static const struct boolean_texts usual = {0};
    static const char *const yes[] = {"true", "YES", "y", "On", "1", "X"};
    static const char *const no[] = {"false", "No", "N", "off", "0"};
    static const char *const neither[] = {"",    "2",     "ja",
                                          "tru", " true", "truely"};
    bool value = false;
    for (size_t i = 0; i < 6; i++) {
        assert_true(value_boolean_read(&usual, slice_of(yes[i]), &value));
        assert_true(value);
        assert_false(value_boolean_read(&usual, slice_of(neither[i]), &value));
    }
    for (size_t i = 0; i < 5; i++) {
        assert_true(value_boolean_read(&usual, slice_of(no[i]), &value));
        assert_false(value);
    }
}

static void
reads_own_texts_exactly(void **state)
{
    (void)state;
    const struct boolean_texts own = {SLICE_LITERAL("ja"),
                                      SLICE_LITERAL("nein")};
    bool value = false;
    assert_true(value_boolean_read(&own, SLICE_LITERAL("ja"), &value));
    assert_true(value);
    assert_true(value_boolean_read(&own, SLICE_LITERAL("nein"), &value));
    assert_false(value);
    assert_false(value_boolean_read(&own, SLICE_LITERAL("JA"), &value));
    assert_false(value_boolean_read(&own, SLICE_LITERAL("true"), &value));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_usual_words_in_any_case),
        cmocka_unit_test(reads_own_texts_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
