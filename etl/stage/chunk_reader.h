/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_CHUNK_READER_H
#define ETL_STAGE_CHUNK_READER_H

#include "base/file.h"

/*
 * A staged chunk, record by record, compressed or not. It is our own writing:
 * each quote toggles, and a line feed outside quotes ends a record. The header
 * is the first.
 */
struct chunk_reader {
    char *path; /* for messages, owned */
    struct gzFile_s *file;
    char *window;
    size_t next, end;
    struct buffer record;
};

bool chunk_reader_open(struct chunk_reader *reader, const char *path,
                       struct error *err);
/* The line feed included; borrowed until the next call. */
enum file_status chunk_reader_next(struct chunk_reader *reader,
                                   struct slice *record, struct error *err);
void chunk_reader_close(struct chunk_reader *reader);

#endif
