/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/wave_chunks.h"

#include "base/mem.h"

#include <stdlib.h>

void
wave_chunks_open(struct wave_chunks *chunks,
                 const struct wave_chunks_options *options, struct waves *waves)
{
    *chunks = (struct wave_chunks){.options = options, .waves = waves};
    struct chunk_limits usable = options->limits;
    usable.rows = usable.rows ? usable.rows : UINT64_MAX;
    usable.bytes = usable.bytes ? usable.bytes : UINT64_MAX;
    chunk_rule_open(&chunks->rule, &usable, options->load);
}

struct chunk *
wave_chunks_current(const struct wave_chunks *chunks)
{
    return chunks->output.is_open
               ? &chunks->waves->chunks[chunks->waves->count - 1]
               : NULL;
}

bool
wave_chunks_finish(struct wave_chunks *chunks, struct error *err)
{
    struct chunk *chunk = wave_chunks_current(chunks);
    if (chunk == NULL) {
        return true;
    }
    bool done = chunk_output_commit(&chunks->output, err);
    chunk->bytes = chunks->output.written;
    return done;
}

static struct chunk *
add_chunk(struct waves *waves)
{
    if (waves->count == waves->capacity) {
        waves->capacity = waves->capacity ? 2 * waves->capacity : 16;
        waves->chunks = mem_realloc_array(waves->chunks, waves->capacity,
                                          sizeof *waves->chunks);
    }
    struct chunk *chunk = &waves->chunks[waves->count++];
    memset(chunk, 0, sizeof *chunk); /* it is written as bytes */
    return chunk;
}

bool
wave_chunks_begin(struct wave_chunks *chunks, uint64_t wave, uint32_t attempt,
                  struct error *err)
{
    const struct wave_chunks_options *options = chunks->options;
    if (!wave_chunks_finish(chunks, err)) {
        return false;
    }
    if (wave >= WAVES_LIMIT) {
        return error_set(
            err, ERROR_CONFIG, 0,
            "load '%s' would take more than %llu jobs one after "
            "the other, for the order of its rows [too-many-waves]",
            options->load->name, (unsigned long long)WAVES_LIMIT);
    }
    struct waves *waves = chunks->waves;
    struct chunk *chunk = add_chunk(waves);
    chunk->load = options->load_index;
    chunk->number = (uint32_t)(waves->first_count + waves->count);
    chunk->wave = (uint32_t)wave * CHUNK_WAVE_STRIDE;
    chunk->attempt = attempt;
    chunk->gzip = options->compressor != NULL;
    chunk_rule_begin(&chunks->rule);
    buffer_reset(&chunks->output.block);
    chunks->output.block.limit = SIZE_MAX;
    chunk_output_header(&chunks->output.block, options->load);
    return chunk_output_open(&chunks->output, options->run_folder,
                             options->load->name, chunk, options->compressor,
                             err);
}

bool
wave_chunks_put(struct wave_chunks *chunks, const struct row_index_entry *entry,
                struct slice record, struct error *err)
{
    struct chunk *chunk = wave_chunks_current(chunks);
    if (chunk == NULL) {
        return error_set(err, ERROR_INTERNAL, 0, "a wave has no chunk open");
    }
    chunk_rule_add(&chunks->rule, record.len);
    if (chunk->rows == 0 || entry->row < chunk->first_row) {
        chunk->first_row = entry->row;
    }
    if (entry->row > chunk->last_row) {
        chunk->last_row = entry->row;
    }
    chunk->rows++;
    buffer_append_slice(&chunks->output.block, record);
    return row_index_writer_put(&chunks->output.index, entry, err) &&
           (chunks->output.block.len < CHUNK_OUTPUT_BLOCK_SIZE ||
            chunk_output_flush(&chunks->output, err));
}

void
wave_chunks_close(struct wave_chunks *chunks)
{
    chunk_output_close(&chunks->output);
}
