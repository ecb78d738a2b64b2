/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_FIELD_PARSE_H
#define ETL_REHEARSAL_ORG_FIELD_PARSE_H

#include "base/arena.h"

/*
 * Numbers and times as text in, as text in stored form (field_value.h) out,
 * without a detour through binary floating point. Results are in the arena
 * and terminated.
 */
enum field_parse_status {
    FIELD_PARSE_OK,
    FIELD_PARSE_BAD,   /* no such number */
    FIELD_PARSE_RANGE, /* too many digits before the point */
};

/*
 * [+-]digits[.digits][e[+-]digits], rounded half up (away from zero) to scale
 * digits behind the point. whole_only refuses a point and an exponent.
 */
enum field_parse_status
field_parse_decimal(struct slice text, int integer_digits, int scale,
                    bool whole_only, struct arena *arena, struct slice *value);
/* yyyy-MM-dd, a day that exists. */
bool field_parse_date(struct slice text, struct arena *arena,
                      struct slice *value);
/* yyyy-MM-ddTHH:mm:ss[.fraction] and Z, +hh:mm, -hhmm …; fractions are cut to
 * milliseconds. */
bool field_parse_datetime(struct slice text, struct arena *arena,
                          struct slice *value);
/* HH:mm:ss[.fraction][Z] */
bool field_parse_time(struct slice text, struct arena *arena,
                      struct slice *value);
bool field_parse_is_base64(struct slice text);

#endif
