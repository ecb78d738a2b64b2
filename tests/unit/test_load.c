/* SPDX-License-Identifier: Apache-2.0 */
#include "model/load.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
names_every_operation(void **state)
{
    (void)state;
    for (int i = OPERATION_INSERT; i <= OPERATION_UNDELETE; i++) {
        enum operation operation;
        const char *name = load_operation_name((enum operation)i);
        assert_true(load_operation_of(slice_of(name), &operation));
        assert_int_equal(operation, i);
    }
    enum operation operation;
    assert_false(load_operation_of(SLICE_LITERAL("Insert"), &operation));
    assert_false(load_operation_of(SLICE_LITERAL(""), &operation));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
