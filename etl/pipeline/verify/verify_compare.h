/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_VERIFY_VERIFY_COMPARE_H
#define ETL_PIPELINE_VERIFY_VERIFY_COMPARE_H

#include "model/load.h"

/*
 * What was sent beside what the org holds, by value: numbers, dates, times,
 * booleans and Ids in their canonical form, several choices in any order, line
 * ends as they were sent. What differs is told by kind, for the kinds have
 * different causes.
 */
enum verify_verdict {
    VERIFY_SAME,
    VERIFY_ROUNDED,     /* fewer decimals, or no milliseconds */
    VERIFY_TRIMMED,     /* blanks at the ends are gone, or line ends changed */
    VERIFY_CASE,        /* upper and lower case only */
    VERIFY_CUT,         /* the beginning of what was sent */
    VERIFY_BLANK,       /* nothing is there */
    VERIFY_FILLED,      /* cleared, and not blank */
    VERIFY_CHANGED,     /* another value */
    VERIFY_GONE,        /* no such record */
    VERIFY_STILL_THERE, /* deleted, and there */
};
#define VERIFY_VERDICT_COUNT 10

/* "rounded", "kept" */
const char *verify_compare_name(enum verify_verdict verdict);
/* sent: not absent. found: ptr NULL or empty where blank. */
enum verify_verdict verify_compare(const struct load_column *column,
                                   struct slice sent, struct slice found);

#endif
