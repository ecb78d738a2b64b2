/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/arrange.h"

#include "base/mem.h"
#include "scratch.h"
#include "stage/chunk_reader.h"
#include "stage/chunk_writer.h"
#include "stage/stager.h"
#include "stage/waves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * Whole loads through the stager, with rows that have an order of their own;
 * what is judged is what a sender would find: the chunks that were told.
 */
#define ROWS 160
#define CHUNKS 1000
#define PLACES 4 /* of a row, at most */

/* The parent's cell stands first, between quotes, and last. */
static const struct load_column columns[] = {
    {.name = "Parent.Key__c", .type = FIELD_STRING},
    {.name = "Key__c", .type = FIELD_STRING},
    {.name = "Note__c", .type = FIELD_TEXTAREA},
    {.name = "Boss__r.Key__c", .type = FIELD_STRING},
};
static const struct load_link links[] = {{1, 0}, {1, 3}};

/* A row as a test makes it; 0 and "" for blank. */
struct row {
    unsigned key, parent, boss;
    const char *group;
};

struct known {
    struct chunk chunks[CHUNKS]; /* by number - 1 */
    uint32_t chunk_count;
    struct stage_mark mark;
    uint64_t told, fail_at, forget_from; /* calls; 0: never */
};

struct staging {
    struct load load;
    struct row rows[ROWS + 1];
    uint64_t row_count, chunk_rows, rows_rounded;
    bool gzip;
    char *folder;
    struct known *known;
    struct stage_counts counts;
};

/* Where a row was found. */
struct found {
    size_t count;
    uint32_t waves[PLACES], chunks[PLACES], attempts[PLACES];
    bool stripped[PLACES];
};

static bool
on_staged(void *cookie, const struct chunk *chunk,
          const struct stage_mark *mark, struct error *err)
{
    struct known *known = cookie;
    known->told++;
    if (known->forget_from == 0 || known->told < known->forget_from) {
        assert_true(chunk->number <= CHUNKS);
        known->chunks[chunk->number - 1] = *chunk;
        if (chunk->number > known->chunk_count) {
            known->chunk_count = chunk->number;
        }
        known->mark = *mark;
    }
    return known->told != known->fail_at ||
           error_set(err, ERROR_CANCELLED, 9, "killed");
}

static struct slice
key_text(struct arena *arena, unsigned key, const char *form)
{
    return key == 0 ? (struct slice){NULL, 0}
                    : arena_printf(arena, "%s\"%u\",\n", form, key);
}

static void
put_row(const struct staging *staging, uint64_t row, struct batch *source,
        struct batch *mapped)
{
    const struct row *from = &staging->rows[row];
    struct slice *fields = arena_array(&source->arena, 4, sizeof *fields);
    fields[0] = key_text(&source->arena, from->parent, "K");
    fields[1] = key_text(&source->arena, from->key, "k");
    fields[2] = arena_printf(&source->arena, "row %d", (int)row);
    fields[3] = key_text(&source->arena, from->boss, "k");
    const struct record record = {
        .row = row,
        .line = 2 * row,
        .fields = fields,
        .field_count = 4,
        .lock_group = slice_of(from->group ? from->group : ""),
    };
    *batch_add(source) = record;
    *batch_add(mapped) = record;
}

