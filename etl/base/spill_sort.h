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
 * order. What fits never touches the disk. Keys should be hashes: sorting is
 * by radix on key[0] and slow when many share its upper bits.
 */
struct spill_entry {
    uint64_t key[2];
    uint64_t row;
};
struct spill_sort;

/* Spills to "FOLDER/sort-NNN", removed when freed. memory_size in bytes. */
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
