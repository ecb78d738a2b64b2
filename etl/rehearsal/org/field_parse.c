/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/field_parse.h"

#include "base/clock.h"

/* Digits that a number may be written with; a double has 17 that count. */
#define DIGIT_LIMIT 400
#define EXPONENT_LIMIT 400

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct number {
    bool negative;
    char digits[DIGIT_LIMIT];
    int count; /* of digits, without leading zeros */
    int point; /* digits before the point; may be negative or past count */
};

/* Reads [+-]digits as an exponent. */
static bool
read_exponent(const char *at, const char *end, int *exponent)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || end - at > 4)
        return false;
    *exponent = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        *exponent = *exponent * 10 + (*at - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return *exponent <= EXPONENT_LIMIT && *exponent >= -EXPONENT_LIMIT;
}

static bool
read_number(struct slice text, bool whole_only, struct number *number)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    number->negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    number->count = number->point = 0;
    bool any = false, behind = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !behind)); at++) {
        if (*at == '.') {
            behind = true;
            continue;
        }
        any = true;
        if (number->count == 0 && *at == '0') {
            number->point -= behind;
            continue;
        }
        if (number->count == DIGIT_LIMIT)
            return false;
        number->digits[number->count++] = *at;
        number->point += !behind;
    }
    if (!any || (whole_only && (behind || at < end)))
        return false;
    int exponent = 0;
    if (at < end) {
        if ((*at | 0x20) != 'e' || !read_exponent(at + 1, end, &exponent))
            return false;
    }
    number->point += exponent;
    return true;
}

/* Half up, away from zero, at scale digits behind the point. */
static void
round_number(struct number *number, int scale)
{
    int keep = number->point + scale;
    if (keep >= number->count)
        return;
    bool up = keep >= 0 && number->digits[keep] >= '5';
    number->count = keep > 0 ? keep : 0;
    if (!up)
        return;
    int i = number->count;
    while (i > 0 && number->digits[i - 1] == '9')
        number->digits[--i] = '0';
    if (i > 0) {
        number->digits[i - 1]++;
        return;
    }
    memmove(number->digits + 1, number->digits, (size_t)number->count);
    number->digits[0] = '1';
    number->count++;
    number->point++;
}

static char
digit_at(const struct number *number, int index)
{
    return index >= 0 && index < number->count ? number->digits[index] : '0';
}

enum field_parse_status
field_parse_decimal(struct slice text, int integer_digits, int scale,
                    bool whole_only, struct arena *arena, struct slice *value)
{
    struct number number;
    if (!read_number(text, whole_only, &number))
        return FIELD_PARSE_BAD;
    round_number(&number, scale);
    if (number.count == 0)
        number.point = 0;
    if (number.point > integer_digits)
        return FIELD_PARSE_RANGE;
    int before = number.point > 0 ? number.point : 0;
    char *out = arena_bytes(arena, (size_t)(before + scale) + 4);
    size_t len = 0;
    if (number.negative && number.count)
        out[len++] = '-';
    if (before == 0)
        out[len++] = '0';
    for (int i = 0; i < before; i++)
        out[len++] = digit_at(&number, i);
    if (scale > 0)
        out[len++] = '.';
    for (int i = 0; i < scale; i++)
        out[len++] = digit_at(&number, number.point + i);
    out[len] = '\0';
    *value = (struct slice){out, len};
    return FIELD_PARSE_OK;
}

/* count digits at *at as a number, and the separator behind them if not 0. */
static bool
take(const char **at, const char *end, int count, char separator, int *number)
{
    if (end - *at < count + (separator != 0))
        return false;
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit((*at)[i]))
            return false;
        *number = *number * 10 + ((*at)[i] - '0');
    }
    *at += count;
    if (separator && *(*at)++ != separator)
        return false;
    return true;
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool
take_date(const char **at, const char *end, int date[3])
{
    return take(at, end, 4, '-', &date[0]) && take(at, end, 2, '-', &date[1]) &&
           take(at, end, 2, 0, &date[2]) && date[0] > 0 && date[1] >= 1 &&
           date[1] <= 12 && date[2] >= 1 &&
           date[2] <= days_in_month(date[0], date[1]);
}

/* HH:mm:ss[.fraction] as milliseconds of the day. */
static bool
take_time(const char **at, const char *end, int64_t *ms)
{
    int hour, minute, second, fraction = 0;
    if (!take(at, end, 2, ':', &hour) || !take(at, end, 2, ':', &minute) ||
        !take(at, end, 2, 0, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    if (*at < end && **at == '.') {
        int digits = 0;
        for (++*at; *at < end && is_digit(**at); ++*at, digits++)
            if (digits < 3)
                fraction = fraction * 10 + (**at - '0');
        if (digits == 0)
            return false;
        for (; digits < 3; digits++)
            fraction *= 10;
    }
    *ms = (((hour * 60) + minute) * 60 + second) * 1000LL + fraction;
    return true;
}

/* Z, +hh:mm or +hhmm to the very end, as minutes east. */
static bool
take_zone(const char **at, const char *end, int *minutes)
{
    *minutes = 0;
    if (*at < end && (**at == 'Z' || **at == 'z'))
        return ++*at == end;
    if (*at == end || (**at != '+' && **at != '-'))
        return false;
    bool west = *(*at)++ == '-';
    int hour, minute;
    if (!take(at, end, 2, 0, &hour))
        return false;
    if (*at < end && **at == ':')
        ++*at;
    if (!take(at, end, 2, 0, &minute) || hour > 14 || minute > 59)
        return false;
    *minutes = (west ? -1 : 1) * (hour * 60 + minute);
    return *at == end;
}

/* Days since 1970-01-01 in the Gregorian calendar, with March as the first
 * month so that the leap day is the last. */
static int64_t
days_of_date(const int date[3])
{
    int64_t year = date[0] - (date[1] <= 2);
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year =
        (153 * (date[1] + (date[1] > 2 ? -3 : 9)) + 2) / 5 + date[2] - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

bool
field_parse_date(struct slice text, struct arena *arena, struct slice *value)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    int date[3];
    if (!take_date(&at, end, date) || at != end)
        return false;
    *value = arena_copy(arena, text);
    return true;
}

bool
field_parse_datetime(struct slice text, struct arena *arena,
                     struct slice *value)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    int date[3], zone;
    int64_t ms;
    if (!take_date(&at, end, date) || at == end || *at++ != 'T' ||
        !take_time(&at, end, &ms) || !take_zone(&at, end, &zone))
        return false;
    ms += days_of_date(date) * 86400000LL - zone * 60000LL;
    char *out = arena_bytes(arena, CLOCK_TEXT_SIZE);
    clock_format(ms, out);
    *value = (struct slice){out, CLOCK_TEXT_SIZE - 1};
    return true;
}

bool
field_parse_time(struct slice text, struct arena *arena, struct slice *value)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    int64_t ms;
    if (!take_time(&at, end, &ms))
        return false;
    if (at < end && *at == 'Z')
        at++;
    if (at != end)
        return false;
    char day[CLOCK_TEXT_SIZE];
    clock_format(ms, day);
    *value = arena_copy(arena, slice_of(day + 11));
    return true;
}

bool
field_parse_is_base64(struct slice text)
{
    size_t count = 0, padding = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      is_digit(c) || c == '+' || c == '/';
        if (c == '\n' || c == '\r')
            continue;
        if (c == '=')
            padding++;
        else if (!letter || padding)
            return false;
        count++;
    }
    return count % 4 == 0 && padding <= 2;
}
