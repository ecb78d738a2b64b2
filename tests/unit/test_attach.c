/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/attach.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 4648, 10, and bytes of all sorts. */
static void
spells_bytes_as_base64(void **state)
{
    static const struct {
        struct slice bytes;
        const char *want;
    } cases[] = {
        {{"", 0}, ""},
        {{"f", 1}, "Zg=="},
        {{"fo", 2}, "Zm8="},
        {{"foo", 3}, "Zm9v"},
        {{"foob", 4}, "Zm9vYg=="},
        {{"fooba", 5}, "Zm9vYmE="},
        {{"foobar", 6}, "Zm9vYmFy"},
        {{"\xff\xfe\0\n", 4}, "//4ACg=="},
    };
    char *path = scratch_path(state, "bytes");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct buffer text = {0};
        assert_true(file_replace(path, cases[i].bytes, &err));
        buffer_append_text(&text, ">");
        assert_true(attach_append(&text, slice_of(path), 100, &err));
        assert_string_equal(buffer_text(&text) + 1, cases[i].want);
        buffer_release(&text);
    }
    free(path);
}

static void
fails_where_the_file_is_gone_or_has_grown(void **state)
{
    char *path = scratch_path(state, "gone");
    struct error err = {0};
    struct buffer text = {0};
    assert_false(attach_append(&text, slice_of(path), 100, &err));
    err = (struct error){0};
    assert_true(file_replace(path, SLICE_LITERAL("12345"), &err));
    assert_false(attach_append(&text, slice_of(path), 4, &err));
    assert_int_equal(text.len, 0);
    buffer_release(&text);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spells_bytes_as_base64),
        cmocka_unit_test(fails_where_the_file_is_gone_or_has_grown),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
