/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/settle.h"

#include "base/file.h"
#include "stage/chunk_cleaner.h"
#include "stage/duplicates.h"
#include "stage/order/arrange.h"
#include "stage/waves.h"

#include <stdlib.h>

/* One load's paths, and what is worked on. */
struct settling {
    const struct settle *settle;
    struct waves *waves;
    struct stage_counts *counts;
    char *rows_path, *duplicates_path, *moved_path;
};

static bool
clean_chunks(const struct settling *settling, uint32_t chunk_count,
             const char *fates_path, bool is_resumed, struct error *err)
{
    const struct settle *settle = settling->settle;
    const struct chunk_cleaner cleaner = {
        .run_folder = settle->run_folder,
        .load = settle->load,
        .load_index = settle->load_index,
        .chunk_count = chunk_count,
        .fates_path = fates_path,
        .compressor = settle->compressor,
        .is_resumed = is_resumed,
        .on_cleaned = settle->tell,
        .cookie = settle->cookie,
    };
    uint64_t dropped;
    bool done = chunk_cleaner_run(&cleaner, &dropped, err);
    settling->counts->sent -= dropped;
    return done;
}

static struct duplicates_options
rows_of(const struct settling *settling)
{
    const struct settle *settle = settling->settle;
    return (struct duplicates_options){
        .run_folder = settle->run_folder,
        .load = settle->load,
        .chunk_count = settle->chunk_count,
        .rows_path = settling->rows_path,
        .rows_size = settle->rows_size,
        .sort_memory = settle->sort_memory,
        .kept_row = settle->last_row,
    };
}

/* What was decided before an earlier process put the rows in order. */
static bool
recall_fates(const struct settling *settling, struct error *err)
{
    struct outcome_reader reader = {.file = {.fd = -1}};
    struct outcome outcome;
    enum file_status status = FILE_END;
    if (file_exists(settling->duplicates_path)) {
        status = outcome_reader_open(&reader, settling->duplicates_path, err)
                     ? FILE_BYTES
                     : FILE_FAILED;
    }
    while (status == FILE_BYTES) {
        status = outcome_reader_next(&reader, &outcome, err);
        bool counts = status == FILE_BYTES;
        settling->counts->rejected +=
            counts && outcome.fate == OUTCOME_REJECTED;
        settling->counts->skipped += counts && outcome.fate == OUTCOME_SKIPPED;
    }
    outcome_reader_close(&reader);
    return status == FILE_END;
}

static bool
settle_duplicates(const struct settling *settling, struct error *err)
{
    const struct duplicates_options rows = rows_of(settling);
    struct stage_counts *counts = settling->counts;
    const char *path = settling->duplicates_path;
    if (settling->waves->is_all) {
        return recall_fates(settling, err);
    }
    if (!duplicates_matter(rows.load)) {
        return true;
    }
    bool is_resumed = rows.kept_row > 0 && file_exists(path);
    uint64_t count = 0;
    bool done = duplicates_find(&rows, path, &count, err) &&
                (count == 0 || clean_chunks(settling, rows.chunk_count, path,
                                            is_resumed, err));
    *(rows.load->duplicates == DUPLICATES_REJECT ? &counts->rejected
                                                 : &counts->skipped) += count;
    return done;
}

/* Rows that moved are counted where they are now. */
static void
count_waves(const struct settling *settling)
{
    const struct waves *waves = settling->waves;
    struct stage_counts *counts = settling->counts;
    for (size_t i = 0; !waves->is_all && i < waves->count; i++) {
        counts->sent += waves->chunks[i].rows;
    }
    counts->chunks = waves->count + (waves->is_all ? 0 : waves->first_count);
    counts->sent -= waves->rejected_rows;
    counts->rejected += waves->rejected_rows;
}

/* Puts the rows in order, unless an earlier process did. */
static bool
find_waves(const struct settling *settling, const struct arrange *arrange,
           struct error *err)
{
    struct waves *waves = settling->waves;
    const struct load *load = settling->settle->load;
    if (waves->is_recorded) {
        return true;
    }
    bool done = !load_has_order(load) || arrange_write(arrange, waves, err);
    if (done && !waves->is_recorded && waves_matter(load)) {
        done = waves_write(&arrange->rows, &arrange->chunks, waves, err);
    }
    if (done && waves->is_recorded) {
        count_waves(settling);
    }
    return done;
}

/* Those of an interrupted run are told once more. */
static bool
tell_waves(const struct settling *settling, struct error *err)
{
    const struct settle *settle = settling->settle;
    bool done = true;
    for (size_t i = 0; done && i < settling->waves->count; i++) {
        done = settle->tell(settle->cookie, &settling->waves->chunks[i], err);
    }
    return done;
}

static bool
settle_waves(const struct settling *settling, struct error *err)
{
    const struct settle *settle = settling->settle;
    const struct arrange arrange = {
        .rows = rows_of(settling),
        .chunks = {.run_folder = settle->run_folder,
                   .load = settle->load,
                   .limits = settle->limits,
                   .load_index = settle->load_index,
                   .compressor = settle->compressor},
        .fates_path = settling->duplicates_path,
    };
    struct waves *waves = settling->waves;
    bool is_resumed = waves->is_recorded;
    if (!find_waves(settling, &arrange, err)) {
        return false;
    }
    if (!waves->is_recorded) {
        return true;
    }
    return tell_waves(settling, err) &&
           (waves->is_all
                ? arrange_drop_first(&arrange, waves, settle->tell,
                                     settle->cookie, err)
                : clean_chunks(settling, (uint32_t)waves->first_count,
                               settling->moved_path, is_resumed, err));
}

bool
settle_load(const struct settle *settle, struct waves *waves,
            struct stage_counts *counts, struct error *err)
{
    const char *name = settle->load->name;
    struct settling settling = {
        .settle = settle,
        .waves = waves,
        .counts = counts,
        .rows_path = stager_rows_path(settle->run_folder, settle->stream),
        .duplicates_path = stager_duplicates_path(settle->run_folder, name),
        .moved_path = waves_fates_path(settle->run_folder, name),
    };
    bool done =
        settle_duplicates(&settling, err) && settle_waves(&settling, err);
    free(settling.rows_path);
    free(settling.duplicates_path);
    free(settling.moved_path);
    return done;
}
