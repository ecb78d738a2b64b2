/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
the_format_chooses_the_reader(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "input.csv");
    assert_true(file_replace(path, slice_of("a;b\n1;2\n"), &err));
    struct source_spec spec = {
        .format = "csv", .path = path, .quote = '"', .has_header = true};
    for (int i = 0; i < 2; i++) {
        struct source *source = source_open(&spec, &err);
        assert_non_null(source);
        assert_string_equal(source_name(source), path);
        assert_string_equal(source_description(source),
                            "UTF-8, delimiter semicolon, 2 columns");
        assert_int_equal(source_columns(source)->count, 2);
        assert_true(source_size(source) == 8);
        struct batch batch = {0};
        assert_int_equal(source_next(source, &batch, &err), SOURCE_ROWS);
        assert_int_equal(batch.count, 1);
        assert_true(source_position(source).bytes == 8);
        assert_int_equal(source_next(source, &batch, &err), SOURCE_END);
        assert_int_equal(source_next(source, &batch, &err), SOURCE_END);
        batch_release(&batch);
        source_close(source);
        spec.format = NULL; /* csv unless told */
    }
    free(path);
}

static void
an_unknown_format_is_told(void **state)
{
    (void)state;
    struct error err = {0};
    const struct source_spec spec = {.format = "csw", .path = "-"};
    assert_null(source_open(&spec, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "did you mean 'csv'?"));
    source_close(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_chooses_the_reader),
        cmocka_unit_test(an_unknown_format_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
