/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_DECIMAL_H
#define ETL_MAPPING_VALUE_DECIMAL_H

#include "base/arena.h"

/*
 * Exact decimal numbers of up to 34 digits (IEEE 754-2008 decimal128, in the
 * binary encoding of the Intel library). Digits are kept as arithmetic gives
 * them: 1.50 stays 1.50. What takes more than 34 digits is rounded half to
 * even. No value is ever infinite or not a number: functions are false where
 * it would be.
 */
struct decimal {
    uint64_t low, high;
};

#define DECIMAL_DIGITS 34

/* "-1234.56", with at most 34 digits that count. */
bool decimal_read(struct slice text, struct decimal *number);
/* Plain, never with an exponent. In the arena. */
struct slice decimal_print(struct decimal number, struct arena *arena);

struct decimal decimal_of(int64_t whole);
/* Only of whole numbers that fit; 3.00 is one. */
bool decimal_to_whole(struct decimal number, int64_t *whole);

bool decimal_is_zero(struct decimal number);
bool decimal_is_negative(struct decimal number); /* zero is not */
/* Below, equal, above: -1, 0, 1. */
int decimal_compare(struct decimal a, struct decimal b);

struct decimal decimal_negate(struct decimal number);
bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum);
bool decimal_subtract(struct decimal a, struct decimal b,
                      struct decimal *difference);
bool decimal_multiply(struct decimal a, struct decimal b,
                      struct decimal *product);
/* b is not zero. */
bool decimal_divide(struct decimal a, struct decimal b,
                    struct decimal *quotient);
/* The rest of a division rounded down: its sign is b's. b is not zero. */
bool decimal_modulo(struct decimal a, struct decimal b, struct decimal *rest);

/* To so many places behind the point, negative: before it; half away from
 * zero. What has fewer places gets them. */
struct decimal decimal_round(struct decimal number, int64_t places);
enum decimal_direction { DECIMAL_UP, DECIMAL_DOWN, DECIMAL_TO_ZERO };
/* To a whole number. */
struct decimal decimal_whole(struct decimal number,
                             enum decimal_direction direction);

#endif
