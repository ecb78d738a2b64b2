/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_REQUEUE_H
#define ETL_STAGE_REQUEUE_H

#include "base/error.h"
#include "model/chunk.h"
#include "model/load.h"

/*
 * Rows of a staged chunk that are to be sent once more, copied byte for byte
 * into smaller chunks of their own: what the org refused for a lock or a time
 * limit, or left untouched when a job broke off. The copies are durable when
 * this returns; who calls records them. Written plain, never compressed.
 */
struct requeue {
    const char *run_folder;
    const struct load *load;
    const struct chunk *from;
    const uint64_t *rows; /* source rows wanted, ascending */
    size_t row_count;
    uint64_t chunk_rows;   /* at most, in each new chunk */
    uint32_t first_number; /* of the new chunks */
    uint32_t first_wave;   /* each gets one of its own: one after the other */
};

/* How many chunks requeue_write will make. */
size_t requeue_chunk_count(const struct requeue *requeue);
/* chunks: room for that many. ERROR_INTERNAL when a row is not in the chunk. */
bool requeue_write(const struct requeue *requeue, struct chunk *chunks,
                   struct error *err);

#endif
