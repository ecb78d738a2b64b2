/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/stager.h"

#include "model/csv_writer.h"
#include "model/outcome.h"
#include "model/row_file.h"
#include "model/row_index.h"
#include "scratch.h"
#include "stage/chunk_reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 120
#define LOADS 2
#define CHUNKS 200

/* Three columns; the key comes again after some rows, the note is of any
 * length, and every so often a row is not good. */
static const struct load_column columns[] = {
    {.name = "Key__c", .type = FIELD_STRING, .case_sensitive = true},
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Note__c", .type = FIELD_TEXTAREA},
};
static struct load loads[LOADS] = {
    {.name = "Account",
     .object = "Account",
     .operation = OPERATION_UPSERT,
     .external_id = "Key__c",
     .columns = columns,
     .column_count = 3,
     .key_column = 0},
    {.name = "Contact",
     .object = "Contact",
     .columns = columns,
     .column_count = 3,
     .key_column = LOAD_NO_KEY},
};

/* What a ledger would know. */
struct known {
    struct chunk chunks[LOADS][CHUNKS]; /* by number - 1 */
    uint32_t chunk_counts[LOADS];
    struct stage_mark mark;
    uint64_t told, fail_at, forget_from; /* calls; 0: never */
};

static bool
on_staged(void *cookie, const struct chunk *chunk,
          const struct stage_mark *mark, struct error *err)
{
    struct known *known = cookie;
    known->told++;
    if (known->forget_from == 0 || known->told < known->forget_from) {
        assert_true(chunk->number <= CHUNKS);
        known->chunks[chunk->load][chunk->number - 1] = *chunk;
        if (chunk->number > known->chunk_counts[chunk->load]) {
            known->chunk_counts[chunk->load] = chunk->number;
        }
        known->mark = *mark;
    }
    return known->told != known->fail_at ||
           error_set(err, ERROR_CANCELLED, 9, "killed");
}

static void
make_row(uint64_t row, struct batch *source, struct batch *mapped)
{
    struct slice *fields = arena_array(&source->arena, 3, sizeof(struct slice));
    uint64_t key = row % 17 == 0 ? row / 2 : row % 23 == 0 ? 1 : row;
    fields[0] = arena_printf(&source->arena, "K%d", (int)key);
    fields[1] = arena_printf(&source->arena, "Name, \"%d\"", (int)row);
    fields[2] = arena_printf(&source->arena, "%.*s", (int)(row * 7 % 40),
                             "a note of\nseveral words, cut somewhere or so");
    const struct record record = {
        .row = row, .line = 2 * row, .fields = fields, .field_count = 3};
    *batch_add(source) = record;
    for (size_t i = 0; i < LOADS; i++) {
        struct record *copy = batch_add(&mapped[i]);
        *copy = record;
        if (row % 13 == i) {
            batch_reject(&mapped[i], copy, "number-shape", "row %d is bad",
                         (int)row);
        } else if (row % 11 == i || (i == 1 && row > 40 && row < 90)) {
            copy->fate = RECORD_SKIPPED;
            copy->code = "where";
            copy->reason = slice_of("where");
        }
    }
}

static bool
put_rows(struct stager *stager, uint64_t first, uint64_t last,
         struct error *err)
{
    struct batch source = {0}, mapped[LOADS] = {{.count = 0}};
    for (uint64_t row = first; row <= last; row++) {
        make_row(row, &source, mapped);
    }
    bool done = stager_put(stager, &source, mapped, err);
    batch_release(&source);
    for (size_t i = 0; i < LOADS; i++) {
        batch_release(&mapped[i]);
    }
    return done;
}

