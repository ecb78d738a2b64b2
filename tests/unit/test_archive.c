/* SPDX-License-Identifier: Apache-2.0 */
#include "source/archive.h"

#include "scratch.h"
#include "source/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

static const char lines[] = "a,b\n1,2\n3,4\n";
#define GZIP (16 + MAX_WBITS)
#define RAW (-MAX_WBITS)

static void
pack(struct buffer *to, int window, const char *bytes, size_t len)
{
    z_stream deflater = {0};
    Bytef out[4096];
    assert_int_equal(deflateInit2(&deflater, 9, Z_DEFLATED, window, 8, 0),
                     Z_OK);
    union {
        const char *read;
        Bytef *given;
    } in = {.read = bytes};
    deflater.next_in = in.given;
    deflater.avail_in = (uInt)len;
    int done;
    do {
        deflater.next_out = out;
        deflater.avail_out = sizeof out;
        done = deflate(&deflater, Z_FINISH);
        buffer_append(to, out, sizeof out - deflater.avail_out);
    } while (done == Z_OK);
    deflateEnd(&deflater);
}

static void
put(struct buffer *to, uint32_t number, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buffer_append_char(to, (char)(number >> 8 * i));
    }
}

struct member {
    const char *name, *text;
    uint16_t flags, method;
    uint32_t crc_change, size_told; /* 0: as it is */
};

static void
add_member(struct buffer *zip, const struct member *member)
{
    size_t len = strlen(member->text);
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)member->text, (uInt)len);
    struct buffer packed = {0};
    if (member->method == 8) {
        pack(&packed, RAW, member->text, len);
    } else {
        buffer_append(&packed, member->text, len);
    }
    bool later = (member->flags & 8) != 0;
    uint32_t size = member->size_told ? member->size_told : (uint32_t)len;
    buffer_append_text(zip, "PK\x03\x04");
    put(zip, 20, 2);
    put(zip, member->flags, 2);
    put(zip, member->method, 2);
    put(zip, 0, 4);
    put(zip, later ? 0 : crc ^ member->crc_change, 4);
    put(zip, later ? 0 : (uint32_t)packed.len, 4);
    put(zip, later ? 0 : size, 4);
    put(zip, (uint32_t)strlen(member->name), 2);
    put(zip, 3, 2);
    buffer_append_text(zip, member->name);
    buffer_append_text(zip, "xyz");
    buffer_append_slice(zip, buffer_slice(&packed));
    if (later) {
        buffer_append_text(zip, "PK\x07\x08");
        put(zip, crc ^ member->crc_change, 4);
        put(zip, (uint32_t)packed.len, 4);
        put(zip, size, 4);
    }
    buffer_release(&packed);
}

static void
end_zip(struct buffer *zip)
{
    buffer_append_text(zip, "PK\x01\x02 and so on, which is not looked at");
}

/* What an input gives of the file: its text, or its error. */
static void
check(void **state, const struct buffer *file, const char *want)
{
    static const size_t windows[] = {1, 7, 64, 0};
    char *path = scratch_path(state, "packed");
    struct error err = {0};
    assert_true(file_replace(path, buffer_slice(file), &err));
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        struct input input;
        struct buffer text = {0};
        error_clear(&err);
        bool done = input_open(&input, path, windows[i], 0, &err);
        while (done && !input.at_end) {
            done = input_fill(&input, &err);
        }
        if (done) {
            buffer_append_slice(&text, input_text(&input));
            assert_true(input.stored.hashed_bytes == file->len);
            assert_false(input_is_plain(&input));
        }
        const char *got = done ? buffer_text(&text) : err.text;
        assert_int_equal(err.kind, done ? ERROR_NONE : ERROR_INPUT);
        if (done ? strcmp(got, want) != 0 : strstr(got, want) == NULL) {
            fail_msg("'%s' instead of '%s'", got, want);
        }
        buffer_release(&text);
        input_close(&input);
    }
    free(path);
}

static void
gzip_members_follow_one_another(void **state)
{
    struct buffer file = {0};
    pack(&file, GZIP, lines, 5);
    pack(&file, GZIP, "", 0);
    pack(&file, GZIP, lines + 5, sizeof lines - 6);
    check(state, &file, lines);
    buffer_append(&file, "\0\0\0\0", 4);
    check(state, &file, lines);
    buffer_append_char(&file, 'x');
    check(state, &file, "holds something behind its packed data");
    buffer_release(&file);
}

