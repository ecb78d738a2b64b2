/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_PARAGRAPH_H
#define ETL_CLI_SCREEN_PARAGRAPH_H

#include <stddef.h>
#include <stdio.h>

/* Lines of help and explanations end here, on wider terminals too. */
#define PARAGRAPH_WIDTH 80

/*
 * The words of text, broken at PARAGRAPH_WIDTH, with a line end. column: where
 * the cursor stands; the lines that follow begin at indent.
 */
void paragraph_print(FILE *stream, const char *text, size_t indent,
                     size_t column);

#endif
