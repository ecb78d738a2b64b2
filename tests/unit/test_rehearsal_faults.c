/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/faults.h"

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct faults *
load(const char *yaml)
{
    struct error err = {0};
    struct faults *faults = faults_new(50);
    if (!faults_load(faults, slice_of(yaml), "faults", &err)) {
        fail_msg("%s", err.text);
    }
    return faults;
}

static bool
fires(struct faults *faults, const char *call, struct fault *fault)
{
    return faults_fire(
        faults, &(struct fault_call){call, "GET", "/x/limits", NULL}, fault);
}

static void
test_counts(void **state)
{
    (void)state;
    struct fault fault;
    struct faults *faults =
        load("rules:\n"
             "  - {when: limits, what: reset, at: 5, after: 1, every: 2, "
             "times: 2}\n");
    static const bool want[] = {false, true, false, true, false, false};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(fires(faults, "limits", &fault), want[i]);
        assert_int_equal(fault.kind, want[i] ? FAULT_RESET : FAULT_NONE);
        assert_int_equal(fault.at, want[i] ? 5 : 0);
    }
    assert_int_equal(faults_fired(faults), 2);
    faults_free(faults);
}

static void
test_matches(void **state)
{
    (void)state;
    struct fault fault;
    struct faults *faults =
        load("rules:\n"
             "  - {when: {path: '^/x/l', method: GET}, what: stall, ms: 9}\n"
             "  - {when: bulk2.*, what: status, status: 429, retry_after: 3}\n"
             "  - {when: {call: job.*, object: account}, what: lock-errors}\n");
    assert_true(fires(faults, "anything", &fault));
    assert_int_equal(fault.kind, FAULT_STALL);
    assert_int_equal(fault.ms, 9);
    struct fault_call call = {"bulk2.create", "POST", "/other", NULL};
    assert_true(faults_fire(faults, &call, &fault));
    assert_int_equal(fault.status, 429);
    assert_int_equal(fault.retry_after, 3);
    call = (struct fault_call){"job.slice", NULL, NULL, "Contact"};
    assert_false(faults_fire(faults, &call, &fault));
    call.object = "Account";
    assert_true(faults_fire(faults, &call, &fault));
    assert_int_equal(fault.kind, FAULT_LOCKS);
    faults_free(faults);
}

static void
test_seed_repeats(void **state)
{
    (void)state;
    const char *yaml = "seed: 5\nrules:\n"
                       "  - {when: '*', what: refuse, probability: 0.5}\n";
    struct fault fault;
    struct faults *one = load(yaml), *other = load(yaml);
    int fired = 0;
    for (int i = 0; i < 200; i++) {
        bool first = fires(one, "limits", &fault);
        assert_int_equal(first, fires(other, "limits", &fault));
        fired += first;
    }
    assert_in_range(fired, 60, 140);
    faults_free(one);
    faults_free(other);
}

static void
test_settings(void **state)
{
    (void)state;
    struct faults *faults =
        load("settings: {daily_batches: 3, clock_skew_ms: -3600000, "
             "hard_delete: true}\n");
    struct fault_settings settings = faults_settings(faults);
    assert_int_equal(settings.daily_batches, 3);
    assert_int_equal(settings.latency_ms, 50);
    assert_true(settings.hard_delete);
    assert_true(settings.shuffle);
    int64_t before = faults_now_ms(faults);
    faults_skew_clock(faults, 3600000);
    assert_in_range(faults_now_ms(faults) - before, 3600000, 3660000);
    faults_free(faults);
}

static void
refuses(const char *yaml, const char *want)
{
    struct error err = {0};
    struct fault fault;
    struct faults *faults = load("rules: [{when: kept, what: refuse}]\n");
    assert_false(faults_load(faults, slice_of(yaml), "f.yaml", &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, want)) {
        fail_msg("'%s' does not say '%s'", err.text, want);
    }
    /* What was loaded before stays. */
    assert_true(fires(faults, "kept", &fault));
    faults_free(faults);
}

static void
test_bad_yaml(void **state)
{
    (void)state;
    refuses("rules: [{when: x, what: rest}]", "did you mean 'reset'");
    refuses("rules: [{when: x, wat: reset}]", "f.yaml:1:19");
    refuses("rules: [{when: x}]", "'what' is missing");
    refuses("rules: [{when: x, what: reset, at: many}]", "'many' is no number");
    refuses("rules: [{when: x, what: reset, probability: 2}]", "from 0 to 1");
    refuses("rules: [{when: {path: '('}, what: reset}]", "regular expression");
    refuses("rules: {when: x}", "is a list");
    refuses("settings: {shuffle: perhaps}", "neither true nor false");
    refuses("settings: {shufle: true}", "did you mean 'shuffle'");
    refuses("sed: 1", "unknown 'sed'");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),       cmocka_unit_test(test_matches),
        cmocka_unit_test(test_seed_repeats), cmocka_unit_test(test_settings),
        cmocka_unit_test(test_bad_yaml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
