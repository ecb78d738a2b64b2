/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_cleaner.h"

#include "model/outcome.h"
#include "scratch.h"
#include "stage/chunk_writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {{.name = "Key__c"}};
static const struct load load = {
    .name = "Account", .columns = columns, .column_count = 1};

struct told {
    struct chunk chunks[8];
    size_t count;
};

static bool
on_cleaned(void *cookie, const struct chunk *chunk, struct error *err)
{
    (void)err;
    struct told *told = cookie;
    told->chunks[told->count++] = *chunk;
    return true;
}

/* Three chunks of rows 1 to 4, 5 to 8 and 9 to 12. */
static void
make_chunks(const char *folder)
{
    struct error err = {0};
    const struct chunk_limits limits = {.rows = 4};
    struct chunk_writer writer;
    struct chunk chunk;
    char *path = mem_printf("%s/chunks", folder);
    assert_true(file_make_folders(path, &err));
    chunk_writer_init(&writer, folder, &load, 0, &limits, 0, NULL);
    for (uint64_t row = 1; row <= 12; row++) {
        char text[16];
        snprintf(text, sizeof text, "k\n%d", (int)row);
        struct slice field = slice_of(text);
        assert_int_equal(
            chunk_writer_put(
                &writer, &(struct record){.row = row, .fields = &field}, &err),
            CHUNK_ADDED);
        if (row % 4 == 0) {
            assert_true(chunk_writer_finish(&writer, &chunk, &err));
        }
    }
    chunk_writer_release(&writer);
    free(path);
}

static void
make_fates(const char *path, const uint64_t *rows, size_t count)
{
    struct error err = {0};
    struct outcome_writer writer;
    assert_true(outcome_writer_open(&writer, path, &err));
    for (size_t i = 0; i < count; i++) {
        const struct outcome outcome = {.row = rows[i],
                                        .fate = OUTCOME_SKIPPED};
        assert_true(outcome_writer_put(&writer, &outcome, &err));
    }
    assert_true(outcome_writer_commit(&writer, &err));
}

static void
assert_text(const char *path, const char *want)
{
    struct error err = {0};
    struct buffer text = {0};
    assert_true(file_read_whole(path, 1 << 20, &text, &err));
    assert_string_equal(buffer_text(&text), want);
    buffer_release(&text);
}

static uint64_t
clean(const char *folder, const char *fates, bool is_resumed, struct told *told)
{
    struct error err = {0};
    uint64_t dropped;
    const struct chunk_cleaner cleaner = {.run_folder = folder,
                                          .load = &load,
                                          .chunk_count = 3,
                                          .fates_path = fates,
                                          .is_resumed = is_resumed,
                                          .on_cleaned = on_cleaned,
                                          .cookie = told};
    if (!chunk_cleaner_run(&cleaner, &dropped, &err)) {
        fail_msg("%s", err.text);
    }
    return dropped;
}

static void
only_chunks_that_hold_a_row_are_written(void **state)
{
    const char *folder = *state;
    static const uint64_t rows[] = {5, 6, 7, 8, 10};
    char *fates = scratch_path(state, "fates");
    make_chunks(folder);
    make_fates(fates, rows, 5);
    struct told told = {.count = 0};
    assert_true(clean(folder, fates, false, &told) == 5);
    assert_int_equal(told.count, 2);
    assert_true(told.chunks[0].number == 2 && told.chunks[0].rows == 0);
    assert_true(told.chunks[0].bytes == 7);
    assert_true(told.chunks[1].number == 3 && told.chunks[1].rows == 3);
    assert_true(told.chunks[1].first_row == 9);
    assert_true(told.chunks[1].last_row == 12);
    char *path = chunk_path(folder, "Account", &told.chunks[1], CHUNK_CSV);
    assert_text(path, "Key__c\n\"k\n9\"\n\"k\n11\"\n\"k\n12\"\n");
    free(path);
    /* Once more: nothing is left to do. */
    assert_true(clean(folder, fates, false, &told) == 0);
    assert_int_equal(told.count, 2);
    free(fates);
}

