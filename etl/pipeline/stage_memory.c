/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stage_memory.h"

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

bool
stage_memory_record(struct ledger *ledger, const struct chunk *chunk,
                    const struct stage_mark *mark,
                    const struct source_position *position, struct error *err)
{
    struct chunk recorded = *chunk;
    return ledger_begin(ledger, err) &&
           ledger_put_chunk(ledger, &recorded, err) &&
           ledger_set_u64(ledger, "mark_row", mark->row, err) &&
           ledger_set_u64(ledger, "mark_rows_size", mark->rows_size, err) &&
           ledger_set_u64(ledger, "kept_row", mark->kept_row, err) &&
           ledger_set_u64(ledger, "kept_size", mark->kept_size, err) &&
           record_position(ledger, position, err) && ledger_commit(ledger, err);
}

bool
stage_memory_recall(struct ledger *ledger, struct stage_mark *mark,
                    struct source_position *known, struct stage_load *loads,
                    struct error *err)
{
    struct arena arena = {0};
    struct chunk *chunks = NULL;
    size_t count = 0;
    bool done =
        ledger_get_u64(ledger, "mark_row", &mark->row, err) &&
        ledger_get_u64(ledger, "mark_rows_size", &mark->rows_size, err) &&
        ledger_get_u64(ledger, "source_rows", &known->rows, err) &&
        ledger_get_u64(ledger, "source_hash_0", &known->hash[0], err) &&
        ledger_get_u64(ledger, "source_hash_1", &known->hash[1], err) &&
        ledger_get_u64(ledger, "source_hashed_bytes", &known->hashed_bytes,
                       err) &&
        ledger_chunks(ledger, &arena, &chunks, &count, err);
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
