/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_EXCERPT_H
#define ETL_MAPPING_EXCERPT_H

#include "base/buffer.h"

/*
 * The line that a problem is about, with a caret below what is meant, cut to
 * what a terminal of 80 columns shows.
 */

/* The line of text that holds the offset, and marks below len bytes of it.
 * number: of the line, shown before it; 0: none. */
void excerpt_append(struct buffer *shown, struct slice text, size_t offset,
                    size_t len, int number);

/* Where a line and column, 1-based and counted in characters, lies in a text;
 * its length if it lies past the end. */
size_t excerpt_offset(struct slice text, int line, int column);

/* How many bytes from the offset on belong together: a word, a quoted text,
 * or one sign. */
size_t excerpt_word(struct slice text, size_t offset);

#endif
