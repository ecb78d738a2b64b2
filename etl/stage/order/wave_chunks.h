/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_WAVE_CHUNKS_H
#define ETL_STAGE_ORDER_WAVE_CHUNKS_H

#include "stage/chunk_output.h"
#include "stage/chunk_rule.h"

/*
 * The chunks that staged rows have moved into, numbered behind those that they
 * came from, and the record of them (rows/LOAD.waves): before it stands all is
 * done anew, after it nothing is.
 */
struct waves {
    bool is_recorded;
    bool is_all;          /* no row is left in the first chunks */
    uint64_t first_count; /* of those */
    struct chunk *chunks; /* owned */
    size_t count, capacity;
    /* Of is_all: how many waves there are, the rows that are in two chunks,
     * the rows that were rejected, and whether groups are kept together. */
    uint64_t wave_count, second_rows, rejected_rows, is_grouped;
};

/* Waves of a load, and rows of one key, at most: what is sent again goes in
 * between. */
#define WAVES_LIMIT ((uint64_t)65535)

/* Where the record stands; on the heap. */
char *waves_path(const char *run_folder, const char *load_name);
bool waves_record(const struct waves *waves, const char *run_folder,
                  const char *load_name, struct error *err);
/* What an interrupted run has recorded. */
bool waves_read(const char *path, struct waves *waves, struct error *err);
void waves_release(struct waves *waves);

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
