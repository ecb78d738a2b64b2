/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export_file.h"

#include "base/mem.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
put_page(const char *text)
{
    struct error err = {0};
    assert_true(file_replace("page", slice_of(text), &err));
}

static void
assert_file(const char *path, const char *want)
{
    struct buffer text = {0};
    struct error err = {0};
    assert_true(file_read_whole(path, 1 << 20, &text, &err));
    assert_string_equal(buffer_text(&text), want);
    buffer_release(&text);
}

static int
enter(void **state)
{
    return scratch_make(state) == 0 ? chdir(*state) : -1;
}

static int
leave(void **state)
{
    return chdir("..") == 0 ? scratch_drop(state) : -1;
}

#define HEADER "\"Id\",\"Name\"\n"

static void
pages_are_added_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *page;
        int64_t announced;
        enum export_page verdict;
        const char *added;
    } cases[] = {
        {HEADER "\"3\",\"x\ny\"\n", 1, EXPORT_PAGE_TAKEN, "\"3\",\"x\ny\"\n"},
        {HEADER "\"3\",\"a\"\"b\"\n", -1, EXPORT_PAGE_TAKEN,
         "\"3\",\"a\"\"b\"\n"},
        {HEADER, 0, EXPORT_PAGE_TAKEN, ""},
        {"", 0, EXPORT_PAGE_TAKEN, ""},
        {"\"Id\",\"Name\"", 0, EXPORT_PAGE_TAKEN, ""},
        {HEADER "\"3\",\"c\"", 1, EXPORT_PAGE_TAKEN, "\"3\",\"c\"\n"},
        /* a page without a header, as its number of rows tells */
        {"\"3\",\"c\"\n\"4\",\"d\"\n", 2, EXPORT_PAGE_TAKEN,
         "\"3\",\"c\"\n\"4\",\"d\"\n"},
        {HEADER "\"3\",\"c", 1, EXPORT_PAGE_CUT, NULL},
        {HEADER "\"3\"", 1, EXPORT_PAGE_CUT, NULL},
        {HEADER "\"3\",\"c\"\n", 2, EXPORT_PAGE_CUT, NULL},
        {HEADER "\"3\",\"c\"\n", 0, EXPORT_PAGE_CUT, NULL},
        {"\"Name\",\"Id\"\n\"c\",\"3\"\n", 1, EXPORT_PAGE_CUT, NULL},
        {"\"3\",\"c\"\n", -1, EXPORT_PAGE_CUT, NULL},
    };
    static const char first[] = HEADER "\"1\",\"a\"\n\"2\",\"b\"\n";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct export_file file;
        struct error err = {0};
        char *want =
            mem_printf("%s%s", first, cases[i].added ? cases[i].added : "");
        assert_true(
            export_file_open(&file, "out", 0, 0, SLICE_LITERAL(""), &err));
        put_page(first);
        assert_int_equal(export_file_append(&file, "page", 2, &err),
                         EXPORT_PAGE_TAKEN);
        put_page(cases[i].page);
        enum export_page verdict =
            export_file_append(&file, "page", cases[i].announced, &err);
        if (verdict != cases[i].verdict) {
            fail_msg("case %zu: %d", i, verdict);
        }
        assert_false(file_exists("out"));
        assert_true(export_file_commit(&file, &err));
        assert_file("out", want);
        export_file_close(&file);
        unlink("out");
        free(want);
    }
}

static void
it_goes_on_behind_what_is_there(void **state)
{
    (void)state;
    struct export_file file;
    struct error err = {0};
    const struct slice cells[] = {SLICE_LITERAL("1"),
                                  SLICE_LITERAL("say \"a\"")};
    const struct slice names[] = {SLICE_LITERAL("Id"), SLICE_LITERAL("Name")};
    assert_true(export_file_open(&file, "out", 0, 0, SLICE_LITERAL(""), &err));
    assert_true(export_file_put(&file, names, 2, &err));
    assert_true(export_file_put(&file, cells, 2, &err));
    assert_int_equal(file.rows, 1);
    assert_true(export_file_sync(&file, &err));
    uint64_t size = export_file_size(&file);
    assert_true(export_file_put(&file, cells, 2, &err));
    export_file_close(&file);
    assert_true(
        export_file_open(&file, "out", size, 1, SLICE_LITERAL(HEADER), &err));
    put_page(HEADER "\"2\",\"b\"\n");
    assert_int_equal(export_file_append(&file, "page", 1, &err),
                     EXPORT_PAGE_TAKEN);
    assert_int_equal(file.rows, 2);
    assert_true(export_file_commit(&file, &err));
    assert_file("out", HEADER "\"1\",\"say \"\"a\"\"\"\n\"2\",\"b\"\n");
    export_file_close(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_added_whole_or_not_at_all),
        cmocka_unit_test(it_goes_on_behind_what_is_there),
    };
    return cmocka_run_group_tests_name("export_file", tests, enter, leave);
}
