/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DELIVERY_CHUNK_POOL_H
#define ETL_PIPELINE_DELIVERY_CHUNK_POOL_H

#include "pipeline/run.h"

/*
 * The chunks of a run while they are delivered. Chunks keep their place in
 * memory when others join: those made of rows that are to be sent again.
 */
struct chunk_pool {
    struct run *run;
    struct arena arena;
    struct chunk **chunks;
    size_t count, capacity;
    uint32_t *open_waves; /* of each load, for chunk_pool_next */
    uint64_t rows, bytes; /* of all that hold a row for the first time */
};

bool chunk_pool_open(struct chunk_pool *pool, struct run *run,
                     struct error *err);
void chunk_pool_close(struct chunk_pool *pool);
/* The next that may be sent now: its load waits for no other, and no earlier
 * wave of its load is open. NULL: none. */
struct chunk *chunk_pool_next(const struct chunk_pool *pool);
/* All that the load has is collected. */
bool chunk_pool_is_through(const struct chunk_pool *pool, size_t load);
/* A chunk that was not sent yet holds less than before; it leaves the pool
 * when it holds nothing. */
void chunk_pool_update(struct chunk_pool *pool, const struct chunk *chunk);

/* Its rows were not sent too often yet. */
bool chunk_pool_may_again(const struct chunk *chunk);
/*
 * Stages rows of a chunk once more (stage/requeue), in smaller chunks, and
 * records them with the ledger transaction that is open.
 */
bool chunk_pool_again(struct chunk_pool *pool, const struct chunk *from,
                      const uint64_t *rows, size_t row_count,
                      struct error *err);

#endif
