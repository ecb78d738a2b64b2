/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_number.h"

#define NO_BREAK_SPACE "\xC2\xA0"
#define NARROW_NO_BREAK_SPACE "\xE2\x80\xAF"
#define APOSTROPHE "\xE2\x80\x99"

/* What may part thousands; '.' and ',' may be the decimal sign as well. */
static const char *const signs[] = {
    ".", ",", "'", " ", NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE, APOSTROPHE,
};
#define SIGN_COUNT (sizeof signs / sizeof *signs)

const struct number_shape value_number_plain = {
    .example = {"-1234.56", 8},
    .decimal = '.',
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t
digits_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && is_digit(text.ptr[len])) {
        len++;
    }
    return len;
}

static struct slice
after(struct slice text, size_t len)
{
    return (struct slice){text.ptr + len, text.len - len};
}

static const char *
sign_at(struct slice text)
{
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (slice_begins(text, signs[i])) {
            return signs[i];
        }
    }
    return NULL;
}

/* The signs of an example between its digits. */
struct example_signs {
    const char *first, *last; /* NULL: none */
    size_t count, first_count;
    size_t lead, tail; /* digits before the first, behind the last */
    bool threes;       /* each run between signs has three digits */
};

static bool
find_signs(struct slice text, struct example_signs *found)
{
    *found = (struct example_signs){.threes = true};
    found->lead = found->tail = digits_len(text);
    text = after(text, found->lead);
    while (text.len > 0) {
        const char *sign = sign_at(text);
        if (sign == NULL || found->tail == 0) {
            return false;
        }
        found->threes =
            found->threes && (found->count == 0 || found->tail == 3);
        found->first = found->count == 0 ? sign : found->first;
        found->first_count += sign == found->first;
        found->last = sign;
        found->count++;
        text = after(text, strlen(sign));
        found->tail = digits_len(text);
        text = after(text, found->tail);
    }
    return found->tail > 0;
}

static bool
is_decimal_sign(const char *sign)
{
    return sign[0] == '.' || sign[0] == ',';
}

static void
set_group(struct number_shape *shape, const char *sign)
{
    memcpy(shape->group, sign, strlen(sign) + 1);
    shape->group_is_blank = sign[0] == ' ' ||
                            strcmp(sign, NO_BREAK_SPACE) == 0 ||
                            strcmp(sign, NARROW_NO_BREAK_SPACE) == 0;
}

/* Which of the signs parts thousands and which the decimals. */
static bool
judge_signs(const struct example_signs *found, struct number_shape *shape,
            const char **why)
{
    if (found->first == found->last) {
        bool grouped = found->lead <= 3 && found->threes && found->tail == 3;
        if (found->count == 1 && is_decimal_sign(found->first)) {
            *why = "it can be read two ways: give the example a thousands "
                   "sign and decimals, as in 1.234,56";
            shape->decimal = found->first[0];
            return !grouped;
        }
        *why = "thousands are parted in threes";
        set_group(shape, found->first);
        return grouped;
    }
    *why = "it has one thousands sign and one decimal sign at most";
    set_group(shape, found->first);
    shape->decimal = found->last[0];
    return found->first_count == found->count - 1 && found->lead <= 3 &&
           found->threes && is_decimal_sign(found->last);
}

bool
value_number_shape(struct slice example, struct number_shape *shape,
                   const char **why)
{
    struct example_signs found;
    struct slice digits = example;
    *shape = (struct number_shape){.example = example};
    *why = "an example of digits is needed, as in 1.234,56; units need a "
           "formula";
    if (digits.len > 2 && digits.ptr[0] == '(' &&
        digits.ptr[digits.len - 1] == ')') {
        shape->parentheses = true;
        digits = (struct slice){digits.ptr + 1, digits.len - 2};
    } else if (digits.len > 1 && digits.ptr[digits.len - 1] == '-') {
        shape->trailing_minus = true;
        digits.len--;
    } else if (digits.len > 1 && digits.ptr[0] == '-') {
        digits = after(digits, 1);
    }
    if (!find_signs(digits, &found)) {
        return false;
    }
    return found.count == 0 || judge_signs(&found, shape, why);
}

