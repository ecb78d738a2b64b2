/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_EXPLAIN_EXPLAIN_H
#define ETL_CLI_EXPLAIN_EXPLAIN_H

#include "base/suggest.h"
#include "cli/explain/page.h"

#include <jansson.h>
#include <stdio.h>

/* What there is to say of errors, by name: the pages of page.h. */

/*
 * text is a name in any case, as typed or as copied: "[number-shape]", or a
 * message of Salesforce that begins with its code. NULL: no such page.
 */
const struct page *explain_find(struct slice text);
/* What helps, in one line, for the code of a row's error; NULL: nothing is
 * known beyond the message. */
const char *explain_advice(const char *code);
/* "; did you mean 'X'?" or "" into text, which it returns. */
const char *explain_suggest(struct slice name, char text[SUGGEST_SIZE]);

/* The page, below its name and what it is about. */
void explain_print(const struct page *page, FILE *stream);
/* Only the parts of it, each line indented. */
void explain_print_parts(const struct page *page, size_t indent, FILE *stream);
/* Every name with its advice, by theme. */
void explain_print_all(FILE *stream);

json_t *explain_json(const struct page *page);
json_t *explain_json_all(void);

#endif