/* Rows that were put in an order of their own stand in any. */
static void
rows_need_not_ascend(void **state)
{
    static const uint64_t rows[] = {9, 3, 12, 2, 11, 1};
    static const uint64_t gone[] = {1, 3, 11, 12};
    struct error err = {0};
    const struct chunk_limits limits = {.rows = 3};
    const char *folder = *state;
    struct chunk_writer writer;
    struct chunk chunk;
    char *fates = scratch_path(state, "fates");
    make_chunks(folder);
    chunk_writer_init(&writer, folder, &load, 0, &limits, 1, NULL);
    for (size_t i = 0; i < 6; i++) {
        char text[16];
        snprintf(text, sizeof text, "k%d", (int)rows[i]);
        struct slice field = slice_of(text);
        const struct record record = {.row = rows[i], .fields = &field};
        assert_int_equal(chunk_writer_put(&writer, &record, &err), CHUNK_ADDED);
        assert_true(i % 3 < 2 || chunk_writer_finish(&writer, &chunk, &err));
    }
    chunk_writer_release(&writer);
    make_fates(fates, gone, 4);
    struct told told = {.count = 0};
    const struct chunk_cleaner cleaner = {.run_folder = folder,
                                          .load = &load,
                                          .gone_count = 1,
                                          .chunk_count = 3,
                                          .fates_path = fates,
                                          .on_cleaned = on_cleaned,
                                          .cookie = &told};
    uint64_t dropped;
    assert_true(chunk_cleaner_run(&cleaner, &dropped, &err));
    assert_int_equal(dropped, 4);
    assert_int_equal(told.count, 2);
    assert_true(told.chunks[0].number == 2 && told.chunks[0].rows == 1);
    assert_true(told.chunks[0].first_row == 9 && told.chunks[0].last_row == 9);
    char *path = chunk_path(folder, "Account", &told.chunks[0], CHUNK_CSV);
    assert_text(path, "Key__c\nk9\n");
    free(path);
    path = chunk_path(folder, "Account", &told.chunks[1], CHUNK_CSV);
    assert_text(path, "Key__c\nk2\n");
    free(path);
    free(fates);
}

/* A kill between the two renames leaves a clean CSV beside its old index. */
static void
a_kill_between_the_two_files_is_mended(void **state)
{
    const char *folder = *state;
    static const uint64_t rows[] = {4, 10};
    struct error err = {0};
    struct buffer index = {0};
    const struct chunk chunk = {.number = 3};
    char *fates = scratch_path(state, "fates");
    char *path = chunk_path(folder, "Account", &chunk, CHUNK_INDEX);
    make_chunks(folder);
    make_fates(fates, rows, 2);
    assert_true(file_read_whole(path, 1 << 20, &index, &err));
    struct told told = {.count = 0};
    assert_true(clean(folder, fates, false, &told) == 2);
    assert_true(file_replace(path, buffer_slice(&index), &err));
    told.count = 0;
    assert_true(clean(folder, fates, true, &told) == 1);
    assert_int_equal(told.count, 3); /* all are told */
    assert_true(told.chunks[0].rows == 3 && told.chunks[1].rows == 4);
    assert_true(told.chunks[2].rows == 3);
    struct row_index read;
    assert_true(row_index_open(&read, path, &err));
    assert_int_equal(read.count, 3);
    assert_true(read.entries[1].row == 11);
    row_index_close(&read);
    free(path);
    path = chunk_path(folder, "Account", &chunk, CHUNK_CSV);
    assert_text(path, "Key__c\n\"k\n9\"\n\"k\n11\"\n\"k\n12\"\n");
    assert_true(told.chunks[2].bytes == file_size(path));
    free(path);
    free(fates);
    buffer_release(&index);
}

static void
files_that_do_not_fit_are_told(void **state)
{
    struct error err = {0};
    const char *folder = *state;
    static const uint64_t rows[] = {1, 2};
    const struct chunk chunk = {.number = 1};
    char *fates = scratch_path(state, "fates");
    char *path = chunk_path(folder, "Account", &chunk, CHUNK_CSV);
    make_chunks(folder);
    make_fates(fates, rows, 2);
    assert_true(file_replace(path, slice_of("Key__c\nk\n"), &err));
    struct told told = {.count = 0};
    struct chunk_cleaner cleaner = {.run_folder = folder,
                                    .load = &load,
                                    .chunk_count = 3,
                                    .fates_path = fates,
                                    .on_cleaned = on_cleaned,
                                    .cookie = &told};
    uint64_t dropped;
    for (int i = 0; i < 2; i++) {
        cleaner.is_resumed = i == 1;
        error_clear(&err);
        assert_false(chunk_cleaner_run(&cleaner, &dropped, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        assert_non_null(strstr(err.text, "do not fit together"));
    }
    free(path);
    free(fates);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_chunks_that_hold_a_row_are_written),
        cmocka_unit_test(rows_need_not_ascend),
        cmocka_unit_test(a_kill_between_the_two_files_is_mended),
        cmocka_unit_test(files_that_do_not_fit_are_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
