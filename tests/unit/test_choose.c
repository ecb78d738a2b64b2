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

static void
what_only_some_can_do(void **state)
{
    (void)state;
    struct load load = {.operation = OPERATION_UPSERT, .all_or_none = true};
    struct org org = {.api_version = "64.0", .allow_upsert = true};
    struct choice choice;
    struct error err = {0};
    check(OPERATION_UNDELETE, "64.0", 100000, 1, "soap");
    assert_string_equal(choose_default(&load), "rest");
    choose_by_size(&load, &org, 100000, 100000, &choice);
    assert_string_equal(choice.api, "rest");
    assert_false(choose_api("bulk2", &load, &org, &choice, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    load.headers.has_email = true;
    assert_string_equal(choose_default(&load), "soap");
    error_clear(&err);
    assert_false(choose_api("rest", &load, &org, &choice, &err));
    error_clear(&err);
    assert_true(choose_api("soap", &load, &org, &choice, &err));
    load.operation = OPERATION_HARD_DELETE;
    org.allow_hard_delete = true;
    assert_false(choose_api("soap", &load, &org, &choice, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_loads_go_by_rest),
        cmocka_unit_test(only_where_rest_can_do_it),
        cmocka_unit_test(what_only_some_can_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
