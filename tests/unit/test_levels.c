/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/levels.h"

#include "base/mem.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS 400
#define NONE 0 /* a key that no row has is above ROWS */

static struct row_key
key_of(uint64_t number)
{
    return number == NONE
               ? (struct row_key){0, 0}
               : (struct row_key){number * 0x9e3779b97f4a7c15u, number};
}

static void
add(struct levels *levels, size_t link, uint64_t row, uint64_t own,
    uint64_t parent)
{
    struct error err = {0};
    assert_true(
        levels_add(levels, link, row, key_of(own), key_of(parent), &err));
}

static struct levels_found
settle(struct levels *levels, uint64_t limit)
{
    struct error err = {0};
    struct levels_found found;
    assert_true(levels_settle(levels, limit, &found, &err));
    return found;
}

static void
expect(struct levels *levels, uint64_t row, uint64_t level, uint64_t parent)
{
    struct error err = {0};
    struct levels_row found;
    assert_int_equal(levels_next(levels, &found, &err), SPILL_ENTRY);
    assert_int_equal(found.row, row);
    assert_true(found.level == level);
    assert_int_equal(found.parent, parent);
}

static void
expect_end(struct levels *levels)
{
    struct error err = {0};
    struct levels_row found;
    assert_int_equal(levels_next(levels, &found, &err), SPILL_END);
    levels_free(levels);
}

static void
parents_stand_above_their_children(void **state)
{
    struct levels *levels = levels_new(*state, 1);
    add(levels, 0, 1, 11, 12);   /* below row 2 */
    add(levels, 0, 2, 12, 14);   /* below row 4 */
    add(levels, 0, 3, 13, 999);  /* its parent is not there */
    add(levels, 0, 4, 14, NONE); /* has none */
    add(levels, 0, 5, NONE, 14);
    add(levels, 0, 6, 14, 11); /* the second of its key: nobody's parent */
    struct levels_found found = settle(levels, 100);
    assert_int_equal(found.level_count, 4);
    assert_int_equal(found.rest_count, 0);
    assert_false(found.has_cycle);
    expect(levels, 1, 2, 2);
    expect(levels, 2, 1, 4);
    expect(levels, 5, 1, 4);
    expect(levels, 6, 3, 1);
    expect_end(levels);
}

static void
nobody_has_a_parent_here(void **state)
{
    struct levels *levels = levels_new(*state, 1);
    add(levels, 0, 1, 11, 99);
    add(levels, 0, 2, 12, NONE);
    struct levels_found found = settle(levels, 100);
    assert_int_equal(found.level_count, 1);
    assert_int_equal(found.rest_count, 0);
    expect_end(levels);
    levels_free(NULL);
}

static void
cycles_and_what_is_below_them_are_the_rest(void **state)
{
    struct levels *levels = levels_new(*state, 1);
    add(levels, 0, 1, 11, 12);
    add(levels, 0, 2, 12, 11);
    add(levels, 0, 3, 13, 12);
    add(levels, 0, 4, 14, 14);
    add(levels, 0, 5, 15, 16);
    add(levels, 0, 6, 16, NONE);
    struct levels_found found = settle(levels, 100);
    assert_int_equal(found.level_count, 2);
    assert_int_equal(found.rest_count, 4);
    assert_true(found.has_cycle);
    expect(levels, 1, LEVELS_REST, 2);
    expect(levels, 2, LEVELS_REST, 1);
    expect(levels, 3, LEVELS_REST, 2);
    expect(levels, 4, LEVELS_REST, 4);
    expect(levels, 5, 1, 6);
    expect_end(levels);
}

static void
below_the_limit_is_the_rest(void **state)
{
    struct levels *levels = levels_new(*state, 1);
    for (uint64_t row = 1; row <= 10; row++) {
        add(levels, 0, row, row, row - 1);
    }
    struct levels_found found = settle(levels, 4);
    assert_int_equal(found.level_count, 4);
    assert_int_equal(found.rest_count, 6);
    assert_false(found.has_cycle);
    for (uint64_t row = 2; row <= 10; row++) {
        expect(levels, row, row <= 4 ? row - 1 : LEVELS_REST, row - 1);
    }
    expect_end(levels);
}

