/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_CANONICAL_H
#define ETL_MODEL_CANONICAL_H

#include "model/schema.h"

/*
 * The one spelling of a value that the org and we may write differently:
 * numbers as their exact decimal digits and exponent, dates as days and
 * datetimes as milliseconds since 1970 in UTC, times as milliseconds,
 * booleans as a byte, Ids as their first 15 characters. The bytes are for
 * hashing and comparing, not for reading, and are in host order.
 */
#define CANONICAL_SIZE 80
#define CANONICAL_DIGIT_LIMIT 64 /* significant ones; the org keeps 18 */

/*
 * The length of what was written, 0 when text is no value of the type or the
 * type is told apart by its bytes alone. Numbers are rounded to scale decimals
 * (half away from zero), for an org may answer with what it keeps;
 * CANONICAL_ALL_DECIMALS leaves them.
 */
#define CANONICAL_ALL_DECIMALS (-1)
size_t canonical_value(enum field_type type, int scale, struct slice text,
                       char out[CANONICAL_SIZE]);
/* As canonical_value, but numbers as the double nearest to them: what is left
 * of more than 15 digits in an org. */
size_t canonical_value_loose(enum field_type type, int scale, struct slice text,
                             char out[CANONICAL_SIZE]);

#endif
