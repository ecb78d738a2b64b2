/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_VALUE_DATE_H
#define ETL_MAPPING_VALUE_VALUE_DATE_H

#include "base/arena.h"
#include "mapping/value/calendar.h"

/*
 * Dates and times by pattern (mapping.md, A field): yyyy yy MM dd HH mm ss SSS
 * XXX of exact width, M d H h m s of one or two digits, MMM (English), a
 * (AM/PM), and literals: signs as they are, T as it is, other letters between
 * apostrophes.
 */
#define DATE_PATTERN_LIMIT 64 /* items */

enum date_item_kind {
    ITEM_LITERAL,
    ITEM_YEAR,
    ITEM_SHORT_YEAR,
    ITEM_MONTH,
    ITEM_MONTH_LOOSE,
    ITEM_MONTH_NAME,
    ITEM_DAY,
    ITEM_DAY_LOOSE,
    ITEM_HOUR,
    ITEM_HOUR_LOOSE,
    ITEM_HALF_HOUR, /* of half a day: 1 to 12 */
    ITEM_HALF_HOUR_LOOSE,
    ITEM_MINUTE,
    ITEM_MINUTE_LOOSE,
    ITEM_SECOND,
    ITEM_SECOND_LOOSE,
    ITEM_MILLISECOND,
    ITEM_ZONE,
    ITEM_HALF, /* AM, PM */
};

struct date_item {
    unsigned char kind; /* of enum date_item_kind */
    char literal;
};
struct date_pattern {
    struct slice text; /* as written */
    struct date_item items[DATE_PATTERN_LIMIT];
    size_t count;
    bool has_zone; /* XXX */
};

/* False with the reason in why: a pattern that can't make a date. */
#define DATE_WHY_SIZE 160
bool value_date_pattern(struct slice text, struct date_pattern *pattern,
                        char why[DATE_WHY_SIZE]);
/* The same of a pattern to print by, which needs no whole date. */
bool value_date_format(struct slice text, struct date_pattern *pattern,
                       char why[DATE_WHY_SIZE]);
bool value_date_read(const struct date_pattern *pattern, struct slice text,
                     struct date_parts *parts);

/* The parts as the pattern spells them, in the arena. */
struct slice value_date_print(const struct date_pattern *pattern,
                              const struct date_parts *parts,
                              struct arena *arena);

/* "2026-01-31" */
bool value_date_read_plain(struct slice text, struct date_parts *parts);
/* ISO 8601 with a zone: "2026-01-31T09:30:00Z", "…:00.000+01:00". Decimals of
 * the second past the third are cut, as the org cuts them. */
bool value_date_read_iso(struct slice text, struct date_parts *parts);
/* "09:30:00", "09:30:00.000Z": a time of day, which has no zone. */
bool value_date_read_time(struct slice text, struct date_parts *parts);

#endif
