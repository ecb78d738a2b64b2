/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/time_zone.h"
#include "mapping/value/value_date.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Reads lines of words parted by tabs and prints each result, "none" where
 * there is none: dates and zones beside Python's (date_cases.py).
 *
 *     r PATTERN TEXT          the parts that the pattern reads
 *     u ZONE PATTERN TEXT     that local time in UTC, '!' at a change of clocks
 *     p PATTERN ISO           the time as the pattern prints it
 */
#define ZONES_LIMIT 64

struct zones {
    struct arena arena;
    const char *names[ZONES_LIMIT];
    const struct time_zone *zones[ZONES_LIMIT];
    size_t count;
};

static const struct time_zone *
zone_of(struct zones *zones, struct slice name)
{
    char why[TIME_ZONE_WHY_SIZE];
    for (size_t i = 0; i < zones->count; i++) {
        if (slice_is(name, zones->names[i])) {
            return zones->zones[i];
        }
    }
    const struct time_zone *zone = time_zone_load(name, &zones->arena, why);
    if (zone != NULL && zones->count < ZONES_LIMIT) {
        zones->names[zones->count] = arena_strdup(&zones->arena, name);
        zones->zones[zones->count++] = zone;
    }
    return zone;
}

static bool
read_parts(struct slice pattern_text, struct slice text,
           struct date_parts *parts)
{
    struct date_pattern pattern;
    char why[DATE_WHY_SIZE];
    return value_date_pattern(pattern_text, &pattern, why) &&
           value_date_read(&pattern, text, parts);
}

static bool
tell_read(const struct slice *words)
{
    struct date_parts parts;
    if (!read_parts(words[1], words[2], &parts)) {
        return false;
    }
    printf("%04d-%02d-%02d %02d:%02d:%02d.%03d", parts.year, parts.month,
           parts.day, parts.hour, parts.minute, parts.second,
           parts.millisecond);
    if (parts.has_zone) {
        printf(" %d", parts.zone_seconds);
    }
    putchar('\n');
    return true;
}

static bool
tell_utc(const struct slice *words, struct zones *zones)
{
    const struct time_zone *zone = zone_of(zones, words[1]);
    struct date_parts parts;
    char text[DATETIME_TEXT_SIZE];
    bool at_change = false;
    if (zone == NULL || !read_parts(words[2], words[3], &parts) ||
        !calendar_print_utc(
            time_zone_to_utc(zone, calendar_wall_seconds(&parts), &at_change),
            parts.millisecond, text)) {
        return false;
    }
    printf("%s%s\n", text, at_change ? "!" : "");
    return true;
}

static bool
tell_print(const struct slice *words, struct arena *arena)
{
    struct date_parts parts;
    struct date_pattern pattern;
    char why[DATE_WHY_SIZE];
    if (!value_date_format(words[1], &pattern, why) ||
        !value_date_read_iso(words[2], &parts)) {
        return false;
    }
    struct slice text = value_date_print(&pattern, &parts, arena);
    printf("%.*s\n", SLICE_ARGS(text));
    return true;
}

int
main(void)
{
    struct arena arena = {0};
    struct zones zones = {0};
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        struct slice words[4] = {0};
        char *rest = line, *word;
        for (size_t i = 0; i < 4 && (word = strsep(&rest, "\t\n")); i++) {
            words[i] = slice_of(word);
        }
        bool told = slice_is(words[0], "r")   ? tell_read(words)
                    : slice_is(words[0], "u") ? tell_utc(words, &zones)
                                              : tell_print(words, &arena);
        if (!told) {
            puts("none");
        }
        arena_reset(&arena);
    }
    free(line);
    arena_release(&arena);
    arena_release(&zones.arena);
    return 0;
}
