/* SPDX-License-Identifier: Apache-2.0 */
#include "results/result_files.h"

#include "model/row_file.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ID_A "001000000000001AAA"

static uint64_t
write_rows(const char *path, uint64_t first, uint64_t last)
{
    struct error err = {0};
    struct row_file_writer writer;
    uint64_t size = 0;
    assert_true(row_file_writer_open(&writer, path, 0, &err));
    struct row_file_entry entry = {0, 0, SLICE_LITERAL("Key,\"a \"\"b\"\"\"")};
    assert_true(row_file_writer_put(&writer, &entry, &err));
    for (uint64_t row = first; row <= last; row++) {
        char text[40];
        int len = snprintf(text, sizeof text, "K%u,\"x\ny\"", (unsigned)row);
        entry = (struct row_file_entry){row, row * 2, {text, (size_t)len}};
        assert_true(row_file_writer_put(&writer, &entry, &err));
    }
    assert_true(row_file_writer_sync(&writer, &size, &err));
    row_file_writer_close(&writer);
    return size;
}

static char *
write_part(void **state, const char *name, const struct outcome *outcomes,
           size_t count)
{
    char *path = scratch_path(state, name);
    struct error err = {0};
    struct outcome_writer writer;
    assert_true(outcome_writer_open(&writer, path, &err));
    for (size_t i = 0; i < count; i++) {
        assert_true(outcome_writer_put(&writer, &outcomes[i], &err));
    }
    assert_true(outcome_writer_commit(&writer, &err));
    outcome_writer_close(&writer);
    return path;
}

static void
file_is(void **state, const char *name, const char *want)
{
    char *path = scratch_path(state, name);
    struct buffer got = {0};
    struct error err = {0};
    assert_true(file_read_whole(path, 1 << 20, &got, &err));
    assert_string_equal(buffer_text(&got), want);
    buffer_release(&got);
    free(path);
}

static void
count_seen(void *cookie, const struct outcome *outcome, uint64_t line)
{
    unsigned *seen = cookie;
    assert_int_equal(line, outcome->row * 2);
    *seen += outcome->fate != OUTCOME_SUCCEEDED;
}

static const struct outcome fates[] = {
    {.row = 2,
     .fate = OUTCOME_REJECTED,
     .code = {"too-long", 8},
     .message = {"\"Name\", too long", 16}},
    {.row = 5,
     .fate = OUTCOME_SKIPPED,
     .code = {"filter", 6},
     .message = {"where", 5}},
};
static const struct outcome first_try[] = {
    {.row = 1, .fate = OUTCOME_SUCCEEDED, .created = true, .id = {ID_A, 18}},
    {.row = 3,
     .fate = OUTCOME_FAILED,
     .code = {"UNABLE_TO_LOCK_ROW", 18},
     .message = {"locked", 6}},
    {.row = 4,
     .fate = OUTCOME_FAILED,
     .code = {"E", 1},
     .message = {"E:m:Name --", 11},
     .id = {ID_A, 15}},
    {.row = 6,
     .fate = OUTCOME_IN_DOUBT,
     .code = {"no-result", 9},
     .message = {"ask the org", 11}},
    {.row = 7, .fate = OUTCOME_UNPROCESSED, .code = {"job-failed", 10}},
};
static const struct outcome second_try[] = {
    {.row = 3, .fate = OUTCOME_SUCCEEDED, .id = {ID_A, 18}},
};

