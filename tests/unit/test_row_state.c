/* SPDX-License-Identifier: Apache-2.0 */
#include "results/row_state.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ID_15 "0018c00002FInbo"
#define ID_18 "0018c00002FInboAAD"

static void
packs_what_it_is_given(void **state)
{
    (void)state;
    static const char *const ids[] = {"", ID_15, ID_18};
    for (size_t i = 0; i < 3; i++) {
        for (int fate = 0; fate < OUTCOME_FATE_COUNT; fate++) {
            struct row_state row;
            uint64_t ref = UINT64_C(0xffeeddccbb) >> (8 * i);
            row_state_take(&row, (enum outcome_fate)fate, i == 1,
                           slice_of(ids[i]), ref);
            assert_int_equal(row_state_fate(&row), fate);
            assert_true(slice_is(row_state_id(&row), ids[i]));
            assert_int_equal(row_state_ref(&row), ref);
            assert_int_equal((row.flags & ROW_STATE_CREATED) != 0, i == 1);
            assert_int_not_equal(row.flags & ROW_STATE_TAKEN, 0);
        }
    }
}

static void
tells_the_same_from_another(void **state)
{
    (void)state;
    struct row_state row;
    row_state_take(&row, OUTCOME_SUCCEEDED, true, slice_of(ID_18), 0);
    assert_true(row_state_says(&row, OUTCOME_SUCCEEDED, slice_of(ID_15)));
    assert_false(row_state_says(&row, OUTCOME_FAILED, slice_of(ID_15)));
    assert_false(row_state_says(&row, OUTCOME_SUCCEEDED, slice_of("")));
    assert_false(
        row_state_says(&row, OUTCOME_SUCCEEDED, slice_of("0018c00002FInbO")));
    row_state_take(&row, OUTCOME_FAILED, false, (struct slice){0}, 1);
    assert_true(row_state_says(&row, OUTCOME_FAILED, (struct slice){0}));
}

static void
knows_an_id(void **state)
{
    (void)state;
    assert_true(row_state_takes_id((struct slice){0}));
    assert_true(row_state_takes_id(slice_of(ID_15)));
    assert_true(row_state_takes_id(slice_of(ID_18)));
    assert_false(row_state_takes_id(slice_of("0018c00002FInboA")));
    assert_false(row_state_takes_id(slice_of("0018c00002FInb\xC3")));
    assert_false(row_state_takes_id(slice_of("0018c00002FInboAAD0")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_what_it_is_given),
        cmocka_unit_test(tells_the_same_from_another),
        cmocka_unit_test(knows_an_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
