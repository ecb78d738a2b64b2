/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/places.h"

#include "base/mem.h"

#include <stdlib.h>

#define LEN_BITS 24 /* behind the row; longer ones count as so long */
#define LEN_MASK (((uint64_t)1 << LEN_BITS) - 1)
#define STRIPS ((uint64_t)1 << 63) /* of an offset */
#define FIRST_BITS 48              /* behind the wave */

struct places {
    char *path; /* the sorted places */
    struct spill_sort *sort;
    uint64_t count;
};

/* The rows of one group that are to come, in one wave. */
struct group {
    uint64_t key, rows, bytes;
};

/* The places in order, and the same file ahead by a group. */
struct filling {
    struct file_reader reader, ahead;
    struct spill_entry next; /* of ahead; row 0 in key[1]: none */
    struct moved_rows *moved;
    struct wave_chunks chunks;
    struct buffer stripped;
    struct group group;
    uint64_t second_wave;
    uint64_t wave;      /* as it was placed */
    uint64_t base, sub; /* as it is sent: base + sub */
    uint64_t most_sub;  /* of this wave so far */
    bool is_begun;
};

struct places *
places_new(const char *run_folder, const char *load_name, size_t memory_size)
{
    struct places *places = mem_zalloc(sizeof *places);
    char *folder = mem_printf("%s/rows", run_folder);
    places->path = mem_printf("%s/%s.places", folder, load_name);
    places->sort = spill_sort_new(folder, memory_size);
    free(folder);
    return places;
}

bool
places_add(struct places *places, const struct place *place, struct error *err)
{
    if (place->row >= PLACES_ROW_LIMIT || place->wave >= WAVES_LIMIT) {
        return error_set(err, ERROR_CONFIG, 0,
                         "row %llu would go in wave %llu, which is more than "
                         "can be put in order [too-many-waves]",
                         (unsigned long long)place->row,
                         (unsigned long long)place->wave);
    }
    const struct spill_entry entry = {
        {place->wave << FIRST_BITS | place->first,
         place->row << LEN_BITS |
             (place->len < LEN_MASK ? place->len : LEN_MASK)},
        place->offset | (place->strips ? STRIPS : 0)};
    places->count++;
    return spill_sort_add(places->sort, &entry, err);
}

static bool
write_sorted(struct places *places, struct error *err)
{
    struct file_writer writer = {.fd = -1};
    struct spill_entry entry;
    enum spill_status status = SPILL_FAILED;
    bool done = spill_sort_finish(places->sort, err) &&
                file_writer_open_append(&writer, places->path, 0, err);
    while (done && (status = spill_sort_next(places->sort, &entry, err)) ==
                       SPILL_ENTRY) {
        done = file_writer_write(&writer, &entry, sizeof entry, err);
    }
    done = done && status == SPILL_END && file_writer_flush(&writer, err);
    file_writer_close(&writer);
    spill_sort_free(places->sort);
    places->sort = NULL;
    return done;
}

/* Row 0 in key[1] at the end. */
static bool
read_entry(struct file_reader *reader, struct spill_entry *entry,
           struct error *err)
{
    struct slice bytes;
    enum file_status status =
        file_reader_take(reader, sizeof *entry, &bytes, err);
    if (status == FILE_BYTES) {
        memcpy(entry, bytes.ptr, sizeof *entry);
    } else {
        entry->key[1] = 0;
    }
    return status != FILE_FAILED;
}

/* The group that begins at ahead's next. */
static bool
measure_group(struct filling *filling, struct error *err)
{
    struct group *group = &filling->group;
    *group = (struct group){.key = filling->next.key[0]};
    bool done = true;
    while (done && filling->next.key[1] != 0 &&
           filling->next.key[0] == group->key) {
        group->rows++;
        group->bytes += filling->next.key[1] & LEN_MASK;
        done = read_entry(&filling->ahead, &filling->next, err);
    }
    return done;
}

static bool
fits(const struct filling *filling)
{
    const struct chunk_rule *rule = &filling->chunks.rule;
    const struct group *group = &filling->group;
    return group->rows == 1
               ? !chunk_rule_ends_before(rule, group->bytes)
               : rule->rows + group->rows <= rule->limits.rows &&
                     rule->bytes + group->bytes <= rule->limits.bytes;
}

