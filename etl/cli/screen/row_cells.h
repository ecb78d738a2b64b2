/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_ROW_CELLS_H
#define ETL_CLI_SCREEN_ROW_CELLS_H

#include "mapping/mapping.h"

#include <stdio.h>

/*
 * One row of the source beside what a load makes of it, for people: each cell
 * in a line, or each field step by step. Control characters are shown as
 * escapes, wide characters count two columns.
 */
struct row_cells {
    const struct mapping *mapping;
    size_t load; /* of the mapping */
    const char *source_name;
    const struct record *source, *record;
};

/* Long cells are cut to the width. */
void row_cells_print(FILE *stream, const struct row_cells *row, size_t width);
/* Nothing is cut. */
void row_cells_print_steps(FILE *stream, const struct row_cells *row);

#endif
