/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/moved_rows.h"

#include "base/mem.h"
#include "scratch.h"
#include "stage/order/chunk_walk.h"
#include "stage/order/links.h"
#include "stage/order/places.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The files of stage/order that whole loads (test_arrange.c) do not try: rows
 * of any length, and what is damaged. */
static const struct load_column columns[] = {
    {.name = "Key__c", .type = FIELD_STRING},
    {.name = "Parent.Key__c", .type = FIELD_STRING},
};
static const struct load_link link_list[] = {{0, 1}};
static const struct load load = {.name = "Account",
                                 .columns = columns,
                                 .column_count = 2,
                                 .key_column = 0,
                                 .links = link_list,
                                 .link_count = 1};

static char *
make_folders(void **state)
{
    struct error err = {0};
    char *rows = scratch_path(state, "rows"),
         *chunks = scratch_path(state, "chunks");
    assert_true(file_make_folders(rows, &err));
    assert_true(file_make_folders(chunks, &err));
    free(rows);
    free(chunks);
    return *state;
}

static void
rows_of_any_length_come_back(void **state)
{
    static const size_t lengths[] = {0,    1,    900,   999,    1000,
                                     1024, 5000, 70000, 300000, 3};
    enum { COUNT = sizeof lengths / sizeof *lengths };
    const char *folder = make_folders(state);
    struct error err = {0};
    struct moved_rows rows;
    uint64_t offsets[COUNT];
    char *text = mem_alloc(300000 + COUNT);
    for (size_t i = 0; i < 300000 + COUNT; i++) {
        text[i] = (char)('a' + i % 23);
    }
    assert_true(moved_rows_open(&rows, folder, "Account", &err));
    for (size_t i = 0; i < COUNT; i++) {
        const struct row_index_entry entry = {{i, 2 * i}, i + 1};
        assert_true(moved_rows_add(&rows, &entry,
                                   (struct slice){text + i, lengths[i]},
                                   &offsets[i], &err));
    }
    assert_true(moved_rows_finish(&rows, &err));
    for (size_t i = COUNT; i-- > 0;) {
        struct row_index_entry entry;
        struct slice record;
        assert_true(moved_rows_read(&rows, offsets[i], &entry, &record, &err));
        assert_true(entry.row == i + 1 && entry.key.low == 2 * i);
        assert_int_equal(record.len, lengths[i]);
        assert_memory_equal(record.ptr, text + i, record.len);
    }
    struct row_index_entry entry;
    struct slice record;
    assert_false(
        moved_rows_read(&rows, rows.writer.offset, &entry, &record, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    moved_rows_close(&rows);
    moved_rows_close(&rows);
    free(text);
    err = (struct error){0};
    assert_false(moved_rows_open(&rows, "missing", "Account", &err));
    moved_rows_close(&rows);
}

static void
write_chunk(const char *folder, const char *csv, uint64_t row_count)
{
    struct error err = {0};
    const struct chunk chunk = {.number = 1};
    char *csv_path = chunk_path(folder, load.name, &chunk, CHUNK_CSV);
    char *index_path = chunk_path(folder, load.name, &chunk, CHUNK_INDEX);
    struct row_index_writer index;
    assert_true(file_replace(csv_path, slice_of(csv), &err));
    assert_true(row_index_writer_open(&index, index_path, &err));
    for (uint64_t row = 1; row <= row_count; row++) {
        const struct row_index_entry entry = {{row, row}, row};
        assert_true(row_index_writer_put(&index, &entry, &err));
    }
    assert_true(row_index_writer_commit(&index, &err));
    row_index_writer_close(&index);
    free(csv_path);
    free(index_path);
}

static bool
count_row(void *cookie, const struct row_index_entry *entry,
          struct slice record, struct error *err)
{
    uint64_t *count = cookie;
    ++*count;
    return (entry->row == *count && record.len == 2) ||
           error_set(err, ERROR_INTERNAL, 0, "enough");
}

static void
a_chunk_and_its_index_fit_together(void **state)
{
    const char *folder = make_folders(state);
    const struct chunk_walk walk = {folder, &load, 1, false};
    static const struct {
        const char *csv;
        uint64_t rows, seen;
        bool fits;
    } cases[] = {
        {"K\na\nb\n", 2, 2, true},
        {"K\n", 0, 0, true},
        {"K\na\nb\n", 1, 1, false},
        {"K\na\n", 2, 1, false},
        {"", 0, 0, false},
        {"K\na\nb", 2, 1, false},
        {"K\na\nlong\n", 2, 2, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        uint64_t count = 0;
        write_chunk(folder, cases[i].csv, cases[i].rows);
        bool fits = chunk_walk_each(&walk, count_row, &count, &err);
        assert_true(fits == cases[i].fits);
        assert_true(fits == (err.kind == ERROR_NONE));
        assert_int_equal(count, cases[i].seen);
    }
    struct error err = {0};
    const struct chunk_walk more = {folder, &load, 2, false};
    uint64_t count = 0;
    write_chunk(folder, "K\na\n", 1);
    assert_false(chunk_walk_each(&more, count_row, &count, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
}

static void
links_lack_no_row(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "links");
    struct row_index_writer writer;
    struct links_reader reader;
    struct row_key keys[2];
    struct slice fields[2] = {slice_of("Key"), slice_of("KEY")};
    assert_true(row_index_writer_open(&writer, path, &err));
    for (uint64_t row = 2; row <= 6; row += 2) {
        links_keys(&load, fields, (struct slice){NULL, 0}, keys);
        /* Case counts in neither, so they are one. */
        assert_memory_equal(&keys[0], &keys[1], sizeof keys[0]);
        assert_true(links_put(&writer, row, keys, 2, &err));
    }
    assert_true(row_index_writer_commit(&writer, &err));
    row_index_writer_close(&writer);
    assert_true(links_reader_open(&reader, path, &load, &err));
    assert_true(links_reader_seek(&reader, 4, keys, &err));
    assert_false(links_reader_seek(&reader, 5, keys, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    err = (struct error){0};
    assert_false(links_reader_seek(&reader, 7, keys, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    links_reader_close(&reader);
    free(path);
}

static void
there_is_an_end_to_waves_and_rows(void **state)
{
    const char *folder = make_folders(state);
    struct error err = {0};
    struct places *places = places_new(folder, "Account", 1);
    struct place place = {.wave = WAVES_LIMIT - 1, .row = 1, .first = 1};
    assert_true(places_add(places, &place, &err));
    place.wave++;
    assert_false(places_add(places, &place, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    err = (struct error){0};
    place = (struct place){.row = PLACES_ROW_LIMIT};
    assert_false(places_add(places, &place, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    places_free(places);
    places_free(NULL);
    struct waves waves = {.first_count = 3};
    struct wave_chunks chunks;
    const struct wave_chunks_options options = {.run_folder = folder,
                                                .load = &load};
    const struct row_index_entry entry = {{1, 1}, 1};
    wave_chunks_open(&chunks, &options, &waves);
    err = (struct error){0};
    assert_false(wave_chunks_put(&chunks, &entry, slice_of("a\n"), &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    err = (struct error){0};
    assert_false(wave_chunks_begin(&chunks, WAVES_LIMIT, 0, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    err = (struct error){0};
    assert_true(wave_chunks_begin(&chunks, 7, 0, &err));
    assert_true(wave_chunks_put(&chunks, &entry, slice_of("a,b\n"), &err));
    assert_true(wave_chunks_finish(&chunks, &err));
    assert_true(wave_chunks_finish(&chunks, &err));
    assert_int_equal(waves.count, 1);
    assert_int_equal(waves.chunks[0].number, 4);
    assert_int_equal(waves.chunks[0].wave, 7 * CHUNK_WAVE_STRIDE);
    assert_int_equal(waves.chunks[0].bytes, sizeof "Key__c,Parent.Key__c\na,b");
    wave_chunks_close(&chunks);
    waves_record_release(&waves);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_any_length_come_back),
        cmocka_unit_test(a_chunk_and_its_index_fit_together),
        cmocka_unit_test(links_lack_no_row),
        cmocka_unit_test(there_is_an_end_to_waves_and_rows),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
