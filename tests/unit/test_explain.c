/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/error_file.h"
#include "cli/explain/explain.h"

#include "scratch.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct page *const themes[] = {
    pages_value, pages_source, pages_run, pages_mapping, pages_formula,
    pages_yaml,  pages_loader, pages_row, pages_call,
};

static const char *
found(const char *text)
{
    const struct page *page = explain_find(slice_of(text));
    return page != NULL ? page->name : "none";
}

static void
finds_a_name_as_it_is_copied(void **state)
{
    (void)state;
    assert_string_equal(found("number-shape"), "number-shape");
    assert_string_equal(found("[number-shape]"), "number-shape");
    assert_string_equal(found(" unable_to_lock_row"), "UNABLE_TO_LOCK_ROW");
    assert_string_equal(found("INVALID_FIELD:Foreign key:--"), "INVALID_FIELD");
    assert_string_equal(found("InvalidBatch : Field name not found"),
                        "InvalidBatch");
    assert_string_equal(found("InvalidJobState"), "INVALIDJOBSTATE");
    assert_string_equal(found("number"), "none");
    assert_string_equal(found(""), "none");
    assert_string_equal(found("["), "none");
}

static void
guesses_what_was_meant(void **state)
{
    (void)state;
    char text[SUGGEST_SIZE];
    assert_string_equal(explain_suggest(slice_of("numbr-shape"), text),
                        "; did you mean 'number-shape'?");
    assert_string_equal(explain_suggest(slice_of("DUPLICAT_VALUE"), text),
                        "; did you mean 'DUPLICATE_VALUE'?");
    assert_string_equal(explain_suggest(slice_of("quite else"), text), "");
}

/* They are put together to sentences, and printed through buffers. */
static void
check_page(const struct page *page)
{
    assert_non_null(page->what);
    assert_non_null(page->advice);
    assert_true(strlen(page->advice) < 190);
    assert_true(page->advice[strlen(page->advice) - 1] != '.');
    assert_false(isupper((unsigned char)page->advice[0]));
    assert_int_equal(page->what[strlen(page->what) - 1], '.');
    if (page->why != NULL) {
        assert_int_equal(page->why[strlen(page->why) - 1], '.');
    }
    for (const char *line = page->more; line != NULL && *line != '\0';) {
        size_t len = strcspn(line, "\n");
        /* What stands as it is fits the width. */
        assert_true(line[0] == ' ' ? len <= 70 : len < 590);
        line += len + (line[len] == '\n');
    }
}

static void
every_page_is_whole(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof themes / sizeof themes[0]; i++) {
        for (const struct page *page = themes[i]; page->name; page++) {
            check_page(page);
            count++;
        }
    }
    assert_true(count > 140);
    json_t *list = explain_json_all();
    assert_int_equal(json_array_size(list), count);
    json_decref(list);
}

static void
read_text(void **state, struct error_file *file, const char *text,
          struct error *err)
{
    char *path = scratch_path(state, "file.csv");
    assert_true(file_replace(path, slice_of(text), err));
    error_file_read(file, path, err);
    free(path);
}

static void
counts_by_code(void **state)
{
    struct error_file file = {0};
    struct error err = {0};
    read_text(state, &file,
              "sf__Id,sf__Error,sfetl__Origin,sfetl__Code,sfetl__Row,No\n"
              ",x:--,org,B,1,1\n,y:--,org,A,2,2\n,y:--,org,A,3,3\n"
              ",z [email],mapping,email,4,4\n"
              ",WITHOUT_CODE:text:--,org,,5,5\n",
              &err);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(file.rows, 5);
    assert_int_equal(file.tally.code_count, 4);
    assert_string_equal(file.tally.codes[0].code, "A");
    assert_int_equal(file.tally.codes[0].count, 2);
    assert_int_equal(file.tally.codes[0].examples[0].row, 2);
    assert_int_equal(file.tally.by_fate[OUTCOME_REJECTED], 1);
    assert_int_equal(file.tally.by_fate[OUTCOME_FAILED], 4);
    error_file_release(&file);
}

static void
counts_reasons_without_their_numbers(void **state)
{
    struct error_file file = {0};
    struct error err = {0};
    read_text(state, &file,
              "sfetl__Reason,sfetl__Row,No\n"
              "the same key as in row 17,1,1\nthe same key as in row 9,2,2\n"
              "in-doubt: the results are gone [no-result],3,3\n",
              &err);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(file.tally.code_count, 2);
    assert_string_equal(file.tally.codes[0].code, "the same key as in row #");
    assert_string_equal(file.tally.codes[1].code, "no-result");
    assert_int_equal(file.tally.by_fate[OUTCOME_IN_DOUBT], 1);
    error_file_release(&file);
}

static void
refuses_other_files(void **state)
{
    struct error_file file = {0};
    struct error err = {0};
    read_text(state, &file, "No,Name\n1,A\n", &err);
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "has neither the column 'sf__Error'"));
    error_file_release(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_name_as_it_is_copied),
        cmocka_unit_test(guesses_what_was_meant),
        cmocka_unit_test(every_page_is_whole),
        cmocka_unit_test(counts_by_code),
        cmocka_unit_test(counts_reasons_without_their_numbers),
        cmocka_unit_test(refuses_other_files),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
