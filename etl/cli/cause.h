/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_CAUSE_H
#define ETL_CLI_CAUSE_H

#include "report/tally.h"

#include <stdio.h>

/*
 * A cause of failed rows for people: its count and code, examples with row and
 * line, and what helps. Messages are shown with control characters escaped.
 * note stands behind the code; NULL: none.
 */
void cause_print(FILE *stream, const struct tally_code *code,
                 size_t example_count, const char *note);
/* The same without what helps. */
void cause_print_examples(FILE *stream, const struct tally_code *code,
                          size_t example_count, const char *note);

#endif
