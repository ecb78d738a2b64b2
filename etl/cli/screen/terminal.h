/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_TERMINAL_H
#define ETL_CLI_SCREEN_TERMINAL_H

#include "base/slice.h"

#include <stdio.h>

/* What is known of the terminal behind a stream. */

bool terminal_is(FILE *stream);
/* Columns now; fallback when the stream is no terminal or does not say. */
unsigned terminal_width(FILE *stream, unsigned fallback);

/* Escape sequences, all "" where there is to be no colour: not a terminal, a
 * dumb one, or NO_COLOR in the environment. */
struct terminal_paint {
    const char *bold, *red, *yellow, *green, *off;
};
struct terminal_paint terminal_paint(FILE *stream);

/* Columns that UTF-8 text takes: wide characters two, combining ones none. */
size_t terminal_columns(struct slice text);
/* The bytes of the first characters that fit into so many columns. */
size_t terminal_prefix(struct slice text, size_t columns);

#endif
