/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/field_value.h"

#include "rehearsal/org/field_parse.h"

#include <stdio.h>
#include <stdlib.h>

#define XSD_INT_LIMIT 2147483647L

static bool
too_long(const struct schema_field *field, struct slice text)
{
    return field->length > 0 && text.len > (size_t)field->length &&
           slice_utf8_count(text) > (size_t)field->length;
}

static bool
check_length(const struct schema_field *field, struct slice text,
             struct org_fault *fault)
{
    if (!too_long(field, text))
        return true;
    return org_fault_set(fault, "STRING_TOO_LONG", field->name,
                         "%s: data value too large: %.*s (max length=%d)",
                         field->label, SLICE_ARGS(text), field->length);
}

static const char *
xsd_type(enum field_type type)
{
    switch (type) {
    case FIELD_BOOLEAN:
        return "boolean";
    case FIELD_INT:
        return "int";
    case FIELD_LONG:
        return "long";
    case FIELD_DATE:
        return "date";
    case FIELD_DATETIME:
        return "dateTime";
    case FIELD_TIME:
        return "time";
    case FIELD_BASE64:
        return "base64Binary";
    default:
        return "double";
    }
}

/* Bulk names the column too; the caller, who knows it, puts it in front. */
static bool
not_of_type(const struct schema_field *field, struct slice text,
            enum value_origin origin, struct org_fault *fault)
{
    if (origin == VALUE_FROM_JSON) {
        const char *type = xsd_type(field->type);
        return org_fault_set(
            fault, "JSON_PARSER_ERROR", NULL,
            "Cannot deserialize instance of %s from VALUE_STRING value %.*s "
            "or request may be missing a required field",
            field->type == FIELD_DATETIME ? "datetime" : type,
            SLICE_ARGS(text));
    }
    return org_fault_set(fault, "INVALID_FIELD", field->name,
                         "'%.*s' is not a valid value for the type xsd:%s",
                         SLICE_ARGS(text), xsd_type(field->type));
}

static bool
in_picklist(const struct schema_field *field, struct slice value)
{
    for (size_t i = 0; i < field->picklist_count; i++)
        if (slice_is(value, field->picklist[i]))
            return true;
    return false;
}

static bool
check_picklist(const struct schema_field *field, struct slice text,
               struct org_fault *fault)
{
    if (!(field->flags & FIELD_RESTRICTED) || field->picklist_count == 0)
        return check_length(field, text, fault);
    const char *at = text.ptr, *end = text.ptr + text.len;
    while (at <= end) {
        const char *stop = NULL;
        if (field->type == FIELD_MULTIPICKLIST && at < end)
            stop = memchr(at, ';', (size_t)(end - at));
        if (!stop)
            stop = end;
        struct slice value = {at, (size_t)(stop - at)};
        if (!in_picklist(field, value))
            return org_fault_set(
                fault, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", field->name,
                "%s: bad value for restricted picklist "
                "field: %.*s",
                field->label, SLICE_ARGS(value));
        at = stop + 1;
    }
    return true;
}

static bool
is_email(struct slice text)
{
    const char *at = memchr(text.ptr, '@', text.len);
    if (!at || at == text.ptr)
        return false;
    struct slice domain = {at + 1, (size_t)(text.ptr + text.len - at - 1)};
    if (domain.len < 3 || memchr(domain.ptr, '@', domain.len))
        return false;
    const char *dot = memrchr(domain.ptr, '.', domain.len);
    if (!dot || dot == domain.ptr || dot + 1 == domain.ptr + domain.len ||
        domain.ptr[0] == '.' || at[-1] == '.' || text.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' ||
            strchr("<>()[],;:\\\"", text.ptr[i]))
            return false;
    return true;
}

static bool
parse_boolean(const struct schema_field *field, struct slice text,
              enum value_origin origin, struct slice *value,
              struct org_fault *fault)
{
    /* The words of Bulk CSV; XML and JSON have two (and 1, 0 in XML). */
    static const char *const yes[] = {"true", "1", "yes", "y", "on", "t"};
    static const char *const no[] = {"false", "0", "no", "n", "off", "f"};
    size_t words = origin == VALUE_FROM_CSV ? 6 : 2;
    for (size_t i = 0; i < words; i++) {
        if (slice_is_nocase(text, yes[i])) {
            *value = SLICE_LITERAL("true");
            return true;
        }
        if (slice_is_nocase(text, no[i])) {
            *value = SLICE_LITERAL("false");
            return true;
        }
    }
    return not_of_type(field, text, origin, fault);
}

