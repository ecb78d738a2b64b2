/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_output.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct chunk chunk = {.number = 1};

static void
both_files_appear_together(void **state)
{
    struct error err = {0};
    char *folder = scratch_path(state, "chunks");
    assert_true(file_make_folders(folder, &err));
    char *csv = chunk_path(*state, "A", &chunk, CHUNK_CSV);
    char *index = chunk_path(*state, "A", &chunk, CHUNK_INDEX);
    struct chunk_output output = {.block = {.limit = SIZE_MAX}};
    buffer_append_text(&output.block, "a\n");
    assert_true(chunk_output_open(&output, *state, "A", &chunk, NULL, &err));
    assert_true(chunk_output_flush(&output, &err));
    buffer_append_text(&output.block, "b\n");
    assert_false(file_exists(csv) || file_exists(index));
    assert_true(chunk_output_commit(&output, &err));
    assert_true(output.written == 4);
    assert_int_equal(file_size(csv), 4);
    assert_true(file_exists(index));
    chunk_output_close(&output);
    chunk_output_close(&output);
    free(csv);
    free(index);
    free(folder);
}

static void
what_is_not_committed_is_dropped(void **state)
{
    struct error err = {0};
    const struct chunk other = {.number = 2};
    char *csv = chunk_path(*state, "A", &other, CHUNK_CSV);
    struct chunk_output output = {.block = {.limit = SIZE_MAX}};
    assert_true(chunk_output_open(&output, *state, "A", &other, NULL, &err));
    buffer_append_text(&output.block, "a\n");
    chunk_output_close(&output);
    assert_false(file_exists(csv));
    free(csv);
}

static void
the_header_is_of_api_names(void **state)
{
    (void)state;
    static const struct load_column columns[] = {{.name = "Id"},
                                                 {.name = "Owner.Name"}};
    const struct load load = {.columns = columns, .column_count = 2};
    struct buffer block = {0};
    chunk_output_header(&block, &load);
    assert_string_equal(buffer_text(&block), "Id,Owner.Name\n");
    buffer_release(&block);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_files_appear_together),
        cmocka_unit_test(what_is_not_committed_is_dropped),
        cmocka_unit_test(the_header_is_of_api_names),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