/* Goes on behind what is known; false when it was killed. */
static bool
stage(struct staging *staging)
{
    struct error err = {0};
    struct known *known = staging->known;
    struct slice names[] = {slice_of("P"), slice_of("K"), slice_of("N"),
                            slice_of("B")};
    const struct columns header = {names, 4, 0};
    struct stage_load load = {
        .load = &staging->load,
        .limits = {.rows = staging->chunk_rows,
                   .rows_rounded = staging->rows_rounded},
        .staged_chunks = known->chunk_count,
    };
    for (uint32_t i = 0; i < known->chunk_count; i++) {
        uint64_t last = known->chunks[i].last_row;
        load.last_row = last > load.last_row ? last : load.last_row;
    }
    const struct stager_options options = {
        .run_folder = staging->folder,
        .loads = &load,
        .load_count = 1,
        .columns = &header,
        .gzip = staging->gzip,
        .sort_memory = 1,
        .resume = known->mark,
        .on_staged = on_staged,
        .cookie = known,
    };
    struct stager *stager = stager_open(&options, &err);
    assert_non_null(stager);
    struct batch source = {0}, mapped = {0};
    for (uint64_t row = 1; row <= staging->row_count; row++) {
        put_row(staging, row, &source, &mapped);
    }
    uint64_t size;
    bool done = stager_put(stager, &source, &mapped, &err) &&
                stager_finish(stager, &size, &err);
    staging->counts = stager_counts(stager, 0);
    stager_close(stager);
    batch_release(&source);
    batch_release(&mapped);
    if (!done && err.kind != ERROR_CANCELLED) {
        fail_msg("%s", err.text);
    }
    return done;
}

static void
find_rows(const struct staging *staging, const struct chunk *chunk,
          struct found *found)
{
    struct error err = {0};
    const char *name = staging->load.name;
    char *csv_path = chunk_path(staging->folder, name, chunk, CHUNK_CSV);
    char *index_path = chunk_path(staging->folder, name, chunk, CHUNK_INDEX);
    struct chunk_reader csv;
    struct row_index_reader index;
    struct row_index_entry entry;
    struct slice record;
    uint64_t rows = 0, least = UINT64_MAX, most = 0, bytes = 0;
    assert_true(chunk_reader_open(&csv, csv_path, &err));
    assert_true(row_index_reader_open(&index, index_path, &err));
    assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_BYTES);
    bytes += record.len;
    while (row_index_reader_next(&index, &entry, &err) == FILE_BYTES) {
        char note[32];
        assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_BYTES);
        struct found *of = &found[entry.row];
        assert_true(of->count < PLACES);
        of->waves[of->count] = chunk->wave;
        of->chunks[of->count] = chunk->number;
        of->attempts[of->count] = chunk->attempt;
        of->stripped[of->count] =
            record.ptr[0] == ',' && record.ptr[record.len - 2] == ',';
        of->count++;
        int len = snprintf(note, sizeof note, ",row %d,", (int)entry.row);
        assert_non_null(memmem(record.ptr, record.len, note, (size_t)len));
        least = entry.row < least ? entry.row : least;
        most = entry.row > most ? entry.row : most;
        bytes += record.len;
        rows++;
    }
    assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_END);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_true(rows == chunk->rows && bytes == chunk->bytes);
    assert_true(least == chunk->first_row && most == chunk->last_row);
    assert_true(rows <= staging->chunk_rows);
    row_index_reader_close(&index);
    chunk_reader_close(&csv);
    free(csv_path);
    free(index_path);
}

static struct found *
find_all(const struct staging *staging)
{
    struct found *found = mem_array(ROWS + 1, sizeof *found);
    for (uint32_t i = 0; i < staging->known->chunk_count; i++) {
        const struct chunk *chunk = &staging->known->chunks[i];
        if (chunk->rows > 0) {
            find_rows(staging, chunk, found);
        }
    }
    return found;
}

static unsigned
first_of_key(const struct staging *staging, unsigned key)
{
    for (unsigned row = 1; key > 0 && row <= staging->row_count; row++) {
        if (staging->rows[row].key == key) {
            return row;
        }
    }
    return 0;
}

/* Whether a's whole record may only be sent when b is there. */
static void
judge_parent(const struct found *found, unsigned row, unsigned parent)
{
    const struct found *of = &found[row], *above = &found[parent];
    if (parent == 0 || above->count == 0) {
        return;
    }
    uint32_t last = of->waves[of->count - 1];
    if (row == parent || above->waves[0] >= last) {
        fail_msg("row %u is not behind its parent %u", row, parent);
    }
}

