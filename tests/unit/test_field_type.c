/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/field_type.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const codes[] = {"DE", "AT"};
static const char *const tiers[] = {"A", "B", "C"};

static const struct schema_field fields[] = {
    {.name = "text", .type = FIELD_STRING, .length = 5},
    {.name = "free", .type = FIELD_OTHER},
    {.name = "money", .type = FIELD_CURRENCY, .precision = 6, .scale = 2},
    {.name = "count", .type = FIELD_INT, .digits = 4},
    {.name = "integer", .type = FIELD_INT},
    {.name = "long", .type = FIELD_LONG},
    {.name = "flag", .type = FIELD_BOOLEAN},
    {.name = "share", .type = FIELD_PERCENT, .precision = 5, .scale = 2},
    {.name = "double", .type = FIELD_DOUBLE, .precision = 18, .scale = 0},
    {.name = "note", .type = FIELD_TEXTAREA, .length = 6},
    {.name = "phone", .type = FIELD_PHONE, .length = 8},
    {.name = "url", .type = FIELD_URL, .length = 20},
    {.name = "id", .type = FIELD_ID, .length = 18},
    {.name = "combo", .type = FIELD_COMBOBOX, .length = 4},
    {.name = "secret", .type = FIELD_ENCRYPTED, .length = 4},
    /* An address is written by its parts, which are texts and picklists. */
    {.name = "BillingStreet", .type = FIELD_TEXTAREA, .length = 255},
    {.name = "BillingCountryCode",
     .type = FIELD_PICKLIST,
     .length = 10,
     .restricted_picklist = true,
     .picklist = codes,
     .picklist_count = 2},
    {.name = "open tiers", .type = FIELD_MULTIPICKLIST, .length = 5},
    {.name = "day", .type = FIELD_DATE},
    {.name = "instant", .type = FIELD_DATETIME},
    {.name = "time", .type = FIELD_TIME},
    {.name = "mail", .type = FIELD_EMAIL, .length = 80},
    {.name = "ref", .type = FIELD_REFERENCE, .length = 18},
    {.name = "bytes", .type = FIELD_BASE64},
    {.name = "tier",
     .type = FIELD_PICKLIST,
     .length = 255,
     .restricted_picklist = true,
     .picklist = tiers,
     .picklist_count = 3},
    {.name = "open", .type = FIELD_PICKLIST, .length = 3},
    {.name = "empty", .type = FIELD_PICKLIST, .restricted_picklist = true},
    {.name = "tiers",
     .type = FIELD_MULTIPICKLIST,
     .restricted_picklist = true,
     .picklist = tiers,
     .picklist_count = 3},
};

static const struct schema_field *
field_of(const char *name)
{
    const struct schema_object object = {
        .fields = fields, .field_count = sizeof fields / sizeof *fields};
    return schema_object_field(&object, slice_of(name));
}