/* By two lookups a row is below the deeper of its parents; what is a key by
 * one is none by the other. */
static void
the_deepest_parent_counts(void **state)
{
    struct levels *levels = levels_new(*state, 1);
    for (uint64_t row = 1; row <= 4; row++) {
        add(levels, 0, row, row, row - 1);
        add(levels, 1, row, 10 + row, row);
    }
    add(levels, 0, 5, 5, 1);
    add(levels, 1, 5, 15, 13);
    add(levels, 0, 6, 6, 6);
    add(levels, 1, 6, 16, 11);
    struct levels_found found = settle(levels, 100);
    assert_int_equal(found.level_count, 4);
    assert_int_equal(found.rest_count, 1);
    expect(levels, 2, 1, 1);
    expect(levels, 3, 2, 2);
    expect(levels, 4, 3, 3);
    expect(levels, 5, 3, 3);
    expect(levels, 6, LEVELS_REST, 6);
    expect_end(levels);
}

static void
a_chain_of_5000_has_5000_levels(void **state)
{
    enum { DEPTH = 5000 };
    struct levels *levels = levels_new(*state, (size_t)2 << 20);
    /* Row i is the i * 7919th of the chain, round and round. */
    for (uint64_t row = 1; row <= DEPTH; row++) {
        uint64_t depth = row * 7919 % DEPTH;
        add(levels, 0, row, depth + 1, depth);
    }
    struct levels_found found = settle(levels, UINT32_MAX);
    assert_int_equal(found.level_count, DEPTH);
    assert_int_equal(found.rest_count, 0);
    for (uint64_t row = 1; row < DEPTH; row++) {
        struct levels_row next;
        struct error err = {0};
        assert_int_equal(levels_next(levels, &next, &err), SPILL_ENTRY);
        assert_true(next.row == row && next.level == row * 7919 % DEPTH);
    }
    expect_end(levels);
}

/* Against the plain way, on forests of any shape. */
static void
forests_of_any_shape(void **state)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        uint64_t parents[ROWS + 1] = {0}, depths[ROWS + 1] = {0};
        struct levels *levels = levels_new(*state, 1);
        uint64_t deepest = 0;
        srand(seed);
        for (uint64_t row = ROWS; row >= 1; row--) {
            /* A parent stands behind its children. */
            uint64_t parent = row + 1 + (uint64_t)rand() % (1 + row / 8);
            parents[row] = parent <= ROWS ? parent : NONE;
            depths[row] = parents[row] == NONE ? 0 : depths[parents[row]] + 1;
            deepest = depths[row] > deepest ? depths[row] : deepest;
            add(levels, 0, row, row, parent);
        }
        struct levels_found found = settle(levels, UINT32_MAX);
        assert_int_equal(found.level_count, deepest + 1);
        for (uint64_t row = 1; row <= ROWS; row++) {
            if (depths[row] > 0) {
                expect(levels, row, depths[row], parents[row]);
            }
        }
        expect_end(levels);
    }
}

static void
a_folder_that_is_gone_is_told(void **state)
{
    struct error err = {0};
    struct levels_found found;
    struct levels *levels = levels_new("missing/folder", 1);
    bool added = true;
    (void)state;
    for (uint64_t row = 1; added && row <= 100; row++) {
        added = levels_add(levels, 0, row, key_of(row), key_of(row - 1), &err);
    }
    assert_false(added && levels_settle(levels, 10, &found, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    levels_free(levels);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parents_stand_above_their_children),
        cmocka_unit_test(nobody_has_a_parent_here),
        cmocka_unit_test(cycles_and_what_is_below_them_are_the_rest),
        cmocka_unit_test(below_the_limit_is_the_rest),
        cmocka_unit_test(the_deepest_parent_counts),
        cmocka_unit_test(a_chain_of_5000_has_5000_levels),
        cmocka_unit_test(forests_of_any_shape),
        cmocka_unit_test(a_folder_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
