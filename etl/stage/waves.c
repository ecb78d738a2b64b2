/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/waves.h"

#include "base/mem.h"
#include "base/spill_sort.h"
#include "model/outcome.h"
#include "stage/chunk_output.h"
#include "stage/chunk_reader.h"
#include "stage/chunk_rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORD_LIMIT ((size_t)256 << 20) /* bytes: two million chunks */

/* What stands before a row's bytes in the file of moved rows. */
struct moved {
    struct row_index_entry entry;
    uint64_t len;
};

struct moving {
    const struct waves_options *options;
    struct spill_sort *by_key;  /* key, row */
    struct spill_sort *by_row;  /* row, wave */
    struct spill_sort *by_wave; /* wave, row, where it is in the file */
    uint64_t count;
    struct spill_entry next; /* of by_row; row 0 in key[0]: none */
    char *moved_path;
    struct file_writer moved; /* and read back by moved_fd */
    int moved_fd;
    struct outcome_writer fates;
    struct waves *waves;
    struct chunk_rule rule;
    struct chunk_output output;
    struct buffer record;
};

bool
waves_matter(const struct load *load)
{
    return load->key_column != LOAD_NO_KEY &&
           load->duplicates == DUPLICATES_ALLOW;
}

char *
waves_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.waves", run_folder, load_name);
}

char *
waves_fates_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.moved", run_folder, load_name);
}

static bool
number_repeats(struct moving *moving, struct error *err)
{
    struct spill_entry last = {{0, 0}, 0}, entry;
    uint64_t wave = 0;
    enum spill_status status;
    bool done = true, has_last = false;
    while (done && (status = spill_sort_next(moving->by_key, &entry, err)) ==
                       SPILL_ENTRY) {
        bool same = has_last && entry.key[0] == last.key[0] &&
                    entry.key[1] == last.key[1];
        wave = same ? wave + 1 : 0;
        last = entry;
        has_last = true;
        if (wave >= WAVES_LIMIT) {
            return error_set(err, ERROR_CONFIG, 0,
                             "load '%s': row %llu is not the first of its key, "
                             "nor among the first %llu; 'duplicates: allow' "
                             "sends no more of one key",
                             moving->options->rows.load->name,
                             (unsigned long long)entry.row,
                             (unsigned long long)WAVES_LIMIT);
        }
        if (wave > 0) {
            const struct spill_entry repeat = {{entry.row, wave}, 0};
            moving->count++;
            done = spill_sort_add(moving->by_row, &repeat, err);
        }
    }
    return done && status == SPILL_END &&
           spill_sort_finish(moving->by_row, err);
}

static bool
next_repeat(struct moving *moving, struct error *err)
{
    enum spill_status status =
        spill_sort_next(moving->by_row, &moving->next, err);
    if (status != SPILL_ENTRY) {
        moving->next.key[0] = 0;
    }
    return status != SPILL_FAILED;
}

static bool
copy_row(struct moving *moving, const struct row_index_entry *entry,
         struct slice record, struct error *err)
{
    const struct moved head = {*entry, record.len};
    const struct spill_entry place = {{moving->next.key[1], entry->row},
                                      moving->moved.offset};
    const struct outcome fate = {.row = entry->row, .fate = OUTCOME_SKIPPED};
    return spill_sort_add(moving->by_wave, &place, err) &&
           file_writer_write(&moving->moved, &head, sizeof head, err) &&
           file_writer_write(&moving->moved, record.ptr, record.len, err) &&
           outcome_writer_put(&moving->fates, &fate, err) &&
           next_repeat(moving, err);
}

/* Index and CSV of a chunk side by side. */
static bool
walk_chunk(struct moving *moving, struct row_index_reader *index,
           struct chunk_reader *csv, struct error *err)
{
    struct row_index_entry entry;
    struct slice record;
    if (chunk_reader_next(csv, &record, err) == FILE_FAILED) {
        return false;
    }
    enum file_status status;
    while ((status = row_index_reader_next(index, &entry, err)) == FILE_BYTES) {
        if (chunk_reader_next(csv, &record, err) != FILE_BYTES) {
            return error_set(err, ERROR_INTERNAL, 0,
                             "'%s' and its index do not fit together",
                             csv->path);
        }
        if (entry.row == moving->next.key[0] &&
            !copy_row(moving, &entry, record, err)) {
            return false;
        }
    }
    return status == FILE_END;
}

