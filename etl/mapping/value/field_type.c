/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/field_type.h"

#include "mapping/value/field_picklist.h"
#include "mapping/value/value_boolean.h"
#include "mapping/value/value_date.h"
#include "mapping/value/value_number.h"

#define INT_DIGITS 10 /* of the largest 32-bit number */
#define LONG_DIGITS 19

void
field_type_bind(struct field_check *check, const struct schema_field *field,
                struct arena *arena)
{
    check->type = field->type;
    check->length = field->length;
    check->scale = field->scale;
    check->whole_digits = field->precision - field->scale;
    if (field->type == FIELD_INT || field->type == FIELD_LONG) {
        check->whole_digits = field->digits;
        check->scale = 0;
    }
    if (!field->restricted_picklist) {
        return;
    }
    const char **values =
        arena_array(arena, field->picklist_count, sizeof *values);
    for (size_t i = 0; i < field->picklist_count; i++) {
        values[i] = arena_strdup(arena, slice_of(field->picklist[i]));
        map_put(&check->picklist_set, slice_of(values[i]), &values[i]);
    }
    check->restricted = true;
    check->picklist = values;
    check->picklist_count = field->picklist_count;
}

void
field_type_release(struct field_check *check)
{
    map_release(&check->picklist_set);
}

bool
field_type_is_text(enum field_type type)
{
    switch (type) {
    case FIELD_STRING:
    case FIELD_TEXTAREA:
    case FIELD_PICKLIST:
    case FIELD_MULTIPICKLIST:
    case FIELD_COMBOBOX:
    case FIELD_EMAIL:
    case FIELD_PHONE:
    case FIELD_URL:
    case FIELD_ENCRYPTED:
    case FIELD_OTHER:
        return true;
    case FIELD_BOOLEAN:
    case FIELD_INT:
    case FIELD_LONG:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_TIME:
    case FIELD_REFERENCE:
    case FIELD_ID:
    case FIELD_BASE64:
    case FIELD_ADDRESS:
    case FIELD_LOCATION:
        return false;
    }
    return false;
}

static size_t
characters_limit(const struct field_check *check)
{
    return check->length > 0 && check->length < FIELD_CHARACTERS_LIMIT
               ? check->length
               : FIELD_CHARACTERS_LIMIT;
}

size_t
field_type_plain_limit(const struct field_check *check)
{
    bool is_plain = field_type_is_text(check->type) &&
                    check->type != FIELD_EMAIL &&
                    check->type != FIELD_MULTIPICKLIST && !check->restricted;
    /* A character takes a byte or more. */
    return is_plain ? characters_limit(check) : 0;
}

static bool
refuse(struct value_fault *fault, const char *code, struct slice text)
{
    fault->code = code;
    fault->text = text;
    return false;
}

static bool
fit_length(const struct field_check *check, struct slice text,
           struct arena *arena, struct slice *out, struct value_fault *fault)
{
    size_t limit = characters_limit(check);
    *out = text;
    if (text.len <= limit) {
        return true;
    }
    size_t count = slice_utf8_count(text);
    if (count <= limit) {
        return true;
    }
    if (check->truncate) {
        out->len = slice_utf8_prefix(text, limit);
        return true;
    }
    return refuse(fault, "too-long",
                  arena_printf(arena, "has %zu characters, the field takes %zu",
                               count, limit));
}

static bool
is_email_char(unsigned char c)
{
    return c > ' ' && c != 0x7F && strchr("@,;:<>()[]\\\"", c) == NULL;
}

static bool
is_domain(struct slice text)
{
    size_t label = 0, dots = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || c == '-' || c >= 0x80;
        if (c == '.' && label > 0) {
            dots++;
            label = 0;
        } else if (fits) {
            label++;
        } else {
            return false;
        }
    }
    return dots > 0 && label > 0;
}

/* Only what the org refuses for sure: the rest is its to judge. */
static bool
is_email(struct slice text)
{
    const char *at = memchr(text.ptr, '@', text.len);
    if (at == NULL || at == text.ptr) {
        return false;
    }
    for (const char *c = text.ptr; c < at; c++) {
        if (!is_email_char((unsigned char)*c)) {
            return false;
        }
    }
    return is_domain(
        (struct slice){at + 1, text.len - (size_t)(at + 1 - text.ptr)});
}

