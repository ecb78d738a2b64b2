/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_date.h"

#include <stdio.h>
#include <strings.h>

/* What an item sets; a pattern sets each at most once. */
enum item_part {
    PART_YEAR = 1,
    PART_MONTH = 2,
    PART_DAY = 4,
    PART_HOUR = 8,
    PART_HALF_HOUR = 16,
    PART_MINUTE = 32,
    PART_SECOND = 64,
    PART_MILLISECOND = 128,
    PART_ZONE = 256,
    PART_HALF = 512,
};

static const struct letters {
    const char *text;
    enum date_item_kind kind;
    unsigned part;
    unsigned char digits; /* most; 0: none */
    bool exact;
} letters[] = {
    {"yyyy", ITEM_YEAR, PART_YEAR, 4, true},
    {"yy", ITEM_SHORT_YEAR, PART_YEAR, 2, true},
    {"MMM", ITEM_MONTH_NAME, PART_MONTH, 0, true},
    {"MM", ITEM_MONTH, PART_MONTH, 2, true},
    {"M", ITEM_MONTH_LOOSE, PART_MONTH, 2, false},
    {"dd", ITEM_DAY, PART_DAY, 2, true},
    {"d", ITEM_DAY_LOOSE, PART_DAY, 2, false},
    {"HH", ITEM_HOUR, PART_HOUR, 2, true},
    {"H", ITEM_HOUR_LOOSE, PART_HOUR, 2, false},
    {"hh", ITEM_HALF_HOUR, PART_HALF_HOUR, 2, true},
    {"h", ITEM_HALF_HOUR_LOOSE, PART_HALF_HOUR, 2, false},
    {"mm", ITEM_MINUTE, PART_MINUTE, 2, true},
    {"m", ITEM_MINUTE_LOOSE, PART_MINUTE, 2, false},
    {"ss", ITEM_SECOND, PART_SECOND, 2, true},
    {"s", ITEM_SECOND_LOOSE, PART_SECOND, 2, false},
    {"SSS", ITEM_MILLISECOND, PART_MILLISECOND, 3, true},
    {"XXX", ITEM_ZONE, PART_ZONE, 0, true},
    {"a", ITEM_HALF, PART_HALF, 0, true},
};
#define LETTERS_COUNT (sizeof letters / sizeof *letters)

static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr",
                                        "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t
run_len(struct slice text)
{
    size_t len = 1;
    while (len < text.len && text.ptr[len] == text.ptr[0]) {
        len++;
    }
    return len;
}

static const struct letters *
letters_of(struct slice run)
{
    for (size_t i = 0; i < LETTERS_COUNT; i++) {
        if (slice_is(run, letters[i].text)) {
            return &letters[i];
        }
    }
    return NULL;
}

static bool
add_item(struct date_pattern *pattern, enum date_item_kind kind, char literal,
         char why[DATE_WHY_SIZE])
{
    if (pattern->count == DATE_PATTERN_LIMIT) {
        snprintf(why, DATE_WHY_SIZE, "it is too long");
        return false;
    }
    pattern->items[pattern->count++] =
        (struct date_item){(unsigned char)kind, literal};
    return true;
}

/* From an apostrophe to the next; two of them are one. */
static bool
add_quoted(struct date_pattern *pattern, struct slice text, size_t *taken,
           char why[DATE_WHY_SIZE])
{
    if (text.len > 1 && text.ptr[1] == '\'') {
        *taken = 2;
        return add_item(pattern, ITEM_LITERAL, '\'', why);
    }
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] == '\'') {
            *taken = i + 1;
            return true;
        }
        if (!add_item(pattern, ITEM_LITERAL, text.ptr[i], why)) {
            return false;
        }
    }
    snprintf(why, DATE_WHY_SIZE, "an apostrophe is not closed");
    return false;
}

static bool
refuse_letters(struct slice run, char why[DATE_WHY_SIZE])
{
    snprintf(why, DATE_WHY_SIZE,
             "'%.*s' is no part of a date; there are yyyy yy MMM MM M dd d HH "
             "H hh h mm m ss s SSS XXX a, and T or 'letters' as they are",
             (int)(run.len < 12 ? run.len : 12), run.ptr);
    return false;
}

/* Where a loose number would swallow the digits of the next. */
static bool
runs_into_digits(const struct letters *last, const struct letters *now)
{
    return last != NULL && last->digits > 0 && !last->exact && now->digits > 0;
}

struct compiling {
    struct date_pattern *pattern;
    const struct letters *last; /* NULL behind a literal */
    unsigned parts;
};

static bool
add_letters(struct compiling *state, struct slice text, size_t *taken,
            char why[DATE_WHY_SIZE])
{
    struct slice run = {text.ptr, run_len(text)};
    const struct letters *now = letters_of(run);
    *taken = run.len;
    if (now == NULL && run.ptr[0] == 'T' && run.len == 1) {
        state->last = NULL;
        return add_item(state->pattern, ITEM_LITERAL, 'T', why);
    }
    if (now == NULL) {
        return refuse_letters(run, why);
    }
    if (state->parts & now->part) {
        snprintf(why, DATE_WHY_SIZE, "'%s' comes after another for the same",
                 now->text);
        return false;
    }
    if (runs_into_digits(state->last, now)) {
        snprintf(why, DATE_WHY_SIZE,
                 "'%s' has one or two digits, so digits can't follow at once",
                 state->last->text);
        return false;
    }
    state->last = now;
    state->parts |= now->part;
    return add_item(state->pattern, now->kind, '\0', why);
}

