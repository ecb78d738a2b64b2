/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_PARENT_KEYS_H
#define ETL_PIPELINE_PARENTS_PARENT_KEYS_H

#include "base/arena.h"
#include "base/spill_sort.h"
#include "model/row_key.h"

/*
 * Keys that rows name, on disk: a sort of (hash, place) and a file of their
 * texts, read only for those that somebody asks for. Both have no name and go
 * with the process.
 */
struct parent_keys {
    struct spill_sort *sort;
    int fd;
    struct buffer *pending; /* not written yet */
    uint64_t size;          /* of the texts, the pending ones included */
    uint64_t rows;
    unsigned char *seen; /* bits by hash: how many there are, about */
};

/* One text and the row that has it. */
struct parent_key {
    uint64_t row, line;
    struct slice text; /* in the arena */
};

bool parent_keys_open(struct parent_keys *keys, const char *folder,
                      struct error *err);
bool parent_keys_add(struct parent_keys *keys, struct row_key hash,
                     const struct parent_key *key, struct error *err);
/* Nothing is added after this. */
bool parent_keys_finish(struct parent_keys *keys, struct error *err);
/* How many are distinct, at least; of millions, rather too few. */
uint64_t parent_keys_distinct(const struct parent_keys *keys);
/* The next by hash: its place is entry->row. */
enum spill_status parent_keys_next(struct parent_keys *keys,
                                   struct spill_entry *entry,
                                   struct error *err);
bool parent_keys_read(struct parent_keys *keys, uint64_t place,
                      struct arena *arena, struct parent_key *key,
                      struct error *err);
void parent_keys_close(struct parent_keys *keys);

#endif
