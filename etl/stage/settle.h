/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_SETTLE_H
#define ETL_STAGE_SETTLE_H

#include "stage/compressor.h"
#include "stage/order/wave_chunks.h"
#include "stage/stager.h"

/*
 * What is left to decide of a load when all its rows are staged: its
 * duplicates leave their chunks, then rows that have an order of their own, or
 * whose key was there before, move on to chunks of later waves. Each step can
 * be gone on with after a kill.
 */
struct settle {
    const char *run_folder;
    size_t stream; /* of the source: whose rows these are */
    const struct load *load;
    struct chunk_limits limits;
    uint32_t load_index, chunk_count;
    struct compressor *compressor; /* NULL: chunks are plain */
    uint64_t rows_size;            /* of rows/source.rows */
    size_t sort_memory;
    uint64_t last_row; /* resume: decided before; 0 for a new run */
    /* Each chunk that is made or written anew, durable by then. */
    bool (*tell)(void *cookie, const struct chunk *chunk, struct error *err);
    void *cookie;
};

/* waves: as an earlier process has recorded them, or zeros; counts: of the
 * rows staged, to be mended. */
bool settle_load(const struct settle *settle, struct waves *waves,
                 struct stage_counts *counts, struct error *err);

#endif
