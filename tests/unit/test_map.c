/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEYS 1000

static void
each_key_finds_its_value(void **state)
{
    (void)state;
    struct map map = {0};
    char *names[KEYS];
    assert_null(map_get(&map, slice_of("nothing")));
    for (size_t i = 0; i < KEYS; i++) {
        names[i] = mem_printf("key %zu", i);
        map_put(&map, slice_of(names[i]), names[i]);
    }
    assert_int_equal(map.count, KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        assert_ptr_equal(map_get(&map, slice_of(names[i])), names[i]);
    }
    assert_null(map_get(&map, slice_of("key 1000")));
    map_release(&map);
    for (size_t i = 0; i < KEYS; i++) {
        free(names[i]);
    }
}

static void
a_second_value_replaces(void **state)
{
    (void)state;
    struct map map = {0};
    int one, two;
    map_put(&map, slice_of("a"), &one);
    map_put(&map, slice_of("a"), &two);
    map_put(&map, (struct slice){NULL, 0}, &one);
    assert_int_equal(map.count, 2);
    assert_ptr_equal(map_get(&map, slice_of("a")), &two);
    assert_ptr_equal(map_get(&map, slice_of("")), &one);
    map_release(&map);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_finds_its_value),
        cmocka_unit_test(a_second_value_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
