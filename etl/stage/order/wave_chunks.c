/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/wave_chunks.h"

#include "base/mem.h"

#include <stdlib.h>

#define RECORD_LIMIT ((size_t)256 << 20) /* bytes: two million chunks */
#define ALL ((uint64_t)1 << 63) /* of the first count: is_all, and figures */
#define FIGURE_COUNT 4

char *
waves_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.waves", run_folder, load_name);
}

bool
waves_record(const struct waves *waves, const char *run_folder,
             const char *load_name, struct error *err)
{
    struct buffer bytes = {.limit = RECORD_LIMIT};
    const uint64_t head = waves->first_count | (waves->is_all ? ALL : 0);
    const uint64_t figures[FIGURE_COUNT] = {
        waves->wave_count, waves->second_rows, waves->rejected_rows,
        waves->is_grouped};
    buffer_append(&bytes, &head, sizeof head);
    if (waves->is_all) {
        buffer_append(&bytes, figures, sizeof figures);
    }
    buffer_append(&bytes, waves->chunks, waves->count * sizeof *waves->chunks);
    char *path = waves_path(run_folder, load_name);
    bool done = bytes.overflowed
                    ? error_set(err, ERROR_CONFIG, 0,
                                "load '%s' has too many chunks", load_name)
                    : file_replace(path, buffer_slice(&bytes), err);
    free(path);
    buffer_release(&bytes);
    return done;
}

static bool
take(struct slice *bytes, void *into, size_t size)
{
    if (bytes->len < size) {
        return false;
    }
    memcpy(into, bytes->ptr, size);
    *bytes = (struct slice){bytes->ptr + size, bytes->len - size};
    return true;
}

static bool
parse(struct slice bytes, struct waves *waves)
{
    uint64_t head, figures[FIGURE_COUNT];
    if (!take(&bytes, &head, sizeof head)) {
        return false;
    }
    waves->is_recorded = true;
    waves->is_all = (head & ALL) != 0;
    waves->first_count = head & ~ALL;
    if (waves->is_all) {
        if (!take(&bytes, figures, sizeof figures)) {
            return false;
        }
        waves->wave_count = figures[0];
        waves->second_rows = figures[1];
        waves->rejected_rows = figures[2];
        waves->is_grouped = figures[3];
    }
    waves->count = bytes.len / sizeof *waves->chunks;
    waves->capacity = waves->count;
    waves->chunks = mem_array(waves->count, sizeof *waves->chunks);
    return take(&bytes, waves->chunks, waves->count * sizeof *waves->chunks) &&
           bytes.len == 0 && (waves->is_all || waves->count > 0);
}

bool
waves_read(const char *path, struct waves *waves, struct error *err)
{
    struct buffer bytes = {.limit = RECORD_LIMIT};
    *waves = (struct waves){.is_recorded = false};
    bool done = file_read_whole(path, RECORD_LIMIT, &bytes, err);
    if (done && !parse(buffer_slice(&bytes), waves)) {
        done = error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged", path);
    }
    buffer_release(&bytes);
    return done;
}

void
waves_release(struct waves *waves)
{
    free(waves->chunks);
    *waves = (struct waves){.is_recorded = false};
}

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
