/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/groups.h"

#include "base/mem.h"

#include <stdlib.h>

#define BLOCK_BITS 16 /* behind a row; neighbours differ, which is enough */
#define BLOCK_MASK (((uint64_t)1 << BLOCK_BITS) - 1)

struct groups {
    struct spill_sort *by_key; /* key, row and block */
    struct spill_sort *by_row; /* row, first */
};

struct groups *
groups_new(const char *folder, size_t memory_size)
{
    struct groups *groups = mem_zalloc(sizeof *groups);
    groups->by_key = spill_sort_new(folder, memory_size / 2);
    groups->by_row = spill_sort_new(folder, memory_size / 2);
    return groups;
}

bool
groups_add(struct groups *groups, uint64_t row, struct row_key key,
           uint64_t block, struct error *err)
{
    const struct spill_entry entry = {{key.high, key.low},
                                      row << BLOCK_BITS | (block & BLOCK_MASK)};
    return (key.high == 0 && key.low == 0) ||
           spill_sort_add(groups->by_key, &entry, err);
}

bool
groups_settle(struct groups *groups, uint64_t *torn_count, struct error *err)
{
    struct spill_entry entry, first = {{0, 0}, 0};
    enum spill_status status = SPILL_END;
    bool done = spill_sort_finish(groups->by_key, err), is_torn = false;
    *torn_count = 0;
    while (done && (status = spill_sort_next(groups->by_key, &entry, err)) ==
                       SPILL_ENTRY) {
        if (first.row == 0 || entry.key[0] != first.key[0] ||
            entry.key[1] != first.key[1]) {
            first = entry;
            is_torn = false;
            continue;
        }
        bool tears = !is_torn && ((entry.row ^ first.row) & BLOCK_MASK) != 0;
        *torn_count += tears;
        is_torn |= tears;
        const struct spill_entry found = {
            {entry.row >> BLOCK_BITS, first.row >> BLOCK_BITS}, 0};
        done = spill_sort_add(groups->by_row, &found, err);
    }
    spill_sort_free(groups->by_key);
    groups->by_key = NULL;
    return done && status == SPILL_END &&
           spill_sort_finish(groups->by_row, err);
}

enum spill_status
groups_next(struct groups *groups, struct groups_row *row, struct error *err)
{
    struct spill_entry entry;
    enum spill_status status = spill_sort_next(groups->by_row, &entry, err);
    if (status == SPILL_ENTRY) {
        *row = (struct groups_row){entry.key[0], entry.key[1]};
    }
    return status;
}

void
groups_free(struct groups *groups)
{
    if (groups == NULL) {
        return;
    }
    spill_sort_free(groups->by_key);
    spill_sort_free(groups->by_row);
    free(groups);
}
