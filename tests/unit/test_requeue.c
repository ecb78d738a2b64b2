/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/requeue.h"

#include "scratch.h"
#include "stage/chunk_writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {{.name = "Key__c"}};
static const struct load load = {.name = "Account",
                                 .columns = columns,
                                 .column_count = 1,
                                 .key_column = LOAD_NO_KEY};

static void
make_chunk(const char *folder, struct chunk *chunk)
{
    struct error err = {0};
    const struct chunk_limits limits = {.rows = 0};
    struct chunk_writer writer;
    char *path = mem_printf("%s/chunks", folder);
    assert_true(file_make_folders(path, &err));
    chunk_writer_init(&writer, folder, &load, 2, &limits, 0, NULL);
    for (uint64_t row = 1; row <= 5; row++) {
        char text[16];
        snprintf(text, sizeof text, "k\n%d", (int)row);
        struct slice field = slice_of(text);
        assert_int_equal(chunk_writer_put(&writer,
                                          &(struct record){.row = row * 10,
                                                           .fields = &field},
                                          &err),
                         CHUNK_ADDED);
    }
    assert_true(chunk_writer_finish(&writer, chunk, &err));
    chunk_writer_release(&writer);
    free(path);
}

static void
wanted_rows_go_into_chunks_of_their_own(void **state)
{
    struct error err = {0};
    struct chunk from, made[2];
    make_chunk(*state, &from);
    static const uint64_t rows[] = {20, 40, 50};
    const struct requeue requeue = {.run_folder = *state,
                                    .load = &load,
                                    .from = &from,
                                    .rows = rows,
                                    .row_count = 3,
                                    .chunk_rows = 2,
                                    .first_number = 7,
                                    .first_wave = 3};
    assert_int_equal(requeue_chunk_count(&requeue), 2);
    assert_true(requeue_write(&requeue, made, &err));
    static const char *const want[] = {"Key__c\n\"k\n2\"\n\"k\n4\"\n",
                                       "Key__c\n\"k\n5\"\n"};
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(made[i].number == 7 + i && made[i].wave == 3 + i);
        assert_true(made[i].rows == 2 - i && made[i].attempt == 1);
        assert_true(made[i].bytes == strlen(want[i]));
        struct buffer text = {0};
        char *path = chunk_path(*state, "Account", &made[i], CHUNK_CSV);
        assert_true(file_read_whole(path, 1 << 20, &text, &err));
        assert_string_equal(buffer_text(&text), want[i]);
        buffer_release(&text);
        free(path);
    }
    assert_true(made[0].first_row == 20 && made[0].last_row == 40);
}

static void
a_row_that_is_not_there_is_told(void **state)
{
    struct error err = {0};
    struct chunk from, made[1];
    make_chunk(*state, &from);
    static const uint64_t rows[] = {25};
    const struct requeue requeue = {.run_folder = *state,
                                    .load = &load,
                                    .from = &from,
                                    .rows = rows,
                                    .row_count = 1,
                                    .chunk_rows = 2,
                                    .first_number = 7};
    assert_false(requeue_write(&requeue, made, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wanted_rows_go_into_chunks_of_their_own),
        cmocka_unit_test(a_row_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
