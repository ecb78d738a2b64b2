/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_VALUE_NUMBER_H
#define ETL_MAPPING_VALUE_VALUE_NUMBER_H

#include "base/arena.h"

/*
 * Numbers as people write them, read by the shape of an example
 * (mapping.md, A field): "1.234,56-", "(1,234.56)". Text in, text out: digits
 * are kept as they are, nothing passes through binary floating point.
 */
struct number_shape {
    struct slice example;
    char group[4];       /* a sign of up to 3 bytes; "": none */
    bool group_is_blank; /* any of space, U+00A0, U+202F */
    char decimal;        /* 0: whole numbers only */
    bool trailing_minus, parentheses;
};

/* "-1234.56": what the org takes. */
extern const struct number_shape value_number_plain;

/* False with the reason: what is wrong with an example. */
bool value_number_shape(struct slice example, struct number_shape *shape,
                        const char **why);

/*
 * The number as "-1234.50": without groups and leading zeros, its decimals
 * kept. Borrows from text where nothing changes, else lies in the arena.
 */
bool value_number_read(const struct number_shape *shape, struct slice text,
                       struct arena *arena, struct slice *number);

#endif
