/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/time_zone.h"

#include "base/buffer.h"
#include "base/file.h"
#include "mapping/value/calendar.h"

#include <stdio.h>

#define DATABASE "/usr/share/zoneinfo/"
#define FILE_LIMIT ((size_t)1 << 20)
#define NAME_LIMIT 64
#define CYCLE_YEARS 400
#define CYCLE_SECONDS ((int64_t)146097 * 86400)
#define HEADER_SIZE 44
#define ISO_ZONE_SECONDS_LIMIT (26 * 3600)

struct change {
    int64_t utc;
    int32_t before, after; /* offsets east of Greenwich */
};
struct time_zone {
    struct change *changes;
    size_t count, capacity;
    int32_t first_offset; /* before all changes */
    bool repeats;         /* the last CYCLE_YEARS do, for ever */
};

/* A day of the year by a POSIX rule, and the second of it. */
struct rule_day {
    char form; /* 'M', 'J', or '0' for a day counted from 0 */
    int month, week, weekday, day;
    int32_t seconds;
};
struct rule {
    int32_t standard, summer; /* offsets east of Greenwich */
    bool has_summer;
    struct rule_day begin, end; /* of summer time */
};

struct cursor {
    const char *at, *end;
};

static bool
take_char(struct cursor *cursor, char c)
{
    bool there = cursor->at < cursor->end && *cursor->at == c;
    cursor->at += there;
    return there;
}

static bool
take_number(struct cursor *cursor, int limit, int *value)
{
    const char *begin = cursor->at;
    *value = 0;
    while (cursor->at < cursor->end && *cursor->at >= '0' &&
           *cursor->at <= '9' && *value <= limit) {
        *value = *value * 10 + (*cursor->at++ - '0');
    }
    return cursor->at > begin && *value <= limit;
}

/* "CET", "<+0330>" */
static bool
take_name(struct cursor *cursor)
{
    const char *begin = cursor->at;
    if (take_char(cursor, '<')) {
        while (cursor->at < cursor->end && *cursor->at != '>') {
            cursor->at++;
        }
        return take_char(cursor, '>');
    }
    while (cursor->at < cursor->end && (*cursor->at | 0x20) >= 'a' &&
           (*cursor->at | 0x20) <= 'z') {
        cursor->at++;
    }
    return cursor->at - begin >= 3;
}

/* "-3:30:00", "167" */
static bool
take_seconds(struct cursor *cursor, int32_t *seconds)
{
    bool negative = take_char(cursor, '-');
    int hours, minutes = 0, rest = 0;
    if (!negative) {
        (void)take_char(cursor, '+');
    }
    if (!take_number(cursor, 167, &hours) ||
        (take_char(cursor, ':') && !take_number(cursor, 59, &minutes)) ||
        (take_char(cursor, ':') && !take_number(cursor, 59, &rest))) {
        return false;
    }
    *seconds = hours * 3600 + minutes * 60 + rest;
    *seconds = negative ? -*seconds : *seconds;
    return true;
}

static bool
take_day(struct cursor *cursor, struct rule_day *day)
{
    *day = (struct rule_day){.form = '0', .seconds = 2 * 3600};
    bool there;
    if (take_char(cursor, 'M')) {
        day->form = 'M';
        there = take_number(cursor, 12, &day->month) && day->month > 0 &&
                take_char(cursor, '.') && take_number(cursor, 5, &day->week) &&
                day->week > 0 && take_char(cursor, '.') &&
                take_number(cursor, 6, &day->weekday);
    } else {
        day->form = take_char(cursor, 'J') ? 'J' : '0';
        there = take_number(cursor, 365, &day->day) &&
                (day->form == '0' || day->day > 0);
    }
    return there &&
           (!take_char(cursor, '/') || take_seconds(cursor, &day->seconds));
}

/* "CET-1CEST,M3.5.0,M10.5.0/3"; POSIX counts offsets to the west. */
static bool
parse_rule(struct cursor *cursor, struct rule *rule)
{
    int32_t west;
    *rule = (struct rule){0};
    if (!take_name(cursor) || !take_seconds(cursor, &west)) {
        return false;
    }
    rule->standard = -west;
    if (cursor->at == cursor->end) {
        return true;
    }
    if (!take_name(cursor)) {
        return false;
    }
    rule->has_summer = true;
    rule->summer = rule->standard + 3600;
    if (cursor->at < cursor->end && *cursor->at != ',') {
        if (!take_seconds(cursor, &west)) {
            return false;
        }
        rule->summer = -west;
    }
    return take_char(cursor, ',') && take_day(cursor, &rule->begin) &&
           take_char(cursor, ',') && take_day(cursor, &rule->end) &&
           cursor->at == cursor->end;
}

