/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_CHUNK_CLEANER_H
#define ETL_STAGE_CHUNK_CLEANER_H

#include "model/chunk.h"
#include "model/load.h"
#include "stage/compressor.h"

/*
 * Takes the rows that a file of fates names out of the chunks that hold one:
 * each such chunk and its index are written anew. Neither order nor bytes of
 * the rows that stay change.
 */
struct chunk_cleaner {
    const char *run_folder;
    const struct load *load;
    uint32_t load_index;
    uint32_t gone_count, chunk_count; /* the first ones hold nothing any more
                                         and have no files */
    const char *fates_path;
    struct compressor *compressor; /* NULL: chunks are plain */
    /* After a kill amid cleaning: a chunk may be clean with its index not yet
     * so, or not told; each is looked at, and told. */
    bool is_resumed;
    /* Each chunk that is written anew, durable by then; rows may be 0. */
    bool (*on_cleaned)(void *cookie, const struct chunk *chunk,
                       struct error *err);
    void *cookie;
};

/* *dropped: rows that were taken out by this call. */
bool chunk_cleaner_run(const struct chunk_cleaner *cleaner, uint64_t *dropped,
                       struct error *err);

#endif