static bool
parse_integer(const struct schema_field *field, struct slice text,
              enum value_origin origin, struct arena *arena,
              struct slice *value, struct org_fault *fault)
{
    enum field_parse_status status = field_parse_decimal(
        text, field->type == FIELD_INT ? 10 : 19, 0, true, arena, value);
    if (status == FIELD_PARSE_BAD)
        return not_of_type(field, text, origin, fault);
    long number = status == FIELD_PARSE_OK ? strtol(value->ptr, NULL, 10) : 0;
    if (status == FIELD_PARSE_RANGE ||
        (field->type == FIELD_INT &&
         (number > XSD_INT_LIMIT || number < -XSD_INT_LIMIT - 1)))
        return not_of_type(field, text, origin, fault);
    int digits = field->digits ? field->digits : 19;
    if ((int)value->len - (value->ptr[0] == '-') > digits &&
        field->digits > 0 && field->digits < 9)
        return org_fault_set(
            fault, "NUMBER_OUTSIDE_VALID_RANGE", field->name,
            "%s: value outside of valid range on numeric field: %.*s",
            field->label, SLICE_ARGS(*value));
    return true;
}

static bool
parse_decimal(const struct schema_field *field, struct slice text,
              enum value_origin origin, struct arena *arena,
              struct slice *value, struct org_fault *fault)
{
    int precision = field->precision ? field->precision : 18;
    switch (field_parse_decimal(text, precision - field->scale, field->scale,
                                false, arena, value)) {
    case FIELD_PARSE_OK:
        return true;
    case FIELD_PARSE_RANGE:
        return org_fault_set(
            fault, "NUMBER_OUTSIDE_VALID_RANGE", field->name,
            "%s: value outside of valid range on numeric field: %.*s",
            field->label, SLICE_ARGS(text));
    default:
        return not_of_type(field, text, origin, fault);
    }
}

static bool
parse_id(const struct schema_field *field, struct slice text,
         struct arena *arena, struct slice *value, struct org_fault *fault)
{
    char id[19];
    if (!field_value_read_id(text, id))
        return org_fault_set(fault, "MALFORMED_ID", field->name,
                             "%s: id value of incorrect type: %.*s",
                             field->label, SLICE_ARGS(text));
    *value = text.len == 18 ? text : arena_copy(arena, (struct slice){id, 18});
    return true;
}

/* What a store of UTF-8 shows for bytes that are none. */
static struct slice
mend_utf8(struct slice text, struct arena *arena)
{
    size_t good = slice_utf8_valid_len(text);
    if (good == text.len)
        return text;
    char *mended = arena_bytes(arena, text.len * 3);
    size_t len = 0;
    while (text.len) {
        good = slice_utf8_valid_len(text);
        memcpy(mended + len, text.ptr, good);
        len += good;
        if (good < text.len) {
            memcpy(mended + len, "\xEF\xBF\xBD", 3);
            len += 3;
            good++;
        }
        text = (struct slice){text.ptr + good, text.len - good};
    }
    return (struct slice){mended, len};
}

bool
field_value_parse(const struct schema_field *field, struct slice text,
                  enum value_origin origin, struct arena *arena,
                  struct slice *value, struct org_fault *fault)
{
    *value = text = mend_utf8(text, arena);
    switch (field->type) {
    case FIELD_BOOLEAN:
        return parse_boolean(field, text, origin, value, fault);
    case FIELD_INT:
    case FIELD_LONG:
        return parse_integer(field, text, origin, arena, value, fault);
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        return parse_decimal(field, text, origin, arena, value, fault);
    case FIELD_DATE:
        return field_parse_date(text, arena, value) ||
               not_of_type(field, text, origin, fault);
    case FIELD_DATETIME:
        return field_parse_datetime(text, arena, value) ||
               not_of_type(field, text, origin, fault);
    case FIELD_TIME:
        return field_parse_time(text, arena, value) ||
               not_of_type(field, text, origin, fault);
    case FIELD_ID:
    case FIELD_REFERENCE:
        return parse_id(field, text, arena, value, fault);
    case FIELD_PICKLIST:
    case FIELD_MULTIPICKLIST:
        return check_picklist(field, text, fault);
    case FIELD_EMAIL:
        if (!is_email(text))
            return org_fault_set(fault, "INVALID_EMAIL_ADDRESS", field->name,
                                 "%s: invalid email address: %.*s",
                                 field->label, SLICE_ARGS(text));
        return check_length(field, text, fault);
    case FIELD_BASE64:
        return field_parse_is_base64(text) ||
               not_of_type(field, text, origin, fault);
    default:
        return check_length(field, text, fault);
    }
}

/* As Java's Double.toString: plain from 1e-3 to 1e7, else one digit before
 * the point and E; always a digit behind the point. */