static bool
copy_rows(struct moving *moving, struct error *err)
{
    const struct duplicates_options *rows = &moving->options->rows;
    bool done = next_repeat(moving, err);
    for (uint32_t i = 1; done && i <= rows->chunk_count; i++) {
        const struct chunk chunk = {
            .number = i, .gzip = moving->options->compressor != NULL};
        char *index_path =
            chunk_path(rows->run_folder, rows->load->name, &chunk, CHUNK_INDEX);
        char *csv_path =
            chunk_path(rows->run_folder, rows->load->name, &chunk, CHUNK_CSV);
        struct row_index_reader index = {.file = {.fd = -1}};
        struct chunk_reader csv = {0};
        done = row_index_reader_open(&index, index_path, err) &&
               chunk_reader_open(&csv, csv_path, err) &&
               walk_chunk(moving, &index, &csv, err);
        row_index_reader_close(&index);
        chunk_reader_close(&csv);
        free(index_path);
        free(csv_path);
    }
    if (done && moving->next.key[0] != 0) {
        done = error_set(err, ERROR_INTERNAL, 0,
                         "row %llu of '%s' was not found where it was staged",
                         (unsigned long long)moving->next.key[0],
                         rows->load->name);
    }
    return done && spill_sort_finish(moving->by_wave, err);
}

static bool
take_out(struct moving *moving, struct error *err)
{
    const struct duplicates_options *rows = &moving->options->rows;
    char *fates = waves_fates_path(rows->run_folder, rows->load->name);
    bool done =
        file_writer_open_append(&moving->moved, moving->moved_path, 0, err) &&
        outcome_writer_open(&moving->fates, fates, err) &&
        copy_rows(moving, err) && file_writer_flush(&moving->moved, err) &&
        outcome_writer_commit(&moving->fates, err);
    outcome_writer_close(&moving->fates);
    free(fates);
    return done;
}

static struct chunk *
open_one(const struct moving *moving)
{
    return moving->waves->count > 0 && moving->output.is_open
               ? &moving->waves->chunks[moving->waves->count - 1]
               : NULL;
}

static bool
finish_chunk(struct moving *moving, struct error *err)
{
    struct chunk *chunk = open_one(moving);
    if (chunk == NULL) {
        return true;
    }
    bool done = chunk_output_commit(&moving->output, err);
    chunk->bytes = moving->output.written;
    return done;
}

static bool
begin_chunk(struct moving *moving, uint64_t wave, struct error *err)
{
    const struct waves_options *options = moving->options;
    struct waves *waves = moving->waves;
    if (waves->count == waves->capacity) {
        waves->capacity = waves->capacity ? 2 * waves->capacity : 16;
        waves->chunks = mem_realloc_array(waves->chunks, waves->capacity,
                                          sizeof *waves->chunks);
    }
    struct chunk *chunk = &waves->chunks[waves->count++];
    memset(chunk, 0, sizeof *chunk); /* it is written as bytes */
    chunk->load = options->load_index;
    chunk->number = options->rows.chunk_count + (uint32_t)waves->count;
    chunk->wave = (uint32_t)wave * CHUNK_WAVE_STRIDE;
    chunk->gzip = options->compressor != NULL;
    chunk_rule_begin(&moving->rule);
    buffer_reset(&moving->output.block);
    moving->output.block.limit = SIZE_MAX;
    chunk_output_header(&moving->output.block, options->rows.load);
    return chunk_output_open(&moving->output, options->rows.run_folder,
                             options->rows.load->name, chunk,
                             options->compressor, err);
}

/* The row that stands in the file there; its bytes in moving->record. */
static bool
read_moved(struct moving *moving, uint64_t offset, struct moved *head,
           struct error *err)
{
    buffer_reset(&moving->record);
    char *bytes = NULL;
    bool done = file_read_at(moving->moved_fd, head, sizeof *head, offset) ==
                (ssize_t)sizeof *head;
    if (done) {
        bytes = buffer_reserve(&moving->record, head->len);
        done = bytes != NULL &&
               file_read_at(moving->moved_fd, bytes, head->len,
                            offset + sizeof *head) == (ssize_t)head->len;
    }
    moving->record.len = done ? head->len : 0;
    return done || error_set_errno(err, "cannot read '%s'", moving->moved_path);
}

