/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_TIME_ZONE_H
#define ETL_MAPPING_VALUE_TIME_ZONE_H

#include "base/arena.h"

/*
 * Local times of the system's time zone database (TZif files, RFC 8536), read
 * here and not by the C library: that knows one zone a process only. The rule
 * in a file's footer is unrolled to 400 years, after which the calendar
 * repeats. Read-only once loaded.
 */
#define TIME_ZONE_WHY_SIZE 200

struct time_zone;

/* NULL with the reason: there is no such zone, or its file can't be read. */
const struct time_zone *time_zone_load(struct slice name, struct arena *arena,
                                       char why[TIME_ZONE_WHY_SIZE]);
/* As time_zone_load, from the bytes of a file. */
const struct time_zone *time_zone_parse(struct slice bytes,
                                        struct arena *arena);

/*
 * The instant of a local time, both in seconds since 1970. A time that a
 * change of the clocks leaves out or repeats takes the offset before the
 * change; *at_change says so.
 */
int64_t time_zone_to_utc(const struct time_zone *zone, int64_t local,
                         bool *at_change);

/* Seconds east of Greenwich at an instant. */
int32_t time_zone_offset(const struct time_zone *zone, int64_t utc);

#endif
