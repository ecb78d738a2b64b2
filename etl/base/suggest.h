/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_SUGGEST_H
#define ETL_BASE_SUGGEST_H

#include "base/slice.h"

/*
 * "Did you mean": the candidate nearest to word by edits (insert, delete,
 * change, swap of neighbours; ASCII case costs nothing), NULL when none is
 * near enough to be meant. The candidates' texts are borrowed; NULL ones are
 * passed over.
 */
const char *suggest_nearest(struct slice word, const char *const *candidates,
                            size_t count);

/*
 * "; did you mean 'X'?" into text, or "" when there is nothing near. Returns
 * text, for use as a printf argument.
 */
#define SUGGEST_SIZE 160
const char *suggest_phrase(char text[SUGGEST_SIZE], struct slice word,
                           const char *const *candidates, size_t count);

#endif
