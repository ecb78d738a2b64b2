/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/arrange.h"

#include "base/mem.h"
#include "model/outcome.h"
#include "stage/order/chunk_walk.h"
#include "stage/order/groups.h"
#include "stage/order/levels.h"
#include "stage/order/links.h"
#include "stage/order/places.h"
#include "stage/waves.h"

#include <stdio.h>
#include <stdlib.h>

#define SORTS 4 /* that share the memory at a time */
#define MESSAGE_SIZE 320
#define CODE "parent-cycle"
#define HELP                                                                   \
    "; 'operation: upsert' with an external id does, in two passes "           \
    "[parent-cycle]"

/* What is known of rows, one ahead of those that are walked; row UINT64_MAX:
 * none is left. */
struct arranging {
    const struct arrange *arrange;
    const struct load *load;
    char *folder; /* for what is sorted */
    struct levels *levels;
    struct groups *groups;
    struct spill_sort *repeats; /* row, n */
    struct places *places;
    struct levels_found found;
    uint64_t torn_count, repeat_count;
    uint64_t most_level; /* of the rows that have one */
    struct levels_row level;
    struct groups_row group;
    struct spill_entry repeat;
    struct moved_rows moved;
    struct outcome_writer fates;
    struct waves *waves;
};

bool
arrange_sends_twice(const struct load *load)
{
    return load->operation != OPERATION_INSERT;
}

uint64_t
arrange_levels_limit(const struct load *load)
{
    return arrange_sends_twice(load) ? ARRANGE_LEVELS_LIMIT : WAVES_LIMIT - 1;
}

static size_t
sort_memory(const struct arranging *arranging)
{
    return arranging->arrange->rows.sort_memory / SORTS;
}

/* Of the rows that are still in a chunk, their links into the sorts. */
static bool
add_links(struct arranging *arranging, uint64_t row, const struct row_key *keys,
          uint64_t block, struct error *err)
{
    const struct load *load = arranging->load;
    bool done = true;
    if (load->group != LOAD_GROUP_NONE) {
        done = groups_add(arranging->groups, row, *keys++, block, err);
    }
    for (size_t i = 0; done && i < load->link_count; i++) {
        done = levels_add(arranging->levels, i, row, keys[2 * i],
                          keys[2 * i + 1], err);
    }
    return done;
}

static bool
read_links(struct arranging *arranging, struct row_index_reader *index,
           struct links_reader *links, uint64_t *block, struct error *err)
{
    uint64_t rounded = arranging->arrange->chunks.limits.rows_rounded;
    struct row_key *keys =
        mem_array(links_key_count(arranging->load), sizeof *keys);
    struct row_index_entry entry;
    enum file_status status;
    bool done = true;
    while (done &&
           (status = row_index_reader_next(index, &entry, err)) == FILE_BYTES) {
        *block +=
            rounded > 1 && index->count > 1 && index->count % rounded == 1;
        done = links_reader_seek(links, entry.row, keys, err) &&
               add_links(arranging, entry.row, keys, *block, err);
    }
    free(keys);
    ++*block;
    return done && status == FILE_END;
}

static bool
read_chunks(struct arranging *arranging, struct error *err)
{
    const struct duplicates_options *rows = &arranging->arrange->rows;
    bool done = true;
    uint64_t block = 0;
    for (uint32_t i = 1; done && i <= rows->chunk_count; i++) {
        const struct chunk chunk = {.number = i};
        char *index_path =
            chunk_path(rows->run_folder, rows->load->name, &chunk, CHUNK_INDEX);
        char *links_path =
            chunk_path(rows->run_folder, rows->load->name, &chunk, CHUNK_LINKS);
        struct row_index_reader index = {.file = {.fd = -1}};
        struct links_reader links = {.file = {.file = {.fd = -1}}};
        done = row_index_reader_open(&index, index_path, err) &&
               links_reader_open(&links, links_path, rows->load, err) &&
               read_links(arranging, &index, &links, &block, err);
        row_index_reader_close(&index);
        links_reader_close(&links);
        free(index_path);
        free(links_path);
    }
    return done;
}

static bool
find_order(struct arranging *arranging, struct error *err)
{
    const struct load *load = arranging->load;
    const size_t memory = arranging->arrange->rows.sort_memory / 2;
    arranging->levels = levels_new(arranging->folder, memory);
    arranging->groups = groups_new(arranging->folder, memory);
    return read_chunks(arranging, err) &&
           groups_settle(arranging->groups, &arranging->torn_count, err) &&
           levels_settle(arranging->levels, arrange_levels_limit(load),
                         &arranging->found, err);
}