static void
checks_and_spells_each_type(void **state)
{
    (void)state;
    static const struct {
        const char *field, *text, *want, *code; /* want NULL: refused */
    } cases[] = {
        {"text", "abcde", "abcde", NULL},
        {"text", "äöüßé", "äöüßé", NULL},
        {"text", "abcdef", NULL, "too-long"},
        {"text", "äöüßéx", NULL, "too-long"},
        {"text", "#N/A", NULL, "null-literal"},
        {"text", "#n/a", "#n/a", NULL},
        {"free", "any text at all", "any text at all", NULL},
        {"free", "#N/A", NULL, "null-literal"},
        {"money", "1234.50", "1234.50", NULL},
        {"money", "-1234.5678", "-1234.5678", NULL},
        {"money", "0012.5", "12.5", NULL},
        {"money", ".5", "0.5", NULL},
        {"money", "12345", NULL, "too-many-digits"},
        {"money", "1,5", NULL, "not-a-number"},
        {"money", "1e3", NULL, "not-a-number"},
        {"money", "NaN", NULL, "not-a-number"},
        {"money", "0x1F", NULL, "not-a-number"},
        {"count", "9999", "9999", NULL},
        {"count", "12345", NULL, "too-many-digits"},
        {"count", "12.00", "12", NULL},
        {"count", "12.5", NULL, "not-whole"},
        {"integer", "2147483647", "2147483647", NULL},
        {"integer", "-2147483648", "-2147483648", NULL},
        {"integer", "2147483648", NULL, "too-many-digits"},
        {"long", "9223372036854775807", "9223372036854775807", NULL},
        {"long", "9223372036854775808", NULL, "too-many-digits"},
        {"long", "99999999999999999999", NULL, "too-many-digits"},
        {"flag", "Yes", "true", NULL},
        {"flag", "0", "false", NULL},
        {"flag", "maybe", NULL, "not-boolean"},
        {"day", "2024-02-29", "2024-02-29", NULL},
        {"day", "2023-02-29", NULL, "date-shape"},
        {"day", "31.01.2026", NULL, "date-shape"},
        {"instant", "2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.000Z",
         NULL},
        {"instant", "2026-01-31T09:30:00+01:00", "2026-01-31T08:30:00.000Z",
         NULL},
        {"instant", "2026-01-31T09:30:00", NULL, "datetime-shape"},
        {"instant", "2026-01-31", NULL, "datetime-shape"},
        {"instant", "0001-01-01T00:00:00+01:00", NULL, "datetime-shape"},
        {"time", "09:30:00", "09:30:00.000Z", NULL},
        {"time", "9:30", NULL, "time-shape"},
        {"mail", "a.b+c@example.com", "a.b+c@example.com", NULL},
        {"mail", "müller@bücher.example", "müller@bücher.example", NULL},
        {"mail", "a@b", NULL, "email"},
        {"mail", "a@b@example.com", NULL, "email"},
        {"mail", "a b@example.com", NULL, "email"},
        {"mail", "@example.com", NULL, "email"},
        {"mail", "a@example..com", NULL, "email"},
        {"mail", "a@example.com.", NULL, "email"},
        {"mail", "nobody", NULL, "email"},
        {"ref", "0018c00002FInbo", "0018c00002FInbo", NULL},
        {"ref", "0018c00002FInboAAD", "0018c00002FInboAAD", NULL},
        {"ref", "0018c00002FInboAAE", NULL, "id-checksum"},
        {"ref", "0018c00002Finbo", "0018c00002Finbo", NULL},
        {"ref", "0018c00002FInb", NULL, "id-shape"},
        {"ref", "0018c00002FInb-", NULL, "id-shape"},
        {"ref", "4711", NULL, "id-shape"},
        {"bytes", "aGFsbG8=", "aGFsbG8=", NULL},
        {"bytes", "aGFsbG8", NULL, "base64-shape"},
        {"bytes", "====", NULL, "base64-shape"},
        {"tier", "B", "B", NULL},
        {"tier", "b", NULL, "picklist"},
        {"tier", "D", NULL, "picklist"},
        {"open", "xyz", "xyz", NULL},
        {"open", "wxyz", NULL, "too-long"},
        {"empty", "x", NULL, "picklist"},
        {"tiers", "A;C", "A;C", NULL},
        {"tiers", " A ; ;C;", "A;C", NULL},
        {"tiers", "A;b", NULL, "picklist"},
        {"open tiers", "x; y", "x;y", NULL},
        {"open tiers", "x;y;z;w", NULL, "too-long"},
        {"share", "12.345", "12.345", NULL},
        {"share", "100", "100", NULL},
        {"share", "1000", NULL, "too-many-digits"},
        {"share", "12 %", NULL, "not-a-number"},
        {"double", "1.9", "1.9", NULL},
        {"note", "a\nb c", "a\nb c", NULL},
        {"note", "a\nb c de", NULL, "too-long"},
        {"phone", "+49 (0)8", "+49 (0)8", NULL},
        {"phone", "+49 89 123", NULL, "too-long"},
        {"url", "https://a.example", "https://a.example", NULL},
        {"id", "0018c00002FInboAAD", "0018c00002FInboAAD", NULL},
        {"id", "0018c00002FInboaad", NULL, "id-checksum"},
        {"combo", "own", "own", NULL},
        {"combo", "owner", NULL, "too-long"},
        {"secret", "12345", NULL, "too-long"},
        {"BillingStreet", "Weg 1\nHof", "Weg 1\nHof", NULL},
        {"BillingCountryCode", "DE", "DE", NULL},
        {"BillingCountryCode", "Germany", NULL, "picklist"},
        {"time", "23:59:59.999", "23:59:59.999Z", NULL},
        {"time", "24:00:00", NULL, "time-shape"},
        {"flag", "TRUE", "true", NULL},
        {"flag", "x", "true", NULL},
        {"tiers", "A;D", NULL, "picklist"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct field_check check = {.type = FIELD_OTHER};
        struct value_notes notes = {0};
        struct value_fault fault = {NULL, {NULL, 0}};
        struct slice out;
        field_type_bind(&check, field_of(cases[i].field), &arena);
        bool fits = field_type_apply(&check, slice_of(cases[i].text), &arena,
                                     &notes, &out, &fault);
        bool is_right =
            fits ? cases[i].want && slice_is(out, cases[i].want)
                 : cases[i].code && strcmp(fault.code, cases[i].code) == 0;
        if (!is_right) {
            fail_msg("%s '%s': %s", cases[i].field, cases[i].text,
                     fits ? "taken" : fault.code);
        }
        field_type_release(&check);
        arena_release(&arena);
    }
}

static void
says_what_a_field_takes(void **state)
{
    (void)state;
    static const struct {
        const char *field, *text, *want;
    } cases[] = {
        {"text", "äöüßéx", "has 6 characters, the field takes 5"},
        {"money", "123456.7",
         "has 6 digits before the point, the field takes 4"},
        {"tier", "D", "is not one of 'A', 'B' or 'C'"},
        {"tier", "b", "is not one of 'A', 'B' or 'C' (did you mean 'B'?)"},
        {"tiers", "A;D", "holds 'D', which is not one of 'A', 'B' or 'C'"},
        {"empty", "x", "can't be taken, for the picklist has no active value"},
        {"ref", "0018c00002FInboAAE",
         "is not a Salesforce Id: its last three characters don't fit the "
         "others"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct field_check check = {.type = FIELD_OTHER};
        struct value_notes notes = {0};
        struct value_fault fault;
        struct slice out;
        field_type_bind(&check, field_of(cases[i].field), &arena);
        assert_false(field_type_apply(&check, slice_of(cases[i].text), &arena,
                                      &notes, &out, &fault));
        if (!slice_is(fault.text, cases[i].want)) {
            fail_msg("%.*s", SLICE_ARGS(fault.text));
        }
        field_type_release(&check);
        arena_release(&arena);
    }
}

static void
cuts_at_characters(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct field_check check = {
        .type = FIELD_STRING, .length = 3, .truncate = true};
    struct value_notes notes = {0};
    struct value_fault fault;
    struct slice out;
    assert_true(field_type_apply(&check, SLICE_LITERAL("aß€𝄞x"), &arena, &notes,
                                 &out, &fault));
    assert_true(slice_is(out, "aß€"));
    assert_true(field_type_apply(&check, SLICE_LITERAL("𝄞𝄞𝄞"), &arena, &notes,
                                 &out, &fault));
    assert_true(slice_is(out, "𝄞𝄞𝄞"));
    arena_release(&arena);
}

static void
bounds_every_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct field_check check = {.type = FIELD_OTHER};
    struct value_notes notes = {0};
    struct value_fault fault;
    struct slice out;
    struct buffer text = {0};
    for (int i = 0; i < FIELD_CHARACTERS_LIMIT; i++) {
        buffer_append_text(&text, "ä");
    }
    assert_true(field_type_apply(&check, buffer_slice(&text), &arena, &notes,
                                 &out, &fault));
    buffer_append_text(&text, "x");
    assert_false(field_type_apply(&check, buffer_slice(&text), &arena, &notes,
                                  &out, &fault));
    assert_string_equal(fault.code, "too-long");
    assert_int_equal(field_type_plain_limit(&check), FIELD_CHARACTERS_LIMIT);
    buffer_release(&text);
    arena_release(&arena);
}

static void
notes_decimals_that_are_rounded(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct field_check check = {.type = FIELD_OTHER};
    struct value_notes notes = {0};
    struct value_fault fault;
    struct slice out;
    field_type_bind(&check, field_of("money"), &arena);
    static const char *const numbers[] = {"1.25", "1.255", "1.2550", "1"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(field_type_apply(&check, slice_of(numbers[i]), &arena,
                                     &notes, &out, &fault));
    }
    assert_int_equal(notes.rounded.count, 2);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_and_spells_each_type),
        cmocka_unit_test(says_what_a_field_takes),
        cmocka_unit_test(cuts_at_characters),
        cmocka_unit_test(bounds_every_text),
        cmocka_unit_test(notes_decimals_that_are_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
