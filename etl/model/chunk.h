/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_CHUNK_H
#define ETL_MODEL_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A staged file: what one ticket sends. Files lie in the run folder, named by
 * load and number: chunks/LOAD-000001.csv (or .csv.gz), .index, .outcomes.
 * Paths are not kept; chunk_path makes them.
 */
struct chunk_limits {
    uint64_t rows;           /* at most */
    uint64_t bytes;          /* at most, uncompressed, header included */
    uint64_t rows_rounded;   /* closed at a multiple of so many rows where bytes
                                allow; 0 or 1: anywhere */
    uint64_t row_characters; /* at most, in one row; 0: no such limit */
    bool is_xml;             /* goes as XML 1.0, which has not all of Unicode */
};

enum chunk_state { CHUNK_STAGED, CHUNK_SENT, CHUNK_COLLECTED };

/* Waves of rows that were staged so are this far apart: what is sent again of
 * one goes between it and the next. */
#define CHUNK_WAVE_STRIDE ((uint32_t)1 << 16)

struct chunk {
    uint64_t id;      /* the ledger's */
    uint32_t load;    /* index in the mapping */
    uint32_t number;  /* 1-based in its load */
    uint32_t wave;    /* sent when all of the waves before are collected */
    uint32_t attempt; /* 0-based: how often its rows were sent before */
    enum chunk_state state;
    bool gzip;
    uint64_t rows;
    uint64_t bytes;               /* uncompressed */
    uint64_t first_row, last_row; /* lowest and highest source row */
};

/* CHUNK_LINKS: what decides the order of its rows (stage/order/links). */
enum chunk_file { CHUNK_CSV, CHUNK_INDEX, CHUNK_OUTCOMES, CHUNK_LINKS };

/* Holds rows that an earlier chunk has sent already, without the lookups to
 * one another: they have succeeded when both have. What is sent again for a
 * lock has a wave between the strides. */
static inline bool
chunk_is_second_pass(const struct chunk *chunk)
{
    return chunk->attempt > 0 && chunk->wave % CHUNK_WAVE_STRIDE == 0;
}

/* Of two chunks with one row, the one whose outcome counts has the higher. No
 * two that hold rows for the first time share one. */
static inline uint32_t
chunk_attempt_rank(const struct chunk *chunk)
{
    return chunk->attempt == 0 ? 1 : chunk->wave + 1;
}

/* On the heap, the caller's. load_name is the load's. */
char *chunk_path(const char *run_folder, const char *load_name,
                 const struct chunk *chunk, enum chunk_file file)
    __attribute__((warn_unused_result));

#endif
