/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "rehearsal/org/field_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const tiers[] = {"A", "B"};

static struct schema_field
field_of(enum field_type type)
{
    return (struct schema_field){.name = "Field__c",
                                 .label = "Field",
                                 .type = type,
                                 .length = 10,
                                 .precision = 18,
                                 .scale = 2,
                                 .flags = FIELD_RESTRICTED,
                                 .picklist = (const char **)(uintptr_t)tiers,
                                 .picklist_count = 2};
}

static void
expect(enum field_type type, enum value_origin origin, const char *text,
       const char *wanted)
{
    struct schema_field field = field_of(type);
    struct arena arena = {0};
    struct org_fault fault = {0};
    struct slice value = {0};
    bool read = field_value_parse(&field, slice_of(text), origin, &arena,
                                  &value, &fault);
    if (read != (wanted != NULL) || (wanted && !slice_is(value, wanted)))
        fail_msg("'%s' gave '%.*s' %s", text, SLICE_ARGS(value), fault.text);
    arena_release(&arena);
}

static void
refuse(enum field_type type, enum value_origin origin, const char *text,
       const char *code, const char *message)
{
    struct schema_field field = field_of(type);
    struct arena arena = {0};
    struct org_fault fault = {0};
    struct slice value;
    assert_false(field_value_parse(&field, slice_of(text), origin, &arena,
                                   &value, &fault));
    assert_string_equal(fault.code, code);
    assert_string_equal(fault.text, message);
    arena_release(&arena);
}

static void
test_numbers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0", "0.00"},
        {"-0", "0.00"},
        {"1", "1.00"},
        {"+1.5", "1.50"},
        {".5", "0.50"},
        {"5.", "5.00"},
        {"1.005", "1.01"},
        {"-1.005", "-1.01"},
        {"1.0049", "1.00"},
        {"999.999", "1000.00"},
        {"0.001", "0.00"},
        {"-0.001", "0.00"},
        {"0.005", "0.01"},
        {"1e3", "1000.00"},
        {"1.25E-1", "0.13"},
        {"00012.30", "12.30"},
        {"1e16", NULL},
        {"12,5", NULL},
        {"1 000", NULL},
        {"", NULL},
        {"-", NULL},
        {".", NULL},
        {"1e", NULL},
        {"NaN", NULL},
        {"0x10", NULL},
        {"1e999999", NULL},
        {"9999999999999999.99", "9999999999999999.99"},
        {"9999999999999999.995", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(FIELD_CURRENCY, VALUE_FROM_CSV, cases[i][0], cases[i][1]);
    refuse(FIELD_CURRENCY, VALUE_FROM_CSV, "1e17", "NUMBER_OUTSIDE_VALID_RANGE",
           "Field: value outside of valid range on numeric field: 1e17");
    refuse(FIELD_CURRENCY, VALUE_FROM_CSV, "abc", "INVALID_FIELD",
           "'abc' is not a valid value for the type xsd:double");
    expect(FIELD_INT, VALUE_FROM_CSV, "2147483647", "2147483647");
    expect(FIELD_INT, VALUE_FROM_CSV, "2147483648", NULL);
    expect(FIELD_INT, VALUE_FROM_CSV, "-2147483648", "-2147483648");
    expect(FIELD_INT, VALUE_FROM_CSV, "1.0", NULL);
}

static void
test_times(void **state)
{
    (void)state;
    expect(FIELD_DATE, VALUE_FROM_CSV, "2024-02-29", "2024-02-29");
    expect(FIELD_DATE, VALUE_FROM_CSV, "2023-02-29", NULL);
    expect(FIELD_DATE, VALUE_FROM_CSV, "1900-02-29", NULL);
    expect(FIELD_DATE, VALUE_FROM_CSV, "29.02.2024", NULL);
    expect(FIELD_DATE, VALUE_FROM_CSV, "2024-2-9", NULL);
    expect(FIELD_DATETIME, VALUE_FROM_CSV, "2026-01-31T09:30:00Z",
           "2026-01-31T09:30:00.000Z");
    expect(FIELD_DATETIME, VALUE_FROM_JSON, "2026-01-31T09:30:00.1239+0530",
           "2026-01-31T04:00:00.123Z");
    expect(FIELD_DATETIME, VALUE_FROM_JSON, "2026-01-01T00:30:00.5+01:00",
           "2025-12-31T23:30:00.500Z");
    expect(FIELD_DATETIME, VALUE_FROM_CSV, "1899-12-31T23:59:59-05:00",
           "1900-01-01T04:59:59.000Z");
    expect(FIELD_DATETIME, VALUE_FROM_CSV, "2026-01-31 09:30:00Z", NULL);
    expect(FIELD_DATETIME, VALUE_FROM_CSV, "2026-01-31T09:30:00", NULL);
    expect(FIELD_DATETIME, VALUE_FROM_CSV, "2026-01-31T24:00:00Z", NULL);
    expect(FIELD_TIME, VALUE_FROM_CSV, "09:30:00.000Z", "09:30:00.000Z");
    refuse(FIELD_DATETIME, VALUE_FROM_JSON, "2024-07-30 20:54:16 UTC",
           "JSON_PARSER_ERROR",
           "Cannot deserialize instance of datetime from VALUE_STRING value "
           "2024-07-30 20:54:16 UTC or request may be missing a required "
           "field");
}

