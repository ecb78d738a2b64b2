/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_CALENDAR_H
#define ETL_MAPPING_VALUE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The proleptic Gregorian calendar, years 1 to 9999, and how the org spells
 * dates and times.
 */

/* A date and a time on a clock on some wall. */
struct date_parts {
    int year, month, day, hour, minute, second, millisecond;
    bool has_zone;
    int zone_seconds; /* east of Greenwich */
};

/* Whether there is such a day, such a time; negative parts are not passed. */
bool calendar_is_date(const struct date_parts *parts);
bool calendar_is_time(const struct date_parts *parts);

int calendar_month_len(int64_t year, int month);
/* Days from 1970-01-01 to a date. */
int64_t calendar_days(int64_t year, int month, int day);
/* The date of a day since 1970-01-01; other parts stay. */
void calendar_date_of(int64_t days, struct date_parts *parts);
/* Seconds since 1970 as if the clock stood in Greenwich. */
int64_t calendar_wall_seconds(const struct date_parts *parts);

#define DATE_TEXT_SIZE 11     /* "2026-01-31" */
#define DATETIME_TEXT_SIZE 25 /* "2026-01-31T09:30:00.000Z" */
#define TIME_TEXT_SIZE 14     /* "09:30:00.000Z" */
void calendar_print(const struct date_parts *parts, char text[DATE_TEXT_SIZE]);
void calendar_print_time(const struct date_parts *parts,
                         char text[TIME_TEXT_SIZE]);
/* False when that falls outside of the years 1 to 9999. */
bool calendar_print_utc(int64_t utc_seconds, int millisecond,
                        char text[DATETIME_TEXT_SIZE]);

#endif
