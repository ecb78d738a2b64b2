/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
tells_where_what_and_what_to_do(void **state)
{
    (void)state;
    struct problems problems = {.path = "m.yaml"};
    problem_add(&problems, 14, 12, "unknown-column", "did you mean 'Name'?",
                "'%s' is no column", "Nmae");
    problem_warn(&problems, 0, 0, "types-unchecked", "", "not checked");
    problem_add(&problems, 14, 3, "unknown-key", "", "'a' is no key");
    for (int i = 0; i < 100; i++) {
        problem_add(&problems, 20, i, "x", "", "%d", i);
    }
    problem_sort(&problems);
    assert_int_equal(problems.count, 103);
    assert_int_equal(problems.error_count, 102);
    static const char *const want[] = {
        "m.yaml: warning: not checked [types-unchecked]",
        "m.yaml:14:3: 'a' is no key [unknown-key]",
        "m.yaml:14:12: 'Nmae' is no column; did you mean 'Name'? "
        "[unknown-column]",
    };
    for (size_t i = 0; i < 3; i++) {
        struct slice text = problem_text(&problems, &problems.items[i]);
        assert_true(slice_is(text, want[i]));
    }
    problem_release(&problems);
    assert_int_equal(problems.count, 0);
    problem_sort(&problems);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_where_what_and_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
