/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_COMPRESSOR_H
#define ETL_STAGE_COMPRESSOR_H

#include "base/file.h"

/*
 * Compresses files on a worker thread. Its queue is bounded: a writer that is
 * faster waits. One compressor serves any number of files of one writer.
 */
struct compressor;
struct compressed_file;

struct compressor *compressor_open(struct error *err);
/* After all its files. NULL is fine. */
void compressor_close(struct compressor *compressor);

/* Aside, until it is committed. */
struct compressed_file *compressor_begin(struct compressor *compressor,
                                         const char *path, struct error *err);
/* Takes the block's bytes; it is empty afterwards. A failure is told by the
 * commit. */
void compressor_write(struct compressed_file *file, struct buffer *block);
/* Synced, renamed, and the folder synced. */
bool compressor_commit(struct compressed_file *file, struct error *err);
/* Drops what was not committed. NULL is fine. */
void compressor_end(struct compressed_file *file);

#endif