/* Stages all rows from where known says; false when it was killed. */
static bool
stage(const char *folder, struct known *known, bool gzip, uint64_t *rows_size,
      struct stage_counts counts[LOADS])
{
    struct error err = {0};
    struct slice names[] = {slice_of("Key"), slice_of("Name"),
                            slice_of("Note")};
    const struct columns header = {names, 3, 0};
    struct stage_load stage_loads[LOADS];
    for (size_t i = 0; i < LOADS; i++) {
        stage_loads[i] = (struct stage_load){
            .load = &loads[i],
            .limits = {.rows = 20, .bytes = 600 + 300 * i, .rows_rounded = 5},
            .staged_chunks = known->chunk_counts[i],
        };
        for (uint32_t j = 0; j < known->chunk_counts[i]; j++) {
            uint64_t last = known->chunks[i][j].last_row;
            if (last > stage_loads[i].last_row) {
                stage_loads[i].last_row = last;
            }
        }
    }
    const struct stager_options options = {
        .run_folder = folder,
        .loads = stage_loads,
        .load_count = LOADS,
        .columns = &header,
        .gzip = gzip,
        .sort_memory = 1,
        .resume = known->mark,
        .on_staged = on_staged,
        .cookie = known,
    };
    struct stager *stager = stager_open(&options, &err);
    assert_non_null(stager);
    bool done = true;
    for (uint64_t row = 1; done && row <= ROWS; row += 8) {
        done = put_rows(stager, row, row + 7, &err);
    }
    done = done && stager_finish(stager, rows_size, &err);
    for (size_t i = 0; i < LOADS; i++) {
        counts[i] = stager_counts(stager, i);
    }
    stager_close(stager);
    if (!done && err.kind != ERROR_CANCELLED) {
        fail_msg("%s", err.text);
    }
    return done;
}

/* As result files show it, or as it is sent: an empty note clears. */
static void
expected_line(uint64_t row, bool sent, struct buffer *line)
{
    struct batch source = {0}, mapped[LOADS] = {{.count = 0}};
    make_row(row, &source, mapped);
    buffer_reset(line);
    if (sent && source.records[0].fields[2].len == 0) {
        source.records[0].fields[2] = slice_of("#N/A");
    }
    csv_writer_cells(line, source.records[0].fields, 3);
    batch_release(&source);
    for (size_t i = 0; i < LOADS; i++) {
        batch_release(&mapped[i]);
    }
}

static void
judge_rows(const char *folder, uint64_t rows_size)
{
    struct error err = {0};
    char *path = stager_rows_path(folder, 0);
    struct row_file_reader reader;
    struct row_file_entry entry;
    struct buffer line = {0};
    assert_true(row_file_reader_open(&reader, path, rows_size, &err));
    assert_int_equal(row_file_reader_next(&reader, &entry, &err), FILE_BYTES);
    assert_true(entry.row == 0 && slice_is(entry.text, "Key,Name,Note"));
    for (uint64_t row = 1; row <= ROWS; row++) {
        assert_int_equal(row_file_reader_next(&reader, &entry, &err),
                         FILE_BYTES);
        assert_true(entry.row == row && entry.line == 2 * row);
        expected_line(row, false, &line);
        assert_true(slice_equals(entry.text, buffer_slice(&line)));
    }
    assert_int_equal(row_file_reader_next(&reader, &entry, &err), FILE_END);
    row_file_reader_close(&reader);
    buffer_release(&line);
    free(path);
}

/* Each fate once; where[row] counts them. */
static uint64_t
judge_fates(char *path, unsigned char where[ROWS + 1])
{
    struct error err = {0};
    struct outcome_reader reader;
    struct outcome outcome;
    uint64_t count = 0;
    assert_true(outcome_reader_open(&reader, path, &err));
    while (outcome_reader_next(&reader, &outcome, &err) == FILE_BYTES) {
        assert_true(outcome.row <= ROWS);
        where[outcome.row]++;
        count++;
    }
    assert_int_equal(err.kind, ERROR_NONE);
    outcome_reader_close(&reader);
    free(path);
    return count;
}