static bool
is_needed(const struct arranging *arranging)
{
    return arranging->torn_count > 0 || arranging->found.level_count > 1 ||
           arranging->found.rest_count > 0;
}

static bool
next_level(struct arranging *arranging, struct error *err)
{
    enum spill_status status =
        levels_next(arranging->levels, &arranging->level, err);
    if (status != SPILL_ENTRY) {
        arranging->level = (struct levels_row){.row = UINT64_MAX};
    }
    return status != SPILL_FAILED;
}

static bool
next_group(struct arranging *arranging, struct error *err)
{
    enum spill_status status =
        groups_next(arranging->groups, &arranging->group, err);
    if (status != SPILL_ENTRY) {
        arranging->group = (struct groups_row){.row = UINT64_MAX};
    }
    return status != SPILL_FAILED;
}

static bool
next_repeat(struct arranging *arranging, struct error *err)
{
    enum spill_status status =
        arranging->repeat_count == 0
            ? SPILL_END
            : spill_sort_next(arranging->repeats, &arranging->repeat, err);
    if (status != SPILL_ENTRY) {
        arranging->repeat = (struct spill_entry){{UINT64_MAX, 0}, 0};
    }
    return status != SPILL_FAILED;
}

/* The wave that rows in two passes are whole in. */
static uint64_t
second_wave(const struct arranging *arranging)
{
    return arranging->found.rest_count > 0 &&
                   arrange_sends_twice(arranging->load)
               ? arranging->found.level_count
               : UINT64_MAX;
}

static bool
reject(struct arranging *arranging, struct error *err)
{
    const struct levels_row *row = &arranging->level;
    char message[MESSAGE_SIZE];
    int len =
        row->parent == row->row
            ? snprintf(message, sizeof message,
                       "it is its own parent, which an insert can't load" HELP)
            : snprintf(message, sizeof message,
                       "its parent, row %llu, is one of rows that are one "
                       "another's parents or below such, which an insert "
                       "can't load" HELP,
                       (unsigned long long)row->parent);
    const struct outcome fate = {.row = row->row,
                                 .fate = OUTCOME_REJECTED,
                                 .code = SLICE_LITERAL(CODE),
                                 .message = {message, (size_t)len}};
    arranging->waves->rejected_rows++;
    return outcome_writer_put(&arranging->fates, &fate, err);
}

static bool
place_rest(struct arranging *arranging, struct place *place, struct error *err)
{
    if (!arrange_sends_twice(arranging->load)) {
        return reject(arranging, err);
    }
    struct place whole = *place;
    place->strips = true;
    whole.wave = second_wave(arranging);
    arranging->waves->second_rows++;
    return places_add(arranging->places, place, err) &&
           places_add(arranging->places, &whole, err);
}

static bool
place_row(struct arranging *arranging, struct place *place, struct error *err)
{
    bool has_level = arranging->level.row == place->row;
    bool repeats = arranging->repeat.key[0] == place->row;
    if (arranging->group.row == place->row) {
        place->first = arranging->group.first;
    }
    if (repeats) {
        place->wave = arranging->found.level_count - 1 +
                      (second_wave(arranging) != UINT64_MAX) +
                      arranging->repeat.key[1];
    } else if (has_level && arranging->level.level == LEVELS_REST) {
        return place_rest(arranging, place, err);
    } else if (has_level) {
        place->wave = arranging->level.level;
    }
    return places_add(arranging->places, place, err);
}

static bool
move_row(void *cookie, const struct row_index_entry *entry, struct slice record,
         struct error *err)
{
    struct arranging *arranging = cookie;
    struct place place = {
        .row = entry->row, .first = entry->row, .len = record.len};
    return moved_rows_add(&arranging->moved, entry, record, &place.offset,
                          err) &&
           place_row(arranging, &place, err) &&
           (arranging->level.row != entry->row || next_level(arranging, err)) &&
           (arranging->group.row != entry->row || next_group(arranging, err)) &&
           (arranging->repeat.key[0] != entry->row ||
            next_repeat(arranging, err));
}

/* All rows, in source order, beside what is known of some. */
static bool
move_rows(struct arranging *arranging, struct error *err)
{
    const struct duplicates_options *rows = &arranging->arrange->rows;
    const struct chunk_walk walk = {
        rows->run_folder, rows->load, rows->chunk_count,
        arranging->arrange->chunks.compressor != NULL};
    bool done = next_level(arranging, err) && next_group(arranging, err) &&
                next_repeat(arranging, err) &&
                chunk_walk_each(&walk, move_row, arranging, err) &&
                moved_rows_finish(&arranging->moved, err);
    if (done && (arranging->level.row != UINT64_MAX ||
                 arranging->group.row != UINT64_MAX ||
                 arranging->repeat.key[0] != UINT64_MAX)) {
        done = error_set(err, ERROR_INTERNAL, 0,
                         "a row of '%s' was not found where it was staged",
                         rows->load->name);
    }
    return done;
}

