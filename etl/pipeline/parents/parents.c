/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/parents.h"

#include "base/file.h"
#include "base/mem.h"
#include "pipeline/parents/orphans.h"
#include "stage/chunk_cleaner.h"
#include "stage/stager.h"

#include <stdlib.h>

/* One load while it is settled. */
struct settling {
    struct chunk_pool *pool;
    size_t load_index;
    struct run_load *load, *parent;
    struct arena arena;
    struct chunk *chunks; /* of all loads, as recorded */
    size_t chunk_count;
    char *path; /* of the fates */
};

static const char *
take_path(struct settling *settling, char *path)
{
    const char *copy = arena_strdup(&settling->arena, slice_of(path));
    free(path);
    return copy;
}

/* Where the outcomes of the parents' load stand. */
static size_t
list_parts(struct settling *settling, struct result_part *parts)
{
    const char *folder = settling->pool->run->folder;
    const struct load *parent = settling->parent->load;
    const char *decided[] = {
        take_path(settling, stager_fates_path(folder, parent->name)),
        take_path(settling, stager_duplicates_path(folder, parent->name)),
        take_path(settling, orphans_path(folder, parent->name)),
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
        if (file_exists(decided[i])) {
            parts[count++] = (struct result_part){.path = decided[i]};
        }
    }
    for (size_t i = 0; i < settling->chunk_count; i++) {
        const struct chunk *chunk = &settling->chunks[i];
        if (chunk->load == settling->load->load->after && chunk->rows > 0) {
            parts[count++] = (struct result_part){
                .path = take_path(settling, chunk_path(folder, parent->name,
                                                       chunk, CHUNK_OUTCOMES)),
                .attempt = chunk_attempt_rank(chunk),
            };
        }
    }
    return count;
}

static bool
find_orphans(struct settling *settling, struct error *err)
{
    const struct run *run = settling->pool->run;
    struct result_part *parts =
        arena_array(&settling->arena, settling->chunk_count + 3, sizeof *parts);
    const struct orphans_search search = {
        .run_folder = run->folder,
        .load = settling->load->load,
        .parent = settling->parent->load,
        .parent_part_count = list_parts(settling, parts),
        .parent_parts = parts,
        .in_doubt_as = run->assumed,
    };
    uint64_t count = 0;
    if (!orphans_find(&search, &count, err)) {
        return false;
    }
    if (count > 0) {
        run_note(run, "%s: %llu row%s left out, for %s %s was not loaded",
                 search.load->name, (unsigned long long)count,
                 count == 1 ? " is" : "s are", count == 1 ? "its" : "their",
                 search.parent->name);
    }
    return true;
}

static struct chunk *
find_chunk(struct chunk *chunks, size_t count, uint32_t load, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (chunks[i].load == load && chunks[i].number == number) {
            return &chunks[i];
        }
    }
    return NULL;
}

/* What else is known of the chunk stays. */
static bool
record_cleaned(void *cookie, const struct chunk *cleaned, struct error *err)
{
    struct settling *settling = cookie;
    struct chunk *chunk = find_chunk(settling->chunks, settling->chunk_count,
                                     cleaned->load, cleaned->number);
    if (chunk == NULL) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "chunk %u of '%s' is not in the ledger",
                         (unsigned)cleaned->number, settling->load->load->name);
    }
    chunk->rows = cleaned->rows;
    chunk->bytes = cleaned->bytes;
    chunk->first_row = cleaned->first_row;
    chunk->last_row = cleaned->last_row;
    if (!ledger_put_chunk(settling->pool->run->ledger, chunk, err)) {
        return false;
    }
    chunk_pool_update(settling->pool, chunk);
    return true;
}

/* The chunks that all rows have left for an order of their own: their files
 * are gone. */
static bool
is_gone(const struct settling *settling, const struct chunk *chunk)
{
    char *path = chunk_path(settling->pool->run->folder,
                            settling->load->load->name, chunk, CHUNK_INDEX);
    bool gone = chunk->rows == 0 && !file_exists(path);
    free(path);
    return gone;
}

/* Chunks are numbered without a gap until one is sent again. */
static bool
clean_chunks(struct settling *settling, bool is_resumed, struct error *err)
{
    struct chunk_cleaner cleaner = {
        .run_folder = settling->pool->run->folder,
        .load = settling->load->load,
        .load_index = (uint32_t)settling->load_index,
        .fates_path = settling->path,
        .is_resumed = is_resumed,
        .on_cleaned = record_cleaned,
        .cookie = settling,
    };
    bool gzip = false;
    for (size_t i = 0; i < settling->chunk_count; i++) {
        const struct chunk *chunk = &settling->chunks[i];
        if (chunk->load == settling->load_index) {
            cleaner.gone_count += cleaner.gone_count == cleaner.chunk_count &&
                                  is_gone(settling, chunk);
            cleaner.chunk_count++;
            gzip = gzip || chunk->gzip;
        }
    }
    uint64_t dropped;
    cleaner.compressor = gzip ? compressor_open(err) : NULL;
    bool done = (!gzip || cleaner.compressor != NULL) &&
                chunk_cleaner_run(&cleaner, &dropped, err);
    compressor_close(cleaner.compressor);
    return done;
}

static bool
settle(struct settling *settling, const char *fact, struct error *err)
{
    struct ledger *ledger = settling->pool->run->ledger;
    bool is_resumed = file_exists(settling->path);
    return ledger_chunks(ledger, &settling->arena, &settling->chunks,
                         &settling->chunk_count, err) &&
           (is_resumed || find_orphans(settling, err)) &&
           clean_chunks(settling, is_resumed, err) &&
           ledger_set_u64(ledger, fact, 1, err);
}

static bool
settle_load(struct chunk_pool *pool, size_t index, struct error *err)
{
    struct run_load *load = &pool->run->loads[index];
    struct settling settling = {
        .pool = pool,
        .load_index = index,
        .load = load,
        .parent = &pool->run->loads[load->load->after],
        .path = orphans_path(pool->run->folder, load->load->name),
    };
    char *fact = mem_printf("parents_settled:%s", load->load->name);
    uint64_t settled = 0;
    bool done = ledger_get_u64(pool->run->ledger, fact, &settled, err) &&
                (settled != 0 || settle(&settling, fact, err));
    load->parents_settled = done;
    free(fact);
    free(settling.path);
    arena_release(&settling.arena);
    return done || error_add_context(err, "load '%s'", load->load->name);
}

bool
parents_settle(struct chunk_pool *pool, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < pool->run->load_count; i++) {
        const struct run_load *load = &pool->run->loads[i];
        if (load->load->require_parent && !load->parents_settled &&
            chunk_pool_is_through(pool, load->load->after)) {
            done = settle_load(pool, i, err);
        }
    }
    return done;
}
