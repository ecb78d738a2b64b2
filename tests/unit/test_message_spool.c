/* SPDX-License-Identifier: Apache-2.0 */
#include "results/message_spool.h"

#include "model/outcome.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TEXTS 3000

static void
gives_back_what_was_added(void **state)
{
    char *path = scratch_path(state, "x.messages");
    struct message_spool spool = {.path = path};
    struct error err = {0};
    uint64_t refs[TEXTS];
    char code[20], message[1200];
    memset(message, 'm', sizeof message);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t len = (size_t)snprintf(code, sizeof code, "C%zu", i);
        assert_true(message_spool_add(&spool, (struct slice){code, len},
                                      (struct slice){message, i % 1200},
                                      &refs[i], &err));
        assert_int_not_equal(refs[i], 0);
    }
    assert_false(file_exists(path));
    assert_true(message_spool_flush(&spool, &err));
    for (size_t k = 0; k < TEXTS; k++) {
        size_t i = k * 7919 % TEXTS;
        struct slice got_code, got;
        snprintf(code, sizeof code, "C%zu", i);
        assert_true(message_spool_get(&spool, refs[i], &got_code, &got, &err));
        assert_true(slice_is(got_code, code));
        assert_int_equal(got.len, i % 1200);
        assert_memory_equal(got.ptr, message, got.len);
    }
    message_spool_close(&spool);
    free(path);
}

static void
keeps_a_text_once(void **state)
{
    char *path = scratch_path(state, "y.messages");
    struct message_spool spool = {.path = path};
    struct error err = {0};
    uint64_t first, again, other;
    struct slice code = slice_of("E"), message = slice_of("why");
    assert_true(message_spool_add(&spool, code, message, &first, &err));
    assert_true(message_spool_add(&spool, code, message, &again, &err));
    assert_true(message_spool_add(&spool, message, code, &other, &err));
    assert_int_equal(first, again);
    assert_int_not_equal(first, other);
    message_spool_close(&spool);
    message_spool_close(&spool);
    free(path);
}

static void
cuts_and_refuses(void **state)
{
    char *path = scratch_path(state, "z.messages");
    struct message_spool spool = {.path = path};
    struct error err = {0};
    size_t len = OUTCOME_MESSAGE_LIMIT + 10;
    char *text = mem_alloc(len);
    memset(text, 'x', len);
    uint64_t ref;
    struct slice code, message, whole = {text, len};
    assert_true(message_spool_add(&spool, whole, whole, &ref, &err));
    assert_true(message_spool_flush(&spool, &err));
    assert_true(message_spool_get(&spool, ref, &code, &message, &err));
    assert_int_equal(message.len, OUTCOME_MESSAGE_LIMIT);
    assert_int_equal(code.len, 1000);
    assert_false(
        message_spool_get(&spool, ref + 5000000, &code, &message, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    message_spool_close(&spool);
    error_clear(&err);
    struct message_spool nowhere = {.path = "no/such/folder/x"};
    assert_false(message_spool_add(&nowhere, code, code, &ref, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    message_spool_close(&nowhere);
    free(text);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_added),
        cmocka_unit_test(keeps_a_text_once),
        cmocka_unit_test(cuts_and_refuses),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
