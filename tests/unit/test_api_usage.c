/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/api_usage.h"

#include "base/clock.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t now_ms;

static int64_t
tell_now(void)
{
    return now_ms;
}

static void
the_header_is_read(void **state)
{
    (void)state;
    uint64_t used = 0, most = 0;
    assert_true(api_usage_read("api-usage=18/5000", &used, &most));
    assert_int_equal(used, 18);
    assert_int_equal(most, 5000);
    assert_true(api_usage_read(
        "per-app-api-usage=17/250(appName=x);api-usage=25/100", &used, &most));
    assert_int_equal(used, 25);
    static const char *const wrong[] = {"",
                                        "api-usage=",
                                        "api-usage=1",
                                        "api-usage=/5",
                                        "api-usage=1/",
                                        "per-app-api-usage=17/250"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(api_usage_read(wrong[i], &used, &most));
    }
}

static void
a_day_is_24_hours(void **state)
{
    struct error err = {0};
    uint64_t of_day = 0;
    char *folder = realpath(*state, NULL);
    setenv("XDG_STATE_HOME", folder, 1);
    clock_replace((struct clock_source){.wall_ms = tell_now});
    now_ms = INT64_C(1800000000000);
    assert_true(api_usage_add("ci", 0, &of_day, &err));
    assert_int_equal(of_day, 0);
    assert_true(api_usage_add("ci", 30, &of_day, &err));
    now_ms += INT64_C(20) * 3600 * 1000;
    assert_true(api_usage_add("ci", 5, &of_day, &err));
    assert_int_equal(of_day, 35);
    assert_true(api_usage_add("other", 1, &of_day, &err));
    assert_int_equal(of_day, 1);
    now_ms += INT64_C(4) * 3600 * 1000;
    assert_true(api_usage_add("ci", 0, &of_day, &err));
    assert_int_equal(of_day, 5);
    clock_replace((struct clock_source){0});
    free(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_is_read),
        cmocka_unit_test(a_day_is_24_hours),
    };
    return cmocka_run_group_tests_name("api_usage", tests, scratch_make,
                                       scratch_drop);
}
