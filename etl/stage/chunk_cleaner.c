/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_cleaner.h"

#include "base/mem.h"
#include "base/spill_sort.h"
#include "model/outcome.h"
#include "stage/chunk_output.h"
#include "stage/chunk_reader.h"

#include <stdlib.h>
#include <string.h>

#define SORT_MEMORY ((size_t)1 << 20) /* bytes */

/* The rows to be taken out, in order, and the chunk that is looked at. */
struct cleaning {
    const struct chunk_cleaner *cleaner;
    struct outcome_reader fates;
    uint64_t next_row; /* 0: none left */
    uint64_t last_row; /* that was looked up */
    struct chunk chunk;
    uint8_t *marks; /* a bit for each record, set: it goes */
    size_t mark_size;
    uint64_t count, going; /* of the index' entries */
};

static bool
next_fate(struct cleaning *cleaning, struct error *err)
{
    struct outcome outcome;
    enum file_status status =
        outcome_reader_next(&cleaning->fates, &outcome, err);
    cleaning->next_row = status == FILE_BYTES ? outcome.row : 0;
    return status != FILE_FAILED;
}

static bool
is_marked(const struct cleaning *cleaning, uint64_t at)
{
    return cleaning->marks[at / 8] >> at % 8 & 1;
}

/* To the fates' beginning: rows of this chunk begin below the last. */
static bool
begin_anew(struct cleaning *cleaning, struct error *err)
{
    outcome_reader_close(&cleaning->fates);
    cleaning->last_row = 0;
    return outcome_reader_open(&cleaning->fates, cleaning->cleaner->fates_path,
                               err) &&
           next_fate(cleaning, err);
}

/* Whether the row goes; rows come ascending, as fates do. */
static bool
look_up(struct cleaning *cleaning, uint64_t row, bool *goes, struct error *err)
{
    if (row < cleaning->last_row && !begin_anew(cleaning, err)) {
        return false;
    }
    cleaning->last_row = row;
    while (cleaning->next_row != 0 && cleaning->next_row < row) {
        if (!next_fate(cleaning, err)) {
            return false;
        }
    }
    *goes = cleaning->next_row == row;
    return true;
}

static void
make_room(struct cleaning *cleaning, uint64_t count)
{
    size_t size = (size_t)(count / 8) + 1;
    if (size > cleaning->mark_size) {
        cleaning->marks = mem_realloc(cleaning->marks, size);
        cleaning->mark_size = size;
    }
    memset(cleaning->marks, 0, size);
}

/* The chunk's index, as {row, position}, by row: those of waves stand in
 * another order (stage/order). */
static bool
sort_entries(struct cleaning *cleaning, struct row_index_reader *index,
             struct spill_sort *by_row, struct error *err)
{
    struct row_index_entry entry;
    enum file_status status;
    bool done = true;
    while (done &&
           (status = row_index_reader_next(index, &entry, err)) == FILE_BYTES) {
        const struct spill_entry place = {{entry.row, cleaning->count++}, 0};
        done = spill_sort_add(by_row, &place, err);
    }
    return done && status == FILE_END && spill_sort_finish(by_row, err);
}

static bool
mark_entries(struct cleaning *cleaning, struct spill_sort *by_row,
             struct error *err)
{
    struct chunk *chunk = &cleaning->chunk;
    struct spill_entry place;
    enum spill_status status;
    bool done = true, goes = false;
    make_room(cleaning, cleaning->count);
    while (done &&
           (status = spill_sort_next(by_row, &place, err)) == SPILL_ENTRY) {
        done = look_up(cleaning, place.key[0], &goes, err);
        if (goes) {
            cleaning->marks[place.key[1] / 8] |=
                (uint8_t)(1U << place.key[1] % 8);
            cleaning->going++;
            continue;
        }
        chunk->first_row = chunk->rows ? chunk->first_row : place.key[0];
        chunk->last_row = place.key[0];
        chunk->rows++;
    }
    return done && status == SPILL_END;
}

static char *
path_of(const struct cleaning *cleaning, enum chunk_file file)
{
    return chunk_path(cleaning->cleaner->run_folder,
                      cleaning->cleaner->load->name, &cleaning->chunk, file);
}

static bool
mark_chunk(struct cleaning *cleaning, struct error *err)
{
    cleaning->count = cleaning->going = 0;
    char *path = path_of(cleaning, CHUNK_INDEX);
    char *folder = mem_printf("%s/rows", cleaning->cleaner->run_folder);
    struct spill_sort *by_row = spill_sort_new(folder, SORT_MEMORY);
    struct row_index_reader reader;
    bool done = row_index_reader_open(&reader, path, err) &&
                sort_entries(cleaning, &reader, by_row, err) &&
                mark_entries(cleaning, by_row, err);
    row_index_reader_close(&reader);
    spill_sort_free(by_row);
    free(folder);
    free(path);
    return done;
}

