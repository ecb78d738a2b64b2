/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_SPILL_SORT_H
#define ETL_BASE_SPILL_SORT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * External sort of fixed-size entries by (key[0], key[1], row), all unsigned.
 * Entries are added in any order, gathered in bounded memory, sorted, and
 * spilled to files of a folder when that is full; then they are read back in
 * order. What fits never touches the disk. Fast where key[0] differs in its
 * upper bits, as hashes and row numbers do: sorting is by radix on the 22
 * highest bits that are not the same in all.
 */
struct spill_entry {
    uint64_t key[2];
    uint64_t row;
};
struct spill_sort;

/* Spills to files of the folder that have no name: nothing is left behind when
 * the process ends. memory_size in bytes, half of it for sorting. */
struct spill_sort *spill_sort_new(const char *folder, size_t memory_size);
bool spill_sort_add(struct spill_sort *sort, const struct spill_entry *entry,
                    struct error *err);
/* Nothing is added after this. */
bool spill_sort_finish(struct spill_sort *sort, struct error *err);

enum spill_status { SPILL_ENTRY, SPILL_END, SPILL_FAILED };
enum spill_status spill_sort_next(struct spill_sort *sort,
                                  struct spill_entry *entry, struct error *err);
void spill_sort_free(struct spill_sort *sort);

#endif