/* No two chunks that may be in flight together have rows of one group. */
static void
judge_groups(const struct staging *staging, const struct found *found)
{
    for (unsigned a = 1; a <= staging->row_count; a++) {
        for (unsigned b = a + 1; b <= staging->row_count; b++) {
            const char *group = staging->rows[a].group;
            if (group == NULL || staging->rows[b].group == NULL ||
                strcmp(group, staging->rows[b].group) != 0) {
                continue;
            }
            for (size_t i = 0; i < found[a].count; i++) {
                for (size_t j = 0; j < found[b].count; j++) {
                    assert_true(found[a].waves[i] != found[b].waves[j] ||
                                found[a].chunks[i] == found[b].chunks[j]);
                }
            }
        }
    }
}

/* What holds of any load; how many rows are in two passes. */
static uint64_t
judge(const struct staging *staging)
{
    struct found *found = find_all(staging);
    uint64_t sent = 0, twice = 0;
    for (unsigned row = 1; row <= staging->row_count; row++) {
        const struct row *from = &staging->rows[row];
        const struct found *of = &found[row];
        sent += of->count > 0;
        twice += of->count == 2;
        assert_true(of->count <= 2);
        if (of->count == 2) {
            assert_true(of->stripped[0] && of->attempts[0] == 0);
            assert_true(of->attempts[1] == 1 && of->waves[0] < of->waves[1]);
            assert_true(of->waves[1] % CHUNK_WAVE_STRIDE == 0);
        }
        if (of->count > 0 && staging->load.link_count > 0) {
            bool has_link = from->parent != 0 || from->boss != 0;
            assert_true(of->stripped[of->count - 1] == !has_link);
            assert_true(of->attempts[of->count - 1] == of->count - 1);
            if (of->count == 1) {
                judge_parent(found, row, first_of_key(staging, from->parent));
                judge_parent(found, row, first_of_key(staging, from->boss));
            }
        }
    }
    if (staging->load.group == LOAD_GROUP_FORMULA) {
        judge_groups(staging, found);
    }
    const struct stage_counts *counts = &staging->counts;
    assert_int_equal(counts->sent, sent);
    assert_int_equal(counts->second_rows, twice);
    assert_int_equal(counts->rows, staging->row_count);
    free(found);
    return twice;
}

static void
begin(struct staging *staging, void **state)
{
    static int number;
    *staging = (struct staging){
        .load = {.name = "Account",
                 .object = "Account",
                 .operation = OPERATION_UPSERT,
                 .external_id = "Key__c",
                 .columns = columns,
                 .column_count = 4,
                 .key_column = 1},
        .chunk_rows = 10,
        .folder = mem_printf("%s/run%d", (const char *)*state, number++),
        .known = mem_zalloc(sizeof(struct known)),
    };
}

static void
end(struct staging *staging)
{
    struct error err = {0};
    assert_true(file_remove_tree(staging->folder, &err));
    free(staging->folder);
    free(staging->known);
}

static void
add(struct staging *staging, unsigned key, unsigned parent, const char *group)
{
    staging->rows[++staging->row_count] =
        (struct row){.key = key, .parent = parent, .group = group};
}

static uint32_t
wave_count(const struct staging *staging)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < staging->known->chunk_count; i++) {
        const struct chunk *chunk = &staging->known->chunks[i];
        if (chunk->rows > 0 && chunk->wave > most) {
            most = chunk->wave;
        }
    }
    return most / CHUNK_WAVE_STRIDE + 1;
}

static void
what_has_no_parent_here_stays(void **state)
{
    struct staging staging;
    begin(&staging, state);
    staging.load.links = links;
    staging.load.link_count = 2;
    for (unsigned i = 1; i <= 25; i++) {
        add(&staging, i, 1000 + i, NULL);
    }
    assert_true(stage(&staging));
    assert_int_equal(judge(&staging), 0);
    assert_int_equal(staging.counts.waves, 0);
    assert_int_equal(staging.known->chunk_count, 3);
    end(&staging);
}

static void
parents_go_first(void **state)
{
    struct staging staging;
    begin(&staging, state);
    staging.load.links = links;
    staging.load.link_count = 2;
    for (unsigned i = 1; i <= 40; i++) {
        add(&staging, i, i + 1 <= 40 && i % 5 != 0 ? i + 1 : 0, NULL);
    }
    assert_true(stage(&staging));
    assert_int_equal(judge(&staging), 0);
    assert_int_equal(staging.counts.waves, 5);
    assert_int_equal(wave_count(&staging), 5);
    end(&staging);
}