static bool
is_whole(unsigned parts, char why[DATE_WHY_SIZE])
{
    const unsigned day = PART_YEAR | PART_MONTH | PART_DAY;
    const char *lack = NULL;
    if ((parts & day) != day) {
        lack = "a date needs a year, a month and a day: yyyy MM dd";
    } else if (!(parts & PART_HALF) != !(parts & PART_HALF_HOUR)) {
        lack = "hours of half a day, h or hh, go with a, and a with them";
    } else if ((parts & PART_HOUR) && (parts & PART_HALF_HOUR)) {
        lack = "it has both H and h";
    } else if ((parts & (PART_MINUTE | PART_SECOND | PART_MILLISECOND)) &&
               !(parts & (PART_HOUR | PART_HALF_HOUR))) {
        lack = "it has minutes or seconds but no hour; a month is MM, a "
               "minute mm";
    }
    if (lack != NULL) {
        snprintf(why, DATE_WHY_SIZE, "%s", lack);
    }
    return lack == NULL;
}

static bool
compile(struct slice text, struct date_pattern *pattern, unsigned *parts,
        char why[DATE_WHY_SIZE])
{
    struct compiling state = {pattern, NULL, 0};
    *pattern = (struct date_pattern){.text = text};
    while (text.len > 0) {
        size_t taken = 1;
        bool taken_well;
        if (is_letter(text.ptr[0])) {
            taken_well = add_letters(&state, text, &taken, why);
        } else if (text.ptr[0] == '\'') {
            state.last = NULL;
            taken_well = add_quoted(pattern, text, &taken, why);
        } else {
            state.last = NULL;
            taken_well = add_item(pattern, ITEM_LITERAL, text.ptr[0], why);
        }
        if (!taken_well) {
            return false;
        }
        text.ptr += taken;
        text.len -= taken;
    }
    pattern->has_zone = (state.parts & PART_ZONE) != 0;
    *parts = state.parts;
    return true;
}

bool
value_date_pattern(struct slice text, struct date_pattern *pattern,
                   char why[DATE_WHY_SIZE])
{
    unsigned parts;
    return compile(text, pattern, &parts, why) && is_whole(parts, why);
}

bool
value_date_format(struct slice text, struct date_pattern *pattern,
                  char why[DATE_WHY_SIZE])
{
    unsigned parts;
    if (!compile(text, pattern, &parts, why)) {
        return false;
    }
    snprintf(why, DATE_WHY_SIZE, "it has no part of a date: yyyy MM dd HH mm");
    return parts != 0;
}

/* What is left of a text that is being read. */
struct cursor {
    const char *at, *end;
};

static bool
take_digits(struct cursor *cursor, int least, int most, int *value)
{
    int count = 0;
    *value = 0;
    while (count < most && cursor->at < cursor->end && *cursor->at >= '0' &&
           *cursor->at <= '9') {
        *value = *value * 10 + (*cursor->at++ - '0');
        count++;
    }
    return count >= least;
}

static bool
take_char(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c) {
        return false;
    }
    cursor->at++;
    return true;
}

static bool
take_month_name(struct cursor *cursor, int *month)
{
    for (int i = 0; i < 12 && cursor->end - cursor->at >= 3; i++) {
        if (strncasecmp(cursor->at, month_names[i], 3) == 0) {
            cursor->at += 3;
            *month = i + 1;
            return true;
        }
    }
    return false;
}

static bool
take_half(struct cursor *cursor, int *half)
{
    if (cursor->end - cursor->at < 2 ||
        (strncasecmp(cursor->at, "am", 2) != 0 &&
         strncasecmp(cursor->at, "pm", 2) != 0)) {
        return false;
    }
    *half = *cursor->at == 'p' || *cursor->at == 'P' ? 12 : 0;
    cursor->at += 2;
    return true;
}

/* "Z", "+01:00", "+0100" */
static bool
take_zone(struct cursor *cursor, struct date_parts *parts)
{
    parts->has_zone = true;
    if (take_char(cursor, 'Z')) {
        parts->zone_seconds = 0;
        return true;
    }
    bool west = cursor->at < cursor->end && *cursor->at == '-';
    int hours, minutes;
    if (!take_char(cursor, west ? '-' : '+') ||
        !take_digits(cursor, 2, 2, &hours)) {
        return false;
    }
    (void)take_char(cursor, ':');
    if (!take_digits(cursor, 2, 2, &minutes) || hours > 18 || minutes > 59) {
        return false;
    }
    int seconds = (hours * 60 + minutes) * 60;
    parts->zone_seconds = west ? -seconds : seconds;
    return true;
}

/* Hours of half a day, until both are known. */
struct halves {
    bool used;
    int hour, half;
};