static bool
find_repeats(struct arranging *arranging, struct error *err)
{
    const struct duplicates_options *rows = &arranging->arrange->rows;
    struct duplicates_options small = *rows;
    small.sort_memory = rows->sort_memory / 2;
    arranging->repeats =
        spill_sort_new(arranging->folder, sort_memory(arranging));
    return !waves_matter(arranging->load) ||
           waves_find_repeats(&small, arranging->repeats,
                              &arranging->repeat_count, err);
}

static bool
rejects(const struct arranging *arranging)
{
    return arranging->found.rest_count > 0 &&
           !arrange_sends_twice(arranging->load);
}

static bool
open_files(struct arranging *arranging, struct error *err)
{
    const struct arrange *arrange = arranging->arrange;
    const struct duplicates_options *rows = &arrange->rows;
    arranging->places =
        places_new(rows->run_folder, rows->load->name, sort_memory(arranging));
    return moved_rows_open(&arranging->moved, rows->run_folder,
                           rows->load->name, err) &&
           (!rejects(arranging) ||
            outcome_writer_open(&arranging->fates, arrange->fates_path, err));
}

static bool
arrange_rows(struct arranging *arranging, struct error *err)
{
    struct waves *waves = arranging->waves;
    const struct arrange *arrange = arranging->arrange;
    waves->is_all = true;
    waves->is_grouped = arranging->torn_count > 0;
    bool done =
        find_repeats(arranging, err) && open_files(arranging, err) &&
        move_rows(arranging, err) &&
        (!rejects(arranging) || outcome_writer_commit(&arranging->fates, err));
    /* What they are made of is read: their memory is for what comes. */
    levels_free(arranging->levels);
    groups_free(arranging->groups);
    spill_sort_free(arranging->repeats);
    arranging->levels = NULL;
    arranging->groups = NULL;
    arranging->repeats = NULL;
    done = done &&
           places_fill(arranging->places, &arranging->moved, &arrange->chunks,
                       second_wave(arranging), waves, err) &&
           waves_record_write(waves, arrange->rows.run_folder,
                              arranging->load->name, err);
    waves->is_recorded = done;
    return done;
}

bool
arrange_write(const struct arrange *arrange, struct waves *waves,
              struct error *err)
{
    struct arranging arranging = {
        .arrange = arrange,
        .load = arrange->rows.load,
        .folder = mem_printf("%s/rows", arrange->rows.run_folder),
        .moved = MOVED_ROWS_NONE,
        .fates = {.file = {.fd = -1}},
        .waves = waves,
    };
    *waves = (struct waves){.first_count = arrange->rows.chunk_count};
    bool done = find_order(&arranging, err);
    if (done && is_needed(&arranging)) {
        done = arrange_rows(&arranging, err);
    }
    levels_free(arranging.levels);
    groups_free(arranging.groups);
    spill_sort_free(arranging.repeats);
    places_free(arranging.places);
    moved_rows_close(&arranging.moved);
    outcome_writer_close(&arranging.fates);
    free(arranging.folder);
    return done;
}

static bool
remove_files(const struct arrange *arrange, const struct chunk *chunk,
             struct error *err)
{
    static const enum chunk_file files[] = {CHUNK_CSV, CHUNK_INDEX,
                                            CHUNK_LINKS};
    const struct duplicates_options *rows = &arrange->rows;
    bool done = true;
    for (size_t i = 0; done && i < sizeof files / sizeof *files; i++) {
        char *path =
            chunk_path(rows->run_folder, rows->load->name, chunk, files[i]);
        done = file_remove_tree(path, err);
        free(path);
    }
    return done;
}

bool
arrange_drop_first(const struct arrange *arrange, const struct waves *waves,
                   bool (*tell)(void *cookie, const struct chunk *chunk,
                                struct error *err),
                   void *cookie, struct error *err)
{
    bool done = true;
    for (uint64_t i = 1; done && i <= waves->first_count; i++) {
        const struct chunk chunk = {
            .load = arrange->chunks.load_index,
            .number = (uint32_t)i,
            .gzip = arrange->chunks.compressor != NULL,
        };
        done = tell(cookie, &chunk, err) && remove_files(arrange, &chunk, err);
    }
    return done;
}
