/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/translation.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS 20000

static void
a_key_finds_its_value(void **state)
{
    (void)state;
    struct translation *table = translation_new("countries", false);
    assert_string_equal(translation_name(table), "countries");
    assert_null(translation_find(table, slice_of("DE")).ptr);
    assert_int_equal(
        translation_put(table, slice_of("DE"), slice_of("Germany")),
        TRANSLATION_ADDED);
    assert_int_equal(translation_put(table, slice_of("XX"), slice_of("")),
                     TRANSLATION_ADDED);
    assert_true(slice_is(translation_find(table, slice_of("DE")), "Germany"));
    assert_null(translation_find(table, slice_of("de")).ptr);
    struct slice blank = translation_find(table, slice_of("XX"));
    assert_non_null(blank.ptr);
    assert_int_equal(blank.len, 0);
    translation_free(table);
}

static void
a_repeated_key_is_told(void **state)
{
    (void)state;
    struct translation *table = translation_new("t", false);
    translation_put(table, slice_of("a"), slice_of("1"));
    assert_int_equal(translation_put(table, slice_of("a"), slice_of("1")),
                     TRANSLATION_SAME);
    assert_int_equal(translation_put(table, slice_of("a"), slice_of("2")),
                     TRANSLATION_OTHER);
    assert_true(slice_is(translation_find(table, slice_of("a")), "1"));
    assert_int_equal(translation_count(table), 1);
    translation_free(table);
}

static void
case_is_folded_where_it_is_ignored(void **state)
{
    (void)state;
    struct translation *table = translation_new("t", true);
    translation_put(table, slice_of("Straße Ärger"), slice_of("1"));
    assert_true(
        slice_is(translation_find(table, slice_of("STRASSE ÄRGER")), "1"));
    assert_int_equal(
        translation_put(table, slice_of("strasse ärger"), slice_of("2")),
        TRANSLATION_OTHER);
    char long_key[1500];
    memset(long_key, 'A', sizeof long_key);
    struct slice key = {long_key, sizeof long_key};
    translation_put(table, key, slice_of("long"));
    memset(long_key, 'a', sizeof long_key);
    assert_true(slice_is(translation_find(table, key), "long"));
    assert_null(translation_find(table, SLICE_LITERAL("\xff")).ptr);
    translation_free(table);
}

static void
too_long_a_text_is_refused(void **state)
{
    (void)state;
    struct translation *table = translation_new("t", false);
    char *bytes = mem_zalloc(TRANSLATION_TEXT_LIMIT + 1);
    struct slice text = {bytes, TRANSLATION_TEXT_LIMIT + 1};
    assert_int_equal(translation_put(table, text, slice_of("v")),
                     TRANSLATION_TOO_LONG);
    assert_int_equal(translation_put(table, slice_of("k"), text),
                     TRANSLATION_TOO_LONG);
    text.len--;
    assert_int_equal(translation_put(table, text, text), TRANSLATION_ADDED);
    assert_true(slice_equals(translation_find(table, text), text));
    free(bytes);
    translation_free(table);
}

static void
many_rows_stay_in_order_and_compact(void **state)
{
    (void)state;
    struct translation *table = translation_new("t", false);
    char key[32], value[32];
    uint64_t text_size = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        snprintf(key, sizeof key, "%u", i * 7919);
        snprintf(value, sizeof value, "v%u", i);
        text_size += strlen(key) + strlen(value);
        assert_int_equal(translation_put(table, slice_of(key), slice_of(value)),
                         TRANSLATION_ADDED);
    }
    uint64_t cursor = 0;
    struct slice k, v;
    for (unsigned i = 0; i < ROWS; i++) {
        snprintf(key, sizeof key, "%u", i * 7919);
        snprintf(value, sizeof value, "v%u", i);
        assert_true(slice_is(translation_find(table, slice_of(key)), value));
        assert_true(translation_next(table, &cursor, &k, &v));
        assert_true(slice_is(k, key) && slice_is(v, value));
    }
    assert_false(translation_next(table, &cursor, &k, &v));
    assert_null(translation_find(table, slice_of("x")).ptr);
    assert_true(translation_memory(table) > text_size);
    assert_true(translation_memory(table) < text_size + ROWS * 28);
    translation_clear(table);
    assert_int_equal(translation_count(table), 0);
    assert_null(translation_find(table, slice_of("0")).ptr);
    translation_put(table, slice_of("0"), slice_of("again"));
    assert_true(slice_is(translation_find(table, slice_of("0")), "again"));
    translation_free(table);
}

static void
a_set_finds_tables_by_name(void **state)
{
    (void)state;
    struct translation *tables[] = {translation_new("a", false),
                                    translation_new("b", false)};
    const struct translation_set set = {tables, 2}, none = {NULL, 0};
    assert_ptr_equal(translation_set_find(&set, slice_of("b")), tables[1]);
    assert_null(translation_set_find(&set, slice_of("B")));
    assert_null(translation_set_find(&none, slice_of("b")));
    translation_free(tables[0]);
    translation_free(tables[1]);
    translation_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_finds_its_value),
        cmocka_unit_test(a_repeated_key_is_told),
        cmocka_unit_test(case_is_folded_where_it_is_ignored),
        cmocka_unit_test(too_long_a_text_is_refused),
        cmocka_unit_test(many_rows_stay_in_order_and_compact),
        cmocka_unit_test(a_set_finds_tables_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
