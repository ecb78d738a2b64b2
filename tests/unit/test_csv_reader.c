/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct csv_reader_options usual = {.name = "x.csv",
                                                .delimiter = ',',
                                                .quote = '"',
                                                .max_row_bytes = 1000,
                                                .line = 1};

static size_t
feed(struct csv_reader *reader, struct batch *batch, const char *text,
     bool at_end, size_t limit)
{
    struct error err = {0};
    size_t taken;
    batch_reset(batch);
    if (!csv_reader_feed(reader, batch, slice_of(text), at_end, limit, &taken,
                         &err)) {
        fail_msg("%s", err.text);
    }
    return taken;
}

static void
a_half_read_row_outlives_its_batch(void **state)
{
    (void)state;
    struct csv_reader *reader = csv_reader_new(&usual);
    struct batch one = {0}, two = {0};
    feed(reader, &one, "1,\"two\",", false, 9);
    assert_int_equal(one.count, 0);
    csv_reader_hold(reader);
    csv_reader_hold(reader);
    batch_release(&one);
    feed(reader, &two, "3\n4,", false, 9);
    assert_int_equal(two.count, 1);
    assert_int_equal(two.records[0].field_count, 3);
    assert_true(slice_is(two.records[0].fields[1], "two"));
    csv_reader_hold(reader);
    feed(reader, &two, "", true, 9);
    assert_int_equal(two.count, 1);
    assert_null(two.records[0].fields[1].ptr);
    assert_true(csv_reader_rows(reader) == 2);
    feed(reader, &two, "", true, 9);
    assert_int_equal(two.count, 0);
    batch_release(&two);
    csv_reader_free(reader);
    csv_reader_free(NULL);
}

static void
rows_stop_at_the_limit(void **state)
{
    (void)state;
    struct csv_reader *reader = csv_reader_new(&usual);
    struct batch batch = {0};
    assert_int_equal(feed(reader, &batch, "a\nb\nc\n", true, 2), 4);
    assert_int_equal(batch.count, 2);
    assert_true(csv_reader_offset(reader) == 4);
    csv_reader_set_columns(reader, 1, RAGGED_REJECT);
    assert_int_equal(feed(reader, &batch, "c\n", true, 2), 2);
    assert_true(batch.records[0].row == 1 && batch.records[0].line == 3);
    batch_release(&batch);
    csv_reader_free(reader);
}

static void
what_cannot_be_judged_is_left(void **state)
{
    (void)state;
    struct csv_reader_options options = usual;
    options.comment = SLICE_LITERAL("//");
    struct csv_reader *reader = csv_reader_new(&options);
    struct batch batch = {0};
    assert_int_equal(feed(reader, &batch, "a\r", false, 9), 1); /* a LF? */
    assert_int_equal(feed(reader, &batch, "\r\n/", false, 9), 2);
    assert_int_equal(batch.count, 1);
    assert_int_equal(feed(reader, &batch, "//x", false, 9), 3);
    assert_int_equal(feed(reader, &batch, "y\r\nz", true, 9), 4);
    assert_int_equal(batch.count, 1);
    assert_true(batch.records[0].line == 3);
    batch_release(&batch);
    csv_reader_free(reader);
}

static void
columns_are_counted_once_they_are_known(void **state)
{
    (void)state;
    struct csv_reader *reader = csv_reader_new(&usual);
    struct batch batch = {0};
    feed(reader, &batch, "a,b,c\n1\n", false, 9);
    assert_int_equal(batch.records[1].fate, RECORD_GOOD);
    csv_reader_set_columns(reader, 2, RAGGED_REJECT);
    feed(reader, &batch, "1\n1,2\n", true, 9);
    assert_int_equal(batch.records[0].fate, RECORD_REJECTED);
    assert_string_equal(batch.records[0].code, "ragged-row");
    assert_int_equal(batch.records[1].fate, RECORD_GOOD);
    batch_release(&batch);
    csv_reader_free(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_half_read_row_outlives_its_batch),
        cmocka_unit_test(rows_stop_at_the_limit),
        cmocka_unit_test(what_cannot_be_judged_is_left),
        cmocka_unit_test(columns_are_counted_once_they_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
