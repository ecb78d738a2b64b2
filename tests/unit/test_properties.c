/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/properties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* What java.util.Properties.load makes of the same bytes. */
struct reading {
    const char *text;
    const char *key, *value; /* of the last entry */
    size_t count;
    int line;
};

static const struct reading readings[] = {
    {"a=b", "a", "b", 1, 1},
    {"a = b ", "a", "b ", 1, 1},
    {"a:b=c", "a", "b=c", 1, 1},
    {"a b c", "a", "b c", 1, 1},
    {"a\\ b=c", "a b", "c", 1, 1},
    {"a\\=\\:b=c", "a=:b", "c", 1, 1},
    {"=c", "", "c", 1, 1},
    {"a", "a", "", 1, 1},
    {"a=", "a", "", 1, 1},
    {"\" \" = b", "\"", "\" = b", 1, 1},
    {"# x\n! y\n\n  a=b", "a", "b", 1, 4},
    {"a=b\\\n   c", "a", "bc", 1, 1},
    {"a=b\\\\\nc=d", "c", "d", 2, 2},
    {"a=1\r\nb=2\rc=3\n", "c", "3", 3, 3},
    {"a=# no comment", "a", "# no comment", 1, 1},
    {"a=\\u00f6\\t\\n\\x", "a", "\xc3\xb6\t\nx", 1, 1},
    {"a=\xf6", "a", "\xc3\xb6", 1, 1},
    {"\xef\xbb\xbf"
     "a=\xc3\xb6",
     "a", "\xc3\xb6", 1, 1},
    {"a=\\ud83d\\ude00", "a", "\xf0\x9f\x98\x80", 1, 1},
    {"a=\\ude00", "a", "\xef\xbf\xbd", 1, 1},
    {"a=b\\", "a", "b", 1, 1},
};

static void
reads_as_java_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        const struct reading *want = &readings[i];
        struct arena arena = {0};
        struct error err = {0};
        struct property_list list;
        assert_true(properties_read(slice_of(want->text), &arena, &list, &err));
        assert_int_equal(list.count, want->count);
        const struct property *last = &list.items[list.count - 1];
        assert_string_equal(arena_strdup(&arena, last->key), want->key);
        assert_string_equal(arena_strdup(&arena, last->value), want->value);
        assert_int_equal(last->line, want->line);
        arena_release(&arena);
    }
}

static void
keeps_repeated_keys_in_order(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct error err = {0};
    struct property_list list;
    assert_true(
        properties_read(slice_of("a=1\nb=2\na=3"), &arena, &list, &err));
    assert_int_equal(list.count, 3);
    assert_true(slice_is(list.items[0].value, "1"));
    assert_true(slice_is(list.items[2].value, "3"));
    arena_release(&arena);
}

static void
refuses_with_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"a=b\nc=\\u00g0", "line 2:"},
        {"a=\\u12", "line 1:"},
        {"\xef\xbb\xbf"
         "a=\xff",
         "byte 6"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct property_list list;
        assert_false(
            properties_read(slice_of(wrong[i].text), &arena, &list, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, wrong[i].says));
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_java_does),
        cmocka_unit_test(keeps_repeated_keys_in_order),
        cmocka_unit_test(refuses_with_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
