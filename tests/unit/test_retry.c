/* SPDX-License-Identifier: Apache-2.0 */
#include "http/retry.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint64_t drawn;

static uint64_t
random_drawn(void)
{
    return drawn;
}

static void
test_only_what_may_pass_is_repeated(void **state)
{
    (void)state;
    static const long passing[] = {408, 429, 500, 502, 503, 504};
    static const long lasting[] = {200, 204, 300, 400, 401, 403, 404, 410, 501};
    struct http_answer answer = {0};
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        answer.status = passing[i];
        assert_true(retry_is_transient(&answer));
    }
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++) {
        answer.status = lasting[i];
        assert_false(retry_is_transient(&answer));
    }
    answer.status = 0;
    answer.error.kind = ERROR_NETWORK;
    assert_true(retry_is_transient(&answer));
    answer.error.kind = ERROR_REMOTE; /* a certificate */
    assert_false(retry_is_transient(&answer));
}

static void
test_the_bound_doubles_and_stops(void **state)
{
    (void)state;
    struct retry retry = {0};
    struct http_answer answer = {.status = 503, .retry_after_ms = -1};
    int64_t bound = RETRY_FIRST_MS, wait_ms;
    for (unsigned i = 1; i < RETRY_ATTEMPTS; i++) {
        drawn = (uint64_t)bound; /* the largest that is possible */
        assert_true(retry_next(&retry, &answer, &wait_ms));
        assert_int_equal(wait_ms, bound);
        bound = bound * 2 < RETRY_LONGEST_MS ? bound * 2 : RETRY_LONGEST_MS;
    }
    assert_false(retry_next(&retry, &answer, &wait_ms));
}

static void
test_retry_after_is_obeyed_and_bounded(void **state)
{
    (void)state;
    struct retry retry = {0};
    struct http_answer answer = {.status = 429, .retry_after_ms = 5000};
    int64_t wait_ms;
    drawn = 3;
    assert_true(retry_next(&retry, &answer, &wait_ms));
    assert_int_equal(wait_ms, 5000);
    answer.retry_after_ms = INT64_MAX;
    assert_true(retry_next(&retry, &answer, &wait_ms));
    assert_int_equal(wait_ms, RETRY_AFTER_LIMIT_MS);
    answer.retry_after_ms = 1;
    assert_true(retry_next(&retry, &answer, &wait_ms));
    assert_int_equal(wait_ms, 3);
}

int
main(void)
{
    clock_replace((struct clock_source){.random = random_drawn});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_may_pass_is_repeated),
        cmocka_unit_test(test_the_bound_doubles_and_stops),
        cmocka_unit_test(test_retry_after_is_obeyed_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
