/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_key.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct load_column columns[] = {
    {.name = "ERP_Id__c", .type = FIELD_STRING},
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Amount__c", .type = FIELD_CURRENCY},
};
static const struct load upsert = {
    .columns = columns, .column_count = 3, .key_column = 0};
static const struct load insert = {
    .columns = columns, .column_count = 3, .key_column = LOAD_NO_KEY};

static bool
keys_equal(struct row_key a, struct row_key b)
{
    return a.high == b.high && a.low == b.low;
}

static struct row_key
key_of(const struct load *load, const char *id, const char *name,
       const char *amount, enum row_key_form form)
{
    struct slice fields[] = {slice_of(id), slice_of(name), slice_of(amount)};
    return row_key_of(load, fields, form);
}

static bool
same_id(const char *a, const char *b, enum row_key_form form)
{
    return keys_equal(key_of(&upsert, a, "x", "1", form),
                      key_of(&upsert, b, "y", "2", form));
}

static bool
same_row(const char *name, const char *amount, const char *other_name,
         const char *other_amount, enum row_key_form form)
{
    return keys_equal(key_of(&insert, "", name, amount, form),
                      key_of(&insert, NULL, other_name, other_amount, form));
}

static void
key_columns_fold_case(void **state)
{
    (void)state;
    assert_true(same_id("C-4711", "c-4711", ROW_KEY_EXACT));
    assert_true(same_id("M\xC3\x9CLLER", "m\xC3\xBCller", ROW_KEY_EXACT));
    assert_true(
        same_id("\xD0\x9F\xC8\xBA", "\xD0\xBF\xE2\xB1\xA5", ROW_KEY_EXACT));
    /* Two records of the org are two keys: a sharp s, its capital's "SS", a
     * dotted capital I, the Kelvin sign. */
    assert_false(same_id("STRASSE",
                         "stra\xC3\x9F"
                         "e",
                         ROW_KEY_EXACT));
    assert_false(same_id("i1",
                         "\xC4\xB0"
                         "1",
                         ROW_KEY_EXACT));
    assert_false(same_id("k1",
                         "\xE2\x84\xAA"
                         "1",
                         ROW_KEY_EXACT));
    assert_true(same_id(NULL, "#N/A", ROW_KEY_EXACT));
    assert_true(same_id(NULL, "", ROW_KEY_EXACT));
    assert_false(same_id("4711", "4711 ", ROW_KEY_EXACT));
    assert_false(same_id("4711", "4711.0", ROW_KEY_EXACT));
    assert_false(same_id("\xFF"
                         "A",
                         "\xFF"
                         "a",
                         ROW_KEY_EXACT));
    assert_true(same_id("\xFF"
                        "A",
                        "\xFF"
                        "A",
                        ROW_KEY_EXACT));
    const struct load_column exact = {
        .name = "Key__c", .type = FIELD_STRING, .case_sensitive = true};
    const struct load load = {.columns = &exact, .column_count = 1};
    struct slice a = slice_of("ab"), b = slice_of("AB");
    assert_false(keys_equal(row_key_of(&load, &a, ROW_KEY_EXACT),
                            row_key_of(&load, &b, ROW_KEY_EXACT)));
}

static void
fingerprints_count_bytes_and_values(void **state)
{
    (void)state;
    assert_true(same_row("A", "9.1E8", "A", "910000000.00", ROW_KEY_EXACT));
    assert_false(same_row("A", "1", "a", "1", ROW_KEY_EXACT));
    assert_false(same_row("A", "1", "A ", "1", ROW_KEY_EXACT));
    assert_true(same_row("A", "n/a", "A", "n/a", ROW_KEY_EXACT));
    assert_true(same_row("#N/A", "", NULL, "#N/A", ROW_KEY_EXACT));
    assert_false(same_row("A", NULL, NULL, "A", ROW_KEY_EXACT));
    assert_false(same_row("AB", "C", "A", "BC", ROW_KEY_EXACT));
    assert_false(same_row("v", "t", "vt", NULL, ROW_KEY_EXACT));
}

static void
loose_keys_forgive_blanks(void **state)
{
    (void)state;
    assert_true(same_id(" A\t b ", "a B", ROW_KEY_LOOSE));
    assert_true(same_row("x\r\n y", " 1.50 ", "x\ny", "1.5", ROW_KEY_LOOSE));
    assert_true(same_row("  ", "1", "", "1", ROW_KEY_LOOSE));
    assert_false(same_row("xy", "1", "x y", "1", ROW_KEY_LOOSE));
    assert_true(same_row("x", "1234567890123456.78", "x",
                         "1.2345678901234568E15", ROW_KEY_LOOSE));
}

/* Past what is hashed at once; a change in the last byte must count. */
static void
long_values(void **state)
{
    (void)state;
    enum { LEN = 200000 };
    char *text = mem_alloc(LEN + 1);
    memset(text, 'A', LEN);
    text[LEN] = '\0';
    struct row_key upper = key_of(&upsert, text, "", "", ROW_KEY_EXACT);
    struct row_key row = key_of(&insert, text, "n", "1", ROW_KEY_EXACT);
    memset(text, 'a', LEN);
    assert_true(
        keys_equal(upper, key_of(&upsert, text, "", "", ROW_KEY_EXACT)));
    assert_false(
        keys_equal(row, key_of(&insert, text, "n", "1", ROW_KEY_EXACT)));
    text[LEN - 1] = 'b';
    assert_false(
        keys_equal(upper, key_of(&upsert, text, "", "", ROW_KEY_EXACT)));
    for (size_t len = 2030; len < 2070; len++) {
        struct slice fields[] = {{text, len}, slice_of("n"), slice_of("1")};
        struct row_key once = row_key_of(&insert, fields, ROW_KEY_EXACT);
        fields[2] = slice_of("1.0");
        assert_true(
            keys_equal(once, row_key_of(&insert, fields, ROW_KEY_EXACT)));
        fields[2] = slice_of("2");
        assert_false(
            keys_equal(once, row_key_of(&insert, fields, ROW_KEY_EXACT)));
    }
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_columns_fold_case),
        cmocka_unit_test(fingerprints_count_bytes_and_values),
        cmocka_unit_test(loose_keys_forgive_blanks),
        cmocka_unit_test(long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
