/* SPDX-License-Identifier: Apache-2.0 */
#include "source/input.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <xxhash.h>

#include <cmocka.h>

static void
write_text(const char *path, const char *text, size_t len)
{
    struct error err = {0};
    assert_true(file_replace(path, (struct slice){text, len}, &err));
}

/* All of it, taken a window at a time. */
static void
read_all(const char *path, size_t window, struct buffer *text)
{
    struct error err = {0};
    struct input input;
    assert_true(input_open(&input, path, window, 0, &err));
    assert_true(input_decode(&input, NULL, &err));
    buffer_reset(text);
    for (;;) {
        struct slice part = input_text(&input);
        assert_true(input.at_end || slice_utf8_valid_len(part) == part.len);
        buffer_append_slice(text, part);
        input_take(&input, part.len);
        if (input.at_end) {
            break;
        }
        assert_true(input_fill(&input, &err));
    }
    XXH128_hash_t want = XXH3_128bits(text->bytes, text->len);
    uint64_t hash[2];
    stored_hash(&input.stored, hash);
    assert_true(hash[0] == want.high64 && hash[1] == want.low64);
    assert_true(input.stored.hashed_bytes == text->len &&
                input.stored.size == text->len);
    assert_true(input.offset == text->len);
    input_close(&input);
}

static void
characters_are_never_cut(void **state)
{
    static const char text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z\xc3";
    char *path = scratch_path(state, "text");
    write_text(path, text, sizeof text - 1);
    struct buffer read = {0};
    for (size_t window = 1; window < sizeof text + 1; window++) {
        read_all(path, window, &read);
        assert_string_equal(buffer_text(&read), text);
    }
    buffer_release(&read);
    free(path);
}

static void
what_is_not_taken_comes_again(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "text"), text[2000];
    memset(text, 'x', sizeof text);
    write_text(path, text, sizeof text);
    struct input input;
    assert_true(input_open(&input, path, 300, 0, &err));
    input_take(&input, 100);
    assert_true(input_fill(&input, &err));
    assert_int_equal(input_text(&input).len, 500);
    assert_true(input.offset == 100);
    while (!input.at_end) {
        assert_true(input_fill(&input, &err));
    }
    assert_int_equal(input_text(&input).len, 1900);
    assert_true(input_fill(&input, &err));
    assert_int_equal(input_text(&input).len, 1900);
    input_close(&input);
    input_close(&input);
    free(path);
}

static void
assert_refused(void **state, const char *bytes, size_t len, const char *want)
{
    struct error err = {0};
    struct input input;
    char *path = scratch_path(state, "foreign");
    write_text(path, bytes, len);
    bool done = input_open(&input, path, 0, 0, &err) &&
                input_decode(&input, NULL, &err);
    assert_false(done);
    assert_int_equal(err.kind, ERROR_INPUT);
    if (strstr(err.text, want) == NULL) {
        fail_msg("%s", err.text);
    }
    input_close(&input);
    free(path);
}

static void
other_forms_are_named(void **state)
{
    assert_refused(state, "a\0,\0b\0\n\0", 8, "encoding: UTF-16LE");
    assert_refused(state, "\0a\0,\0b\0\n", 8, "encoding: UTF-16BE");
}

/* Decoded by encoding, and read in windows of every small size. */
static void
assert_decoded(void **state, const char *bytes, size_t len,
               const char *encoding, const char *want, const char *name)
{
    char *path = scratch_path(state, "encoded");
    write_text(path, bytes, len);
    for (size_t window = 1; window < len + 2; window++) {
        struct error err = {0};
        struct input input;
        struct buffer text = {0};
        assert_true(input_open(&input, path, window, 0, &err));
        assert_true(input_decode(&input, encoding, &err));
        assert_string_equal(input_encoding(&input), name);
        for (;;) {
            struct slice part = input_text(&input);
            assert_int_equal(slice_utf8_valid_len(part), part.len);
            buffer_append_slice(&text, part);
            input_take(&input, part.len);
            if (input.at_end) {
                break;
            }
            assert_true(input_fill(&input, &err));
        }
        assert_string_equal(buffer_text(&text), want);
        assert_true(input.stored.hashed_bytes == len);
        buffer_release(&text);
        input_close(&input);
    }
    free(path);
}

