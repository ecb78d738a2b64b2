/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/waves.h"

#include "base/mem.h"
#include "base/spill_sort.h"
#include "model/outcome.h"
#include "stage/order/chunk_walk.h"
#include "stage/order/moved_rows.h"

#include <stdlib.h>

struct moving {
    const struct duplicates_options *rows;
    const struct wave_chunks_options *options;
    struct spill_sort *by_row;  /* row, wave */
    struct spill_sort *by_wave; /* wave, row, where it is in the file */
    struct spill_entry next;    /* of by_row; row 0 in key[0]: none */
    struct moved_rows moved;
    struct outcome_writer fates;
    struct waves *waves;
    struct wave_chunks chunks;
};

bool
waves_matter(const struct load *load)
{
    return load->key_column != LOAD_NO_KEY &&
           load->duplicates == DUPLICATES_ALLOW;
}

char *
waves_fates_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.moved", run_folder, load_name);
}

static bool
refuse_repeat(const struct load *load, uint64_t row, struct error *err)
{
    return error_set(err, ERROR_CONFIG, 0,
                     "load '%s': row %llu is not the first of its key, nor "
                     "among the first %llu; 'duplicates: allow' sends no more "
                     "of one key",
                     load->name, (unsigned long long)row,
                     (unsigned long long)WAVES_LIMIT);
}

static bool
number_repeats(const struct load *load, struct spill_sort *by_key,
               struct spill_sort *by_row, uint64_t *count, struct error *err)
{
    struct spill_entry last = {{0, 0}, 0}, entry;
    uint64_t wave = 0;
    enum spill_status status;
    bool done = true, has_last = false;
    while (done &&
           (status = spill_sort_next(by_key, &entry, err)) == SPILL_ENTRY) {
        bool same = has_last && entry.key[0] == last.key[0] &&
                    entry.key[1] == last.key[1];
        wave = same ? wave + 1 : 0;
        last = entry;
        has_last = true;
        if (wave >= WAVES_LIMIT) {
            return refuse_repeat(load, entry.row, err);
        }
        if (wave > 0) {
            const struct spill_entry repeat = {{entry.row, wave}, 0};
            (*count)++;
            done = spill_sort_add(by_row, &repeat, err);
        }
    }
    return done && status == SPILL_END && spill_sort_finish(by_row, err);
}

bool
waves_find_repeats(const struct duplicates_options *rows,
                   struct spill_sort *by_row, uint64_t *count,
                   struct error *err)
{
    struct spill_sort *by_key = duplicates_new_sort(rows);
    *count = 0;
    bool done = duplicates_sort_keys(rows, by_key, err) &&
                number_repeats(rows->load, by_key, by_row, count, err);
    spill_sort_free(by_key);
    return done;
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
copy_row(void *cookie, const struct row_index_entry *entry, struct slice record,
         struct error *err)
{
    struct moving *moving = cookie;
    struct spill_entry place = {{moving->next.key[1], entry->row}, 0};
    const struct outcome fate = {.row = entry->row, .fate = OUTCOME_SKIPPED};
    return entry->row != moving->next.key[0] ||
           (moved_rows_add(&moving->moved, entry, record, &place.row, err) &&
            spill_sort_add(moving->by_wave, &place, err) &&
            outcome_writer_put(&moving->fates, &fate, err) &&
            next_repeat(moving, err));
}

static bool
copy_rows(struct moving *moving, struct error *err)
{
    const struct duplicates_options *rows = moving->rows;
    const struct chunk_walk walk = {rows->run_folder, rows->load,
                                    rows->chunk_count,
                                    moving->options->compressor != NULL};
    bool done = next_repeat(moving, err) &&
                chunk_walk_each(&walk, copy_row, moving, err);
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
    const struct duplicates_options *rows = moving->rows;
    char *fates = waves_fates_path(rows->run_folder, rows->load->name);
    bool done = moved_rows_open(&moving->moved, rows->run_folder,
                                rows->load->name, err) &&
                outcome_writer_open(&moving->fates, fates, err) &&
                copy_rows(moving, err) &&
                moved_rows_finish(&moving->moved, err) &&
                outcome_writer_commit(&moving->fates, err);
    outcome_writer_close(&moving->fates);
    free(fates);
    return done;
}

static bool
put_moved(struct moving *moving, const struct spill_entry *place,
          struct error *err)
{
    struct row_index_entry entry;
    struct slice record;
    if (!moved_rows_read(&moving->moved, place->row, &entry, &record, err)) {
        return false;
    }
    const struct chunk *chunk = wave_chunks_current(&moving->chunks);
    bool fits = chunk != NULL &&
                chunk->wave == place->key[0] * CHUNK_WAVE_STRIDE &&
                !chunk_rule_ends_before(&moving->chunks.rule, record.len);
    return (fits ||
            wave_chunks_begin(&moving->chunks, place->key[0], 0, err)) &&
           wave_chunks_put(&moving->chunks, &entry, record, err);
}

static bool
put_all(struct moving *moving, struct error *err)
{
    wave_chunks_open(&moving->chunks, moving->options, moving->waves);
    struct spill_entry place;
    enum spill_status status;
    bool done = true;
    while (done && (status = spill_sort_next(moving->by_wave, &place, err)) ==
                       SPILL_ENTRY) {
        done = put_moved(moving, &place, err);
    }
    return done && status == SPILL_END &&
           wave_chunks_finish(&moving->chunks, err);
}

bool
waves_write(const struct duplicates_options *rows,
            const struct wave_chunks_options *chunks, struct waves *waves,
            struct error *err)
{
    struct moving moving = {
        .rows = rows,
        .options = chunks,
        .waves = waves,
        .moved = MOVED_ROWS_NONE,
        .fates = {.file = {.fd = -1}},
    };
    uint64_t count;
    *waves = (struct waves){.first_count = rows->chunk_count};
    moving.by_row = duplicates_new_sort(rows);
    bool done = waves_find_repeats(rows, moving.by_row, &count, err);
    moving.by_wave = duplicates_new_sort(rows);
    done = done &&
           (count == 0 || (take_out(&moving, err) && put_all(&moving, err) &&
                           waves_record_write(waves, rows->run_folder,
                                              rows->load->name, err)));
    waves->is_recorded = done && count > 0;
    spill_sort_free(moving.by_row);
    spill_sort_free(moving.by_wave);
    wave_chunks_close(&moving.chunks);
    moved_rows_close(&moving.moved);
    return done;
}
