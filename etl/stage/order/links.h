/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_LINKS_H
#define ETL_STAGE_ORDER_LINKS_H

#include "model/load.h"
#include "model/row_index.h"

/*
 * What decides the order of a chunk's rows, in a file beside its index
 * (CHUNK_LINKS, in the index's format): for each row the key of its group, if
 * the load has groups, and for each of the load's links its own key and its
 * parent's. All zeros: blank. Written as rows are staged, in source order, and
 * read once in the end; rows that have left the chunk since are still in it.
 */
/* Of a row. */
size_t links_key_count(const struct load *load);
/* Those of one row, in that order. fields: one a column; lock_group: as the
 * mapper gave it; keys: room for links_key_count. */
void links_keys(const struct load *load, const struct slice *fields,
                struct slice lock_group, struct row_key *keys);
bool links_put(struct row_index_writer *writer, uint64_t row,
               const struct row_key *keys, size_t count, struct error *err);

struct links_reader {
    struct row_index_reader file;
    size_t key_count;
};
bool links_reader_open(struct links_reader *reader, const char *path,
                       const struct load *load, struct error *err);
/* Reads on to this row; keys: room for links_key_count. ERROR_INTERNAL where
 * it is not in the file. */
bool links_reader_seek(struct links_reader *reader, uint64_t row,
                       struct row_key *keys, struct error *err);
void links_reader_close(struct links_reader *reader);

#endif
