/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_writer.h"

#include "scratch.h"
#include "stage/chunk_reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {
    {.name = "Key__c", .type = FIELD_STRING, .case_sensitive = true},
    {.name = "Note__c", .type = FIELD_TEXTAREA},
};
static const struct load load = {.name = "Account",
                                 .columns = columns,
                                 .column_count = 2,
                                 .key_column = LOAD_NO_KEY};
static const struct chunk_limits no_limits = {.rows = 0};

static enum chunk_put
put(struct chunk_writer *writer, uint64_t row, struct slice key,
    struct slice note)
{
    struct error err = {0};
    struct slice fields[] = {key, note};
    enum chunk_put put = chunk_writer_put(
        writer, &(struct record){.row = row, .fields = fields}, &err);
    assert_int_equal(err.kind, ERROR_NONE);
    return put;
}

static void
finish(struct chunk_writer *writer, struct chunk *chunk)
{
    struct error err = {0};
    assert_true(chunk_writer_finish(writer, chunk, &err));
}

static void
assert_file(void **state, const struct chunk *chunk, const char *want)
{
    struct error err = {0};
    struct buffer text = {0};
    char *path = chunk_path(*state, "Account", chunk, CHUNK_CSV);
    assert_true(file_read_whole(path, 1 << 20, &text, &err));
    assert_string_equal(buffer_text(&text), want);
    assert_true(chunk->bytes == text.len);
    buffer_release(&text);
    free(path);
}

static void
values_are_spelled_for_bulk(void **state)
{
    struct chunk_writer writer;
    struct chunk chunk;
    struct error err = {0};
    char *folder = scratch_path(state, "chunks");
    assert_true(file_make_folders(folder, &err));
    chunk_writer_init(&writer, *state, &load, 3, &no_limits, 6, NULL);
    put(&writer, 4, slice_of("a"), (struct slice){NULL, 0});
    put(&writer, 5, slice_of("b"), (struct slice){"", 0});
    put(&writer, 7, slice_of("c\r\nd\re"), slice_of("5\" \r"));
    put(&writer, 9, slice_of("\xc3\xa4"), slice_of("x,y"));
    assert_true(writer.line_ends_changed == 2);
    finish(&writer, &chunk);
    assert_file(state, &chunk,
                "Key__c,Note__c\na,\nb,#N/A\n\"c\nd\ne\",\"5\"\" \n\"\n"
                "\xc3\xa4,\"x,y\"\n");
    assert_true(chunk.load == 3 && chunk.number == 7 && chunk.rows == 4);
    assert_true(chunk.first_row == 4 && chunk.last_row == 9);
    finish(&writer, &chunk);
    assert_true(chunk.rows == 0);
    chunk_writer_release(&writer);
    free(folder);
}

static void
the_index_is_of_what_is_sent(void **state)
{
    struct chunk_writer writer;
    struct chunk chunk;
    struct error err = {0};
    chunk_writer_init(&writer, *state, &load, 0, &no_limits, 0, NULL);
    put(&writer, 2, slice_of("a\r\nb"), slice_of("x"));
    finish(&writer, &chunk);
    chunk_writer_release(&writer);
    char *path = chunk_path(*state, "Account", &chunk, CHUNK_INDEX);
    struct row_index index;
    assert_true(row_index_open(&index, path, &err));
    const struct slice sent[] = {slice_of("a\nb"), slice_of("x")};
    struct row_key key = row_key_of(&load, sent, ROW_KEY_EXACT);
    size_t at = row_index_find(&index, key, ROW_INDEX_NONE);
    assert_int_equal(at, 0);
    assert_true(index.entries[at].row == 2);
    row_index_close(&index);
    free(path);
}

static void
a_single_blank_value_is_still_a_record(void **state)
{
    struct load one = load;
    one.column_count = 1;
    struct chunk_writer writer;
    struct chunk chunk;
    chunk_writer_init(&writer, *state, &one, 0, &no_limits, 0, NULL);
    put(&writer, 1, (struct slice){NULL, 0}, (struct slice){NULL, 0});
    finish(&writer, &chunk);
    assert_file(state, &chunk, "Key__c\n\"\"\n");
    chunk_writer_release(&writer);
}

