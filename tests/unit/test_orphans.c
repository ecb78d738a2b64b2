/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/orphans.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load account = {.name = "Account"};
static const struct load contact = {.name = "Contact"};

struct line {
    uint64_t row;
    enum outcome_fate fate;
    const char *code, *message;
};

static char *
make_file(void **state, const char *name, const struct line *lines)
{
    struct error err = {0};
    struct outcome_writer writer;
    char *path = scratch_path(state, name);
    assert_true(outcome_writer_open(&writer, path, &err));
    for (; lines->row != 0; lines++) {
        const struct outcome outcome = {
            .row = lines->row,
            .fate = lines->fate,
            .code = slice_of(lines->code),
            .message = slice_of(lines->message),
        };
        assert_true(outcome_writer_put(&writer, &outcome, &err));
    }
    assert_true(outcome_writer_commit(&writer, &err));
    outcome_writer_close(&writer);
    return path;
}

static void
check_file(void **state, const struct line *lines)
{
    struct error err = {0};
    struct outcome_reader reader;
    struct outcome outcome;
    char *path = orphans_path(*state, "Contact");
    assert_true(outcome_reader_open(&reader, path, &err));
    for (; lines->row != 0; lines++) {
        assert_int_equal(outcome_reader_next(&reader, &outcome, &err),
                         FILE_BYTES);
        assert_int_equal(outcome.row, lines->row);
        assert_int_equal(outcome.fate, OUTCOME_SKIPPED);
        assert_true(slice_is(outcome.code, "parent-failed"));
        assert_int_equal(outcome.message.len, strlen(lines->message));
        assert_memory_equal(outcome.message.ptr, lines->message,
                            outcome.message.len);
    }
    assert_int_equal(outcome_reader_next(&reader, &outcome, &err), FILE_END);
    outcome_reader_close(&reader);
    free(path);
}

static int
make_rows(void **state)
{
    struct error err = {0};
    int failed = scratch_make(state);
    char *folder = scratch_path(state, "rows");
    failed |= !file_make_folders(folder, &err);
    free(folder);
    return failed;
}

/* Rows 1 to 10 of the parents, in all ways to fail; 6 to 8 are duplicates. */
static void
what_has_no_parent_is_told(void **state)
{
    static const struct line fates[] = {
        {2, OUTCOME_REJECTED, "required", "Name: is blank, but required"},
        {3, OUTCOME_SKIPPED, "where", "where"},
        {4, OUTCOME_SKIPPED, "parent-failed", "its Group failed: x"},
        {0, 0, NULL, NULL}};
    static const struct line duplicates[] = {
        {6, OUTCOME_REJECTED, "duplicate-key",
         "the same ERP_Id__c as in row 5 (line 6), which is sent"},
        {7, OUTCOME_REJECTED, "duplicate-key",
         "the same ERP_Id__c as in row 1 (line 2), which is sent"},
        {8, OUTCOME_SKIPPED, "duplicate-key",
         "the same ERP_Id__c as in row 9 (line 10), which comes last"},
        {0, 0, NULL, NULL}};
    static const struct line sent[] = {
        {1, OUTCOME_SUCCEEDED, "", ""},
        {5, OUTCOME_FAILED, "LOCKED", "locked"},
        {9, OUTCOME_UNPROCESSED, "not-sent", "not sent"},
        {10, OUTCOME_IN_DOUBT, "in-doubt", "lost"},
        {0, 0, NULL, NULL}};
    static const struct line own[] = {{2, OUTCOME_REJECTED, "email", "no mail"},
                                      {0, 0, NULL, NULL}};
    static const struct line none[] = {{0, 0, NULL, NULL}};
    char *paths[] = {make_file(state, "rows/Account.fates", fates),
                     make_file(state, "rows/Account.duplicates", duplicates),
                     make_file(state, "sent", sent)};
    char *own_path = make_file(state, "rows/Contact.fates", own);
    const struct result_part parts[] = {
        {paths[0], 0}, {paths[1], 0}, {paths[2], 1}};
    struct orphans_search search = {
        .run_folder = *state,
        .load = &contact,
        .parent = &account,
        .parent_parts = parts,
        .parent_part_count = 3,
        .in_doubt_as = OUTCOME_IN_DOUBT,
    };
    struct error err = {0};
    uint64_t count;
    assert_true(orphans_find(&search, &count, &err));
    static const struct line want[] = {
        {4, 0, NULL, "its Account was skipped: its Group failed: x"},
        {5, 0, NULL, "its Account failed: locked"},
        {6, 0, NULL, "its Account, that of row 5, was not loaded"},
        {8, 0, NULL, "its Account, that of row 9, was not loaded"},
        {9, 0, NULL, "its Account was not processed: not sent"},
        {10, 0, NULL, "its Account may not have been loaded: lost"},
        {0, 0, NULL, NULL}};
    assert_int_equal(count, 6);
    check_file(state, want);
    search.in_doubt_as = OUTCOME_SUCCEEDED;
    assert_true(orphans_find(&search, &count, &err));
    assert_int_equal(count, 5);
    search.parent_part_count = 1;
    free(make_file(state, "rows/Account.duplicates", none));
    free(make_file(state, "rows/Account.fates", none));
    assert_true(orphans_find(&search, &count, &err));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < 3; i++) {
        free(paths[i]);
    }
    free(own_path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_has_no_parent_is_told, make_rows,
                                        scratch_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