static void
test_texts(void **state)
{
    (void)state;
    expect(FIELD_STRING, VALUE_FROM_CSV, "äöüäöüäöüß", "äöüäöüäöüß");
    refuse(FIELD_STRING, VALUE_FROM_CSV, "12345678901", "STRING_TOO_LONG",
           "Field: data value too large: 12345678901 (max length=10)");
    expect(FIELD_STRING, VALUE_FROM_CSV, "a\xFFz", "a\xEF\xBF\xBDz");
    expect(FIELD_PICKLIST, VALUE_FROM_CSV, "A", "A");
    refuse(FIELD_PICKLIST, VALUE_FROM_CSV, "C",
           "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
           "Field: bad value for restricted picklist field: C");
    expect(FIELD_MULTIPICKLIST, VALUE_FROM_CSV, "A;B", "A;B");
    expect(FIELD_MULTIPICKLIST, VALUE_FROM_CSV, "A;C", NULL);
    expect(FIELD_EMAIL, VALUE_FROM_CSV, "a@b.example", NULL); /* 11 */
    expect(FIELD_EMAIL, VALUE_FROM_CSV, "a@b.de", "a@b.de");
    refuse(FIELD_EMAIL, VALUE_FROM_CSV, "x", "INVALID_EMAIL_ADDRESS",
           "Field: invalid email address: x");
    expect(FIELD_EMAIL, VALUE_FROM_CSV, "a b@c.de", NULL);
    expect(FIELD_EMAIL, VALUE_FROM_CSV, "a@@c.de", NULL);
    expect(FIELD_BOOLEAN, VALUE_FROM_CSV, "Yes", "true");
    expect(FIELD_BOOLEAN, VALUE_FROM_CSV, "off", "false");
    expect(FIELD_BOOLEAN, VALUE_FROM_XML, "yes", NULL);
    expect(FIELD_BOOLEAN, VALUE_FROM_CSV, "ja", NULL);
    expect(FIELD_BASE64, VALUE_FROM_CSV, "QUJD", "QUJD");
    expect(FIELD_BASE64, VALUE_FROM_CSV, "QUJ", NULL);
}

static void
test_ids(void **state)
{
    (void)state;
    char id[19];
    assert_true(field_value_read_id(SLICE_LITERAL("0018c00002FInbo"), id));
    assert_string_equal(id, "0018c00002FInboAAD");
    assert_true(field_value_read_id(SLICE_LITERAL("0018c00002FInboAAD"), id));
    assert_false(field_value_read_id(SLICE_LITERAL("0018c00002FInboAAE"), id));
    assert_false(field_value_read_id(SLICE_LITERAL("0018c00002FInb"), id));
    assert_false(field_value_read_id(SLICE_LITERAL("0018c00002FInb-"), id));
    expect(FIELD_REFERENCE, VALUE_FROM_CSV, "0018c00002FInbo",
           "0018c00002FInboAAD");
    refuse(FIELD_REFERENCE, VALUE_FROM_CSV, "4711", "MALFORMED_ID",
           "Field: id value of incorrect type: 4711");
}

static void
shows(enum field_type type, const char *stored, const char *csv,
      const char *json)
{
    struct schema_field field = field_of(type);
    struct buffer out = {0};
    field_value_append_csv(&field, slice_of(stored), &out);
    assert_string_equal(buffer_text(&out), csv);
    buffer_reset(&out);
    field_value_append_json(&field, slice_of(stored), &out);
    assert_string_equal(buffer_text(&out), json);
    buffer_release(&out);
}

static void
test_shows(void **state)
{
    (void)state;
    shows(FIELD_DOUBLE, "912260031.00", "9.12260031E8", "9.12260031E8");
    shows(FIELD_CURRENCY, "0.00", "0.0", "0.0");
    shows(FIELD_CURRENCY, "1234.50", "1234.5", "1234.5");
    shows(FIELD_CURRENCY, "-1.00", "-1.0", "-1.0");
    shows(FIELD_CURRENCY, "1000000.00", "1000000.0", "1000000.0");
    shows(FIELD_CURRENCY, "9999999.00", "9999999.0", "9999999.0");
    shows(FIELD_CURRENCY, "10000000.00", "1.0E7", "1.0E7");
    shows(FIELD_DOUBLE, "0.05", "0.05", "0.05");
    shows(FIELD_DOUBLE, "0.001", "0.001", "0.001");
    shows(FIELD_DOUBLE, "0.00012", "1.2E-4", "1.2E-4");
    shows(FIELD_INT, "9122600", "9122600", "9122600");
    shows(FIELD_BOOLEAN, "true", "true", "true");
    shows(FIELD_DATETIME, "2026-01-31T09:30:00.000Z",
          "2026-01-31T09:30:00.000Z", "\"2026-01-31T09:30:00.000+0000\"");
    shows(FIELD_STRING, "a\"b\\\n\x01", "a\"b\\\n\x01",
          "\"a\\\"b\\\\\\n\\u0001\"");
    struct schema_field field = field_of(FIELD_DOUBLE);
    struct buffer out = {0};
    field_value_append_echo(&field, SLICE_LITERAL("912260031"), &out);
    assert_string_equal(buffer_text(&out), "9.12260031E8");
    buffer_reset(&out);
    field_value_append_echo(&field, SLICE_LITERAL("n/a"), &out);
    assert_string_equal(buffer_text(&out), "n/a");
    buffer_release(&out);
}

static void
test_folds(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct slice folded =
        field_value_fold(SLICE_LITERAL("AbÄÖÜßŠŻΩЖЁ漢\xC3"), &arena);
    assert_true(slice_is(folded, "abäöüßšżωжё漢\xC3"));
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_times),
        cmocka_unit_test(test_texts),   cmocka_unit_test(test_ids),
        cmocka_unit_test(test_shows),   cmocka_unit_test(test_folds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
