/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_GROUPS_H
#define ETL_STAGE_ORDER_GROUPS_H

#include "base/spill_sort.h"
#include "model/row_key.h"

/*
 * Which rows belong together, by external sorts: each row of a group learns
 * the group's first row, which is its name and its place.
 */
struct groups;

/* Rows are told apart up to here. */
#define GROUPS_ROW_LIMIT ((uint64_t)1 << 48)

struct groups *groups_new(const char *folder, size_t memory_size);
/* block: counts up where the org may work on two rows at the same time. A row
 * with a blank key is in no group. */
bool groups_add(struct groups *groups, uint64_t row, struct row_key key,
                uint64_t block, struct error *err);
/* *torn_count: groups with rows in several blocks. */
bool groups_settle(struct groups *groups, uint64_t *torn_count,
                   struct error *err);

struct groups_row {
    uint64_t row, first;
};
/* Rows that are not the first of their group, ascending. */
enum spill_status groups_next(struct groups *groups, struct groups_row *row,
                              struct error *err);
void groups_free(struct groups *groups);

#endif
