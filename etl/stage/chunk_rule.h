/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_CHUNK_RULE_H
#define ETL_STAGE_CHUNK_RULE_H

#include "model/chunk.h"
#include "model/load.h"

/*
 * When a chunk is closed, as data without I/O, so that staging and `plan`
 * decide alike. Bulk 2.0 cuts a job into batches of 10,000 rows and gives
 * 15,000 batches a day, so a chunk ends at a multiple of limits.rows_rounded
 * when the next block, judged by the largest so far, might not fit; and always
 * before the row that would pass a limit.
 */
struct chunk_rule {
    struct chunk_limits limits;
    uint64_t header_size;   /* of the CSV header line */
    uint64_t rows, bytes;   /* of the open chunk, header included */
    uint64_t block_begin;   /* bytes where the current block begins */
    uint64_t largest_block; /* bytes, of all chunks so far */
};

void chunk_rule_open(struct chunk_rule *rule, const struct chunk_limits *limits,
                     const struct load *load);
/* The next row of so many bytes, line end included, belongs to a new chunk.
 * Never true of an empty chunk. */
bool chunk_rule_ends_before(const struct chunk_rule *rule, uint64_t size);
void chunk_rule_add(struct chunk_rule *rule, uint64_t size);
/* The next chunk is begun. */
void chunk_rule_begin(struct chunk_rule *rule);

#endif
