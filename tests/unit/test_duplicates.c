/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/duplicates.h"

#include "model/chunk.h"
#include "model/outcome.h"
#include "model/row_file.h"
#include "model/row_index.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS 12

static const struct load_column columns[] = {{.name = "ERP_Id__c"}};

/* Rows 1 to 12 in two chunks: 3, 7 and 12 have one key, 5 and 6 another. */
static uint64_t
make_files(const char *folder)
{
    struct error err = {0};
    char *path = mem_printf("%s/chunks", folder);
    assert_true(file_make_folders(path, &err));
    free(path);
    path = mem_printf("%s/rows", folder);
    assert_true(file_make_folders(path, &err));
    free(path);
    for (uint32_t i = 0; i < 2; i++) {
        const struct chunk chunk = {.number = i + 1};
        struct row_index_writer writer;
        path = chunk_path(folder, "Account", &chunk, CHUNK_INDEX);
        assert_true(row_index_writer_open(&writer, path, &err));
        for (uint64_t row = i * 6 + 1; row <= i * 6 + 6; row++) {
            uint64_t key = row == 7 || row == 12 ? 3 : row == 6 ? 5 : row;
            const struct row_index_entry entry = {{key << 60 | 1, key}, row};
            assert_true(row_index_writer_put(&writer, &entry, &err));
        }
        assert_true(row_index_writer_commit(&writer, &err));
        free(path);
    }
    struct row_file_writer rows;
    uint64_t size;
    path = mem_printf("%s/rows/source.rows", folder);
    assert_true(row_file_writer_open(&rows, path, 0, &err));
    for (uint64_t row = 0; row <= ROWS; row++) {
        const struct row_file_entry entry = {row, row * 10, slice_of("x")};
        assert_true(row_file_writer_put(&rows, &entry, &err));
    }
    assert_true(row_file_writer_sync(&rows, &size, &err));
    row_file_writer_close(&rows);
    free(path);
    return size;
}

static uint64_t
find(const char *folder, enum duplicates_policy policy, uint64_t kept_row,
     struct buffer *text)
{
    struct error err = {0};
    const struct load load = {.name = "Account",
                              .columns = columns,
                              .column_count = 1,
                              .duplicates = policy};
    char *rows_path = mem_printf("%s/rows/source.rows", folder);
    char *path = mem_printf("%s/rows/Account.duplicates", folder);
    const struct duplicates_options options = {
        .run_folder = folder,
        .load = &load,
        .chunk_count = 2,
        .rows_path = rows_path,
        .rows_size = make_files(folder),
        .sort_memory = 1,
        .kept_row = kept_row,
    };
    uint64_t count;
    if (!duplicates_find(&options, path, &count, &err)) {
        fail_msg("%s", err.text);
    }
    struct outcome_reader reader;
    struct outcome outcome;
    buffer_reset(text);
    assert_true(outcome_reader_open(&reader, path, &err));
    while (outcome_reader_next(&reader, &outcome, &err) == FILE_BYTES) {
        buffer_printf(text, "%d %s %.*s\n", (int)outcome.row,
                      outcome.fate == OUTCOME_SKIPPED ? "skipped" : "rejected",
                      SLICE_ARGS(outcome.message));
        assert_true(slice_is(outcome.code, "duplicate-key"));
    }
    outcome_reader_close(&reader);
    free(rows_path);
    free(path);
    return count;
}

static void
the_policy_says_which_row_is_sent(void **state)
{
    struct buffer text = {0};
    assert_true(find(*state, DUPLICATES_REJECT, 0, &text) == 3);
    assert_string_equal(
        buffer_text(&text),
        "6 rejected the same ERP_Id__c as in row 5 (line 50), which is sent\n"
        "7 rejected the same ERP_Id__c as in row 3 (line 30), which is sent\n"
        "12 rejected the same ERP_Id__c as in row 3 (line 30), which is "
        "sent\n");
    assert_true(find(*state, DUPLICATES_FIRST, 0, &text) == 3);
    assert_string_equal(
        buffer_text(&text),
        "6 skipped the same ERP_Id__c as in row 5 (line 50), which comes "
        "first\n"
        "7 skipped the same ERP_Id__c as in row 3 (line 30), which comes "
        "first\n"
        "12 skipped the same ERP_Id__c as in row 3 (line 30), which comes "
        "first\n");
    assert_true(find(*state, DUPLICATES_LAST, 0, &text) == 3);
    assert_string_equal(
        buffer_text(&text),
        "3 skipped the same ERP_Id__c as in row 12 (line 120), which comes "
        "last\n"
        "5 skipped the same ERP_Id__c as in row 6 (line 60), which comes "
        "last\n"
        "7 skipped the same ERP_Id__c as in row 12 (line 120), which comes "
        "last\n");
    buffer_release(&text);
}

/* Row 4 left its chunk in an interrupted run; 7 is found again; 11 was behind
 * what that run recorded. */
static void
fates_of_an_interrupted_run_are_kept(void **state)
{
    struct error err = {0};
    struct buffer text = {0};
    char *path = scratch_path(state, "rows/Account.duplicates");
    static const uint64_t rows[] = {4, 7, 11};
    struct outcome_writer writer;
    assert_true(outcome_writer_open(&writer, path, &err));
    for (size_t i = 0; i < 3; i++) {
        const struct outcome outcome = {.row = rows[i],
                                        .fate = OUTCOME_REJECTED,
                                        .code = slice_of("duplicate-key"),
                                        .message = slice_of("kept")};
        assert_true(outcome_writer_put(&writer, &outcome, &err));
    }
    assert_true(outcome_writer_commit(&writer, &err));
    assert_true(find(*state, DUPLICATES_REJECT, 10, &text) == 4);
    assert_string_equal(
        buffer_text(&text),
        "4 rejected kept\n"
        "6 rejected the same ERP_Id__c as in row 5 (line 50), which is sent\n"
        "7 rejected kept\n"
        "12 rejected the same ERP_Id__c as in row 3 (line 30), which is "
        "sent\n");
    buffer_release(&text);
    free(path);
}

static void
only_keys_matter(void **state)
{
    (void)state;
    struct load load = {.key_column = LOAD_NO_KEY};
    assert_false(duplicates_matter(&load));
    load.key_column = 0;
    assert_true(duplicates_matter(&load));
    load.duplicates = DUPLICATES_ALLOW;
    assert_false(duplicates_matter(&load));
}

static void
a_missing_index_is_told(void **state)
{
    struct error err = {0};
    const struct load load = {
        .name = "Other", .columns = columns, .column_count = 1};
    const struct duplicates_options options = {.run_folder = *state,
                                               .load = &load,
                                               .chunk_count = 1,
                                               .sort_memory = 1};
    uint64_t count;
    assert_false(duplicates_find(&options, "unused", &count, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_says_which_row_is_sent),
        cmocka_unit_test(fates_of_an_interrupted_run_are_kept),
        cmocka_unit_test(only_keys_matter),
        cmocka_unit_test(a_missing_index_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
