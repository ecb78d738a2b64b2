/* SPDX-License-Identifier: Apache-2.0 */
#include "source/charset.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROOM(len) (CHARSET_GROWTH * (len) + CHARSET_SLACK)

/* "61 FF(80@1)": the text, each fault with its bytes and its offset. */
static void
show(struct buffer *shown, const struct charset *charset, const char *text,
     size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct charset_fault *fault = charset_fault(charset, i, 1);
        if (fault == NULL) {
            buffer_append_char(shown, text[i]);
            continue;
        }
        buffer_append_text(shown, text[i] == '\0' ? "(NUL" : "(");
        for (size_t j = 0; text[i] != '\0' && j < fault->len; j++) {
            buffer_printf(shown, "%02X", fault->bytes[j]);
        }
        buffer_printf(shown, "@%d)", (int)fault->offset);
        assert_true(text[i] == '\0' || text[i] == '\xff');
    }
}

/* In pieces of each size, as a window cuts them. */
static void
check(const char *name, const char *bytes, size_t len, const char *want)
{
    for (size_t piece = 1; piece <= len; piece++) {
        struct error err = {0};
        struct charset *charset =
            charset_open(name, (struct slice){bytes, len}, 0, &err);
        assert_non_null(charset);
        char out[ROOM(200)];
        size_t size = 0, begin = 0;
        for (size_t end = piece; begin < len; end += piece) {
            end = end < len ? end : len;
            size_t taken;
            size += charset_decode(charset,
                                   (struct slice){bytes + begin, end - begin},
                                   end == len, out + size, &taken);
            begin += taken;
        }
        struct buffer shown = {0};
        show(&shown, charset, out, size);
        if (strcmp(buffer_text(&shown), want) != 0) {
            fail_msg("%s, %zu bytes at a time: '%s' instead of '%s'", name,
                     piece, buffer_text(&shown), want);
        }
        buffer_release(&shown);
        charset_close(charset);
    }
}

#define CHECK(name, bytes, want) check(name, bytes, sizeof bytes - 1, want)

static void
single_bytes_go_by_a_table(void **state)
{
    (void)state;
    CHECK("windows-1252", "plain ASCII text and \xe4 and \x80",
          "plain ASCII text and \xc3\xa4 and \xe2\x82\xac");
    CHECK("windows-1252", "12345678\x81-\x9d\0z",
          "12345678(81@8)-(9D@10)(NUL@11)z");
    /* Bytes the charset lacks, which together would look like UTF-8. */
    CHECK("ISO-8859-8", "\xc3\xbf", "(C3@0)(BF@1)");
    CHECK("IBM500", "\xc1\xc2\x40\xf1", "AB 1");
    CHECK("ISO-8859-7", "\xc1", "\xce\x91");
}

static void
utf16_is_read_in_both_orders(void **state)
{
    (void)state;
    CHECK("UTF-16LE",
          "a\0b\0c\0d\0e\0\xe4\0\xac\x20\x3d\xd8\0\xde"
          "f\0",
          "abcde\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"
          "f");
    CHECK("utf-16be", "\0a\0b\0c\0d\0e\0\xe4\x20\xac\xd8\x3d\xde\0\0f",
          "abcde\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"
          "f");
    CHECK("UTF-16LE", "a\0\x3d\xd8z\0\0\xde\0\0x",
          "a(3DD8@2)z(00DE@6)(NUL@8)(78@10)");
    CHECK("UTF-16LE", "a\0\x3d\xd8", "a(3DD8@2)");
    CHECK("UTF-16", "\0a\0b", "ab");
    CHECK("UTF-16", "a\0b\0", "ab");
}

static void
utf32_is_read_in_both_orders(void **state)
{
    (void)state;
    CHECK("UTF-32LE", "a\0\0\0\0\xf6\x01\0", "a\xf0\x9f\x98\x80");
    CHECK("UTF-32BE", "\0\0\0a\0\x01\xf6\0", "a\xf0\x9f\x98\x80");
    CHECK("UTF-32LE", "\0\xd8\0\0\0\0\x11\0a\0\0\0\0\0\0\0z",
          "(00D80000@0)(00001100@4)a(NUL@12)(7A@16)");
}

static void
others_go_through_iconv(void **state)
{
    (void)state;
    CHECK("Shift_JIS", "a\x93\xfa\x96\x7bz", "a\xe6\x97\xa5\xe6\x9c\xacz");
    CHECK("Shift_JIS", "a\xff\0\x93\xfa\x93",
          "a(FF@1)(NUL@2)\xe6\x97\xa5(93@5)");
    CHECK("GB18030", "\x81\x30\x81\x30", "\xc2\x80");
    CHECK("UTF-7", "a+AOQ-b",
          "a\xc3\xa4"
          "b");
    CHECK("windows-1258", "a\xcc", "\xc3\xa0"); /* a mark that follows */
}

static void
faults_are_forgotten(void **state)
{
    (void)state;
    struct error err = {0};
    struct charset *charset =
        charset_open("ISO-8859-7", (struct slice){NULL, 0}, 3, &err);
    char bytes[500], out[ROOM(sizeof bytes)];
    memset(bytes, '\xff', sizeof bytes);
    size_t taken;
    assert_int_equal(charset_decode(charset,
                                    (struct slice){bytes, sizeof bytes}, true,
                                    out, &taken),
                     sizeof bytes);
    assert_int_equal(taken, sizeof bytes);
    assert_int_equal(charset_fault(charset, 100, 400)->offset, 103);
    assert_null(charset_fault(charset, 500, 10));
    charset_forget(charset, 400);
    assert_int_equal(charset_fault(charset, 0, 500)->place, 400);
    assert_null(charset_fault(charset, 0, 400));
    charset_forget(charset, 500);
    assert_null(charset_fault(charset, 0, 500));
    charset_close(charset);
}

static void
marks_win_and_unknown_names_are_refused(void **state)
{
    (void)state;
    size_t len;
    assert_string_equal(
        charset_of_mark((struct slice){"\xff\xfe\0\0", 4}, &len), "UTF-32LE");
    assert_int_equal(len, 4);
    assert_string_equal(charset_of_mark((struct slice){"\xff\xfe"
                                                       "a\0",
                                                       4},
                                        &len),
                        "UTF-16LE");
    assert_null(charset_of_mark((struct slice){"\xff", 1}, &len));
    assert_int_equal(len, 0);
    struct error err = {0};
    assert_null(charset_open("klingon", (struct slice){"", 0}, 0, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    error_clear(&err);
    assert_null(
        charset_open("ASCII//TRANSLIT", (struct slice){"", 0}, 0, &err));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_bytes_go_by_a_table),
        cmocka_unit_test(utf16_is_read_in_both_orders),
        cmocka_unit_test(utf32_is_read_in_both_orders),
        cmocka_unit_test(others_go_through_iconv),
        cmocka_unit_test(faults_are_forgotten),
        cmocka_unit_test(marks_win_and_unknown_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
