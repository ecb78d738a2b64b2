/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/delivery/chunk_pool.h"

#include "base/mem.h"
#include "stage/requeue.h"

#include <stdlib.h>
#include <string.h>

/*
 * Rows in a chunk that is sent again, by how often its rows were sent before:
 * one batch of the org first, then less, for locks are held by neighbours and
 * time limits hit long transactions.
 */
static const uint64_t again_rows[] = {10000, 1000, 200};
#define AGAIN_LIMIT (sizeof again_rows / sizeof *again_rows)

static void
add(struct chunk_pool *pool, const struct chunk *chunk)
{
    if (pool->count == pool->capacity) {
        pool->capacity = pool->capacity ? pool->capacity * 2 : 64;
        pool->chunks = mem_realloc_array(pool->chunks, pool->capacity,
                                         sizeof *pool->chunks);
    }
    struct chunk *copy = arena_alloc(&pool->arena, sizeof *copy);
    *copy = *chunk;
    pool->chunks[pool->count++] = copy;
    if (chunk->attempt == 0) {
        pool->rows += chunk->rows;
        pool->bytes += chunk->bytes;
    }
}

bool
chunk_pool_open(struct chunk_pool *pool, struct run *run, struct error *err)
{
    *pool = (struct chunk_pool){
        .run = run,
        .open_waves = mem_array(run->load_count, sizeof *pool->open_waves)};
    struct chunk *chunks;
    size_t count;
    if (!ledger_chunks(run->ledger, &pool->arena, &chunks, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (chunks[i].rows > 0) {
            add(pool, &chunks[i]);
        }
    }
    return true;
}

void
chunk_pool_close(struct chunk_pool *pool)
{
    free(pool->chunks);
    free(pool->open_waves);
    arena_release(&pool->arena);
    *pool = (struct chunk_pool){0};
}

bool
chunk_pool_is_through(const struct chunk_pool *pool, size_t load)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->chunks[i]->load == load &&
            pool->chunks[i]->state != CHUNK_COLLECTED) {
            return false;
        }
    }
    return true;
}

/* Of each load the first wave that is open. There may be thousands. */
static void
find_open_waves(const struct chunk_pool *pool)
{
    for (size_t i = 0; i < pool->run->load_count; i++) {
        pool->open_waves[i] = UINT32_MAX;
    }
    for (size_t i = 0; i < pool->count; i++) {
        const struct chunk *chunk = pool->chunks[i];
        if (chunk->state != CHUNK_COLLECTED &&
            chunk->wave < pool->open_waves[chunk->load]) {
            pool->open_waves[chunk->load] = chunk->wave;
        }
    }
}

static bool
is_ready(const struct chunk_pool *pool, const struct chunk *chunk)
{
    const struct run_load *load = &pool->run->loads[chunk->load];
    size_t after = load->load->after;
    if (load->load->require_parent && !load->parents_settled) {
        return false;
    }
    if (after != SIZE_MAX && pool->open_waves[after] != UINT32_MAX) {
        return false;
    }
    return chunk->wave <= pool->open_waves[chunk->load];
}

struct chunk *
chunk_pool_next(const struct chunk_pool *pool)
{
    find_open_waves(pool);
    for (size_t i = 0; i < pool->count; i++) {
        struct chunk *chunk = pool->chunks[i];
        if (chunk->state == CHUNK_STAGED && is_ready(pool, chunk)) {
            return chunk;
        }
    }
    return NULL;
}

void
chunk_pool_update(struct chunk_pool *pool, const struct chunk *chunk)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->chunks[i]->id != chunk->id) {
            continue;
        }
        if (chunk->attempt == 0) {
            pool->rows -= pool->chunks[i]->rows - chunk->rows;
            pool->bytes -= pool->chunks[i]->bytes - chunk->bytes;
        }
        *pool->chunks[i] = *chunk;
        if (chunk->rows == 0) {
            pool->count--;
            memmove(&pool->chunks[i], &pool->chunks[i + 1],
                    (pool->count - i) * sizeof *pool->chunks);
        }
        return;
    }
}

/* Behind all that the load has of the wave: they go when everything else of it
 * is through, and before the next, which may hold newer rows of their keys. */
static void
set_place(const struct chunk_pool *pool, struct requeue *requeue)
{
    for (size_t i = 0; i < pool->count; i++) {
        const struct chunk *chunk = pool->chunks[i];
        if (chunk->load != requeue->from->load) {
            continue;
        }
        if (chunk->number >= requeue->first_number) {
            requeue->first_number = chunk->number + 1;
        }
        if (chunk->wave / CHUNK_WAVE_STRIDE ==
                requeue->from->wave / CHUNK_WAVE_STRIDE &&
            chunk->wave >= requeue->first_wave) {
            requeue->first_wave = chunk->wave + 1;
        }
    }
}

static uint64_t
chunk_rows(const struct chunk *from)
{
    uint64_t half = (from->rows + 1) / 2;
    uint64_t rows = again_rows[from->attempt];
    return half < rows ? half : rows;
}

bool
chunk_pool_may_again(const struct chunk *chunk)
{
    return chunk->attempt < AGAIN_LIMIT;
}

bool
chunk_pool_again(struct chunk_pool *pool, const struct chunk *from,
                 const uint64_t *rows, size_t row_count, struct error *err)
{
    if (row_count == 0) {
        return true;
    }
    struct requeue requeue = {
        .run_folder = pool->run->folder,
        .load = pool->run->loads[from->load].load,
        .from = from,
        .rows = rows,
        .row_count = row_count,
        .chunk_rows = chunk_rows(from),
    };
    set_place(pool, &requeue);
    size_t count = requeue_chunk_count(&requeue);
    struct chunk *chunks = mem_array(count, sizeof *chunks);
    bool done = requeue_write(&requeue, chunks, err);
    for (size_t i = 0; done && i < count; i++) {
        done = ledger_put_chunk(pool->run->ledger, &chunks[i], err);
        if (done) {
            add(pool, &chunks[i]);
        }
    }
    free(chunks);
    if (done) {
        run_note(pool->run,
                 "%s: %zu rows met a lock or a time limit; they are sent "
                 "again in %zu smaller job%s",
                 requeue.load->name, row_count, count, count == 1 ? "" : "s");
    }
    return done;
}