static void
four_files_in_source_order(void **state)
{
    char *rows = scratch_path(state, "source.rows");
    uint64_t size = write_rows(rows, 1, 7);
    struct result_part parts[] = {
        {write_part(state, "2.outcomes", second_try, 1), 2},
        {write_part(state, "1.outcomes", first_try, COUNT(first_try)), 1},
        {write_part(state, "fates", fates, COUNT(fates)), 0},
        {write_part(state, "none", NULL, 0), 0},
    };
    struct result_files_options options = {.folder = *state,
                                           .rows_path = rows,
                                           .rows_size = size,
                                           .parts = parts,
                                           .part_count = COUNT(parts),
                                           .in_doubt_as = OUTCOME_IN_DOUBT};
    struct result_counts counts;
    struct error err = {0};
    unsigned seen = 0;
    assert_true(result_files_write(&options, count_seen, &seen, &counts, &err));
    assert_int_equal(counts.read, 7);
    assert_int_equal(counts.created, 1);
    assert_int_equal(counts.by_fate[OUTCOME_SUCCEEDED], 2);
    assert_int_equal(counts.by_fate[OUTCOME_FAILED], 1);
    assert_int_equal(counts.by_fate[OUTCOME_IN_DOUBT], 1);
    assert_int_equal(seen, 5);
    file_is(state, "success.csv",
            "sf__Id,sf__Created,Key,\"a \"\"b\"\"\"\n" ID_A
            ",true,K1,\"x\ny\"\n" ID_A ",false,K3,\"x\ny\"\n");
    file_is(state, "error.csv",
            "sf__Id,sf__Error,sfetl__Origin,sfetl__Code,sfetl__Row,"
            "sfetl__Line,Key,\"a \"\"b\"\"\"\n"
            ",\"\"\"Name\"\", too long\",mapping,too-long,2,4,K2,\"x\ny\"\n"
            "001000000000001,E:m:Name --,org,E,4,8,K4,\"x\ny\"\n");
    file_is(state, "skipped.csv",
            "sfetl__Reason,sfetl__Row,sfetl__Line,Key,\"a \"\"b\"\"\"\n"
            "where,5,10,K5,\"x\ny\"\n");
    file_is(state, "unprocessed.csv",
            "sfetl__Reason,sfetl__Row,sfetl__Line,Key,\"a \"\"b\"\"\"\n"
            "in-doubt: ask the org,6,12,K6,\"x\ny\"\n"
            "job-failed,7,14,K7,\"x\ny\"\n");
    options.in_doubt_as = OUTCOME_FAILED;
    assert_true(result_files_write(&options, NULL, NULL, &counts, &err));
    assert_int_equal(counts.by_fate[OUTCOME_FAILED], 2);
    assert_int_equal(counts.by_fate[OUTCOME_IN_DOUBT], 0);
    for (size_t i = 0; i < COUNT(parts); i++) {
        char *path = scratch_path(state, "gone");
        assert_int_equal(rename(parts[i].path, path), 0);
        assert_false(result_files_write(&options, NULL, NULL, &counts, &err));
        assert_int_equal(err.kind, ERROR_SYSTEM);
        error_clear(&err);
        assert_int_equal(rename(path, parts[i].path), 0);
        free(path);
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        free((void *)(uintptr_t)parts[i].path);
    }
    free(rows);
}

