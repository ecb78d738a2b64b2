/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/staging/stage_memory.h"

static bool
record_position(struct ledger *ledger, const struct source_position *position,
                struct error *err)
{
    return ledger_set_u64(ledger, "source_rows", position->rows, err) &&
           ledger_set_u64(ledger, "source_hash_0", position->hash[0], err) &&
           ledger_set_u64(ledger, "source_hash_1", position->hash[1], err) &&
           ledger_set_u64(ledger, "source_hashed_bytes", position->hashed_bytes,
                          err);
}

static bool
record_mark(const struct run *run, size_t stream, const struct stage_mark *mark,
            struct error *err)
{
    return run_set_stream(run, "mark_row", stream, mark->row, err) &&
           run_set_stream(run, "mark_rows_size", stream, mark->rows_size,
                          err) &&
           run_set_stream(run, "kept_row", stream, mark->kept_row, err) &&
           run_set_stream(run, "kept_size", stream, mark->kept_size, err);
}

bool
stage_memory_record(const struct run *run, const struct chunk *chunk,
                    const struct stage_mark *marks,
                    const struct source_position *position, struct error *err)
{
    struct chunk recorded = *chunk;
    bool done = ledger_begin(run->ledger, err) &&
                ledger_put_chunk(run->ledger, &recorded, err);
    for (size_t i = 0; done && i < run->stream_count; i++) {
        done = record_mark(run, i, &marks[i], err);
    }
    done = done && record_position(run->ledger, position, err);
    return ledger_end(run->ledger, done, err);
}

bool
stage_memory_recall_position(const struct run *run,
                             struct source_position *known, struct error *err)
{
    struct ledger *ledger = run->ledger;
    return ledger_get_u64(ledger, "source_rows", &known->rows, err) &&
           ledger_get_u64(ledger, "source_hash_0", &known->hash[0], err) &&
           ledger_get_u64(ledger, "source_hash_1", &known->hash[1], err) &&
           ledger_get_u64(ledger, "source_hashed_bytes", &known->hashed_bytes,
                          err);
}

bool
stage_memory_recall_mark(const struct run *run, size_t stream,
                         struct stage_mark *mark, struct error *err)
{
    return run_get_stream(run, "mark_row", stream, &mark->row, err) &&
           run_get_stream(run, "mark_rows_size", stream, &mark->rows_size, err);
}

bool
stage_memory_recall_loads(const struct run *run, struct stage_load *loads,
                          struct error *err)
{
    struct arena arena = {0};
    struct chunk *chunks = NULL;
    size_t count = 0;
    bool done = ledger_chunks(run->ledger, &arena, &chunks, &count, err);
    for (size_t i = 0; i < count; i++) {
        struct stage_load *load = &loads[chunks[i].load];
        if (chunks[i].number > load->staged_chunks) {
            load->staged_chunks = chunks[i].number;
        }
        if (chunks[i].last_row > load->last_row) {
            load->last_row = chunks[i].last_row;
        }
    }
    arena_release(&arena);
    return done;
}
