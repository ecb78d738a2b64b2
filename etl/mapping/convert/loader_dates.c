/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/loader_dates.h"

/* Digits without signs between them, then the same with a T. */
static const char *const basic_times[] = {
    " HHmmss",    " HHmm",  " HH",  "THHmmss",    "THHmm",  "THH",
    "TH:m:s.SSS", "TH:m:s", "TH:m", " H:m:s.SSS", " H:m:s", " H:m",
};
static const char *const signed_times[] = {
    "TH:m:s.SSS", "TH:m:s", "TH:m", "TH", " H:m:s.SSS", " H:m:s", " H:m", " H",
};
static const char *const no_time[] = {""};
#define BASIC_COUNT (sizeof basic_times / sizeof *basic_times)
#define SIGNED_COUNT (sizeof signed_times / sizeof *signed_times)
#define BASE_COUNT (3 + BASIC_COUNT + 2 * SIGNED_COUNT)

static void
add(struct loader_dates *dates, const char *date, const char *const *times,
    size_t count, const char *zone, struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        dates->items[dates->count++] =
            arena_printf(arena, "%s%s%s", date, times[i], zone);
    }
}

static void
add_all(struct loader_dates *dates, bool european, const char *zone,
        struct arena *arena)
{
    const char *slashes = european ? "d/M/yyyy" : "M/d/yyyy";
    add(dates, "yyyy-M-d", no_time, 1, zone, arena);
    add(dates, slashes, no_time, 1, zone, arena);
    add(dates, "yyyyMMdd", no_time, 1, zone, arena);
    add(dates, "yyyyMMdd", basic_times, BASIC_COUNT, zone, arena);
    add(dates, "yyyy-M-d", signed_times, SIGNED_COUNT, zone, arena);
    add(dates, slashes, signed_times, SIGNED_COUNT, zone, arena);
}

struct loader_dates
loader_dates_of_day(bool european, struct arena *arena)
{
    struct loader_dates dates = {
        .items = arena_array(arena, 2 * BASE_COUNT, sizeof *dates.items)};
    add_all(&dates, european, "", arena);
    add_all(&dates, european, "'Z'", arena);
    return dates;
}

struct loader_dates
loader_dates_of_moment(bool european, bool has_zone, struct arena *arena)
{
    struct loader_dates dates = {
        .items = arena_array(arena, 3 * BASE_COUNT, sizeof *dates.items)};
    if (has_zone) {
        add_all(&dates, european, "", arena);
    }
    add_all(&dates, european, "XXX", arena);
    add_all(&dates, european, " XXX", arena);
    return dates;
}