static void
cycles_and_depths_go_twice(void **state)
{
    struct staging staging;
    begin(&staging, state);
    staging.load.links = links;
    staging.load.link_count = 2;
    add(&staging, 1, 2, NULL);
    add(&staging, 2, 1, NULL);
    add(&staging, 3, 1, NULL);
    add(&staging, 4, 4, NULL);
    for (unsigned i = 5; i <= 60; i++) {
        add(&staging, i, i - 1, NULL);
    }
    add(&staging, 61, 0, NULL);
    for (unsigned i = 62; i <= 100; i++) {
        add(&staging, i, i - 1, NULL);
    }
    assert_true(stage(&staging));
    assert_int_equal(judge(&staging), 4 + 56 + 40 - ARRANGE_LEVELS_LIMIT);
    assert_int_equal(staging.counts.waves, ARRANGE_LEVELS_LIMIT + 1);
    end(&staging);
}

/* An insert would make each record twice. */
static void
an_insert_rejects_cycles(void **state)
{
    struct error err = {0};
    struct staging staging;
    begin(&staging, state);
    staging.load.operation = OPERATION_INSERT;
    staging.load.key_column = LOAD_NO_KEY;
    staging.load.external_id = NULL;
    staging.load.links = links;
    staging.load.link_count = 2;
    add(&staging, 1, 2, NULL);
    add(&staging, 2, 1, NULL);
    add(&staging, 3, 3, NULL);
    add(&staging, 4, 5, NULL);
    for (unsigned i = 5; i <= 30; i++) {
        add(&staging, i, i + 1, NULL);
    }
    assert_true(stage(&staging));
    judge(&staging);
    assert_int_equal(staging.counts.sent, 27);
    assert_int_equal(staging.counts.rejected, 3);
    assert_int_equal(staging.counts.waves, 27);
    char *path = stager_duplicates_path(staging.folder, "Account");
    struct outcome_reader reader;
    struct outcome outcome;
    assert_true(outcome_reader_open(&reader, path, &err));
    for (uint64_t row = 1; row <= 3; row++) {
        assert_int_equal(outcome_reader_next(&reader, &outcome, &err),
                         FILE_BYTES);
        assert_true(outcome.row == row && outcome.fate == OUTCOME_REJECTED);
        assert_true(slice_is(outcome.code, "parent-cycle"));
        assert_true(row == 3 ? slice_begins(outcome.message, "it is its own")
                             : slice_begins(outcome.message,
                                            row == 1 ? "its parent, row 2,"
                                                     : "its parent, row 1,"));
    }
    assert_int_equal(outcome_reader_next(&reader, &outcome, &err), FILE_END);
    outcome_reader_close(&reader);
    free(path);
    end(&staging);
}

static void
a_file_of_cycles_only(void **state)
{
    for (int again = 0; again < 2; again++) {
        struct staging staging;
        begin(&staging, state);
        staging.load.operation = OPERATION_INSERT;
        staging.load.key_column = LOAD_NO_KEY;
        staging.load.links = links;
        staging.load.link_count = 1;
        add(&staging, 1, 2, NULL);
        add(&staging, 2, 1, NULL);
        staging.known->fail_at = again ? 2 : 0;
        assert_true(stage(&staging) == !again);
        staging.known->fail_at = 0;
        assert_true(!again || stage(&staging));
        judge(&staging);
        assert_int_equal(staging.counts.sent, 0);
        assert_int_equal(staging.counts.rejected, 2);
        end(&staging);
    }
}

static void
groups_keep_together(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    struct staging staging;
    begin(&staging, state);
    staging.load.group = LOAD_GROUP_FORMULA;
    for (unsigned i = 1; i <= 60; i++) {
        add(&staging, i, 0, i % 9 < 7 ? names[i % 9] : NULL);
    }
    assert_true(stage(&staging));
    judge(&staging);
    assert_true(staging.counts.is_grouped);
    assert_int_equal(staging.counts.waves, 1);
    end(&staging);
}