/* Days since 1970 of the rule's day in a year. */
static int64_t
rule_days(const struct rule_day *day, int64_t year)
{
    int64_t first = calendar_days(year, 1, 1);
    if (day->form == '0') {
        return first + day->day;
    }
    if (day->form == 'J') {
        bool is_leap = calendar_month_len(year, 2) == 29;
        return first + day->day - 1 + (is_leap && day->day >= 60);
    }
    first = calendar_days(year, day->month, 1);
    /* 1970-01-01 was a Thursday, day 4 of its week. */
    int weekday = (int)(((first + 4) % 7 + 7) % 7);
    int into = (day->weekday - weekday + 7) % 7 + (day->week - 1) * 7;
    if (into >= calendar_month_len(year, day->month)) {
        into -= 7;
    }
    return first + into;
}

static int32_t
last_offset(const struct time_zone *zone)
{
    return zone->count > 0 ? zone->changes[zone->count - 1].after
                           : zone->first_offset;
}

static void
add_change(struct time_zone *zone, int64_t utc, int32_t offset)
{
    bool follows = zone->count == 0 || utc > zone->changes[zone->count - 1].utc;
    if (follows && zone->count < zone->capacity &&
        offset != last_offset(zone)) {
        zone->changes[zone->count] =
            (struct change){utc, last_offset(zone), offset};
        zone->count++;
    }
}

static int64_t
year_of(int64_t utc)
{
    return 1970 + utc / 31556952 - 1;
}

static void
unroll_rule(struct time_zone *zone, const struct rule *rule)
{
    int64_t year =
        zone->count > 0 ? year_of(zone->changes[zone->count - 1].utc) : 1900;
    if (!rule->has_summer) {
        if (last_offset(zone) != rule->standard) {
            int64_t after_last =
                zone->count > 0 ? zone->changes[zone->count - 1].utc + 1 : 0;
            add_change(zone, after_last, rule->standard);
        }
        return;
    }
    for (int i = 0; i < CYCLE_YEARS + 4; i++, year++) {
        int64_t begin = rule_days(&rule->begin, year) * 86400 +
                        rule->begin.seconds - rule->standard;
        int64_t end = rule_days(&rule->end, year) * 86400 + rule->end.seconds -
                      rule->summer;
        if (begin < end) {
            add_change(zone, begin, rule->summer);
            add_change(zone, end, rule->standard);
        } else {
            add_change(zone, end, rule->standard);
            add_change(zone, begin, rule->summer);
        }
    }
    zone->repeats = zone->count > 0;
}

static int64_t
big_endian(const unsigned char *bytes, size_t size)
{
    uint64_t value = size == 4 && (bytes[0] & 0x80) ? UINT32_MAX : 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return (int64_t)value;
}

struct block {
    size_t utc_flags, standard_flags, leaps, changes, types, chars;
    size_t size; /* of the data behind the header */
};

static bool
read_header(struct slice bytes, size_t time_size, struct block *block)
{
    if (bytes.len < HEADER_SIZE || memcmp(bytes.ptr, "TZif", 4) != 0) {
        return false;
    }
    size_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (size_t)(uint32_t)big_endian(
            (const unsigned char *)bytes.ptr + 20 + 4 * i, 4);
        if (counts[i] > FILE_LIMIT) {
            return false;
        }
    }
    *block = (struct block){counts[0], counts[1], counts[2], counts[3],
                            counts[4], counts[5], 0};
    block->size = block->changes * (time_size + 1) + block->types * 6 +
                  block->chars + block->leaps * (time_size + 4) +
                  block->standard_flags + block->utc_flags;
    return block->types > 0 && block->size <= bytes.len - HEADER_SIZE;
}

static bool
read_changes(struct time_zone *zone, const unsigned char *data,
             const struct block *block, size_t time_size)
{
    const unsigned char *index = data + block->changes * time_size;
    const unsigned char *types = index + block->changes;
    zone->first_offset = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < block->changes; i++) {
        int64_t utc = big_endian(data + i * time_size, time_size);
        if (index[i] >= block->types) {
            return false;
        }
        int64_t offset = big_endian(types + 6 * (size_t)index[i], 4);
        if (offset < -ISO_ZONE_SECONDS_LIMIT ||
            offset > ISO_ZONE_SECONDS_LIMIT) {
            return false;
        }
        add_change(zone, utc, (int32_t)offset);
    }
    return true;
}

