/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/groups.h"

#include "base/mem.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 1000

static void
add(struct groups *groups, uint64_t row, uint64_t key, uint64_t block)
{
    struct error err = {0};
    const struct row_key of = {key * 0x9e3779b97f4a7c15u, key};
    assert_true(groups_add(groups, row, of, block, &err));
}

static void
each_row_learns_the_first_of_its_group(void **state)
{
    struct error err = {0};
    struct groups *groups = groups_new(*state, 1);
    struct groups_row next;
    uint64_t torn;
    for (uint64_t row = 1; row <= ROWS; row++) {
        add(groups, row, row % 7, row / 500); /* 0: blank */
    }
    assert_true(groups_settle(groups, &torn, &err));
    assert_int_equal(torn, 6);
    for (uint64_t row = 8; row <= ROWS; row++) {
        if (row % 7 != 0) {
            assert_int_equal(groups_next(groups, &next, &err), SPILL_ENTRY);
            assert_true(next.row == row && next.first == row % 7);
        }
    }
    assert_int_equal(groups_next(groups, &next, &err), SPILL_END);
    groups_free(groups);
    groups_free(NULL);
}

static void
torn_are_groups_in_several_blocks(void **state)
{
    struct error err = {0};
    struct groups *groups = groups_new(*state, 1);
    uint64_t torn;
    add(groups, 1, 1, 0);
    add(groups, 2, 1, 0);
    add(groups, 3, 2, 0);
    add(groups, 4, 2, 65536 * 3); /* as good as block 0 */
    add(groups, 5, 3, 0);
    add(groups, 6, 3, 1);
    add(groups, 7, 3, 2);
    add(groups, 8, 4, 2);
    assert_true(groups_settle(groups, &torn, &err));
    assert_int_equal(torn, 1);
    groups_free(groups);
}

static void
a_folder_that_is_gone_is_told(void **state)
{
    struct error err = {0};
    struct groups *groups = groups_new("missing/folder", 1);
    const struct row_key key = {1, 1};
    bool added = true;
    uint64_t torn;
    (void)state;
    for (uint64_t row = 1; added && row <= 100; row++) {
        added = groups_add(groups, row, key, 0, &err);
    }
    assert_false(added && groups_settle(groups, &torn, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    groups_free(groups);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_learns_the_first_of_its_group),
        cmocka_unit_test(torn_are_groups_in_several_blocks),
        cmocka_unit_test(a_folder_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
