/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIELDS                                                                 \
    "sfetl: 1\nsource: { path: a.csv }\nloads:\n- object: A\n  operation: "    \
    "insert\n  fields:\n"

static void
expect(void **state, const struct columns *columns, const char *fields,
       const char *want)
{
    struct opened opened;
    opened_from_text(&opened, state, fields);
    assert_int_equal(opened.problems.count, 0);
    assert_true(mapping_bind_columns(opened.mapping, columns, "in/a.csv",
                                     &opened.problems, &opened.err));
    assert_int_equal(opened.problems.count, want != NULL);
    if (want != NULL) {
        struct slice got =
            problem_text(&opened.problems, &opened.problems.items[0]);
        if (!slice_is(got, want)) {
            fail_msg("%.*s", SLICE_ARGS(got));
        }
    }
    opened_release(&opened);
}

static void
finds_each_column_or_tells(void **state)
{
    struct slice names[] = {SLICE_LITERAL("Customer No."),
                            SLICE_LITERAL("Name"), SLICE_LITERAL("X"),
                            SLICE_LITERAL("X")};
    const struct columns columns = {names, 4, 0}, one = {names, 1, 0},
                         none = {names, 0, 0};
    expect(state, &columns, FIELDS "    A: customer no.\n    B: '[Name]'\n",
           NULL);
    expect(state, &columns, FIELDS "    A: '[#4]'\n    B: { value: Q }\n",
           NULL);
    expect(state, &columns, FIELDS "    A: { column: Nmae }\n",
           "accounts.yaml:7:18: 'Nmae' is no column of 'in/a.csv'; did you "
           "mean 'Name'? [unknown-column]");
    expect(state, &columns, FIELDS "    A: X\n",
           "accounts.yaml:7:8: 'X' is the name of several columns of "
           "'in/a.csv'; name it by its position, as in \"[#3]\" "
           "[ambiguous-column]");
    expect(state, &columns, FIELDS "    A: '[#5]'\n",
           "accounts.yaml:7:8: '#5' is no column of 'in/a.csv'; it has 4 "
           "columns, the first is 'Customer No.' [unknown-column]");
    expect(state, &one, FIELDS "    A: Quantity\n",
           "accounts.yaml:7:8: 'Quantity' is no column of 'in/a.csv'; it has "
           "one column only: is 'delimiter' right? [unknown-column]");
    expect(state, &none, FIELDS "    A: Quantity\n",
           "accounts.yaml:7:8: 'Quantity' is no column of 'in/a.csv'; it has "
           "0 columns, the first is '' [unknown-column]");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_column_or_tells),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