/* What is too much for a chunk goes on in the next wave; smaller groups do
 * not wait for it. */
static void
a_large_group_goes_on_in_the_next_wave(void **state)
{
    struct staging staging;
    begin(&staging, state);
    staging.load.group = LOAD_GROUP_FORMULA;
    for (unsigned i = 1; i <= 80; i++) {
        add(&staging, i, 0, i % 2 ? "large" : i % 4 ? "small" : NULL);
    }
    assert_true(stage(&staging));
    judge(&staging);
    assert_int_equal(staging.counts.waves, 4);
    uint64_t first_wave = 0;
    for (uint32_t i = 0; i < staging.known->chunk_count; i++) {
        const struct chunk *chunk = &staging.known->chunks[i];
        first_wave += chunk->wave == 0 ? chunk->rows : 0;
    }
    assert_int_equal(first_wave, 10 + 10 + 20);
    end(&staging);
}

/* The org works on blocks of a chunk at the same time. */
static void
groups_keep_together_in_one_chunk(void **state)
{
    struct staging staging;
    begin(&staging, state);
    staging.load.group = LOAD_GROUP_COLUMN;
    staging.load.group_column = 0;
    staging.chunk_rows = 1000;
    staging.rows_rounded = 10;
    for (unsigned i = 1; i <= 50; i++) {
        add(&staging, i, 100 + i % 5, NULL);
    }
    assert_true(stage(&staging));
    judge(&staging);
    assert_int_equal(staging.counts.waves, 1);
    assert_true(staging.counts.is_grouped);
    assert_int_equal(staging.known->chunk_count, 2);
    end(&staging);
    begin(&staging, state);
    staging.load.group = LOAD_GROUP_COLUMN;
    staging.chunk_rows = 1000;
    staging.rows_rounded = 10;
    for (unsigned i = 0; i < 50; i++) {
        add(&staging, i + 1, 100 + i / 10, NULL);
    }
    assert_true(stage(&staging));
    judge(&staging);
    assert_int_equal(staging.counts.waves, 0);
    end(&staging);
}

/* All at once, with keys that come again. */
static void
make_any(struct staging *staging, void **state, unsigned seed)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    begin(staging, state);
    srand(seed);
    staging->gzip = seed % 2;
    staging->load.duplicates = (enum duplicates_policy)(seed % 4);
    staging->load.links = links;
    staging->load.link_count = 1 + seed / 2 % 2;
    staging->load.group = seed % 3 ? LOAD_GROUP_FORMULA : LOAD_GROUP_COLUMN;
    staging->chunk_rows = 4 + seed % 9;
    for (unsigned row = 1; row <= 50; row++) {
        unsigned key = rand() % 12 == 0 ? 1 + (unsigned)rand() % 50 : row;
        add(staging, key, rand() % 3 ? (unsigned)rand() % 100 : 0,
            rand() % 5 ? names[rand() % 7] : NULL);
        staging->rows[row].boss =
            staging->load.link_count > 1 && rand() % 4 == 0
                ? (unsigned)rand() % 100
                : 0;
    }
}

static struct found *
judge_any(const struct staging *staging)
{
    struct found *found = find_all(staging);
    uint64_t sent = 0;
    for (unsigned row = 1; row <= staging->row_count; row++) {
        sent += found[row].count > 0;
        assert_true(found[row].count <= 2);
    }
    const struct stage_counts *counts = &staging->counts;
    assert_true(counts->sent == sent && counts->rows == staging->row_count);
    if (staging->load.group == LOAD_GROUP_FORMULA) {
        judge_groups(staging, found);
    }
    return found;
}

/* Killed wherever a chunk is told, it comes to what an undisturbed run does:
 * the same rows in the same waves. */
