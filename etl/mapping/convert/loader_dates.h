/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_LOADER_DATES_H
#define ETL_MAPPING_CONVERT_LOADER_DATES_H

#include "base/arena.h"

/*
 * The date patterns that Data Loader tries on every value (class
 * DateTimeConverter of its sources), in our letters; no text fits two of them,
 * so that their order, the plain ones first here, decides nothing. Java's
 * parser takes one digit where two are written between signs, so these are M d
 * H m s here. A bare year or month ("2026", "2026-01"), which Java completes to
 * its first day, is not among them, nor are zones by name ("CET"): such a value
 * is rejected.
 */
struct loader_dates {
    struct slice *items;
    size_t count;
};

/* Of date fields: a time behind the date is passed over. */
struct loader_dates loader_dates_of_day(bool european, struct arena *arena);
/* Of datetime fields; has_zone: there is a zone for texts without an offset,
 * which else fit no pattern. */
struct loader_dates loader_dates_of_moment(bool european, bool has_zone,
                                           struct arena *arena);

#endif