static bool
take_item(const struct date_item *item, struct cursor *cursor,
          struct date_parts *parts, struct halves *halves)
{
    switch ((enum date_item_kind)item->kind) {
    case ITEM_LITERAL:
        return take_char(cursor, item->literal);
    case ITEM_YEAR:
        return take_digits(cursor, 4, 4, &parts->year);
    case ITEM_SHORT_YEAR:
        if (!take_digits(cursor, 2, 2, &parts->year)) {
            return false;
        }
        parts->year += parts->year < 70 ? 2000 : 1900;
        return true;
    case ITEM_MONTH:
        return take_digits(cursor, 2, 2, &parts->month);
    case ITEM_MONTH_LOOSE:
        return take_digits(cursor, 1, 2, &parts->month);
    case ITEM_MONTH_NAME:
        return take_month_name(cursor, &parts->month);
    case ITEM_DAY:
        return take_digits(cursor, 2, 2, &parts->day);
    case ITEM_DAY_LOOSE:
        return take_digits(cursor, 1, 2, &parts->day);
    case ITEM_HOUR:
        return take_digits(cursor, 2, 2, &parts->hour);
    case ITEM_HOUR_LOOSE:
        return take_digits(cursor, 1, 2, &parts->hour);
    case ITEM_HALF_HOUR:
        halves->used = true;
        return take_digits(cursor, 2, 2, &halves->hour);
    case ITEM_HALF_HOUR_LOOSE:
        halves->used = true;
        return take_digits(cursor, 1, 2, &halves->hour);
    case ITEM_MINUTE:
        return take_digits(cursor, 2, 2, &parts->minute);
    case ITEM_MINUTE_LOOSE:
        return take_digits(cursor, 1, 2, &parts->minute);
    case ITEM_SECOND:
        return take_digits(cursor, 2, 2, &parts->second);
    case ITEM_SECOND_LOOSE:
        return take_digits(cursor, 1, 2, &parts->second);
    case ITEM_MILLISECOND:
        return take_digits(cursor, 3, 3, &parts->millisecond);
    case ITEM_ZONE:
        return take_zone(cursor, parts);
    case ITEM_HALF:
        return take_half(cursor, &halves->half);
    }
    return false;
}

bool
value_date_read(const struct date_pattern *pattern, struct slice text,
                struct date_parts *parts)
{
    struct cursor cursor = {text.ptr, text.ptr + text.len};
    struct halves halves = {0};
    *parts = (struct date_parts){0};
    for (size_t i = 0; i < pattern->count; i++) {
        if (!take_item(&pattern->items[i], &cursor, parts, &halves)) {
            return false;
        }
    }
    if (halves.used) {
        if (halves.hour < 1 || halves.hour > 12) {
            return false;
        }
        parts->hour = halves.hour % 12 + halves.half;
    }
    return cursor.at == cursor.end && calendar_is_date(parts) &&
           calendar_is_time(parts);
}

static bool
take_date(struct cursor *cursor, struct date_parts *parts)
{
    return take_digits(cursor, 4, 4, &parts->year) && take_char(cursor, '-') &&
           take_digits(cursor, 2, 2, &parts->month) && take_char(cursor, '-') &&
           take_digits(cursor, 2, 2, &parts->day) && calendar_is_date(parts);
}

/* "09:30:00", with decimals or without. */
static bool
take_time(struct cursor *cursor, struct date_parts *parts)
{
    if (!take_digits(cursor, 2, 2, &parts->hour) || !take_char(cursor, ':') ||
        !take_digits(cursor, 2, 2, &parts->minute) || !take_char(cursor, ':') ||
        !take_digits(cursor, 2, 2, &parts->second) ||
        !calendar_is_time(parts)) {
        return false;
    }
    if (!take_char(cursor, '.')) {
        return true;
    }
    const char *decimals = cursor->at;
    int cut;
    if (!take_digits(cursor, 1, 3, &parts->millisecond)) {
        return false;
    }
    for (long have = cursor->at - decimals; have < 3; have++) {
        parts->millisecond *= 10;
    }
    return take_digits(cursor, 0, 6, &cut);
}

bool
value_date_read_plain(struct slice text, struct date_parts *parts)
{
    struct cursor cursor = {text.ptr, text.ptr + text.len};
    *parts = (struct date_parts){0};
    return take_date(&cursor, parts) && cursor.at == cursor.end;
}

bool
value_date_read_iso(struct slice text, struct date_parts *parts)
{
    struct cursor cursor = {text.ptr, text.ptr + text.len};
    *parts = (struct date_parts){0};
    return take_date(&cursor, parts) && take_char(&cursor, 'T') &&
           take_time(&cursor, parts) && take_zone(&cursor, parts) &&
           cursor.at == cursor.end;
}

bool
value_date_read_time(struct slice text, struct date_parts *parts)
{
    struct cursor cursor = {text.ptr, text.ptr + text.len};
    *parts = (struct date_parts){0};
    if (!take_time(&cursor, parts)) {
        return false;
    }
    (void)take_char(&cursor, 'Z');
    return cursor.at == cursor.end;
}