static void
a_chunk_ends_before_it_is_too_large(void **state)
{
    const struct chunk_limits limits = {
        .rows = 100, .bytes = 15 + 40, .row_characters = 30};
    struct chunk_writer writer;
    struct chunk chunk;
    chunk_writer_init(&writer, *state, &load, 0, &limits, 0, NULL);
    struct slice ten = slice_of("0123456789");
    struct slice note = slice_of("01234567");
    assert_int_equal(put(&writer, 1, ten, note), CHUNK_ADDED);
    assert_int_equal(put(&writer, 2, ten, note), CHUNK_ADDED);
    assert_int_equal(put(&writer, 3, ten, note), CHUNK_FULL);
    finish(&writer, &chunk);
    assert_true(chunk.rows == 2 && chunk.bytes == 55);
    assert_int_equal(put(&writer, 3, ten, note), CHUNK_ADDED);
    finish(&writer, &chunk);
    assert_true(chunk.rows == 1 && chunk.number == 2);
    chunk_writer_release(&writer);
}

static void
a_row_that_no_chunk_holds_is_refused(void **state)
{
    const struct chunk_limits limits = {.bytes = 15 + 60, .row_characters = 30};
    struct chunk_writer writer;
    struct chunk chunk;
    chunk_writer_init(&writer, *state, &load, 0, &limits, 0, NULL);
    struct slice key = slice_of("0123456789"), none = {NULL, 0};
    struct slice long_note = slice_of("0123456789012345678901234567890");
    /* 20 characters of 3 bytes: many bytes, few characters */
    struct slice wide = slice_of(
        "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
        "\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
    assert_int_equal(put(&writer, 1, key, long_note), CHUNK_ROW_TOO_LONG);
    finish(&writer, &chunk);
    assert_true(chunk.rows == 0);
    assert_int_equal(put(&writer, 2, key, none), CHUNK_ADDED);
    assert_int_equal(put(&writer, 3, key, long_note), CHUNK_ROW_TOO_LONG);
    assert_int_equal(put(&writer, 4, key, wide), CHUNK_ADDED);
    finish(&writer, &chunk);
    assert_true(chunk.rows == 2);
    chunk_writer_release(&writer);
}

static void
compressed_chunks_hold_the_same(void **state)
{
    struct error err = {0};
    struct chunk_writer writer;
    struct chunk chunk;
    struct compressor *compressor = compressor_open(&err);
    chunk_writer_init(&writer, *state, &load, 0, &no_limits, 0, compressor);
    for (uint64_t row = 1; row <= 20000; row++) {
        put(&writer, row, slice_of("a key of some length"), slice_of("note"));
    }
    finish(&writer, &chunk);
    assert_true(chunk.gzip && chunk.rows == 20000);
    put(&writer, 20001, slice_of("dropped"), slice_of("x"));
    chunk_writer_release(&writer);
    compressor_close(compressor);
    char *path = chunk_path(*state, "Account", &chunk, CHUNK_CSV);
    assert_true(file_size(path) < chunk.bytes / 10);
    struct chunk_reader reader;
    struct slice record;
    uint64_t records = 0, bytes = 0;
    assert_true(chunk_reader_open(&reader, path, &err));
    while (chunk_reader_next(&reader, &record, &err) == FILE_BYTES) {
        records++;
        bytes += record.len;
    }
    assert_int_equal(err.kind, ERROR_NONE);
    assert_true(records == 20001 && bytes == chunk.bytes);
    chunk_reader_close(&reader);
    free(path);
}

static void
a_folder_that_is_gone_is_told(void **state)
{
    struct error err = {0};
    struct chunk_writer writer;
    struct slice fields[] = {slice_of("a"), slice_of("b")};
    chunk_writer_init(&writer, "missing", &load, 0, &no_limits, 0, NULL);
    assert_int_equal(
        chunk_writer_put(&writer, &(struct record){.row = 1, .fields = fields},
                         &err),
        CHUNK_FAILED);
    assert_int_equal(err.kind, ERROR_SYSTEM);
    chunk_writer_release(&writer);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_spelled_for_bulk),
        cmocka_unit_test(the_index_is_of_what_is_sent),
        cmocka_unit_test(a_single_blank_value_is_still_a_record),
        cmocka_unit_test(a_chunk_ends_before_it_is_too_large),
        cmocka_unit_test(a_row_that_no_chunk_holds_is_refused),
        cmocka_unit_test(compressed_chunks_hold_the_same),
        cmocka_unit_test(a_folder_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
