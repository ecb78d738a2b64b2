/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/calendar.h"

#define SECONDS_A_DAY 86400

bool
calendar_is_time(const struct date_parts *parts)
{
    return parts->hour <= 23 && parts->minute <= 59 && parts->second <= 59;
}

bool
calendar_is_date(const struct date_parts *parts)
{
    return parts->year >= 1 && parts->month >= 1 && parts->month <= 12 &&
           parts->day >= 1 &&
           parts->day <= calendar_month_len(parts->year, parts->month);
}

int
calendar_month_len(int64_t year, int month)
{
    static const int lens[12] = {31, 28, 31, 30, 31, 30,
                                 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : lens[month - 1];
}

/* Years begin in March here, so that the leap day is the last. */
int64_t
calendar_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void
calendar_date_of(int64_t days, struct date_parts *parts)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    parts->day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    parts->month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    parts->year = (int)(year_of_era + era * 400 + (parts->month <= 2));
}

int64_t
calendar_wall_seconds(const struct date_parts *parts)
{
    return calendar_days(parts->year, parts->month, parts->day) *
               SECONDS_A_DAY +
           parts->hour * 3600 + parts->minute * 60 + parts->second;
}

static char *
print_digits(char *to, int value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return to + width;
}

void
calendar_print(const struct date_parts *parts, char text[DATE_TEXT_SIZE])
{
    char *to = print_digits(text, parts->year, 4);
    *to++ = '-';
    to = print_digits(to, parts->month, 2);
    *to++ = '-';
    *print_digits(to, parts->day, 2) = '\0';
}

void
calendar_print_time(const struct date_parts *parts, char text[TIME_TEXT_SIZE])
{
    char *to = print_digits(text, parts->hour, 2);
    *to++ = ':';
    to = print_digits(to, parts->minute, 2);
    *to++ = ':';
    to = print_digits(to, parts->second, 2);
    *to++ = '.';
    to = print_digits(to, parts->millisecond, 3);
    *to++ = 'Z';
    *to = '\0';
}

bool
calendar_print_utc(int64_t utc_seconds, int millisecond,
                   char text[DATETIME_TEXT_SIZE])
{
    struct date_parts parts = {.millisecond = millisecond};
    int64_t days = utc_seconds / SECONDS_A_DAY;
    int64_t rest = utc_seconds % SECONDS_A_DAY;
    if (rest < 0) {
        days--;
        rest += SECONDS_A_DAY;
    }
    calendar_date_of(days, &parts);
    parts.hour = (int)(rest / 3600);
    parts.minute = (int)(rest / 60 % 60);
    parts.second = (int)(rest % 60);
    if (parts.year < 1 || parts.year > 9999) {
        return false;
    }
    calendar_print(&parts, text);
    text[DATE_TEXT_SIZE - 1] = 'T';
    calendar_print_time(&parts, text + DATE_TEXT_SIZE);
    return true;
}