static bool
apply_text(const struct field_check *check, struct slice text,
           struct arena *arena, struct slice *out, struct value_fault *fault)
{
    if (check->type == FIELD_MULTIPICKLIST &&
        memchr(text.ptr, ';', text.len) != NULL) {
        text = field_picklist_spell(text, arena);
    }
    if (check->restricted) {
        *out = text;
        return check->type == FIELD_MULTIPICKLIST
                   ? field_picklist_all(check, text, arena, fault)
                   : field_picklist_has(check, text, arena, fault);
    }
    if (!fit_length(check, text, arena, out, fault)) {
        return false;
    }
    if (check->type == FIELD_EMAIL && !is_email(*out)) {
        return refuse(fault, "email",
                      SLICE_LITERAL("is not an email address like "
                                    "name@example.com"));
    }
    return true;
}

/* "-00012.50" never comes here: the digits are canonical. */
static bool
fits_digits(const struct field_check *check, struct slice number,
            struct arena *arena, struct value_notes *notes,
            struct value_fault *fault)
{
    size_t sign = number.ptr[0] == '-';
    const char *point = memchr(number.ptr, '.', number.len);
    size_t whole =
        (point == NULL ? number.len : (size_t)(point - number.ptr)) - sign;
    size_t decimals = point == NULL ? 0 : number.len - sign - whole - 1;
    if (whole == 1 && number.ptr[sign] == '0') {
        whole = 0;
    }
    if (check->whole_digits > 0 && whole > (size_t)check->whole_digits) {
        return refuse(
            fault, "too-many-digits",
            arena_printf(arena,
                         "has %zu digits before the point, the field takes %d",
                         whole, check->whole_digits));
    }
    if (check->scale >= 0 && decimals > (size_t)check->scale) {
        value_note_add(notes, &notes->rounded);
    }
    return true;
}

static bool
is_within(struct slice whole, uint64_t limit)
{
    bool negative = whole.ptr[0] == '-';
    uint64_t value;
    return slice_to_u64(
               (struct slice){whole.ptr + negative, whole.len - negative},
               &value) &&
           value <= limit + negative;
}

/* "12.00" is 12. */
static bool
cut_zero_decimals(struct slice *number)
{
    const char *point = memchr(number->ptr, '.', number->len);
    if (point == NULL) {
        return true;
    }
    for (const char *c = point + 1; c < number->ptr + number->len; c++) {
        if (*c != '0') {
            return false;
        }
    }
    number->len = (size_t)(point - number->ptr);
    return true;
}

static bool
apply_number(const struct field_check *check, struct slice text,
             struct arena *arena, struct value_notes *notes, struct slice *out,
             struct value_fault *fault)
{
    if (!value_number_read(&value_number_plain, text, arena, out)) {
        return refuse(fault, "not-a-number",
                      SLICE_LITERAL("is not a number like -1234.56 ('number' "
                                    "reads other shapes)"));
    }
    bool is_long = check->type == FIELD_LONG;
    if (check->type != FIELD_INT && !is_long) {
        return fits_digits(check, *out, arena, notes, fault);
    }
    if (!cut_zero_decimals(out)) {
        return refuse(fault, "not-whole",
                      SLICE_LITERAL("is not a whole number"));
    }
    if (!fits_digits(check, *out, arena, notes, fault)) {
        return false;
    }
    return is_within(*out, is_long ? INT64_MAX : INT32_MAX) ||
           refuse(fault, "too-many-digits",
                  arena_printf(arena,
                               "is beyond the whole numbers of %d bits "
                               "that the field takes",
                               is_long ? 64 : 32));
}

static bool
apply_boolean(struct slice text, struct slice *out, struct value_fault *fault)
{
    static const struct boolean_texts usual = {0};
    bool value;
    if (!value_boolean_read(&usual, text, &value)) {
        return refuse(
            fault, "not-boolean",
            SLICE_LITERAL("is neither true yes y on 1 x nor false no n "
                          "off 0 ('boolean' reads other texts)"));
    }
    *out = value ? SLICE_LITERAL("true") : SLICE_LITERAL("false");
    return true;
}

