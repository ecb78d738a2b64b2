/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_DRAFT_COLUMN_PROFILE_H
#define ETL_MAPPING_DRAFT_COLUMN_PROFILE_H

#include "base/arena.h"
#include "base/map.h"

/*
 * What the values of a column are, found by trying every form on every value.
 * Real files have a few wrong values, so a form may miss one in twenty; it is
 * the mapping's task to reject those. A form that fits few rows by chance is
 * still a guess.
 */
enum column_kind {
    COLUMN_BLANK, /* no value at all */
    COLUMN_TEXT,
    COLUMN_DIGITS, /* only digits, and no number: leading zeros, long keys */
    COLUMN_WHOLE,
    COLUMN_NUMBER,
    COLUMN_DATE,
    COLUMN_DATETIME,
    COLUMN_BOOLEAN,
    COLUMN_EMAIL,
    COLUMN_URL,
    COLUMN_ID, /* of Salesforce, 15 or 18 characters */
};

#define COLUMN_PROFILE_EXAMPLES 3
#define COLUMN_PROFILE_FORMS 20

struct column_profile {
    uint64_t rows, blanks, placeholders; /* zeros where dates should be */
    uint64_t unavailable;                /* "#N/A", which counts as blank */
    /* Values that a form does not fit, by the form. */
    uint32_t number_misses[COLUMN_PROFILE_FORMS];
    uint32_t date_misses[COLUMN_PROFILE_FORMS];
    uint32_t datetime_misses[COLUMN_PROFILE_FORMS];
    uint32_t boolean_misses[COLUMN_PROFILE_FORMS];
    uint32_t digits, padded, emails, urls, ids; /* values that are such */
    uint64_t repeats;                           /* values that came before */
    size_t longest;                             /* characters */
    struct slice placeholder;
    struct slice examples[COLUMN_PROFILE_EXAMPLES];
    size_t example_count;
    struct map seen;
};

/* What is made of it. */
struct column_guess {
    enum column_kind kind;
    uint64_t misses;   /* values that the kind does not fit */
    const char *shape; /* of a date or datetime; NULL: needs none */
    const char *other; /* fits as well: nobody can tell */
    /* The same for a field of numbers, whatever kind it is else. */
    bool is_number;
    uint64_t number_misses;
    const char *number_shape, *number_other;
    const char *yes, *no; /* of a boolean that needs its texts */
    bool is_unique;       /* and never blank */
    bool is_key;          /* nearly so */
};

void column_profile_init(struct column_profile *profile);
/* The arena keeps what is remembered of the value. */
void column_profile_add(struct column_profile *profile, struct slice value,
                        struct arena *arena);
/* comma_decimals: other columns of the file show that a comma is the decimal
 * sign (1), that a point is (-1), or nothing (0). */
struct column_guess column_profile_guess(const struct column_profile *profile,
                                         int comma_decimals);
/* 1, -1 or 0: what this column alone shows. */
int column_profile_decimals(const struct column_profile *profile);
void column_profile_release(struct column_profile *profile);

const char *column_profile_kind_name(enum column_kind kind);

#endif
