/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_file.h"

#include "scratch.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

/* in/a.txt, in/empty, in/large, in/folder, in/link to out.txt, inside to in */
static void
make_files(void **state)
{
    const char *root = *state;
    struct error err = {0};
    char path[PATH_MAX];
    static const struct {
        const char *name, *text;
    } files[] = {{"in/a.txt", "A"},
                 {"in/empty", ""},
                 {"out.txt", "B"},
                 {"in/large", ""},
                 {"innot", "C"}};
    snprintf(path, sizeof path, "%s/in/folder", root);
    assert_true(file_make_folders(path, &err));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", root, files[i].name);
        assert_true(file_replace(path, slice_of(files[i].text), &err));
    }
    snprintf(path, sizeof path, "%s/in/large", root);
    assert_int_equal(truncate(path, (off_t)VALUE_FILE_LIMIT + 1), 0);
    snprintf(path, sizeof path, "%s/in/link", root);
    assert_int_equal(symlink("../out.txt", path), 0);
    snprintf(path, sizeof path, "%s/in/near", root);
    assert_int_equal(symlink("a.txt", path), 0);
}

static void
takes_files_below_the_folder_only(void **state)
{
    static const struct {
        const char *text, *code; /* NULL: it is found */
    } cases[] = {
        {"a.txt", NULL},
        {"./a.txt", NULL},
        {"folder/../a.txt", NULL},
        {"near", NULL},
        {"link", "file-outside"},
        {"../out.txt", "file-outside"},
        {"../innot", "file-outside"},
        {"folder/../../out.txt", "file-outside"},
        {"/etc/passwd", "file-outside"},
        {"..", "file-outside"},
        {"folder", "file-unreadable"},
        {".", "file-unreadable"},
        {"nothing", "file-unreadable"},
        {"a.txt/b", "file-unreadable"},
        {"empty", "file-unreadable"},
        {"large", "file-size"},
    };
    char folder[PATH_MAX];
    char *in = scratch_path(state, "in");
    make_files(state);
    assert_non_null(realpath(in, folder));
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value_fault fault = {0};
        struct slice out;
        bool found = value_file_find(folder, slice_of(cases[i].text), &arena,
                                     &out, &fault);
        if (found != (cases[i].code == NULL) ||
            (!found && strcmp(fault.code, cases[i].code) != 0)) {
            fail_msg("%s: %s", cases[i].text, found ? "found" : fault.code);
        }
        if (found) {
            assert_true(slice_begins(out, folder));
        }
    }
    arena_release(&arena);
    free(in);
}

static void
takes_no_path_that_is_none(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct value_fault fault = {0};
    struct slice out;
    char *text = mem_alloc(PATH_MAX + 1);
    memset(text, 'a', PATH_MAX + 1);
    assert_false(value_file_find("/", (struct slice){text, PATH_MAX + 1},
                                 &arena, &out, &fault));
    assert_string_equal(fault.code, "file-unreadable");
    assert_false(
        value_file_find("/", (struct slice){"a\0b", 3}, &arena, &out, &fault));
    arena_release(&arena);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_files_below_the_folder_only),
        cmocka_unit_test(takes_no_path_that_is_none),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