const struct time_zone *
time_zone_parse(struct slice bytes, struct arena *arena)
{
    struct block block;
    size_t time_size = 4;
    if (!read_header(bytes, time_size, &block)) {
        return NULL;
    }
    bool has_footer = bytes.ptr[4] >= '2';
    if (has_footer) { /* the same again with times of 64 bits */
        bytes.ptr += HEADER_SIZE + block.size;
        bytes.len -= HEADER_SIZE + block.size;
        time_size = 8;
        if (!read_header(bytes, time_size, &block)) {
            return NULL;
        }
    }
    if (block.leaps > 0) { /* "right/" zones count other seconds */
        return NULL;
    }
    struct time_zone *zone = arena_array(arena, 1, sizeof *zone);
    zone->capacity = block.changes + 2 * (CYCLE_YEARS + 4);
    zone->changes = arena_array(arena, zone->capacity, sizeof *zone->changes);
    if (!read_changes(zone, (const unsigned char *)bytes.ptr + HEADER_SIZE,
                      &block, time_size)) {
        return NULL;
    }
    const char *footer = bytes.ptr + HEADER_SIZE + block.size;
    const char *end = bytes.ptr + bytes.len;
    struct rule rule;
    if (!has_footer || end - footer < 3 || footer[0] != '\n' ||
        end[-1] != '\n') {
        return zone;
    }
    struct cursor cursor = {footer + 1, end - 1};
    if (!parse_rule(&cursor, &rule)) {
        return NULL;
    }
    unroll_rule(zone, &rule);
    return zone;
}

/* Nothing that could leave the database's folder. */
static bool
is_zone_name(struct slice name)
{
    if (name.len == 0 || name.len > NAME_LIMIT || name.ptr[0] == '/') {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9') ||
                      (c != '\0' && strchr("_-+/", c) != NULL);
        if (!is_fit) {
            return false;
        }
    }
    return true;
}

const struct time_zone *
time_zone_load(struct slice name, struct arena *arena,
               char why[TIME_ZONE_WHY_SIZE])
{
    if (slice_is(name, "UTC")) {
        return arena_array(arena, 1, sizeof(struct time_zone));
    }
    char path[sizeof DATABASE + NAME_LIMIT];
    struct buffer bytes = {0};
    struct error err = {0};
    const struct time_zone *zone = NULL;
    snprintf(why, TIME_ZONE_WHY_SIZE,
             "names look like Europe/Berlin or America/New_York");
    if (!is_zone_name(name)) {
        return NULL;
    }
    snprintf(path, sizeof path, DATABASE "%.*s", SLICE_ARGS(name));
    if (!file_exists(DATABASE "Etc")) {
        snprintf(why, TIME_ZONE_WHY_SIZE,
                 "this machine has no time zone database; install the package "
                 "tzdata");
    } else if (file_read_whole(path, FILE_LIMIT, &bytes, &err)) {
        zone = time_zone_parse(buffer_slice(&bytes), arena);
    }
    buffer_release(&bytes);
    return zone;
}

int64_t
time_zone_to_utc(const struct time_zone *zone, int64_t local, bool *at_change)
{
    int64_t cycles = 0;
    if (zone->repeats) {
        /* Well inside of what was unrolled; two days are any offset's. */
        int64_t last = zone->changes[zone->count - 1].utc - 2 * 86400;
        cycles = local > last ? (local - last) / CYCLE_SECONDS + 1 : 0;
        local -= cycles * CYCLE_SECONDS;
    }
    size_t low = 0, high = zone->count;
    while (low < high) { /* the changes that the local clock has seen */
        size_t middle = low + (high - low) / 2;
        const struct change *change = &zone->changes[middle];
        int32_t larger =
            change->before > change->after ? change->before : change->after;
        if (change->utc + larger <= local) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    int32_t offset =
        low > 0 ? zone->changes[low - 1].after : zone->first_offset;
    *at_change = false;
    if (low < zone->count) {
        const struct change *next = &zone->changes[low];
        int32_t smaller =
            next->before < next->after ? next->before : next->after;
        *at_change = next->utc + smaller <= local;
    }
    return local - offset + cycles * CYCLE_SECONDS;
}

int32_t
time_zone_offset(const struct time_zone *zone, int64_t utc)
{
    if (zone->repeats) {
        int64_t last = zone->changes[zone->count - 1].utc;
        int64_t cycles = utc > last ? (utc - last) / CYCLE_SECONDS + 1 : 0;
        utc -= cycles * CYCLE_SECONDS;
    }
    size_t low = 0, high = zone->count;
    while (low < high) { /* the changes that have been */
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].utc <= utc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? zone->changes[low - 1].after : zone->first_offset;
}
