/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_ROW_INDEX_H
#define ETL_MODEL_ROW_INDEX_H

#include "base/file.h"
#include "model/row_key.h"

/*
 * Which source row each record of a chunk is: entries {key, row} in the order
 * of the chunk's records, written as the chunk grows and read only to collect.
 * The file is closed by an entry of row 0 that holds the count and a checksum,
 * so that a cut or damaged one is noticed. Memory when read: 32 bytes a row.
 */
struct row_index_entry {
    struct row_key key;
    uint64_t row;
};

struct row_index_writer {
    struct file_writer file;
    uint64_t count, checksum;
};
bool row_index_writer_open(struct row_index_writer *writer, const char *path,
                           struct error *err);
bool row_index_writer_put(struct row_index_writer *writer,
                          const struct row_index_entry *entry,
                          struct error *err);
bool row_index_writer_commit(struct row_index_writer *writer,
                             struct error *err);
void row_index_writer_close(struct row_index_writer *writer);

/* One entry at a time, in the chunk's order, in little memory. FILE_END only
 * where the count is right. */
struct row_index_reader {
    struct file_reader file;
    uint64_t count, checksum; /* of the entries so far */
};
bool row_index_reader_open(struct row_index_reader *reader, const char *path,
                           struct error *err);
enum file_status row_index_reader_next(struct row_index_reader *reader,
                                       struct row_index_entry *entry,
                                       struct error *err);
void row_index_reader_close(struct row_index_reader *reader);

struct row_index {
    struct row_index_entry *entries; /* in the chunk's order */
    size_t count;
    /* Hash table: positions + 1, as many of each as there are entries. A chain
     * ascends, so rows with equal keys are met in the chunk's order. */
    uint32_t *slots, *next;
    uint64_t seed;
};
#define ROW_INDEX_NONE SIZE_MAX

/* Refuses more than UINT32_MAX - 1 entries. A zeroed index may be closed. */
bool row_index_open(struct row_index *index, const char *path,
                    struct error *err);
/*
 * The next position with this key after the given one (ROW_INDEX_NONE to
 * begin), in the chunk's order; ROW_INDEX_NONE when there is none left.
 */
size_t row_index_find(const struct row_index *index, struct row_key key,
                      size_t after);
/* Makes the table anew after keys were changed. */
void row_index_rebuild(struct row_index *index);
/* Positions by source row; NULL: they ascend as they are. It stands in the
 * place of the chains: nothing can be found any more. */
const uint32_t *row_index_order(struct row_index *index);
void row_index_close(struct row_index *index);

#endif
