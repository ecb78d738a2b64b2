/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
allocations_are_aligned(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 1; i < 100; i++) {
        memset(arena_bytes(&arena, i), 'x', i);
        void *ptr = arena_alloc(&arena, i);
        assert_int_equal((uintptr_t)ptr % _Alignof(max_align_t), 0);
        memset(ptr, 'y', i);
    }
    arena_release(&arena);
}

static void
no_bytes_are_still_a_pointer(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_non_null(arena_bytes(&arena, 0));
    struct slice copy = arena_copy(&arena, (struct slice){NULL, 0});
    assert_non_null(copy.ptr);
    assert_int_equal(copy.len, 0);
    arena_release(&arena);
}

static void
what_is_larger_than_a_block_fits(void **state)
{
    (void)state;
    struct arena arena = {.block_size = 64};
    char *small = arena_strdup(&arena, slice_of("small"));
    unsigned char *large = arena_array(&arena, 1000, 10);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(large[i], 0);
    }
    assert_string_equal(small, "small");
    arena_release(&arena);
    assert_int_equal(arena.block_size, 64);
}

static void
a_reset_arena_is_used_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int i = 0; i < 100; i++) {
        struct slice text = arena_printf(&arena, "%d of %s", i, "100");
        assert_int_equal(text.len, i < 10 ? 8 : 9);
        arena_reset(&arena);
    }
    arena_reset(&arena);
    arena_release(&arena);
    arena_reset(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_aligned),
        cmocka_unit_test(no_bytes_are_still_a_pointer),
        cmocka_unit_test(what_is_larger_than_a_block_fits),
        cmocka_unit_test(a_reset_arena_is_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
