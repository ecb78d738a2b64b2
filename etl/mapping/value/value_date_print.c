/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_date.h"

#include <stdio.h>

#define ITEM_SIZE 8 /* the longest is "+01:00" */

static size_t
print_number(char *to, int value, int width)
{
    return (size_t)snprintf(to, ITEM_SIZE, "%0*d", width, value);
}

static size_t
print_zone(char *to, int seconds)
{
    int minutes = (seconds < 0 ? -seconds : seconds) / 60;
    if (minutes == 0) {
        *to = 'Z';
        return 1;
    }
    return (size_t)snprintf(to, ITEM_SIZE, "%c%02d:%02d",
                            seconds < 0 ? '-' : '+', minutes / 60 % 100,
                            minutes % 60);
}

static size_t
print_month(char *to, int month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    memcpy(to, names + 3 * (month - 1), 3);
    return 3;
}

static size_t
print_half(char *to, int hour)
{
    to[0] = hour < 12 ? 'A' : 'P';
    to[1] = 'M';
    return 2;
}

static size_t
print_item(const struct date_item *item, const struct date_parts *parts,
           char *to)
{
    int half_hour = (parts->hour + 11) % 12 + 1;
    switch ((enum date_item_kind)item->kind) {
    case ITEM_LITERAL:
        *to = item->literal;
        return 1;
    case ITEM_YEAR:
        return print_number(to, parts->year, 4);
    case ITEM_SHORT_YEAR:
        return print_number(to, parts->year % 100, 2);
    case ITEM_MONTH:
        return print_number(to, parts->month, 2);
    case ITEM_MONTH_LOOSE:
        return print_number(to, parts->month, 1);
    case ITEM_MONTH_NAME:
        return print_month(to, parts->month);
    case ITEM_DAY:
        return print_number(to, parts->day, 2);
    case ITEM_DAY_LOOSE:
        return print_number(to, parts->day, 1);
    case ITEM_HOUR:
        return print_number(to, parts->hour, 2);
    case ITEM_HOUR_LOOSE:
        return print_number(to, parts->hour, 1);
    case ITEM_HALF_HOUR:
        return print_number(to, half_hour, 2);
    case ITEM_HALF_HOUR_LOOSE:
        return print_number(to, half_hour, 1);
    case ITEM_MINUTE:
        return print_number(to, parts->minute, 2);
    case ITEM_MINUTE_LOOSE:
        return print_number(to, parts->minute, 1);
    case ITEM_SECOND:
        return print_number(to, parts->second, 2);
    case ITEM_SECOND_LOOSE:
        return print_number(to, parts->second, 1);
    case ITEM_MILLISECOND:
        return print_number(to, parts->millisecond, 3);
    case ITEM_ZONE:
        return print_zone(to, parts->zone_seconds);
    case ITEM_HALF:
        return print_half(to, parts->hour);
    }
    return 0;
}

struct slice
value_date_print(const struct date_pattern *pattern,
                 const struct date_parts *parts, struct arena *arena)
{
    char *text = arena_bytes(arena, pattern->count * ITEM_SIZE + ITEM_SIZE);
    size_t len = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        len += print_item(&pattern->items[i], parts, text + len);
    }
    return (struct slice){text, len};
}