static size_t
group_len(const struct number_shape *shape, struct slice text)
{
    if (shape->group_is_blank) {
        return slice_begins(text, " ")                     ? 1
               : slice_begins(text, NO_BREAK_SPACE)        ? 2
               : slice_begins(text, NARROW_NO_BREAK_SPACE) ? 3
                                                           : 0;
    }
    return shape->group[0] != '\0' && slice_begins(text, shape->group)
               ? strlen(shape->group)
               : 0;
}

/* A number taken apart; whole may hold group signs. */
struct parts {
    struct slice whole, decimals;
    bool negative, leading_minus, grouped;
};

static struct slice
take_minus(const struct number_shape *shape, struct slice text,
           struct parts *parts)
{
    size_t last = text.len - 1;
    if (text.len > 1 && text.ptr[0] == '-') {
        parts->negative = parts->leading_minus = true;
        return after(text, 1);
    }
    if (shape->trailing_minus && text.len > 1 && text.ptr[last] == '-') {
        parts->negative = true;
        text.len--;
    } else if (shape->parentheses && text.len > 2 && text.ptr[0] == '(' &&
               text.ptr[last] == ')') {
        parts->negative = true;
        text = (struct slice){text.ptr + 1, text.len - 2};
    }
    return text;
}

static bool
take_parts(const struct number_shape *shape, struct slice text,
           struct parts *parts)
{
    *parts = (struct parts){0};
    text = take_minus(shape, text, parts);
    parts->whole.ptr = text.ptr;
    size_t run = digits_len(text), sign;
    text = after(text, run);
    if (run > 0 && run <= 3) {
        while ((sign = group_len(shape, text)) > 0) {
            if (digits_len(after(text, sign)) != 3) {
                return false;
            }
            text = after(text, sign + 3);
            parts->grouped = true;
        }
    }
    parts->whole.len = (size_t)(text.ptr - parts->whole.ptr);
    if (text.len > 0 && shape->decimal != '\0' &&
        text.ptr[0] == shape->decimal) {
        parts->decimals = after(text, 1);
        parts->decimals.len = digits_len(parts->decimals);
        text = after(text, 1 + parts->decimals.len);
        return text.len == 0 && parts->decimals.len > 0;
    }
    return text.len == 0 && run > 0;
}

static bool
has_nonzero(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= '1' && text.ptr[i] <= '9') {
            return true;
        }
    }
    return false;
}

static bool
is_as_wanted(const struct number_shape *shape, const struct parts *parts)
{
    return !parts->grouped && parts->negative == parts->leading_minus &&
           (parts->decimals.ptr == NULL || shape->decimal == '.') &&
           parts->whole.len > 0 &&
           (parts->whole.len == 1 || parts->whole.ptr[0] != '0');
}

static struct slice
spell(const struct parts *parts, struct arena *arena)
{
    char *out = arena_bytes(arena, parts->whole.len + parts->decimals.len + 3);
    size_t len = 0;
    if (parts->negative) {
        out[len++] = '-';
    }
    size_t first = len;
    for (size_t i = 0; i < parts->whole.len; i++) {
        char c = parts->whole.ptr[i];
        if (is_digit(c) && (c != '0' || len > first)) {
            out[len++] = c;
        }
    }
    if (len == first) {
        out[len++] = '0';
    }
    if (parts->decimals.len > 0) {
        out[len++] = '.';
        memcpy(out + len, parts->decimals.ptr, parts->decimals.len);
        len += parts->decimals.len;
    }
    return (struct slice){out, len};
}

bool
value_number_read(const struct number_shape *shape, struct slice text,
                  struct arena *arena, struct slice *number)
{
    struct parts parts;
    if (text.len == 0 || !take_parts(shape, text, &parts)) {
        return false;
    }
    if (parts.negative && !has_nonzero(parts.whole) &&
        !has_nonzero(parts.decimals)) {
        parts.negative = false; /* -0 is 0 */
    }
    *number = is_as_wanted(shape, &parts) ? text : spell(&parts, arena);
    return true;
}
