/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_GRID_H
#define ETL_CLI_SCREEN_GRID_H

#include "base/arena.h"

#include <stdio.h>

/*
 * A table of text with aligned columns, by display width: wide characters
 * count two. Cells are gathered row by row and copied; control characters are
 * shown as escapes, so that data can't steer the terminal. A table wider than
 * it may be is broken into blocks of columns, each of which begins with the
 * first column.
 */
struct grid_column {
    const char *title; /* borrowed */
    bool right;        /* aligned; else left */
    size_t limit;      /* columns; longer cells end in an ellipsis; 0: none */
};

struct grid {
    struct arena arena;
    const struct grid_column *columns; /* borrowed */
    size_t column_count;
    struct slice *cells;
    size_t cell_count, capacity;
};

void grid_open(struct grid *grid, const struct grid_column *columns,
               size_t count);
void grid_put(struct grid *grid, struct slice text);
void grid_printf(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void grid_print(const struct grid *grid, FILE *stream, size_t width);
void grid_close(struct grid *grid);

/* text with control characters escaped, in the arena. */
struct slice grid_visible(struct arena *arena, struct slice text);

#endif
