/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_CHUNK_OUTPUT_H
#define ETL_STAGE_CHUNK_OUTPUT_H

#include "base/file.h"
#include "model/chunk.h"
#include "model/load.h"
#include "model/row_index.h"
#include "stage/compressor.h"

/*
 * The two files of a chunk, its CSV and its index, written side by side. Its
 * bytes are gathered in blocks, which are for a compressor to take, or for the
 * disk. Both files are aside until the commit, which puts the CSV in its place
 * first and the index last.
 */
#define CHUNK_OUTPUT_BLOCK_SIZE ((size_t)128 * 1024)

struct chunk_output {
    struct buffer block; /* what was not handed on; append lines here */
    uint64_t written;    /* bytes handed on */
    struct file_writer plain;
    struct compressed_file *compressed; /* NULL: plain */
    struct row_index_writer index;
    bool is_open;
};

/* compressor NULL: plain. The block keeps what is in it. */
bool chunk_output_open(struct chunk_output *output, const char *run_folder,
                       const char *load_name, const struct chunk *chunk,
                       struct compressor *compressor, struct error *err);
/* Hands the block on. */
bool chunk_output_flush(struct chunk_output *output, struct error *err);
/* Synced and renamed. */
bool chunk_output_commit(struct chunk_output *output, struct error *err);
/* Drops what was not committed, and the block. */
void chunk_output_close(struct chunk_output *output);

/* The header line of a load's chunks. */
void chunk_output_header(struct buffer *block, const struct load *load);

#endif
