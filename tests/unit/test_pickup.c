/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pickup/pickup.h"

#include "pipeline/pickup/pickup_record.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Written at so many seconds after 1970. */
static void
make_file(void **state, const char *name, long written)
{
    struct error err = {0};
    char *path = scratch_path(state, name);
    const struct timespec times[] = {{.tv_sec = written}, {.tv_sec = written}};
    assert_true(file_replace(path, slice_of("a\n1\n"), &err));
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    free(path);
}

static void
make_folder(void **state, const char *name)
{
    struct error err = {0};
    char *path = scratch_path(state, name);
    assert_true(file_make_folders(path, &err));
    free(path);
}

static void
make_inbox(void **state)
{
    struct error err = {0};
    char *all = scratch_path(state, "in");
    assert_true(file_remove_tree(all, &err));
    free(all);
    make_folder(state, "in/de");
    make_folder(state, "in/at");
    make_folder(state, "in/folder.csv");
    make_file(state, "in/b.csv", 100);
    make_file(state, "in/B.csv", 300);
    make_file(state, "in/a.csv", 200);
    make_file(state, "in/.hidden.csv", 400);
    make_file(state, "in/de/x.csv", 1);
    make_file(state, "in/at/x.csv", 2);
}

static bool
find(void **state, struct pickup *pickup, const char *pattern,
     const struct run_options *options, struct error *err)
{
    char *path = scratch_path(state, pattern);
    *pickup = (struct pickup){0};
    bool done = pickup_find(pickup, path, options, err);
    free(path);
    return done;
}

static void
files_come_in_the_order_of_their_names(void **state)
{
    static const struct {
        const char *pattern, *names[4];
    } cases[] = {
        {"in/*.csv", {"B.csv", "a.csv", "b.csv"}},
        {"in/[ab].csv", {"a.csv", "b.csv"}},
        {"in/*/x.csv", {"at/x.csv", "de/x.csv"}},
        {"in/?.csv", {"B.csv", "a.csv", "b.csv"}},
    };
    make_inbox(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct pickup pickup;
        assert_true(find(state, &pickup, cases[i].pattern,
                         &(struct run_options){0}, &err));
        assert_int_equal(pickup.kind, PICKUP_PATTERN);
        size_t count = 0;
        for (; cases[i].names[count] != NULL; count++) {
            assert_string_equal(pickup.files.files[count].name,
                                cases[i].names[count]);
        }
        assert_int_equal(pickup.files.count, count);
        pickup_release(&pickup);
    }
}

static void
only_the_newest_or_those_with_a_marker(void **state)
{
    struct error err = {0};
    struct pickup pickup;
    make_inbox(state);
    assert_true(find(state, &pickup, "in/*.csv",
                     &(struct run_options){.newest = true}, &err));
    assert_int_equal(pickup.files.count, 1);
    assert_string_equal(pickup.files.files[0].name, "B.csv");
    assert_int_equal(pickup.older.count, 2);
    pickup_release(&pickup);
    const struct run_options marked = {.marker = "*.done"};
    assert_false(find(state, &pickup, "in/*", &marked, &err));
    assert_true(pickup.is_empty);
    assert_non_null(strstr(err.text, "3 files of '"));
    pickup_release(&pickup);
    make_file(state, "in/b.csv.done", 5);
    error_clear(&err);
    assert_true(find(state, &pickup, "in/*", &marked, &err));
    assert_int_equal(pickup.files.count, 1);
    assert_string_equal(pickup.files.files[0].name, "b.csv");
    assert_int_equal(pickup.markers.count, 1);
    assert_string_equal(pickup.markers.files[0].name, "b.csv.done");
    pickup_release(&pickup);
    /* One for a whole folder. */
    make_file(state, "in/at/READY", 5);
    assert_true(find(state, &pickup, "in/*/x.csv",
                     &(struct run_options){.marker = "READY"}, &err));
    assert_int_equal(pickup.files.count, 1);
    assert_string_equal(pickup.files.files[0].name, "at/x.csv");
    pickup_release(&pickup);
}

static void
what_is_not_there_is_nothing_to_do_or_a_mistake(void **state)
{
    static const struct {
        const char *path;
        struct run_options options;
        bool done, is_empty;
        enum error_kind kind;
    } cases[] = {
        {"in/*.xml", {0}, false, true, ERROR_INPUT},
        {"inn/*.csv", {0}, false, false, ERROR_INPUT},
        {"in/z.csv", {0}, true, false, ERROR_NONE}, /* the source tells */
        {"in/z.csv", {.marker = "*.ok"}, false, true, ERROR_INPUT},
        {"inn/z.csv", {.marker = "*.ok"}, false, false, ERROR_INPUT},
        {"in/b.csv", {.newest = true}, false, false, ERROR_USAGE},
        {"in/*.csv", {.marker = "a/*"}, false, false, ERROR_USAGE},
        {"in/*.csv", {.marker = "*.*"}, false, false, ERROR_USAGE},
        {"in/*.csv", {.marker = ""}, false, false, ERROR_USAGE},
    };
    make_inbox(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct pickup pickup;
        assert_int_equal(
            find(state, &pickup, cases[i].path, &cases[i].options, &err),
            cases[i].done);
        assert_int_equal(pickup.is_empty, cases[i].is_empty);
        assert_int_equal(err.kind, cases[i].kind);
        pickup_release(&pickup);
    }
}

static void
a_file_that_was_written_to_is_another(void **state)
{
    struct error err = {0};
    struct pickup pickup;
    make_inbox(state);
    assert_true(
        find(state, &pickup, "in/*.csv", &(struct run_options){0}, &err));
    assert_true(pickup_check(&pickup, &err));
    make_file(state, "in/a.csv", 201);
    assert_false(pickup_check(&pickup, &err));
    assert_non_null(strstr(err.text, "a.csv' is not the file any more"));
    pickup_release(&pickup);
}

/* Also a name that is no UTF-8. */
static void
the_ledger_keeps_what_was_picked_up(void **state)
{
    struct error err = {0};
    struct pickup pickup, again = {0};
    char *path = scratch_path(state, "ledger.db");
    make_inbox(state);
    make_file(state, "in/\xe4.csv", 7);
    assert_true(find(state, &pickup, "in/*.csv",
                     &(struct run_options){.newest = true}, &err));
    pickup.hash[0] = UINT64_MAX;
    struct ledger *ledger = ledger_create(path, &err);
    assert_non_null(ledger);
    assert_true(pickup_record_write(ledger, &pickup, &err));
    assert_true(pickup_record_read(ledger, &again, &err));
    assert_int_equal(again.kind, PICKUP_PATTERN);
    assert_true(again.hash[0] == UINT64_MAX);
    assert_int_equal(again.older.count, 3);
    assert_string_equal(again.older.files[2].name, "\xe4.csv");
    assert_int_equal(again.files.files[0].path[0], '/');
    assert_true(pickup_check(&again, &err));
    ledger_close(ledger);
    pickup_release(&again);
    pickup_release(&pickup);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_in_the_order_of_their_names),
        cmocka_unit_test(only_the_newest_or_those_with_a_marker),
        cmocka_unit_test(what_is_not_there_is_nothing_to_do_or_a_mistake),
        cmocka_unit_test(a_file_that_was_written_to_is_another),
        cmocka_unit_test(the_ledger_keeps_what_was_picked_up),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
