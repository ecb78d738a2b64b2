/* SPDX-License-Identifier: Apache-2.0 */
#include "model/canonical.h"

#include <stdio.h>
#include <stdlib.h>

#define NUMBER_TEXT_LIMIT 400 /* characters: a double written out has 326 */
#define EXPONENT_LIMIT 100000
#define DAY_MS INT64_C(86400000)

/* A number is 0.DIGITS times 10 to the exponent; no digits: zero. */
struct decimal {
    bool negative;
    int32_t exponent;
    size_t count;
    char digits[CANONICAL_DIGIT_LIMIT];
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes a sign; true when it is a minus. */
static bool
take_sign(struct slice *text)
{
    bool negative = text->len > 0 && text->ptr[0] == '-';
    if (negative || (text->len > 0 && text->ptr[0] == '+')) {
        text->ptr++;
        text->len--;
    }
    return negative;
}

/* What follows the E: digits with a sign, to the end. */
static bool
read_exponent(struct slice text, int32_t *exponent)
{
    bool negative = take_sign(&text);
    int32_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]) || sum > EXPONENT_LIMIT) {
            return false;
        }
        sum = sum * 10 + (text.ptr[i] - '0');
    }
    *exponent += negative ? -sum : sum;
    return text.len > 0;
}

static bool
add_digit(struct decimal *decimal, char digit, bool behind_point)
{
    if (decimal->count == 0 && digit == '0') {
        decimal->exponent -= behind_point;
        return true;
    }
    if (decimal->count == CANONICAL_DIGIT_LIMIT) {
        /* Zeros before the point only shift it, those behind say nothing. */
        decimal->exponent += !behind_point;
        return digit == '0';
    }
    decimal->digits[decimal->count++] = digit;
    decimal->exponent += !behind_point;
    return true;
}

static void
drop_zeros(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
    }
    if (decimal->count == 0) {
        decimal->negative = false;
        decimal->exponent = 0;
    }
}

/* One more in the last place that is kept. */
static void
carry(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '9') {
        decimal->count--;
    }
    if (decimal->count == 0) {
        decimal->digits[decimal->count++] = '1';
        decimal->exponent++;
    } else {
        decimal->digits[decimal->count - 1]++;
    }
}

/* Half away from zero. */
static void
round_decimal(struct decimal *decimal, int scale)
{
    int64_t kept = (int64_t)decimal->exponent + scale;
    if (scale < 0 || kept >= (int64_t)decimal->count) {
        return;
    }
    bool up = kept >= 0 && decimal->digits[kept] >= '5';
    decimal->count = kept > 0 ? (size_t)kept : 0;
    if (up) {
        carry(decimal);
    }
    drop_zeros(decimal);
}

static bool
read_decimal(struct slice text, struct decimal *decimal)
{
    decimal->exponent = 0;
    decimal->count = 0;
    if (text.len > NUMBER_TEXT_LIMIT) {
        return false;
    }
    decimal->negative = take_sign(&text);
    bool behind_point = false, any = false;
    size_t i = 0;
    for (; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_digit(c)) {
            any = true;
            if (!add_digit(decimal, c, behind_point)) {
                return false;
            }
        } else if (c == '.' && !behind_point) {
            behind_point = true;
        } else {
            break;
        }
    }
    if (!any) {
        return false;
    }
    if (i < text.len &&
        ((text.ptr[i] | 0x20) != 'e' ||
         !read_exponent((struct slice){text.ptr + i + 1, text.len - i - 1},
                        &decimal->exponent))) {
        return false;
    }
    drop_zeros(decimal);
    return true;
}

static size_t
write_number(struct slice text, int scale, char *out)
{
    struct decimal decimal;
    if (!read_decimal(text, &decimal)) {
        return 0;
    }
    round_decimal(&decimal, scale);
    out[0] = decimal.negative ? '-' : '+';
    memcpy(out + 1, &decimal.exponent, sizeof decimal.exponent);
    memcpy(out + 1 + sizeof decimal.exponent, decimal.digits, decimal.count);
    return 1 + sizeof decimal.exponent + decimal.count;
}

static size_t
write_double(struct slice text, int scale, char *out)
{
    struct decimal decimal;
    if (!read_decimal(text, &decimal)) {
        return 0;
    }
    round_decimal(&decimal, scale);
    /* Whole digits and an exponent: no point, which depends on the locale. */
    char spelled[CANONICAL_DIGIT_LIMIT + 32];
    snprintf(spelled, sizeof spelled, "%s0%.*se%ld",
             decimal.negative ? "-" : "", (int)decimal.count, decimal.digits,
             (long)decimal.exponent - (long)decimal.count);
    double value = strtod(spelled, NULL);
    memcpy(out, &value, sizeof value);
    return sizeof value;
}

/* Exactly count digits; moves on behind them. */
static bool
take_digits(struct slice *text, size_t count, int *value)
{
    if (text->len < count) {
        return false;
    }
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text->ptr[i])) {
            return false;
        }
        *value = *value * 10 + (text->ptr[i] - '0');
    }
    text->ptr += count;
    text->len -= count;
    return true;
}

static bool
take_char(struct slice *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c) {
        return false;
    }
    text->ptr++;
    text->len--;
    return true;
}

/* Days since 1970 in the Gregorian calendar, before 1582 too: both sides of a
 * comparison are reckoned alike, so that is enough. */
