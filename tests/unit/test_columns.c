/* SPDX-License-Identifier: Apache-2.0 */
#include "model/columns.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
finds_by_name_and_position(void **state)
{
    (void)state;
    struct slice names[] = {SLICE_LITERAL("sf__Id"), SLICE_LITERAL("Name"),
                            SLICE_LITERAL("name"),   SLICE_LITERAL("Straße"),
                            SLICE_LITERAL(" Ort "),  SLICE_LITERAL("X"),
                            SLICE_LITERAL("X"),      SLICE_LITERAL("a"),
                            SLICE_LITERAL("A "),     SLICE_LITERAL("\xFF")};
    const struct columns columns = {names, 10, 1};
    static const struct {
        const char *name;
        enum columns_match want;
        size_t index;
    } cases[] = {
        {"sf__Id", COLUMNS_FOUND, 0},  {"Name", COLUMNS_FOUND, 1},
        {"name", COLUMNS_FOUND, 2},    {"NAME", COLUMNS_AMBIGUOUS, 0},
        {"STRASSE", COLUMNS_FOUND, 3}, {"straße", COLUMNS_FOUND, 3},
        {"ort", COLUMNS_FOUND, 4},     {"X", COLUMNS_AMBIGUOUS, 0},
        {"x", COLUMNS_AMBIGUOUS, 0},   {"a", COLUMNS_FOUND, 7},
        {"A", COLUMNS_AMBIGUOUS, 0},   {"#1", COLUMNS_FOUND, 1},
        {"#9", COLUMNS_FOUND, 9},      {"#10", COLUMNS_MISSING, 0},
        {"#0", COLUMNS_MISSING, 0},    {"\xFF", COLUMNS_FOUND, 9},
        {"\xFE", COLUMNS_MISSING, 0},  {"", COLUMNS_MISSING, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t index = 99;
        assert_int_equal(
            columns_find(&columns, slice_of(cases[i].name), &index),
            cases[i].want);
        if (cases[i].want == COLUMNS_FOUND) {
            assert_int_equal(index, cases[i].index);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_name_and_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
