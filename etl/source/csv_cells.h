/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_CELLS_H
#define ETL_SOURCE_CSV_CELLS_H

#include "base/buffer.h"
#include "model/batch.h"

/*
 * The cells of the row that is being read. Their texts live in the batch that
 * is being filled; when that is taken away in the middle of a row they are held
 * in the list itself. A zeroed list is empty.
 */
struct csv_cells {
    struct slice *items;
    size_t count, capacity;
    struct buffer held; /* texts, while is_held */
    bool is_held;
};

void csv_cells_add(struct csv_cells *cells, struct slice cell);
/* The cells of a line without quotes; they point into it. */
void csv_cells_split(struct csv_cells *cells, struct slice line, char delimiter,
                     bool trim);
/* An array of them in the arena; the list is empty afterwards. */
struct slice *csv_cells_take(struct csv_cells *cells, struct arena *arena);
/* An array of count cells, the first have of them given, the others absent. */
struct slice *csv_cells_pad(struct arena *arena, const struct slice *fields,
                            size_t have, size_t count);
void csv_cells_hold(struct csv_cells *cells);
void csv_cells_restore(struct csv_cells *cells, struct arena *arena);
void csv_cells_release(struct csv_cells *cells);

#endif
