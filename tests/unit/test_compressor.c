/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/compressor.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

static void
write_text(struct compressed_file *file, const char *text)
{
    struct buffer block = {0};
    buffer_append_text(&block, text);
    compressor_write(file, &block);
    assert_int_equal(block.len, 0);
    buffer_release(&block);
}

static void
assert_holds(const char *path, const char *want)
{
    char text[256];
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    int len = gzread(file, text, sizeof text - 1);
    assert_int_equal(len, strlen(want));
    assert_memory_equal(text, want, (size_t)len);
    gzclose(file);
}

static void
files_take_turns(void **state)
{
    struct error err = {0};
    char *one = scratch_path(state, "one"), *two = scratch_path(state, "two");
    struct compressor *compressor = compressor_open(&err);
    struct compressed_file *first = compressor_begin(compressor, one, &err);
    struct compressed_file *second = compressor_begin(compressor, two, &err);
    for (int i = 0; i < 10; i++) {
        write_text(first, "a");
        write_text(second, "bc");
    }
    assert_false(file_exists(one));
    assert_true(compressor_commit(second, &err));
    assert_true(compressor_commit(first, &err));
    compressor_end(first);
    compressor_end(second);
    compressor_close(compressor);
    assert_holds(one, "aaaaaaaaaa");
    assert_holds(two, "bcbcbcbcbcbcbcbcbcbc");
    free(one);
    free(two);
}

static void
what_is_not_committed_is_dropped(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "dropped");
    struct compressor *compressor = compressor_open(&err);
    struct compressed_file *file = compressor_begin(compressor, path, &err);
    write_text(file, "a");
    compressor_end(file);
    compressor_end(NULL);
    compressor_close(compressor);
    compressor_close(NULL);
    assert_false(file_exists(path));
    free(path);
}

static void
a_file_that_cannot_be_made_is_told(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "missing/file");
    struct compressor *compressor = compressor_open(&err);
    assert_null(compressor_begin(compressor, path, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    compressor_close(compressor);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_take_turns),
        cmocka_unit_test(what_is_not_committed_is_dropped),
        cmocka_unit_test(a_file_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
