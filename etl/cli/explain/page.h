/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_EXPLAIN_PAGE_H
#define ETL_CLI_EXPLAIN_PAGE_H

#include <stddef.h>

/*
 * What there is to say of one error, for an analyst. Sentences, but for the
 * advice: it is what helps in one line, also printed below a run's most
 * frequent errors, and begins the part on what to do. A line of more that
 * begins with a blank is an example and is printed as it stands.
 * tests/lint/explain.sh holds our names against the sources.
 */
struct page {
    const char *name; /* stable name of ours, or a code of Salesforce */
    const char *what; /* it means */
    const char *why;  /* it happens; NULL: that is said already */
    const char *advice;
    const char *more; /* NULL: nothing */
};

/* One theme each; ended by a page without a name. */
extern const struct page pages_value[];   /* a row's value was refused */
extern const struct page pages_source[];  /* of the source, and its rows */
extern const struct page pages_run[];     /* of runs, orgs and results */
extern const struct page pages_mapping[]; /* keys and fields of a mapping */
extern const struct page pages_formula[]; /* formulas, and what they refuse */
extern const struct page pages_yaml[];    /* how the file is written */
extern const struct page pages_loader[];  /* files of Data Loader */
extern const struct page pages_row[];     /* Salesforce refused a row */
extern const struct page pages_call[];    /* Salesforce refused a call */

#endif
