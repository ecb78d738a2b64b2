/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const names[] = {"AccountNumber", "Name", NULL,
                                    "BillingCity", "Id"};

static const char *
nearest(const char *word)
{
    return suggest_nearest(slice_of(word), names, 5);
}

static void
a_slip_is_understood(void **state)
{
    (void)state;
    assert_string_equal(nearest("AcountNumber"), "AccountNumber");
    assert_string_equal(nearest("accountnumber"), "AccountNumber");
    assert_string_equal(nearest("Nmae"), "Name");
    assert_string_equal(nearest("BilingCty"), "BillingCity");
}

static void
what_is_far_is_not_offered(void **state)
{
    (void)state;
    assert_null(nearest("Street"));
    assert_null(nearest(""));
    assert_null(nearest("zz"));
    char word[200];
    memset(word, 'a', sizeof word);
    assert_null(suggest_nearest((struct slice){word, sizeof word}, names, 5));
}

static void
the_phrase_is_for_an_error(void **state)
{
    (void)state;
    char text[SUGGEST_SIZE];
    assert_string_equal(suggest_phrase(text, slice_of("Nam"), names, 5),
                        "; did you mean 'Name'?");
    assert_string_equal(suggest_phrase(text, slice_of("Xyz"), names, 5), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_understood),
        cmocka_unit_test(what_is_far_is_not_offered),
        cmocka_unit_test(the_phrase_is_for_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