static void
faults_of_accounting(void **state)
{
    char *rows = scratch_path(state, "source.rows");
    uint64_t size = write_rows(rows, 2, 6);
    struct result_part parts[] = {
        {write_part(state, "1.outcomes", first_try, COUNT(first_try)), 1},
        {write_part(state, "2.outcomes", second_try, 1), 1},
        {write_part(state, "fates", fates, 1), 0},
    };
    struct result_files_options options = {.folder = *state,
                                           .rows_path = rows,
                                           .rows_size = size,
                                           .parts = parts,
                                           .part_count = COUNT(parts),
                                           .in_doubt_as = OUTCOME_IN_DOUBT};
    struct result_counts counts;
    struct error err = {0};
    assert_false(result_files_write(&options, NULL, NULL, &counts, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_string_equal(
        err.text,
        "row accounting failed: 1 without an outcome (row 5), 1 with two "
        "outcomes (row 3), 2 that the source does not have (row 1, row 7); "
        "keep the run's folder and report it [row-accounting]");
    file_is(state, "unprocessed.csv",
            "sfetl__Reason,sfetl__Row,sfetl__Line,Key,\"a \"\"b\"\"\"\n"
            "in-doubt: row accounting failed: this row has no outcome,5,10,"
            "K5,\"x\ny\"\n"
            "in-doubt: ask the org,6,12,K6,\"x\ny\"\n");
    for (size_t i = 0; i < COUNT(parts); i++) {
        free((void *)(uintptr_t)parts[i].path);
    }
    free(rows);
}

static void
rows_of_a_run_that_stopped(void **state)
{
    char *rows = scratch_path(state, "source.rows");
    uint64_t size = write_rows(rows, 1, 9);
    struct result_part part = {write_part(state, "fates", fates, COUNT(fates)),
                               0};
    struct result_files_options options = {
        .folder = *state,
        .rows_path = rows,
        .rows_size = size,
        .parts = &part,
        .part_count = 1,
        .unstaged_code = SLICE_LITERAL("not-sent"),
        .unstaged_message = SLICE_LITERAL("never sent"),
        .in_doubt_as = OUTCOME_IN_DOUBT,
    };
    struct result_counts counts;
    struct error err = {0};
    assert_true(result_files_write(&options, NULL, NULL, &counts, &err));
    assert_int_equal(counts.read, 9);
    assert_int_equal(counts.by_fate[OUTCOME_UNPROCESSED], 7);
    assert_true(
        file_replace(rows, SLICE_LITERAL("damaged rows file here!"), &err));
    assert_false(result_files_write(&options, NULL, NULL, &counts, &err));
    assert_int_not_equal(err.kind, ERROR_NONE);
    free((void *)(uintptr_t)part.path);
    free(rows);
}

/* 300 files whose rows interleave, in two attempts: more than may be open. */
static void
many_interleaved_parts(void **state)
{
    enum { PARTS = 300, EACH = 20, ROWS = PARTS * EACH };
    char *rows = scratch_path(state, "source.rows");
    uint64_t size = write_rows(rows, 1, ROWS);
    struct result_part *parts = mem_array(2 * PARTS, sizeof *parts);
    struct outcome outcomes[EACH];
    for (unsigned i = 0; i < PARTS; i++) {
        char name[40];
        for (unsigned attempt = 1; attempt <= 2; attempt++) {
            for (unsigned k = 0; k < EACH; k++) {
                outcomes[k] = (struct outcome){
                    .row = 1 + i + (uint64_t)k * PARTS,
                    .fate = attempt == 2 ? OUTCOME_SUCCEEDED : OUTCOME_FAILED,
                };
            }
            snprintf(name, sizeof name, "%u-%u.outcomes", i, attempt);
            parts[2 * i + attempt - 1] = (struct result_part){
                write_part(state, name, outcomes, attempt == 2 ? 5 : EACH),
                attempt};
        }
    }
    struct result_files_options options = {.folder = *state,
                                           .rows_path = rows,
                                           .rows_size = size,
                                           .parts = parts,
                                           .part_count = 2 * PARTS,
                                           .in_doubt_as = OUTCOME_IN_DOUBT};
    struct result_counts counts;
    struct error err = {0};
    if (!result_files_write(&options, NULL, NULL, &counts, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(counts.by_fate[OUTCOME_SUCCEEDED], 5 * PARTS);
    assert_int_equal(counts.by_fate[OUTCOME_FAILED], (EACH - 5) * PARTS);
    char *merged = scratch_path(state, "merged-1.outcomes");
    assert_false(file_exists(merged));
    free(merged);

    parts[7].attempt = 1;
    assert_false(result_files_write(&options, NULL, NULL, &counts, &err));
    assert_non_null(strstr(err.text, "5 with two outcomes (row 4, row 304, "));
    for (size_t i = 0; i < 2 * PARTS; i++) {
        free((void *)(uintptr_t)parts[i].path);
    }
    free(parts);
    free(rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_files_in_source_order),
        cmocka_unit_test(faults_of_accounting),
        cmocka_unit_test(rows_of_a_run_that_stopped),
        cmocka_unit_test(many_interleaved_parts),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
