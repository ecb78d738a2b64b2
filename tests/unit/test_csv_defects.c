/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_defects.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
clean_text_has_none(void **state)
{
    (void)state;
    assert_true(csv_defects_none(NULL, (struct slice){NULL, 0}, 0, true));
    assert_true(csv_defects_none(NULL, slice_of("M\xc3\xbcller"), 0, true));
    assert_true(csv_defects_none(NULL, slice_of("\xef\xbf\xbd"), 0, false));
    assert_false(csv_defects_none(NULL, slice_of("\xef\xbf\xbd"), 0, true));
    assert_false(csv_defects_none(NULL, slice_of("\xfc"), 0, false));
    assert_false(csv_defects_none(NULL, (struct slice){"a\0b", 3}, 0, false));
}

static void
the_first_of_each_kind_is_told(void **state)
{
    (void)state;
    struct csv_defects defects = {0};
    struct batch batch = {0};
    struct record *record = batch_add(&batch);
    struct slice fields[] = {slice_of("a\xff\xfe"), slice_of("ok"),
                             slice_of("\xc3\xa4\xc3")};
    record->fields = fields;
    record->field_count = 3;
    csv_defects_find(&defects, NULL, slice_of("clean"), 95, true);
    csv_defects_find(&defects, NULL, (struct slice){"x\0\0", 3}, 100, true);
    csv_defects_find(&defects, NULL, slice_of("a\xff"), 200, true);
    csv_defects_find(&defects, NULL, slice_of("\xfe"), 300, true);
    csv_defects_reject(&defects, &batch, record);
    assert_string_equal(record->code, "nul-byte");
    assert_true(slice_is(record->reason,
                         "the row holds a NUL byte at offset 101; byte 0xFF at "
                         "offset 201 is not UTF-8"));
    assert_true(slice_is(fields[0], "a\xef\xbf\xbd\xef\xbf\xbd"));
    assert_true(slice_is(fields[1], "ok"));
    assert_true(slice_is(fields[2], "\xc3\xa4\xef\xbf\xbd"));
    batch_release(&batch);
}

static void
a_good_record_stays_good(void **state)
{
    (void)state;
    const struct csv_defects defects = {.has_nul = false};
    struct batch batch = {0};
    struct record *record = batch_add(&batch);
    csv_defects_reject(&defects, &batch, record);
    assert_int_equal(record->fate, RECORD_GOOD);
    batch_release(&batch);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_text_has_none),
        cmocka_unit_test(the_first_of_each_kind_is_told),
        cmocka_unit_test(a_good_record_stays_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
