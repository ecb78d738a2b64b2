/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
appends_add_up(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++) {
        assert_true(buffer_append_char(&buffer, 'a'));
        assert_true(buffer_append_text(&buffer, "bc"));
        assert_true(buffer_printf(&buffer, "%d", i % 10));
    }
    assert_int_equal(buffer.len, 4000);
    assert_memory_equal(buffer_text(&buffer) + 3996, "abc9", 5);
    buffer_reset(&buffer);
    assert_int_equal(buffer_slice(&buffer).len, 0);
    buffer_release(&buffer);
}

static void
past_the_ceiling_nothing_is_added(void **state)
{
    (void)state;
    struct buffer buffer = {.limit = 10};
    assert_true(buffer_append_text(&buffer, "123456789"));
    assert_false(buffer_append_text(&buffer, "ab"));
    assert_true(buffer.overflowed);
    assert_false(buffer_append_char(&buffer, 'a')); /* it would fit */
    assert_int_equal(buffer.len, 9);
    assert_null(buffer_reserve(&buffer, 1));
    buffer_reset(&buffer);
    assert_true(buffer_append_text(&buffer, "1234567890"));
    assert_null(buffer_reserve(&buffer, SIZE_MAX));
    assert_int_equal(buffer.len, 10);
    buffer_release(&buffer);
    assert_int_equal(buffer.limit, 10);
}

static void
no_bytes_may_be_null(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    assert_true(buffer_append(&buffer, NULL, 0));
    assert_true(buffer_append_slice(&buffer, (struct slice){NULL, 0}));
    assert_non_null(buffer_slice(&buffer).ptr);
    buffer_release(&buffer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_add_up),
        cmocka_unit_test(past_the_ceiling_nothing_is_added),
        cmocka_unit_test(no_bytes_may_be_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
