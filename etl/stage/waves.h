/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_WAVES_H
#define ETL_STAGE_WAVES_H

#include "model/chunk.h"
#include "stage/compressor.h"
#include "stage/duplicates.h"

/*
 * `duplicates: allow`: the n-th row of a key goes into the n-th wave of
 * chunks. All chunks are staged as the rows come, which is the first wave; in
 * the end an external sort finds the rows whose key was there before, and they
 * move into chunks of later waves, numbered behind the others.
 *
 * In this order, so that a kill loses nothing: the rows that move are named in
 * a file of fates (for chunk_cleaner), their new chunks are written, and what
 * was made is recorded in LOAD.waves. Only then may they leave their chunks.
 * Before the record stands all is done anew, after it nothing is.
 */
struct waves_options {
    struct duplicates_options rows; /* of all chunks in source order */
    struct chunk_limits limits;
    uint32_t load_index;
    struct compressor *compressor; /* NULL: chunks are plain */
};

struct waves {
    uint64_t first_count; /* chunks of the first wave */
    struct chunk *chunks; /* of the later ones, owned */
    size_t count, capacity;
};

/* Rows of one key, at most. */
#define WAVES_LIMIT ((uint64_t)65535)

bool waves_matter(const struct load *load);
/* Where the record stands, and the rows that move; on the heap. */
char *waves_path(const char *run_folder, const char *load_name);
char *waves_fates_path(const char *run_folder, const char *load_name);
/* waves->count 0: no key comes twice, and there is no record. ERROR_CONFIG
 * past WAVES_LIMIT. */
bool waves_write(const struct waves_options *options, struct waves *waves,
                 struct error *err);
/* What an interrupted run has recorded. */
bool waves_read(const char *path, struct waves *waves, struct error *err);
void waves_release(struct waves *waves);

#endif
