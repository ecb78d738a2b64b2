/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ROW_WRITER_H
#define ETL_STAGE_ROW_WRITER_H

#include "model/batch.h"
#include "model/columns.h"
#include "model/row_file.h"

/*
 * Spells source rows as result files show them: the source's columns, without
 * those that an earlier run added; a ragged row keeps all its cells. The
 * header stands first.
 */
struct row_writer {
    struct row_file_writer file;
    struct buffer line;
    size_t added_count;
};

/* size: of an existing file, to go on behind (resume); 0: anew. */
bool row_writer_open(struct row_writer *writer, const char *path, uint64_t size,
                     const struct columns *columns, struct error *err);
bool row_writer_put(struct row_writer *writer, const struct record *record,
                    struct error *err);
/* Bytes so far, whether on disk or not. */
uint64_t row_writer_size(const struct row_writer *writer);
bool row_writer_sync(struct row_writer *writer, struct error *err);
void row_writer_close(struct row_writer *writer);

#endif
