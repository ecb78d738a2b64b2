/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_ROW_INDEX_H
#define ETL_MODEL_ROW_INDEX_H

#include "base/file.h"
#include "model/row_key.h"

/*
 * Which source row each record of a chunk is: entries {key, row} in the order
 * of the chunk's records, written as the chunk grows and read only to collect.
 * Memory when read: 24 bytes a row and a table of 4 to 8.
 */
struct row_index_entry {
    struct row_key key;
    uint64_t row;
};

struct row_index_writer {
    struct file_writer file;
};
bool row_index_writer_open(struct row_index_writer *writer, const char *path,
                           struct error *err);
bool row_index_writer_put(struct row_index_writer *writer,
                          const struct row_index_entry *entry,
                          struct error *err);
bool row_index_writer_commit(struct row_index_writer *writer,
                             struct error *err);
void row_index_writer_close(struct row_index_writer *writer);

struct row_index {
    struct row_index_entry *entries; /* in the chunk's order */
    size_t count;
    uint32_t *slots; /* hash table of positions + 1 */
    size_t slot_count;
};
#define ROW_INDEX_NONE SIZE_MAX

/* Refuses more than UINT32_MAX - 1 entries. */
bool row_index_open(struct row_index *index, const char *path,
                    struct error *err);
/*
 * The next position with this key after the given one (ROW_INDEX_NONE to
 * begin), in the chunk's order; ROW_INDEX_NONE when there is none left.
 */
size_t row_index_find(const struct row_index *index, struct row_key key,
                      size_t after);
void row_index_close(struct row_index *index);

#endif