static bool
apply_date(struct slice text, struct slice *out, struct value_fault *fault)
{
    struct date_parts parts;
    *out = text;
    return value_date_read_plain(text, &parts) ||
           refuse(fault, "date-shape",
                  SLICE_LITERAL("is not a date like 2026-01-31 ('date' reads "
                                "other shapes)"));
}

static bool
apply_datetime(struct slice text, struct arena *arena, struct slice *out,
               struct value_fault *fault)
{
    struct date_parts parts;
    char spelled[DATETIME_TEXT_SIZE];
    if (!value_date_read_iso(text, &parts) ||
        !calendar_print_utc(calendar_wall_seconds(&parts) - parts.zone_seconds,
                            parts.millisecond, spelled)) {
        return refuse(fault, "datetime-shape",
                      SLICE_LITERAL("is not a time like 2026-01-31T09:30:00Z "
                                    "or …+01:00 ('datetime' reads other "
                                    "shapes)"));
    }
    *out =
        slice_is(text, spelled) ? text : arena_copy(arena, slice_of(spelled));
    return true;
}

static bool
apply_time(struct slice text, struct arena *arena, struct slice *out,
           struct value_fault *fault)
{
    struct date_parts parts;
    char spelled[TIME_TEXT_SIZE];
    if (!value_date_read_time(text, &parts)) {
        return refuse(fault, "time-shape",
                      SLICE_LITERAL("is not a time of day like 09:30:00"));
    }
    calendar_print_time(&parts, spelled);
    *out = arena_copy(arena, slice_of(spelled));
    return true;
}

static bool
is_alphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9');
}

/* Each of the last three characters says which of five are capitals. */
bool
field_type_is_id(struct slice text)
{
    static const char checks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if (text.len != 15 && text.len != 18) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_alphanumeric(text.ptr[i])) {
            return false;
        }
    }
    for (size_t group = 0; text.len == 18 && group < 3; group++) {
        unsigned bits = 0;
        for (size_t i = 0; i < 5; i++) {
            char c = text.ptr[group * 5 + i];
            bits |= (unsigned)(c >= 'A' && c <= 'Z') << i;
        }
        if (text.ptr[15 + group] != checks[bits]) {
            return false;
        }
    }
    return true;
}

static bool
apply_id(struct slice text, struct slice *out, struct value_fault *fault)
{
    *out = text;
    if (field_type_is_id(text)) {
        return true;
    }
    if (text.len == 18) {
        return refuse(fault, "id-checksum",
                      SLICE_LITERAL("is not a Salesforce Id: its last three "
                                    "characters don't fit the others"));
    }
    return refuse(fault, "id-shape",
                  SLICE_LITERAL("is not a Salesforce Id of 15 or 18 letters "
                                "and digits"));
}

static bool
apply_base64(struct slice text, struct slice *out, struct value_fault *fault)
{
    size_t len = text.len;
    *out = text;
    while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=') {
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        if (!is_alphanumeric(c) && c != '+' && c != '/') {
            len = 0;
        }
    }
    return (len > 0 && text.len % 4 == 0) ||
           refuse(fault, "base64-shape", SLICE_LITERAL("is not base64"));
}

bool
field_type_apply(const struct field_check *check, struct slice text,
                 struct arena *arena, struct value_notes *notes,
                 struct slice *out, struct value_fault *fault)
{
    if (slice_is(text, "#N/A")) {
        return refuse(
            fault, "null-literal",
            SLICE_LITERAL("would be read as null by the org ('blank: "
                          "clear' with 'null_values' asks for that)"));
    }
    switch (check->type) {
    case FIELD_BOOLEAN:
        return apply_boolean(text, out, fault);
    case FIELD_INT:
    case FIELD_LONG:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        return apply_number(check, text, arena, notes, out, fault);
    case FIELD_DATE:
        return apply_date(text, out, fault);
    case FIELD_DATETIME:
        return apply_datetime(text, arena, out, fault);
    case FIELD_TIME:
        return apply_time(text, arena, out, fault);
    case FIELD_REFERENCE:
    case FIELD_ID:
        return apply_id(text, out, fault);
    case FIELD_BASE64:
        return apply_base64(text, out, fault);
    default:
        return apply_text(check, text, arena, out, fault);
    }
}