/* Records without the header, and bytes with it. */
static bool
count_records(struct cleaning *cleaning, uint64_t *count, struct error *err)
{
    char *path = path_of(cleaning, CHUNK_CSV);
    struct chunk_reader reader;
    bool done = chunk_reader_open(&reader, path, err);
    free(path);
    struct slice record;
    enum file_status status = done ? FILE_BYTES : FILE_FAILED;
    uint64_t lines = 0;
    cleaning->chunk.bytes = 0;
    while (status == FILE_BYTES) {
        status = chunk_reader_next(&reader, &record, err);
        lines += status == FILE_BYTES;
        cleaning->chunk.bytes += status == FILE_BYTES ? record.len : 0;
    }
    chunk_reader_close(&reader);
    *count = lines > 0 ? lines - 1 : 0;
    return status == FILE_END;
}

static bool
tell_mismatch(const struct cleaning *cleaning, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, 0,
                     "chunk %u of '%s' and its index do not fit together",
                     (unsigned)cleaning->chunk.number,
                     cleaning->cleaner->load->name);
}

static bool
read_record(struct cleaning *cleaning, struct chunk_reader *csv,
            struct slice *record, struct error *err)
{
    enum file_status status = chunk_reader_next(csv, record, err);
    return status == FILE_BYTES ||
           (status == FILE_END && tell_mismatch(cleaning, err));
}

static bool
copy_records(struct cleaning *cleaning, bool csv_is_clean,
             struct chunk_reader *csv, struct row_index_reader *index,
             struct chunk_output *output, struct error *err)
{
    struct slice record;
    struct row_index_entry entry;
    if (!read_record(cleaning, csv, &record, err)) {
        return false;
    }
    buffer_append_slice(&output->block, record);
    for (uint64_t i = 0; i < cleaning->count; i++) {
        if (row_index_reader_next(index, &entry, err) != FILE_BYTES) {
            return false;
        }
        bool goes = is_marked(cleaning, i);
        if (!(goes && csv_is_clean) &&
            !read_record(cleaning, csv, &record, err)) {
            return false;
        }
        if (goes) {
            continue;
        }
        buffer_append_slice(&output->block, record);
        if (!row_index_writer_put(&output->index, &entry, err) ||
            (output->block.len >= CHUNK_OUTPUT_BLOCK_SIZE &&
             !chunk_output_flush(output, err))) {
            return false;
        }
    }
    return true;
}

static bool
write_anew(struct cleaning *cleaning, bool csv_is_clean, struct error *err)
{
    const struct chunk_cleaner *cleaner = cleaning->cleaner;
    char *csv_path = path_of(cleaning, CHUNK_CSV);
    char *index_path = path_of(cleaning, CHUNK_INDEX);
    struct chunk_reader csv = {0};
    struct row_index_reader index = {.file = {.fd = -1}};
    struct chunk_output output = {.block = {.limit = SIZE_MAX}};
    bool done =
        chunk_reader_open(&csv, csv_path, err) &&
        row_index_reader_open(&index, index_path, err) &&
        chunk_output_open(&output, cleaner->run_folder, cleaner->load->name,
                          &cleaning->chunk, cleaner->compressor, err) &&
        copy_records(cleaning, csv_is_clean, &csv, &index, &output, err) &&
        chunk_output_commit(&output, err);
    cleaning->chunk.bytes = output.written;
    chunk_output_close(&output);
    row_index_reader_close(&index);
    chunk_reader_close(&csv);
    free(csv_path);
    free(index_path);
    return done;
}

static bool
clean_chunk(struct cleaning *cleaning, struct error *err)
{
    const struct chunk_cleaner *cleaner = cleaning->cleaner;
    if (!mark_chunk(cleaning, err)) {
        return false;
    }
    uint64_t count = cleaning->count;
    if (cleaner->is_resumed && !count_records(cleaning, &count, err)) {
        return false;
    }
    /* The CSV takes its place before its index does. */
    bool csv_is_clean =
        cleaning->going > 0 && count == cleaning->count - cleaning->going;
    if (count != cleaning->count && !csv_is_clean) {
        return tell_mismatch(cleaning, err);
    }
    if (cleaning->going > 0 && !write_anew(cleaning, csv_is_clean, err)) {
        return false;
    }
    return (cleaning->going == 0 && !cleaner->is_resumed) ||
           cleaner->on_cleaned(cleaner->cookie, &cleaning->chunk, err);
}

bool
chunk_cleaner_run(const struct chunk_cleaner *cleaner, uint64_t *dropped,
                  struct error *err)
{
    struct cleaning cleaning = {.cleaner = cleaner};
    *dropped = 0;
    bool done =
        outcome_reader_open(&cleaning.fates, cleaner->fates_path, err) &&
        next_fate(&cleaning, err);
    for (uint32_t i = cleaner->gone_count + 1;
         done && i <= cleaner->chunk_count; i++) {
        cleaning.chunk = (struct chunk){.load = cleaner->load_index,
                                        .number = i,
                                        .gzip = cleaner->compressor != NULL};
        done = clean_chunk(&cleaning, err);
        *dropped += cleaning.going;
    }
    outcome_reader_close(&cleaning.fates);
    free(cleaning.marks);
    return done;
}
