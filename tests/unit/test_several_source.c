/* SPDX-License-Identifier: Apache-2.0 */
#include "source/several_source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FILES 3

struct several {
    char *paths[FILES];
    struct source_file files[FILES];
    struct source_spec spec;
};

static struct several
make(void **state, const char *const texts[FILES])
{
    static const char *const names[FILES] = {"a.csv", "b.csv", "c.csv"};
    struct several several = {
        .spec = {.format = "csv",
                 .path = "in/*.csv",
                 .quote = '"',
                 .has_header = true},
    };
    struct error err = {0};
    for (size_t i = 0; i < FILES; i++) {
        several.paths[i] = scratch_path(state, names[i]);
        assert_true(file_replace(several.paths[i], slice_of(texts[i]), &err));
        several.files[i] = (struct source_file){several.paths[i], names[i]};
    }
    return several;
}

/* The struct is where it stays only now. */
static struct source *
open_them(struct several *several, struct error *err)
{
    several->spec.files = several->files;
    several->spec.file_count = FILES;
    return source_open(&several->spec, err);
}

static void
drop(struct several *several)
{
    for (size_t i = 0; i < FILES; i++) {
        free(several->paths[i]);
    }
}

static void
rows_are_numbered_through_and_name_their_file(void **state)
{
    struct several several =
        make(state, (const char *const[]){"a,b\n1,x\n2,\"y\n\"\n", "a,b\n",
                                          "\xef\xbb\xbf"
                                          "a,b\r\n3,z\r\n"});
    static const struct {
        uint64_t row, line;
        const char *name, *cell;
    } wanted[] = {
        {1, 2, "a.csv", "1"}, {2, 3, "a.csv", "2"}, {3, 2, "c.csv", "3"}};
    struct error err = {0};
    struct source *source = open_them(&several, &err);
    assert_non_null(source);
    assert_string_equal(source_name(source), "in/*.csv");
    assert_int_equal(source_columns(source)->count, 2);
    struct batch batch = {0};
    size_t seen = 0;
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
        for (size_t i = 0; i < batch.count; i++, seen++) {
            const struct record *record = &batch.records[i];
            assert_true(seen < 3);
            assert_int_equal(record->row, wanted[seen].row);
            assert_int_equal(record->line, wanted[seen].line);
            assert_string_equal(batch.file_name, wanted[seen].name);
            assert_true(slice_is(record->fields[0], wanted[seen].cell));
        }
    }
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(seen, 3);
    assert_true(source_position(source).bytes == source_size(source));
    assert_int_equal(source_position(source).rows, 3);
    size_t count;
    const struct source_part *parts = source_parts(source, 0, &count);
    assert_int_equal(count, FILES);
    assert_int_equal(parts[0].rows, 2);
    assert_int_equal(parts[1].rows, 0);
    assert_int_equal(parts[1].first_row, 3);
    assert_int_equal(parts[2].first_row, 3);
    assert_int_equal(parts[2].rows, 1);
    batch_release(&batch);
    source_close(source);
    drop(&several);
}

static void
another_header_is_told_before_the_first_row(void **state)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"a,c\n1,2\n", "column 2 of '"},
        {"a\n1\n", "has 1 columns"},
        {"b,a\n1,2\n", "is 'b', and in '"},
        {"", "is empty"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct several several =
            make(state, (const char *const[]){"a,b\n1,2\n", "a,b\n3,4\n",
                                              wrong[i].text});
        struct error err = {0};
        assert_null(open_them(&several, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.text, wrong[i].said));
        assert_non_null(strstr(err.text, "c.csv"));
        drop(&several);
    }
}

/* A resume compares positions: the same files give the same, others don't. */
static struct source_position
position_of(void **state, const char *last)
{
    struct several several =
        make(state, (const char *const[]){"a,b\n1,2\n", "a,b\n3,4\n", last});
    struct error err = {0};
    struct source *source = open_them(&several, &err);
    struct batch batch = {0};
    while (source_next(source, &batch, &err) == SOURCE_ROWS) {
    }
    struct source_position position = source_position(source);
    batch_release(&batch);
    source_close(source);
    drop(&several);
    return position;
}

static void
the_hash_is_that_of_all_files(void **state)
{
    struct source_position one = position_of(state, "a,b\n5,6\n");
    struct source_position same = position_of(state, "a,b\n5,6\n");
    struct source_position other = position_of(state, "a,b\n5,7\n");
    assert_int_equal(one.hashed_bytes, 24);
    assert_memory_equal(&one, &same, sizeof one);
    assert_int_equal(other.hashed_bytes, 24);
    assert_true(one.hash[0] != other.hash[0] && one.hash[1] != other.hash[1]);
}

static void
one_source_has_no_parts(void **state)
{
    struct several several =
        make(state, (const char *const[]){"a\n1\n", "", ""});
    struct error err = {0};
    several.spec.path = several.paths[0];
    struct source *source = source_open(&several.spec, &err);
    size_t count;
    assert_null(source_parts(source, 0, &count));
    assert_int_equal(count, 0);
    source_close(source);
    drop(&several);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_numbered_through_and_name_their_file),
        cmocka_unit_test(another_header_is_told_before_the_first_row),
        cmocka_unit_test(the_hash_is_that_of_all_files),
        cmocka_unit_test(one_source_has_no_parts),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