static void
encodings_become_text(void **state)
{
    assert_decoded(state, "\xff\xfe\xe4\0\x3d\xd8\0\xde", 8, NULL,
                   "\xc3\xa4\xf0\x9f\x98\x80", "UTF-16LE");
    assert_decoded(state, "\xfe\xff\0\xe4", 4, "windows-1252", "\xc3\xa4",
                   "UTF-16BE");
    assert_decoded(state, "\xff\xfe\0\0\xac\x20\0\0", 8, NULL, "\xe2\x82\xac",
                   "UTF-32LE");
    assert_decoded(state, "\xef\xbb\xbf\xc3\xa4", 5, "windows-1252", "\xc3\xa4",
                   "UTF-8");
    assert_decoded(state, "a\x80", 2, "windows-1252", "a\xe2\x82\xac",
                   "windows-1252");
    assert_decoded(state, "\0a\0b", 4, "UTF-16", "ab", "UTF-16");
    assert_decoded(state, "\x93\xfa\x96\x7b", 4, "Shift_JIS",
                   "\xe6\x97\xa5\xe6\x9c\xac", "Shift_JIS");
}

static void
what_cannot_be_read_is_told(void **state)
{
    struct error err = {0};
    struct input input;
    assert_false(input_open(&input, *state, 0, 0, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "is a folder; name a file in it"));
    error_clear(&err);
    char *path = scratch_path(state, "customers.csv");
    write_text(path, "a", 1);
    free(path);
    path = scratch_path(state, "custmers.csv");
    assert_false(input_open(&input, path, 0, 0, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "did you mean 'customers.csv'?"));
    error_clear(&err);
    assert_false(input_open(&input, "missing-folder/x", 0, 0, &err));
    assert_non_null(strstr(err.text, "does not exist"));
    error_clear(&err);
    assert_false(input_open(&input, "/dev/null/x", 0, 0, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    free(path);
}

/* A pipe gives little at a time; windows are whole all the same. */
static void
standard_input_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2], old = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 20; i++) {
            ssize_t written = write(ends[1], "\xef\xbb\xbf,\n", 5);
            (void)written;
            usleep(1000);
        }
        _exit(0);
    }
    close(ends[1]);
    struct error err = {0};
    struct input input;
    assert_true(input_open(&input, "-", 64, 0, &err));
    assert_true(input_decode(&input, NULL, &err));
    assert_string_equal(input.stored.name, "standard input");
    assert_true(input.has_bom && input.offset == 3);
    while (!input.at_end) {
        assert_true(input.stored.hashed_bytes % 64 == 0);
        assert_true(input_fill(&input, &err));
    }
    assert_int_equal(input_text(&input).len, 97);
    input_close(&input);
    waitpid(child, NULL, 0);
    dup2(old, STDIN_FILENO);
    close(old);
}

/* Half a file must not pass for a whole one. */
static void
a_file_that_grows_is_found_out(void **state)
{
    enum { SIZE = 1000 };
    struct error err = {0};
    struct input input;
    char *path = scratch_path(state, "growing.csv");
    char *text = mem_zalloc(SIZE);
    memset(text, 'x', SIZE);
    write_text(path, text, SIZE);
    assert_true(input_open(&input, path, 300, 0, &err));
    struct file_writer writer;
    assert_true(file_writer_open_append(&writer, path, SIZE, &err));
    assert_true(file_writer_write(&writer, "more", 4, &err));
    assert_true(file_writer_sync(&writer, &err));
    file_writer_close(&writer);
    bool done = true;
    while (done && !input.at_end) {
        done = input_fill(&input, &err);
    }
    assert_false(done);
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "[source-changed]"));
    input_close(&input);
    free(text);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_never_cut),
        cmocka_unit_test(what_is_not_taken_comes_again),
        cmocka_unit_test(other_forms_are_named),
        cmocka_unit_test(encodings_become_text),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(standard_input_is_read_to_its_end),
        cmocka_unit_test(a_file_that_grows_is_found_out),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