static bool
put_moved(struct moving *moving, const struct spill_entry *place,
          struct error *err)
{
    struct moved head;
    if (!read_moved(moving, place->row, &head, err)) {
        return false;
    }
    struct chunk *chunk = open_one(moving);
    if (chunk == NULL || chunk->wave != place->key[0] * CHUNK_WAVE_STRIDE ||
        chunk_rule_ends_before(&moving->rule, head.len)) {
        if (!finish_chunk(moving, err) ||
            !begin_chunk(moving, place->key[0], err)) {
            return false;
        }
        chunk = open_one(moving);
    }
    if (chunk == NULL) {
        return error_set(err, ERROR_INTERNAL, 0, "a wave has no chunk open");
    }
    chunk_rule_add(&moving->rule, head.len);
    chunk->first_row = chunk->rows ? chunk->first_row : head.entry.row;
    chunk->last_row = head.entry.row;
    chunk->rows++;
    buffer_append_slice(&moving->output.block, buffer_slice(&moving->record));
    return row_index_writer_put(&moving->output.index, &head.entry, err) &&
           (moving->output.block.len < CHUNK_OUTPUT_BLOCK_SIZE ||
            chunk_output_flush(&moving->output, err));
}

static bool
put_all(struct moving *moving, struct error *err)
{
    moving->moved_fd = open(moving->moved_path, O_RDONLY | O_CLOEXEC);
    if (moving->moved_fd < 0) {
        return error_set_errno(err, "cannot open '%s'", moving->moved_path);
    }
    chunk_rule_open(&moving->rule, &moving->options->limits,
                    moving->options->rows.load);
    struct spill_entry place;
    enum spill_status status;
    bool done = true;
    while (done && (status = spill_sort_next(moving->by_wave, &place, err)) ==
                       SPILL_ENTRY) {
        done = put_moved(moving, &place, err);
    }
    return done && status == SPILL_END && finish_chunk(moving, err);
}

static bool
record(const struct moving *moving, struct error *err)
{
    const struct duplicates_options *rows = &moving->options->rows;
    const struct waves *waves = moving->waves;
    struct buffer bytes = {.limit = RECORD_LIMIT};
    buffer_append(&bytes, &waves->first_count, sizeof waves->first_count);
    buffer_append(&bytes, waves->chunks, waves->count * sizeof *waves->chunks);
    char *path = waves_path(rows->run_folder, rows->load->name);
    bool done =
        bytes.overflowed
            ? error_set(err, ERROR_CONFIG, 0, "load '%s' has too many chunks",
                        rows->load->name)
            : file_replace(path, buffer_slice(&bytes), err);
    free(path);
    buffer_release(&bytes);
    return done;
}

bool
waves_write(const struct waves_options *options, struct waves *waves,
            struct error *err)
{
    struct moving moving = {
        .options = options,
        .waves = waves,
        .moved = {.fd = -1},
        .moved_fd = -1,
        .fates = {.file = {.fd = -1}},
        .moved_path = mem_printf("%s/rows/%s.moving", options->rows.run_folder,
                                 options->rows.load->name),
    };
    *waves = (struct waves){.first_count = options->rows.chunk_count};
    moving.by_key = duplicates_new_sort(&options->rows);
    moving.by_row = duplicates_new_sort(&options->rows);
    bool done = duplicates_sort_keys(&options->rows, moving.by_key, err) &&
                number_repeats(&moving, err);
    spill_sort_free(moving.by_key);
    moving.by_wave = duplicates_new_sort(&options->rows);
    done = done &&
           (moving.count == 0 ||
            (take_out(&moving, err) && put_all(&moving, err) &&
             record(&moving, err) && file_remove_tree(moving.moved_path, err)));
    spill_sort_free(moving.by_row);
    spill_sort_free(moving.by_wave);
    chunk_output_close(&moving.output);
    file_writer_close(&moving.moved);
    if (moving.moved_fd >= 0) {
        close(moving.moved_fd);
    }
    buffer_release(&moving.record);
    free(moving.moved_path);
    return done;
}

bool
waves_read(const char *path, struct waves *waves, struct error *err)
{
    struct buffer bytes = {.limit = RECORD_LIMIT};
    const size_t head = sizeof waves->first_count;
    *waves = (struct waves){0};
    bool done = file_read_whole(path, RECORD_LIMIT, &bytes, err);
    if (done && (bytes.len < head + sizeof *waves->chunks ||
                 (bytes.len - head) % sizeof *waves->chunks != 0)) {
        done = error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged", path);
    }
    if (done) {
        memcpy(&waves->first_count, bytes.bytes, head);
        waves->count = (bytes.len - head) / sizeof *waves->chunks;
        waves->capacity = waves->count;
        waves->chunks = mem_array(waves->count, sizeof *waves->chunks);
        memcpy(waves->chunks, bytes.bytes + head, bytes.len - head);
    }
    buffer_release(&bytes);
    return done;
}

void
waves_release(struct waves *waves)
{
    free(waves->chunks);
    *waves = (struct waves){0};
}