static void
broken_gzip_is_told(void **state)
{
    struct buffer file = {0};
    pack(&file, GZIP, lines, sizeof lines - 1);
    size_t len = file.len;
    for (file.len = 2; file.len < len; file.len++) {
        check(state, &file, "ends in the middle");
    }
    file.bytes[len - 6] ^= 1; /* of the check sum */
    check(state, &file, "is damaged");
    buffer_reset(&file);
    buffer_append_text(&file, "\x1f\x8b\x09\x01garbage");
    check(state, &file, "is damaged");
    struct buffer once = {0};
    buffer_reset(&file);
    pack(&once, GZIP, lines, sizeof lines - 1);
    pack(&file, GZIP, once.bytes, once.len);
    check(state, &file, "is packed twice");
    buffer_release(&once);
    buffer_release(&file);
}

static void
check_members(void **state, const struct member *members, size_t count,
              const char *want)
{
    struct buffer file = {0};
    for (size_t i = 0; i < count; i++) {
        add_member(&file, &members[i]);
    }
    end_zip(&file);
    check(state, &file, want);
    buffer_release(&file);
}

static void
a_zip_with_one_file_is_read(void **state)
{
    const struct member members[] = {
        {"export/", "", 0, 0, 0, 0},
        {"export/a.csv", lines, 0, 8, 0, 0},
        {"__MACOSX/export/._a.csv", "junk", 8, 8, 0, 0},
    };
    check_members(state, members, 3, lines);
    check_members(state, &(struct member){"a", lines, 8, 8, 0, 0}, 1, lines);
    check_members(state, &(struct member){"a", lines, 0, 0, 0, 0}, 1, lines);
    check_members(state, &(struct member){"a", "", 0, 0, 0, 0}, 1, "");
}

static void
other_zips_are_refused(void **state)
{
    const struct member two[] = {{"a.csv", lines, 0, 8, 0, 0},
                                 {"b.csv", lines, 0, 8, 0, 0}};
    check_members(state, two, 2, "'b.csv' in the zip archive '");
    check_members(state, two, 2, "is not the only file in it");
    static const struct {
        struct member member;
        const char *want;
    } cases[] = {
        {{"a", lines, 1, 8, 0, 0}, "is encrypted; unpack it first"},
        {{"a", lines, 0, 12, 0, 0}, "another method than deflate"},
        {{"a", lines, 8, 0, 0, 0}, "does not say where it ends"},
        {{"a", lines, 0, 8, 0, 0xffffffff}, "is of the zip64 kind"},
        {{"a", lines, 0, 8, 1, 0}, "its check sum differs"},
        {{"a", lines, 8, 8, 0, 7}, "its check sum differs"},
        {{"[Content_Types].xml", lines, 0, 8, 0, 0}, "is a workbook"},
        {{"folder/", "", 0, 0, 0, 0}, "is a zip archive without a file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_members(state, &cases[i].member, 1, cases[i].want);
    }
}

static void
broken_zips_are_told(void **state)
{
    struct buffer file = {0};
    add_member(&file, &(struct member){"a.csv", lines, 8, 8, 0, 0});
    size_t len = file.len;
    for (file.len = 4; file.len < len; file.len++) {
        check(state, &file, "ends in the middle");
    }
    buffer_append_text(&file, "what is this? it is no header of a member");
    check(state, &file, "is a zip archive that is split or broken");
    buffer_release(&file);
}

/* A thousandfold: it comes a window at a time. */
static void
a_bomb_takes_no_memory(void **state)
{
    struct buffer file = {0}, zeros = {0};
    memset(buffer_reserve(&zeros, 1 << 20), '\n', 1 << 20);
    zeros.len = 1 << 20;
    for (int i = 0; i < 20; i++) {
        pack(&file, GZIP, zeros.bytes, 1 << 20);
    }
    char *path = scratch_path(state, "bomb");
    struct error err = {0};
    assert_true(file_replace(path, buffer_slice(&file), &err));
    struct input input;
    assert_true(input_open(&input, path, 0, 0, &err));
    uint64_t total = 0;
    for (;;) {
        total += input_text(&input).len;
        input_take(&input, input_text(&input).len);
        if (input.at_end) {
            break;
        }
        assert_true(input_fill(&input, &err));
        assert_true(input.capacity <= 3 * INPUT_WINDOW_SIZE);
    }
    assert_true(total == 20 << 20);
    input_close(&input);
    free(path);
    buffer_release(&zeros);
    buffer_release(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_members_follow_one_another),
        cmocka_unit_test(broken_gzip_is_told),
        cmocka_unit_test(a_zip_with_one_file_is_read),
        cmocka_unit_test(other_zips_are_refused),
        cmocka_unit_test(broken_zips_are_told),
        cmocka_unit_test(a_bomb_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
