/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_ROW_FILE_H
#define ETL_MODEL_ROW_FILE_H

#include "base/file.h"

/*
 * The source rows of a run, staged once, in source order, each already spelled
 * as the result files will show it: CSV cells joined by commas, without the
 * line end. The file begins with the header line in the same form (row 0,
 * line 0). Each entry is framed by row, line and length, in host order.
 */
struct row_file_entry {
    uint64_t row, line;
    struct slice text;
};

struct row_file_writer {
    struct file_writer file;
};
/* size: keep that many bytes of an existing file (resume); 0: anew. */
bool row_file_writer_open(struct row_file_writer *writer, const char *path,
                          uint64_t size, struct error *err);
bool row_file_writer_put(struct row_file_writer *writer,
                         const struct row_file_entry *entry, struct error *err);
/* Everything put so far is on disk afterwards; *size is the file's. */
bool row_file_writer_sync(struct row_file_writer *writer, uint64_t *size,
                          struct error *err);
void row_file_writer_close(struct row_file_writer *writer);

struct row_file_reader {
    struct file_reader file;
    uint64_t limit; /* bytes to read; what stands behind was not recorded */
};
bool row_file_reader_open(struct row_file_reader *reader, const char *path,
                          uint64_t limit, struct error *err);
/* The text is valid until the next call. */
enum file_status row_file_reader_next(struct row_file_reader *reader,
                                      struct row_file_entry *entry,
                                      struct error *err);
void row_file_reader_close(struct row_file_reader *reader);

#endif