static void
a_kill_changes_nothing(void **state)
{
    for (unsigned seed = 1; seed <= 6; seed++) {
        struct staging whole, cut;
        make_any(&whole, state, seed);
        assert_true(stage(&whole));
        struct found *want = judge_any(&whole);
        uint64_t told = whole.known->told;
        for (uint64_t at = 1; at <= told; at += 4 + seed % 3) {
            make_any(&cut, state, seed);
            cut.known->fail_at = at;
            cut.known->forget_from = at > seed % 4 ? at - seed % 4 + 1 : 1;
            assert_false(stage(&cut));
            cut.known->fail_at = cut.known->forget_from = 0;
            assert_true(stage(&cut));
            struct found *got = judge_any(&cut);
            for (unsigned row = 1; row <= cut.row_count; row++) {
                assert_int_equal(got[row].count, want[row].count);
                assert_memory_equal(got[row].waves, want[row].waves,
                                    sizeof want[row].waves);
                assert_memory_equal(got[row].stripped, want[row].stripped,
                                    sizeof want[row].stripped);
            }
            assert_int_equal(cut.counts.waves, whole.counts.waves);
            assert_int_equal(cut.counts.second_rows, whole.counts.second_rows);
            assert_int_equal(cut.counts.chunks, whole.counts.chunks);
            free(got);
            end(&cut);
        }
        free(want);
        end(&whole);
    }
}

static void
one_key_comes_so_often_at_most(void **state)
{
    struct error err = {0};
    struct staging staging;
    begin(&staging, state);
    staging.load.duplicates = DUPLICATES_ALLOW;
    const struct chunk_limits limits = {.rows = 0};
    struct chunk_writer writer;
    struct chunk chunk;
    char *chunks = mem_printf("%s/chunks", staging.folder);
    char *rows = mem_printf("%s/rows", staging.folder);
    assert_true(file_make_folders(chunks, &err));
    assert_true(file_make_folders(rows, &err));
    chunk_writer_init(&writer, staging.folder, &staging.load, 0, &limits, 0,
                      NULL);
    struct slice fields[] = {slice_of(""), slice_of("k"), slice_of("n"),
                             slice_of("")};
    for (uint64_t row = 1; row <= WAVES_LIMIT + 1; row++) {
        const struct record record = {.row = row, .fields = fields};
        assert_int_equal(chunk_writer_put(&writer, &record, &err), CHUNK_ADDED);
    }
    assert_true(chunk_writer_finish(&writer, &chunk, &err));
    chunk_writer_release(&writer);
    const struct duplicates_options options = {.run_folder = staging.folder,
                                               .load = &staging.load,
                                               .chunk_count = 1,
                                               .sort_memory = 1 << 20};
    const struct wave_chunks_options wanted = {.run_folder = staging.folder,
                                               .load = &staging.load};
    struct waves waves;
    assert_false(waves_write(&options, &wanted, &waves, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "row 65536 is not the first of its key"));
    waves_record_release(&waves);
    free(chunks);
    free(rows);
    end(&staging);
}

static void
a_damaged_record_is_told(void **state)
{
    struct error err = {0};
    char *path = mem_printf("%s/Account.waves", (const char *)*state);
    struct waves waves;
    assert_false(waves_record_read("missing", &waves, &err));
    waves_record_release(&waves);
    static const char *const texts[] = {"", "1234567", "12345678",
                                        "1234567\x80",
                                        "1234567\x80"
                                        "0123456789"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        err = (struct error){0};
        assert_true(file_replace(path, slice_of(texts[i]), &err));
        assert_false(waves_record_read(path, &waves, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        waves_record_release(&waves);
    }
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_no_parent_here_stays),
        cmocka_unit_test(parents_go_first),
        cmocka_unit_test(cycles_and_depths_go_twice),
        cmocka_unit_test(an_insert_rejects_cycles),
        cmocka_unit_test(a_file_of_cycles_only),
        cmocka_unit_test(groups_keep_together),
        cmocka_unit_test(a_large_group_goes_on_in_the_next_wave),
        cmocka_unit_test(groups_keep_together_in_one_chunk),
        cmocka_unit_test(a_kill_changes_nothing),
        cmocka_unit_test(one_key_comes_so_often_at_most),
        cmocka_unit_test(a_damaged_record_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
