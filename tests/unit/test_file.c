/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

static void
write_text(const char *path, const char *text)
{
    struct error err = {0};
    assert_true(file_replace(path, slice_of(text), &err));
}

static void
assert_holds(const char *path, const char *text)
{
    struct error err = {0};
    struct buffer bytes = {0};
    assert_true(file_read_whole(path, 1 << 20, &bytes, &err));
    assert_string_equal(buffer_text(&bytes), text);
    buffer_release(&bytes);
}

static void
a_file_appears_whole(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "whole");
    char *part = scratch_path(state, "whole.part");
    struct file_writer writer;
    assert_true(file_writer_open(&writer, path, &err));
    assert_true(file_writer_write(&writer, "abc", 3, &err));
    assert_true(file_writer_flush(&writer, &err));
    assert_false(file_exists(path));
    assert_true(file_exists(part));
    assert_true(file_writer_commit(&writer, &err));
    assert_false(file_exists(part));
    assert_holds(path, "abc");
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    file_writer_close(&writer);
    free(path);
    free(part);
}

static void
what_is_not_committed_is_dropped(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "dropped");
    char *part = scratch_path(state, "dropped.part");
    struct file_writer writer;
    assert_true(file_writer_open(&writer, path, &err));
    assert_true(file_writer_write(&writer, "abc", 3, &err));
    file_writer_close(&writer);
    file_writer_close(&writer);
    assert_false(file_exists(path));
    assert_false(file_exists(part));
    free(path);
    free(part);
}

static void
appending_cuts_first(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "grown");
    write_text(path, "abcdef");
    struct file_writer writer;
    assert_true(file_writer_open_append(&writer, path, 2, &err));
    assert_true(file_writer_write(&writer, "xy", 2, &err));
    assert_true(writer.offset == 4);
    assert_true(file_writer_commit(&writer, &err));
    assert_holds(path, "abxy");
    free(path);
}

static void
writes_larger_than_the_window_keep_their_order(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "large"), *bytes = mem_alloc(300000);
    memset(bytes, 'b', 300000);
    struct file_writer writer;
    assert_true(file_writer_open(&writer, path, &err));
    assert_true(file_writer_write(&writer, "a", 1, &err));
    assert_true(file_writer_write(&writer, bytes, 300000, &err));
    assert_true(file_writer_write(&writer, "c", 1, &err));
    assert_true(writer.offset == 300002);
    assert_true(file_writer_commit(&writer, &err));
    struct file_reader reader;
    struct slice taken;
    assert_true(file_reader_open(&reader, path, &err));
    assert_int_equal(file_reader_take(&reader, 300001, &taken, &err),
                     FILE_BYTES);
    assert_int_equal(taken.ptr[0], 'a');
    assert_int_equal(taken.ptr[300000], 'b');
    assert_int_equal(file_reader_next(&reader, &taken, &err), FILE_BYTES);
    assert_int_equal(taken.len, 1);
    assert_int_equal(taken.ptr[0], 'c');
    assert_int_equal(file_reader_next(&reader, &taken, &err), FILE_END);
    file_reader_close(&reader);
    free(bytes);
    free(path);
}

static void
an_end_inside_what_is_taken_is_a_failure(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "short");
    write_text(path, "abcd");
    struct file_reader reader;
    struct slice taken;
    assert_true(file_reader_open(&reader, path, &err));
    assert_int_equal(file_reader_take(&reader, 3, &taken, &err), FILE_BYTES);
    assert_int_equal(file_reader_take(&reader, 3, &taken, &err), FILE_FAILED);
    assert_int_equal(err.kind, ERROR_SYSTEM);
    assert_non_null(strstr(err.text, "is cut short"));
    file_reader_close(&reader);
    file_reader_close(&reader);
    free(path);
}

static void
what_cannot_be_opened_is_told(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "missing/file");
    struct file_writer writer;
    struct file_reader reader;
    assert_false(file_writer_open(&writer, path, &err));
    assert_int_equal(err.code, ENOENT);
    file_writer_close(&writer);
    error_clear(&err);
    assert_false(file_reader_open(&reader, path, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    file_reader_close(&reader);
    assert_int_equal(file_size(path), 0);
    free(path);
}

static void
a_file_above_the_limit_is_refused(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "limit");
    write_text(path, "12345");
    struct buffer bytes = {0};
    assert_false(file_read_whole(path, 4, &bytes, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    buffer_release(&bytes);
    free(path);
}

static void
a_small_buffer_holds_a_small_file(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "small");
    write_text(path, "12345");
    struct buffer bytes = {.limit = 16};
    assert_true(file_read_whole(path, 8, &bytes, &err));
    assert_string_equal(buffer_text(&bytes), "12345");
    buffer_release(&bytes);
    free(path);
}

static void
folders_come_and_go(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "a/b/c"), *top = scratch_path(state, "a");
    assert_true(file_make_folders(path, &err));
    assert_true(file_make_folders(path, &err));
    assert_true(file_sync_folder(path, &err));
    char *inner = mem_printf("%s/x", path);
    write_text(inner, "x");
    assert_false(file_make_folders(inner, &err));
    error_clear(&err);
    assert_true(file_remove_tree(top, &err));
    assert_false(file_exists(top));
    assert_true(file_remove_tree(top, &err));
    assert_true(file_free_bytes(*state) > 0);
    free(inner);
    free(top);
    free(path);
}

static void
reading_at_an_offset_leaves_the_position(void **state)
{
    char *path = scratch_path(state, "at"), bytes[8];
    write_text(path, "0123456789");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(file_read_at(fd, bytes, 4, 3), 4);
    assert_memory_equal(bytes, "3456", 4);
    assert_int_equal(file_read_at(fd, bytes, 8, 7), 3);
    assert_int_equal(file_read_all(fd, bytes, 8), 8);
    assert_memory_equal(bytes, "01234567", 8);
    assert_int_equal(file_read_all(fd, bytes, 8), 2);
    close(fd);
    assert_int_equal(file_read_all(-1, bytes, 8), -1);
    assert_int_equal(file_read_at(-1, bytes, 8, 0), -1);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_whole),
        cmocka_unit_test(what_is_not_committed_is_dropped),
        cmocka_unit_test(appending_cuts_first),
        cmocka_unit_test(writes_larger_than_the_window_keep_their_order),
        cmocka_unit_test(an_end_inside_what_is_taken_is_a_failure),
        cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(a_file_above_the_limit_is_refused),
        cmocka_unit_test(a_small_buffer_holds_a_small_file),
        cmocka_unit_test(folders_come_and_go),
        cmocka_unit_test(reading_at_an_offset_leaves_the_position),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