static void
append_double(struct slice value, struct buffer *out)
{
    char text[64], digits[40];
    if (value.len >= sizeof text) {
        buffer_append_slice(out, value);
        return;
    }
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    double number = strtod(text, NULL);
    if (number == 0) {
        buffer_append_text(out, "0.0");
        return;
    }
    for (int precision = 0; precision < 17; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    bool negative = digits[0] == '-';
    char *mantissa = digits + negative, *e = strchr(mantissa, 'e');
    int exponent = (int)strtol(e + 1, NULL, 10);
    *e = '\0';
    if (mantissa[1] == '.')
        memmove(mantissa + 1, mantissa + 2, strlen(mantissa + 1));
    int count = (int)strlen(mantissa);
    if (negative)
        buffer_append_char(out, '-');
    if (exponent < -3 || exponent >= 7)
        buffer_printf(out, "%c.%sE%d", mantissa[0],
                      count > 1 ? mantissa + 1 : "0", exponent);
    else if (exponent < 0)
        buffer_printf(out, "0.%.*s%s", -exponent - 1, "00", mantissa);
    else if (count > exponent + 1)
        buffer_printf(out, "%.*s.%s", exponent + 1, mantissa,
                      mantissa + exponent + 1);
    else
        buffer_printf(out, "%s%.*s.0", mantissa, exponent + 1 - count,
                      "0000000");
}

void
field_value_append_csv(const struct schema_field *field, struct slice value,
                       struct buffer *out)
{
    if (value.len && org_schema_type_is_decimal(field->type))
        append_double(value, out);
    else
        buffer_append_slice(out, value);
}

void
field_value_append_quoted(struct slice text, struct buffer *out)
{
    buffer_append_char(out, '"');
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buffer_append(out, text.ptr + begin, i - begin);
        begin = i + 1;
        const char *plain = "\"\\\n\r\t\b\f", *letter = "\"\\nrtbf";
        const char *found = c ? strchr(plain, (char)c) : NULL;
        if (found) {
            char escape[2] = {'\\', letter[found - plain]};
            buffer_append(out, escape, 2);
        } else
            buffer_printf(out, "\\u%04X", c);
    }
    buffer_append(out, text.ptr + begin, text.len - begin);
    buffer_append_char(out, '"');
}

void
field_value_append_json(const struct schema_field *field, struct slice value,
                        struct buffer *out)
{
    if (!value.ptr)
        buffer_append_text(out, "null");
    else if (org_schema_type_is_decimal(field->type))
        append_double(value, out);
    else if (field->type == FIELD_BOOLEAN || field->type == FIELD_INT ||
             field->type == FIELD_LONG)
        buffer_append_slice(out, value);
    else if (field->type == FIELD_DATETIME && value.len == 24)
        buffer_printf(out, "\"%.23s+0000\"", value.ptr);
    else
        field_value_append_quoted(value, out);
}

void
field_value_append_echo(const struct schema_field *field, struct slice text,
                        struct buffer *out)
{
    struct arena arena = {.block_size = 256};
    struct slice value = {0};
    struct org_fault fault = {0};
    bool changes =
        field && text.len &&
        (org_schema_type_is_decimal(field->type) ||
         field->type == FIELD_BOOLEAN || field->type == FIELD_DATETIME);
    if (changes &&
        field_value_parse(field, text, VALUE_FROM_CSV, &arena, &value, &fault))
        field_value_append_csv(field, value, out);
    else
        buffer_append_slice(out, text);
    arena_release(&arena);
}

void
field_value_id18(const char id15[15], char id18[19])
{
    memcpy(id18, id15, 15);
    for (int group = 0; group < 3; group++) {
        unsigned bits = 0;
        for (int i = 0; i < 5; i++) {
            char c = id15[group * 5 + i];
            if (c >= 'A' && c <= 'Z')
                bits |= 1u << i;
        }
        id18[15 + group] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits];
    }
    id18[18] = '\0';
}

bool
field_value_read_id(struct slice text, char id18[19])
{
    if (text.len != 15 && text.len != 18)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z');
        if (!alnum)
            return false;
    }
    field_value_id18(text.ptr, id18);
    return text.len == 15 || memcmp(id18 + 15, text.ptr + 15, 3) == 0;
}

/* The small letter of a capital from U+00C0 to U+042F, else itself; all of
 * them take two bytes in UTF-8. */
static unsigned
small_letter(unsigned c)
{
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) ||
        (c >= 0x14A && c <= 0x177))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    return c == 0x178 ? 0xFF : c;
}

struct slice
field_value_fold(struct slice text, struct arena *arena)
{
    char *folded = arena_bytes(arena, text.len ? text.len : 1);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        folded[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (c < 0xC3 || c > 0xD0 || i + 1 == text.len)
            continue;
        unsigned next = (unsigned char)text.ptr[i + 1];
        unsigned letter = small_letter(((c & 0x1Fu) << 6) | (next & 0x3Fu));
        folded[i] = (char)(0xC0 | (letter >> 6));
        folded[++i] = (char)(0x80 | (letter & 0x3F));
    }
    return (struct slice){folded, text.len};
}
