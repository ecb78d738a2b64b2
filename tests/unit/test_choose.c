/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/choose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
check(enum operation operation, const char *version, uint64_t rows,
      uint64_t bytes, const char *want)
{
    struct load load = {.operation = operation};
    struct org org = {.api_version = version};
    struct choice choice;
    choose_by_size(&load, version ? &org : NULL, rows, bytes, &choice);
    assert_string_equal(choice.api, want);
    assert_true(strlen(choice.why) > 0);
}

static void
small_loads_go_by_rest(void **state)
{
    (void)state;
    check(OPERATION_UPSERT, "64.0", 0, 0, "rest");
    check(OPERATION_UPSERT, "64.0", 2000, 4000000, "rest");
    check(OPERATION_DELETE, NULL, 1, 1, "rest");
    check(OPERATION_UPSERT, "64.0", 2001, 100, "bulk2");
    check(OPERATION_INSERT, "64.0", 2000, 4000001, "bulk2");
    check(OPERATION_INSERT, "64.0", UINT64_MAX, 0, "bulk2");
}

static void
only_where_rest_can_do_it(void **state)
{
    (void)state;
    check(OPERATION_HARD_DELETE, "64.0", 1, 1, "bulk2");
    check(OPERATION_UPSERT, "45.0", 1, 1, "bulk2");
    check(OPERATION_INSERT, "45.0", 1, 1, "rest");
    check(OPERATION_INSERT, "41.0", 1, 1, "bulk2");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_loads_go_by_rest),
        cmocka_unit_test(only_where_rest_can_do_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