static uint64_t
judge_chunk(const char *folder, const struct load *load,
            const struct chunk *chunk, unsigned char where[ROWS + 1])
{
    struct error err = {0};
    char *csv_path = chunk_path(folder, load->name, chunk, CHUNK_CSV);
    char *index_path = chunk_path(folder, load->name, chunk, CHUNK_INDEX);
    struct chunk_reader csv;
    struct row_index_reader index;
    struct row_index_entry entry;
    struct slice record;
    struct buffer line = {0};
    uint64_t rows = 0, bytes = 0, last_row = 0;
    assert_true(chunk_reader_open(&csv, csv_path, &err));
    assert_true(row_index_reader_open(&index, index_path, &err));
    assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_BYTES);
    assert_true(slice_is(record, "Key__c,Name,Note__c\n"));
    bytes += record.len;
    while (row_index_reader_next(&index, &entry, &err) == FILE_BYTES) {
        assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_BYTES);
        expected_line(entry.row, true, &line);
        buffer_append_char(&line, '\n');
        assert_true(slice_equals(record, buffer_slice(&line)));
        assert_true(entry.row > last_row);
        last_row = entry.row;
        where[entry.row]++;
        rows++;
        bytes += record.len;
    }
    assert_int_equal(chunk_reader_next(&csv, &record, &err), FILE_END);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_true(rows == chunk->rows && bytes == chunk->bytes);
    assert_true(rows == 0 || last_row == chunk->last_row);
    assert_true(rows <= 20 && bytes <= 900);
    row_index_reader_close(&index);
    chunk_reader_close(&csv);
    buffer_release(&line);
    free(csv_path);
    free(index_path);
    return rows;
}

/* The n-th row of a key is in the n-th wave, and waves begin behind those
 * before. */
static void
judge_waves(const char *folder, const struct load *load,
            const struct chunk *chunks, uint32_t chunk_count)
{
    struct error err = {0};
    uint32_t waves[ROWS + 1] = {0}, most = 0;
    struct row_key keys[ROWS + 1] = {{0, 0}};
    for (uint32_t i = 0; i < chunk_count; i++) {
        char *path = chunk_path(folder, load->name, &chunks[i], CHUNK_INDEX);
        struct row_index_reader index;
        struct row_index_entry entry;
        assert_true(row_index_reader_open(&index, path, &err));
        while (row_index_reader_next(&index, &entry, &err) == FILE_BYTES) {
            waves[entry.row] = chunks[i].wave;
            keys[entry.row] = entry.key;
        }
        row_index_reader_close(&index);
        free(path);
        assert_true(i == 0 || chunks[i].wave >= chunks[i - 1].wave);
        most = chunks[i].wave;
    }
    for (uint64_t row = 1; row <= ROWS; row++) {
        uint32_t before = 0;
        for (uint64_t other = 1; other < row; other++) {
            before += keys[row].low != 0 && keys[other].low == keys[row].low;
        }
        assert_int_equal(waves[row], before * CHUNK_WAVE_STRIDE);
    }
    assert_true(most >= 2 * CHUNK_WAVE_STRIDE);
}

/* Nothing lost, nothing doubled, everything as it should be spelled. */
static void
judge(const char *folder, const struct known *known, uint64_t rows_size,
      const struct stage_counts counts[LOADS])
{
    judge_rows(folder, rows_size);
    for (size_t i = 0; i < LOADS; i++) {
        unsigned char where[ROWS + 1] = {0};
        uint64_t decided =
            judge_fates(stager_fates_path(folder, loads[i].name), where);
        uint64_t sent = 0;
        char *path = stager_duplicates_path(folder, loads[i].name);
        bool moves = i == 0 && loads[0].duplicates == DUPLICATES_ALLOW;
        assert_true(file_exists(path) == (i == 0 && !moves));
        if (i == 0 && !moves) {
            decided += judge_fates(path, where);
        } else {
            free(path);
        }
        for (uint32_t j = 0; j < known->chunk_counts[i]; j++) {
            sent += judge_chunk(folder, &loads[i], &known->chunks[i][j], where);
        }
        if (moves) {
            judge_waves(folder, &loads[i], known->chunks[i],
                        known->chunk_counts[i]);
        }
        for (uint64_t row = 1; row <= ROWS; row++) {
            if (where[row] != 1) {
                fail_msg("row %d of load %d is in %d places", (int)row, (int)i,
                         where[row]);
            }
        }
        assert_true(counts[i].sent == sent && counts[i].rows == ROWS);
        assert_true(counts[i].rejected + counts[i].skipped == decided);
        assert_true(counts[i].chunks == known->chunk_counts[i]);
    }
}

