/* SPDX-License-Identifier: Apache-2.0 */
#include "model/batch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
records_begin_zeroed(void **state)
{
    (void)state;
    struct batch batch = {0};
    for (uint64_t i = 1; i <= 1000; i++) {
        struct record *record = batch_add(&batch);
        assert_int_equal(record->row, 0);
        assert_null(record->fields);
        record->row = i;
        record->fields = arena_array(&batch.arena, 3, sizeof(struct slice));
    }
    assert_int_equal(batch.count, 1000);
    assert_int_equal(batch.records[999].row, 1000);
    batch_reset(&batch);
    assert_int_equal(batch.count, 0);
    assert_int_equal(batch_add(&batch)->row, 0);
    batch_release(&batch);
}

static void
messages_are_joined_and_the_first_code_stays(void **state)
{
    (void)state;
    struct batch batch = {0};
    struct record *record = batch_add(&batch);
    record->fate = RECORD_SKIPPED;
    record->code = "where";
    batch_reject(&batch, record, "number-shape", "\"%s\" is no number", "x");
    assert_int_equal(record->fate, RECORD_REJECTED);
    batch_reject(&batch, record, "too-long", "too long");
    assert_string_equal(record->code, "number-shape");
    assert_true(slice_is(record->reason, "\"x\" is no number; too long"));
    batch_release(&batch);
}

static void
a_cut_message_ends_in_a_whole_character(void **state)
{
    (void)state;
    struct batch batch = {0};
    struct record *record = batch_add(&batch);
    char text[9001];
    for (size_t i = 0; i < 9000; i += 3) {
        memcpy(text + i, "\xe2\x82\xac", 3);
    }
    text[9000] = '\0';
    batch_reject(&batch, record, "x", "%s", text);
    assert_true(record->reason.len > 4000);
    assert_int_equal(slice_utf8_valid_len(record->reason), record->reason.len);
    batch_release(&batch);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_begin_zeroed),
        cmocka_unit_test(messages_are_joined_and_the_first_code_stays),
        cmocka_unit_test(a_cut_message_ends_in_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
