/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_LEVELS_H
#define ETL_STAGE_ORDER_LEVELS_H

#include "base/spill_sort.h"
#include "model/row_key.h"

/*
 * How many parents of its own file stand above each row, so that parents are
 * sent first: a row whose parents are not among the rows (or that has none) is
 * of level 0, any other one level below the deepest of its parents. Where a
 * key comes several times, its first row is the parent.
 *
 * All by external sorts, whatever the number of rows: level after level, those
 * whose parents all have theirs get it, and the others are looked at again. So
 * it costs as many passes over the rows that are left as there are levels. The
 * rest is what the last pass leaves: rows below the limit, rows in a cycle,
 * and rows below one.
 */
struct levels;

struct levels *levels_new(const char *folder, size_t memory_size);
/* A row's own key and that of its parent, of one of the load's links. Blank
 * ones are passed over. */
bool levels_add(struct levels *levels, size_t link, uint64_t row,
                struct row_key own, struct row_key parent, struct error *err);

struct levels_found {
    uint64_t level_count; /* 1: no row has its parent among the rows */
    uint64_t rest_count;  /* rows without a level */
    bool has_cycle;       /* the rest is not only too deep */
};
/* Nothing is added after this. limit: of levels, 1 at least. */
bool levels_settle(struct levels *levels, uint64_t limit,
                   struct levels_found *found, struct error *err);

#define LEVELS_REST UINT64_MAX
struct levels_row {
    uint64_t row, level, parent; /* parent: the row of one that is above it */
};
/* Rows that are not of level 0, ascending. */
enum spill_status levels_next(struct levels *levels, struct levels_row *row,
                              struct error *err);
void levels_free(struct levels *levels);

#endif
