/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FORMULA_FORMULA_VALUE_H
#define ETL_MAPPING_FORMULA_FORMULA_VALUE_H

#include "mapping/value/decimal.h"

/*
 * What formulas compute with (mapping.md, Formulas). An empty text is blank,
 * always: there is no KIND_TEXT of length 0. A node's kinds are a set of bits;
 * the empty set is that of a constant blank.
 */
enum formula_kind {
    KIND_BLANK = 0,
    KIND_TEXT = 1,
    KIND_NUMBER = 2,
    KIND_DATE = 4,
    KIND_DATETIME = 8,
    KIND_BOOLEAN = 16,
};
#define KIND_ANY 31

struct formula_value {
    enum formula_kind kind;
    union {
        struct slice text; /* valid UTF-8 */
        struct decimal number;
        int64_t days; /* since 1970-01-01, years 1 to 9999 */
        int64_t ms;   /* since 1970 in UTC, the same years */
        bool truth;
    };
};

/* Blank when it is empty. */
static inline struct formula_value
formula_value_text(struct slice text)
{
    return (struct formula_value){.kind = text.len > 0 ? KIND_TEXT : KIND_BLANK,
                                  .text = text};
}

static inline struct formula_value
formula_value_number(struct decimal number)
{
    return (struct formula_value){.kind = KIND_NUMBER, .number = number};
}

static inline struct formula_value
formula_value_truth(bool truth)
{
    return (struct formula_value){.kind = KIND_BOOLEAN, .truth = truth};
}

/* False outside of the years 1 to 9999. */
bool formula_value_date(int64_t days, struct formula_value *value);
bool formula_value_datetime(int64_t ms, struct formula_value *value);

/* As the org takes it; ptr NULL for blank. */
struct slice formula_value_print(const struct formula_value *value,
                                 struct arena *arena);

/* "a text", "a number or a date" of a set of kinds. */
#define FORMULA_KINDS_SIZE 80
const char *formula_value_kinds(unsigned kinds, char text[FORMULA_KINDS_SIZE]);

#endif
