/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_WAVE_CHUNKS_H
#define ETL_STAGE_ORDER_WAVE_CHUNKS_H

#include "stage/chunk_output.h"
#include "stage/chunk_rule.h"
#include "stage/order/waves_record.h"

/*
 * Writes the chunks that staged rows move into.
 */
struct wave_chunks_options {
    const char *run_folder;
    const struct load *load;
    struct chunk_limits limits;
    uint32_t load_index;
    struct compressor *compressor; /* NULL: chunks are plain */
};

struct wave_chunks {
    const struct wave_chunks_options *options;
    struct waves *waves;
    struct chunk_rule rule;
    struct chunk_output output;
};

/* Borrows both; waves->first_count is set. */
void wave_chunks_open(struct wave_chunks *chunks,
                      const struct wave_chunks_options *options,
                      struct waves *waves);
/* NULL: none is open. */
struct chunk *wave_chunks_current(const struct wave_chunks *chunks);
/* Finishes the open one. ERROR_CONFIG past WAVES_LIMIT. */
bool wave_chunks_begin(struct wave_chunks *chunks, uint64_t wave,
                       uint32_t attempt, struct error *err);
/* A record with its line end, into the open chunk. */
bool wave_chunks_put(struct wave_chunks *chunks,
                     const struct row_index_entry *entry, struct slice record,
                     struct error *err);
bool wave_chunks_finish(struct wave_chunks *chunks, struct error *err);
void wave_chunks_close(struct wave_chunks *chunks);

#endif
