/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int64_t
fixed_ms(void)
{
    return 1769851800123;
}

static uint64_t
fixed_random(void)
{
    return 42;
}

static void
time_is_written_in_utc(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    clock_format(fixed_ms(), text);
    assert_string_equal(text, "2026-01-31T09:30:00.123Z");
    clock_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
}

static void
tests_replace_it(void **state)
{
    (void)state;
    clock_replace(
        (struct clock_source){.wall_ms = fixed_ms, .random = fixed_random});
    assert_true(clock_wall_ms() == fixed_ms());
    assert_int_equal(clock_random(), 42);
    clock_replace((struct clock_source){0});
    assert_true(clock_wall_ms() > fixed_ms() - INT64_C(1000000000000));
    assert_true(clock_random() != clock_random());
}

static void
monotonic_time_goes_on(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_ms();
    assert_true(clock_monotonic_ms() >= before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_written_in_utc),
        cmocka_unit_test(tests_replace_it),
        cmocka_unit_test(monotonic_time_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