/* A wave that is new, or a group that would not fit whole, begins a chunk. */
static bool
begin_group(struct filling *filling, uint64_t key, struct error *err)
{
    uint64_t wave = key >> FIRST_BITS;
    bool is_new = !filling->is_begun || wave != filling->wave;
    if (!measure_group(filling, err)) {
        return false;
    }
    if (!is_new && filling->sub == 0 && fits(filling)) {
        return true;
    }
    if (is_new && filling->is_begun) {
        filling->base += filling->most_sub + 1;
        filling->most_sub = 0;
    }
    filling->is_begun = true;
    filling->wave = wave;
    filling->sub = 0;
    return wave_chunks_begin(&filling->chunks, filling->base,
                             wave == filling->second_wave, err);
}

/* A group that is too large for one chunk goes on in the next wave. */
static bool
go_on(struct filling *filling, struct error *err)
{
    filling->sub++;
    if (filling->sub > filling->most_sub) {
        filling->most_sub = filling->sub;
    }
    return wave_chunks_begin(&filling->chunks, filling->base + filling->sub,
                             filling->wave == filling->second_wave, err);
}

static bool
is_parent(const struct load *load, size_t column)
{
    for (size_t i = 0; i < load->link_count; i++) {
        if (load->links[i].parent == column) {
            return true;
        }
    }
    return false;
}

/* The record without the cells of its parents. It is our own writing: each
 * quote toggles. */
static struct slice
strip(struct filling *filling, struct slice record)
{
    const struct load *load = filling->chunks.options->load;
    struct buffer *out = &filling->stripped;
    size_t column = 0;
    bool quoted = false, drops = is_parent(load, 0);
    buffer_reset(out);
    out->limit = SIZE_MAX;
    for (size_t i = 0; i < record.len; i++) {
        char c = record.ptr[i];
        quoted ^= c == '"';
        bool ends = !quoted && (c == ',' || c == '\n');
        if (!drops || ends) {
            buffer_append_char(out, c);
        }
        if (ends) {
            drops = is_parent(load, ++column);
        }
    }
    return buffer_slice(out);
}

static bool
put(struct filling *filling, const struct spill_entry *place, struct error *err)
{
    struct row_index_entry entry;
    struct slice record;
    if (!moved_rows_read(filling->moved, place->row & ~STRIPS, &entry, &record,
                         err)) {
        return false;
    }
    if (place->row & STRIPS) {
        record = strip(filling, record);
    }
    bool begins = !filling->is_begun || place->key[0] != filling->group.key;
    if (begins && !begin_group(filling, place->key[0], err)) {
        return false;
    }
    if (chunk_rule_ends_before(&filling->chunks.rule, record.len) &&
        !go_on(filling, err)) {
        return false;
    }
    return wave_chunks_put(&filling->chunks, &entry, record, err);
}

static bool
fill(struct places *places, struct filling *filling, struct error *err)
{
    struct spill_entry place;
    bool done = file_reader_open(&filling->reader, places->path, err) &&
                file_reader_open(&filling->ahead, places->path, err) &&
                read_entry(&filling->ahead, &filling->next, err);
    for (uint64_t i = 0; done && i < places->count; i++) {
        done = read_entry(&filling->reader, &place, err) &&
               put(filling, &place, err);
    }
    return done && wave_chunks_finish(&filling->chunks, err);
}

bool
places_fill(struct places *places, struct moved_rows *moved,
            const struct wave_chunks_options *options, uint64_t second_wave,
            struct waves *waves, struct error *err)
{
    struct filling filling = {
        .reader = {.fd = -1},
        .ahead = {.fd = -1},
        .moved = moved,
        .second_wave = second_wave,
    };
    struct wave_chunks_options usable = *options;
    if (options->load->group != LOAD_GROUP_NONE) {
        /* A chunk ends between groups, not at a round number of rows. */
        usable.limits.rows_rounded = 0;
    }
    wave_chunks_open(&filling.chunks, &usable, waves);
    bool done = write_sorted(places, err) && fill(places, &filling, err);
    waves->wave_count =
        filling.is_begun ? filling.base + filling.most_sub + 1 : 0;
    file_reader_close(&filling.reader);
    file_reader_close(&filling.ahead);
    wave_chunks_close(&filling.chunks);
    buffer_release(&filling.stripped);
    return done;
}

void
places_free(struct places *places)
{
    if (places == NULL) {
        return;
    }
    struct error ignored = {0};
    file_remove_tree(places->path, &ignored);
    spill_sort_free(places->sort);
    free(places->path);
    free(places);
}