static char *
fresh_folder(void **state)
{
    static int number;
    return mem_printf("%s/run%d", (const char *)*state, number++);
}

/* Nobody but a kill leaves such an end. */
static void
add_torn_end(char *path)
{
    struct error err = {0};
    struct file_writer writer;
    assert_true(file_writer_open_append(&writer, path, file_size(path), &err));
    assert_true(file_writer_write(&writer, "\1\0\0\0\0\0\0\0\2", 9, &err));
    assert_true(file_writer_commit(&writer, &err));
    free(path);
}

static uint64_t
check_undisturbed(void **state, bool gzip)
{
    char *folder = fresh_folder(state);
    struct known known = {.told = 0};
    struct stage_counts counts[LOADS];
    uint64_t rows_size;
    assert_true(stage(folder, &known, gzip, &rows_size, counts));
    judge(folder, &known, rows_size, counts);
    assert_true(known.mark.row == ROWS && known.mark.rows_size == rows_size);
    free(folder);
    return known.told;
}

static void
each_row_has_one_place(void **state)
{
    static const enum duplicates_policy policies[] = {
        DUPLICATES_REJECT, DUPLICATES_FIRST, DUPLICATES_LAST, DUPLICATES_ALLOW};
    for (size_t i = 0; i < 4; i++) {
        loads[0].duplicates = policies[i];
        check_undisturbed(state, false);
        check_undisturbed(state, true);
    }
}

/* Killed when the n-th chunk was told; the ledger lags some chunks behind. */
static void
check_killed(void **state, uint64_t fail_at, uint64_t lag, bool gzip)
{
    char *folder = fresh_folder(state);
    struct known *known = mem_zalloc(sizeof *known);
    struct stage_counts counts[LOADS];
    uint64_t rows_size;
    known->fail_at = fail_at;
    known->forget_from = fail_at > lag ? fail_at - lag + 1 : 1;
    assert_false(stage(folder, known, gzip, &rows_size, counts));
    add_torn_end(stager_fates_path(folder, loads[0].name));
    add_torn_end(stager_rows_path(folder, 0));
    known->fail_at = known->forget_from = 0;
    assert_true(stage(folder, known, gzip, &rows_size, counts));
    judge(folder, known, rows_size, counts);
    free(known);
    free(folder);
}

static void
a_kill_loses_and_doubles_nothing(void **state)
{
    static const enum duplicates_policy policies[] = {
        DUPLICATES_REJECT, DUPLICATES_ALLOW, DUPLICATES_LAST};
    for (size_t i = 0; i < 3; i++) {
        loads[0].duplicates = policies[i];
        uint64_t told = check_undisturbed(state, false);
        for (uint64_t at = 1; at <= told; at += i < 2 ? 1 : 3) {
            for (uint64_t lag = 0; lag < 4; lag += 3) {
                check_killed(state, at, lag, at % 8 == 0);
            }
        }
    }
}

static void
a_folder_that_cannot_be_made_is_told(void **state)
{
    struct error err = {0};
    char *folder = fresh_folder(state);
    assert_true(file_replace(folder, slice_of("a file"), &err));
    const struct stager_options options = {.run_folder = folder};
    assert_null(stager_open(&options, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    stager_close(NULL);
    free(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_has_one_place),
        cmocka_unit_test(a_kill_loses_and_doubles_nothing),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
