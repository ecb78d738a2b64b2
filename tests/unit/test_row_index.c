/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_index.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 1000
#define SAME 7 /* each seventh row has the same key */

static struct row_key
key_at(uint64_t row)
{
    return row % SAME == 0 ? (struct row_key){1, 1}
                           : (struct row_key){row * 31, row};
}

static char *
write_index(void **state, uint64_t rows)
{
    char *path = scratch_path(state, "a.index");
    struct row_index_writer writer;
    struct error err = {0};
    assert_true(row_index_writer_open(&writer, path, &err));
    for (uint64_t row = 1; row <= rows; row++) {
        struct row_index_entry entry = {key_at(row), row};
        assert_true(row_index_writer_put(&writer, &entry, &err));
    }
    assert_true(row_index_writer_commit(&writer, &err));
    row_index_writer_close(&writer);
    return path;
}

static void
finds_rows_in_order(void **state)
{
    char *path = write_index(state, ROWS);
    struct row_index index;
    struct error err = {0};
    assert_true(row_index_open(&index, path, &err));
    assert_int_equal(index.count, ROWS);
    for (uint64_t row = 1; row <= ROWS; row++) {
        size_t at = row_index_find(&index, key_at(row), ROW_INDEX_NONE);
        if (row % SAME != 0) {
            assert_int_equal(index.entries[at].row, row);
            assert_int_equal(row_index_find(&index, key_at(row), at),
                             ROW_INDEX_NONE);
        }
    }
    uint64_t want = SAME;
    struct row_key same = key_at(SAME);
    for (size_t at = row_index_find(&index, same, ROW_INDEX_NONE);
         at != ROW_INDEX_NONE; at = row_index_find(&index, same, at)) {
        assert_int_equal(index.entries[at].row, want);
        want += SAME;
    }
    assert_int_equal(want, (ROWS / SAME + 1) * SAME);
    assert_int_equal(
        row_index_find(&index, (struct row_key){5, 5}, ROW_INDEX_NONE),
        ROW_INDEX_NONE);
    index.entries[0].key = (struct row_key){8, 8};
    row_index_rebuild(&index);
    assert_int_equal(row_index_find(&index, key_at(1), ROW_INDEX_NONE),
                     ROW_INDEX_NONE);
    assert_int_equal(
        row_index_find(&index, (struct row_key){8, 8}, ROW_INDEX_NONE), 0);
    row_index_close(&index);
    row_index_close(&index);
    free(path);
}

static void
an_empty_index_is_one(void **state)
{
    char *path = write_index(state, 0);
    struct row_index index;
    struct error err = {0};
    assert_true(row_index_open(&index, path, &err));
    assert_int_equal(row_index_find(&index, key_at(1), ROW_INDEX_NONE),
                     ROW_INDEX_NONE);
    row_index_close(&index);
    free(path);
}

static bool
opens(const char *path, struct slice bytes)
{
    struct error err = {0};
    assert_true(file_replace(path, bytes, &err));
    struct row_index index;
    bool opened = row_index_open(&index, path, &err);
    assert_true(opened || err.kind == ERROR_SYSTEM ||
                err.kind == ERROR_INTERNAL);
    row_index_close(&index);
    return opened;
}

static void
notices_damage(void **state)
{
    char *path = write_index(state, 10);
    struct buffer bytes = {0};
    struct error err = {0};
    assert_true(file_read_whole(path, 10000, &bytes, &err));
    assert_int_equal(bytes.len, 24 * 11);
    for (size_t len = 0; len < bytes.len; len++) {
        assert_false(opens(path, (struct slice){bytes.bytes, len}));
    }
    assert_true(opens(path, buffer_slice(&bytes)));
    for (size_t i = 0; i < bytes.len; i++) {
        bytes.bytes[i] ^= 4;
        assert_false(opens(path, buffer_slice(&bytes)));
        bytes.bytes[i] ^= 4;
    }
    buffer_release(&bytes);
    struct row_index index;
    assert_false(row_index_open(&index, "no/such.index", &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    free(path);
}

static void
refuses_row_0(void **state)
{
    char *path = scratch_path(state, "b.index");
    struct row_index_writer writer;
    struct error err = {0};
    assert_true(row_index_writer_open(&writer, path, &err));
    assert_false(row_index_writer_put(
        &writer, &(struct row_index_entry){{1, 1}, 0}, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    row_index_writer_close(&writer);
    assert_false(file_exists(path));
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_rows_in_order),
        cmocka_unit_test(an_empty_index_is_one),
        cmocka_unit_test(notices_damage),
        cmocka_unit_test(refuses_row_0),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