static int64_t
days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 -
           year_of_era / 100 + day_of_year - 719469;
}

static int
days_in_month(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool
take_date(struct slice *text, int64_t *days)
{
    int year, month, day;
    if (!take_digits(text, 4, &year) || !take_char(text, '-') ||
        !take_digits(text, 2, &month) || !take_char(text, '-') ||
        !take_digits(text, 2, &day) || year < 1 || month < 1 || month > 12 ||
        day < 1 || day > days_in_month(year, month)) {
        return false;
    }
    *days = days_of(year, month, day);
    return true;
}

/* Digits behind the point: three count, the rest is passed over. */
static bool
take_fraction(struct slice *text, int *ms)
{
    *ms = 0;
    if (!take_char(text, '.')) {
        return true;
    }
    int weight = 100;
    size_t count = 0;
    for (; text->len > 0 && is_digit(text->ptr[0]); count++) {
        *ms += (text->ptr[0] - '0') * weight;
        weight /= 10;
        text->ptr++;
        text->len--;
    }
    return count > 0;
}

static bool
take_time(struct slice *text, int64_t *ms)
{
    int hour, minute, second = 0, fraction = 0;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') ||
        !take_digits(text, 2, &minute)) {
        return false;
    }
    if (take_char(text, ':') &&
        (!take_digits(text, 2, &second) || !take_fraction(text, &fraction))) {
        return false;
    }
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + fraction;
    return hour < 24 && minute < 60 && second < 60;
}

/* "Z", "+01:00", "+0100" or "+01", up to the end. */
static bool
take_zone(struct slice *text, int64_t *offset_ms)
{
    *offset_ms = 0;
    if (take_char(text, 'Z') || take_char(text, 'z')) {
        return text->len == 0;
    }
    bool negative = text->len > 0 && text->ptr[0] == '-';
    int hours, minutes = 0;
    if ((!take_char(text, '+') && !take_char(text, '-')) ||
        !take_digits(text, 2, &hours)) {
        return false;
    }
    take_char(text, ':');
    if (text->len > 0 && !take_digits(text, 2, &minutes)) {
        return false;
    }
    int64_t offset = (hours * 60 + minutes) * INT64_C(60000);
    *offset_ms = negative ? -offset : offset;
    return text->len == 0 && hours < 24 && minutes < 60;
}

static bool
read_datetime(struct slice text, int64_t *ms)
{
    int64_t days, time, offset;
    if (!take_date(&text, &days) ||
        (!take_char(&text, 'T') && !take_char(&text, ' ')) ||
        !take_time(&text, &time) || !take_zone(&text, &offset)) {
        return false;
    }
    *ms = days * DAY_MS + time - offset;
    return true;
}

static size_t
write_i64(int64_t value, char *out)
{
    memcpy(out, &value, sizeof value);
    return sizeof value;
}

static size_t
write_date(struct slice text, char *out)
{
    struct slice rest = text;
    int64_t days, ms;
    if (take_date(&rest, &days) && rest.len == 0) {
        return write_i64(days, out);
    }
    /* An org may show a date as the midnight it begins with. */
    if (read_datetime(text, &ms) && ms % DAY_MS == 0) {
        return write_i64(ms / DAY_MS, out);
    }
    return 0;
}

static size_t
write_datetime(struct slice text, char *out)
{
    int64_t ms;
    return read_datetime(text, &ms) ? write_i64(ms, out) : 0;
}

/* A time of day knows no zone: the org writes a Z that means nothing. */
static size_t
write_time(struct slice text, char *out)
{
    int64_t ms;
    if (!take_time(&text, &ms)) {
        return 0;
    }
    take_char(&text, 'Z');
    return text.len == 0 ? write_i64(ms, out) : 0;
}

static size_t
write_boolean(struct slice text, char *out)
{
    bool is_true = slice_is(text, "1") || slice_is_nocase(text, "true");
    if (!is_true && !slice_is(text, "0") && !slice_is_nocase(text, "false")) {
        return 0;
    }
    out[0] = is_true ? 'y' : 'n';
    return 1;
}

static size_t
write_id(struct slice text, char *out)
{
    if (text.len != 15 && text.len != 18) {
        return 0;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        char lower = (char)(c | 0x20);
        if (!is_digit(c) && !(lower >= 'a' && lower <= 'z')) {
            return 0;
        }
    }
    memcpy(out, text.ptr, 15);
    return 15;
}

size_t
canonical_value(enum field_type type, int scale, struct slice text,
                char out[CANONICAL_SIZE])
{
    switch (type) {
    case FIELD_INT:
    case FIELD_LONG:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        return write_number(text, scale, out);
    case FIELD_DATE:
        return write_date(text, out);
    case FIELD_DATETIME:
        return write_datetime(text, out);
    case FIELD_TIME:
        return write_time(text, out);
    case FIELD_BOOLEAN:
        return write_boolean(text, out);
    case FIELD_REFERENCE:
    case FIELD_ID:
        return write_id(text, out);
    default:
        return 0;
    }
}

size_t
canonical_value_loose(enum field_type type, int scale, struct slice text,
                      char out[CANONICAL_SIZE])
{
    return schema_type_is_number(type)
               ? write_double(text, scale, out)
               : canonical_value(type, scale, text, out);
}
