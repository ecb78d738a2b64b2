/* SPDX-License-Identifier: Apache-2.0 */
#include "results/matcher.h"

#include "base/log.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIELDS 3

static const struct load_column columns[] = {
    {.name = "ERP_Id__c", .type = FIELD_STRING},
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Amount__c", .type = FIELD_CURRENCY},
};
static const struct load upsert = {.columns = columns,
                                   .column_count = FIELDS,
                                   .operation = OPERATION_UPSERT,
                                   .key_column = 0};
static const struct load insert = {.columns = columns,
                                   .column_count = FIELDS,
                                   .operation = OPERATION_INSERT,
                                   .key_column = LOAD_NO_KEY};
static const struct load_column id_columns[] = {
    {.name = "Id", .type = FIELD_ID},
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Amount__c", .type = FIELD_CURRENCY},
};
static const struct load update = {.columns = id_columns,
                                   .column_count = FIELDS,
                                   .operation = OPERATION_UPDATE,
                                   .key_column = 0};

struct row {
    uint64_t row;
    const char *fields[FIELDS];
};
struct given {
    enum outcome_fate fate;
    const char *id, *code, *message;
    const char *fields[FIELDS];
    bool created;
};
struct wanted {
    uint64_t row;
    enum outcome_fate fate;
    const char *id, *code;
};

struct scene {
    void **state;
    const struct load *load;
    const struct row *rows;
    size_t row_count;
    const struct given *given;
    size_t given_count;
    enum outcome_fate missing; /* SUCCEEDED: in doubt */
    bool by_position;
    struct matcher_counts counts;
    char *outcomes_path;
};

static void
slices_of(const char *const *texts, struct slice *fields)
{
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = slice_of(texts[i]);
    }
}

static void
stage(const struct scene *scene, const char *index_path, const char *path)
{
    struct error err = {0};
    struct row_index_writer index;
    struct buffer csv = {0};
    assert_true(row_index_writer_open(&index, index_path, &err));
    buffer_append_text(&csv, "a,b,c\n");
    for (size_t i = 0; i < scene->row_count; i++) {
        struct slice fields[FIELDS];
        slices_of(scene->rows[i].fields, fields);
        struct row_index_entry entry = {
            row_key_of(scene->load, fields, ROW_KEY_EXACT), scene->rows[i].row};
        assert_true(row_index_writer_put(&index, &entry, &err));
        buffer_printf(&csv, "\"%s\",\"%s\",%s\n", scene->rows[i].fields[0],
                      scene->rows[i].fields[1], scene->rows[i].fields[2]);
    }
    assert_true(row_index_writer_commit(&index, &err));
    row_index_writer_close(&index);
    assert_true(file_replace(path, buffer_slice(&csv), &err));
    buffer_release(&csv);
}

static void
give_all(const struct scene *scene, struct matcher *matcher)
{
    struct error err = {0};
    for (size_t i = 0; i < scene->given_count; i++) {
        const struct given *given = &scene->given[i];
        struct slice fields[FIELDS];
        slices_of(given->fields, fields);
        struct matcher_result result = {
            .fate = given->fate,
            .created = given->created,
            .id = slice_of(given->id),
            .code = slice_of(given->code),
            .message = slice_of(given->message),
            .fields = scene->by_position ? NULL : fields,
        };
        assert_true(matcher_put(matcher, &result, &err));
    }
}

static void
play(struct scene *scene)
{
    struct error err = {0};
    char *index_path = scratch_path(scene->state, "x.index");
    char *path = scratch_path(scene->state, "x.csv");
    scene->outcomes_path = scratch_path(scene->state, "x.outcomes");
    stage(scene, index_path, path);
    struct matcher_options options = {
        .load = scene->load,
        .index_path = index_path,
        .outcomes_path = scene->outcomes_path,
        .chunk_path = path,
        .missing = scene->missing ? scene->missing : OUTCOME_IN_DOUBT,
        .missing_code = SLICE_LITERAL("no-result"),
        .missing_message = SLICE_LITERAL("no result"),
    };
    struct matcher *matcher = matcher_open(&options, &err);
    assert_non_null(matcher);
    give_all(scene, matcher);
    bool again = false;
    assert_true(matcher_wants_again(matcher, &again, &err));
    if (again) {
        give_all(scene, matcher);
    }
    assert_true(matcher_finish(matcher, &scene->counts, &err));
    matcher_close(matcher);
    char *spool = scratch_path(scene->state, "x.outcomes.messages");
    assert_false(file_exists(spool));
    free(spool);
    free(path);
    free(index_path);
}

static void
expect(struct scene *scene, const struct wanted *wanted, size_t count)
{
    struct error err = {0};
    struct outcome_reader reader;
    struct outcome got;
    assert_true(outcome_reader_open(&reader, scene->outcomes_path, &err));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(outcome_reader_next(&reader, &got, &err), FILE_BYTES);
        assert_int_equal(got.row, wanted[i].row);
        if (got.fate != wanted[i].fate ||
            !slice_equals(got.id, slice_of(wanted[i].id)) ||
            !slice_equals(got.code, slice_of(wanted[i].code))) {
            fail_msg("row %u: fate %d, Id '%.*s', code '%.*s': %.*s",
                     (unsigned)got.row, (int)got.fate, SLICE_ARGS(got.id),
                     SLICE_ARGS(got.code), SLICE_ARGS(got.message));
        }
    }
    assert_int_equal(outcome_reader_next(&reader, &got, &err), FILE_END);
    outcome_reader_close(&reader);
    free(scene->outcomes_path);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ID_A "001000000000001AAA"
#define ID_B "001000000000002AAA"
#define ID_C "001000000000003AAA"
#define PLAY(scene_load, scene_rows, scene_given)                              \
    struct scene scene = {.state = state,                                      \
                          .load = (scene_load),                                \
                          .rows = (scene_rows),                                \
                          .row_count = COUNT(scene_rows),                      \
                          .given = (scene_given),                              \
                          .given_count = COUNT(scene_given)};                  \
    play(&scene)

static const struct row three[] = {
    {11, {"K1", "Ann", "1.5"}},
    {12, {"K2", "Bob", "910000000.00"}},
    {15, {"K3", "Cid", ""}},
};

static void
shuffled_and_spelled_anew(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"k3", "Cid", "#N/A"}, true},
        {OUTCOME_FAILED, "", "E_B", "b: bad", {"K2", "Bob", "9.1E8"}, false},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "Ann", "1.50"}, false},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_FAILED, "", "E_B"},
        {15, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&upsert, three, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.by_fate[OUTCOME_SUCCEEDED], 2);
    assert_int_equal(scene.counts.created, 1);
    assert_int_equal(scene.counts.stray, 0);
    assert_int_equal(scene.counts.loose, 0);
}

static void
an_insert_by_fingerprint(void **state)
{
    static const struct given given[] = {
        {OUTCOME_FAILED, "", "E_B", "b: bad", {"K2", "Bob", "9.1E8"}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"K3", "Cid", NULL}, true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "Ann", "1.50"}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_FAILED, "", "E_B"},
        {15, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&insert, three, given);
    expect(&scene, wanted, COUNT(wanted));
}

static void
missing_results(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", NULL, NULL}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_UNPROCESSED, "", "no-result"},
        {15, OUTCOME_UNPROCESSED, "", "no-result"},
    };
    struct scene scene = {.state = state,
                          .load = &upsert,
                          .rows = three,
                          .row_count = 3,
                          .given = given,
                          .given_count = 1,
                          .missing = OUTCOME_UNPROCESSED};
    play(&scene);
    expect(&scene, wanted, COUNT(wanted));
}

/* A result of nobody could be the missing row's: it is in doubt then, even
 * where the job says that it did nothing more. */
static void
a_stray_casts_doubt(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "", ""}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"K9", "", ""}, true},
        {OUTCOME_FAILED, "", "E", "m", {"K3", "", ""}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_IN_DOUBT, "", "unmatched-results"},
        {15, OUTCOME_FAILED, "", "E"},
    };
    struct scene scene = {.state = state,
                          .load = &upsert,
                          .rows = three,
                          .row_count = 3,
                          .given = given,
                          .given_count = 3,
                          .missing = OUTCOME_UNPROCESSED};
    play(&scene);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 1);
}

static void
another_jobs_results(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"X1", "Ann", "1.5"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"X2", "Bob", "2"}, true},
        {OUTCOME_FAILED, "", "E", "m", {"X3", "Cid", ""}, false},
        {OUTCOME_FAILED, "", "E", "m", {NULL, NULL, NULL}, false},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_IN_DOUBT, "", "no-result"},
        {12, OUTCOME_IN_DOUBT, "", "no-result"},
        {15, OUTCOME_IN_DOUBT, "", "no-result"},
    };
    PLAY(&upsert, three, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 4);
}

static void
doubled_results(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "", ""}, true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "", ""}, true},
        {OUTCOME_FAILED, "", "E_B", "b", {"K2", "", ""}, false},
        {OUTCOME_FAILED, "", "E_B", "b", {"K2", "", ""}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"K3", "", ""}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_FAILED, "", "E_B"},
        {15, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&upsert, three, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 2);
}

static void
contradicting_results(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "", ""}, true},
        {OUTCOME_FAILED, "", "E_A", "why", {"K1", "", ""}, false},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"K1", "", ""}, true},
        {OUTCOME_FAILED, "", "E_B", "b", {"K2", "", ""}, false},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"K2", "", ""}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"K3", "", ""}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"K3", "", ""}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {12, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {15, OUTCOME_IN_DOUBT, "", "contradicting-results"},
    };
    PLAY(&upsert, three, given);
    char *path = mem_strdup(scene.outcomes_path);
    expect(&scene, wanted, COUNT(wanted));
    struct outcome_reader reader;
    struct outcome got;
    struct error err = {0};
    assert_true(outcome_reader_open(&reader, path, &err));
    assert_int_equal(outcome_reader_next(&reader, &got, &err), FILE_BYTES);
    assert_true(slice_is(
        got.message, "the org reports this row twice: as succeeded (Id " ID_A
                     ") and as failed (E_A: why)"));
    assert_int_equal(outcome_reader_next(&reader, &got, &err), FILE_BYTES);
    assert_true(slice_is(got.message,
                         "the org reports this row twice: as failed (E_B: b) "
                         "and as succeeded (Id " ID_B ")"));
    outcome_reader_close(&reader);
    free(path);
}

static void
equal_rows_queue_up(void **state)
{
    static const struct row rows[] = {
        {4, {"", "Twin", "1"}},
        {2, {"", "Twin", "1.0"}},
        {3, {"", "Other", "1"}},
        {1, {"", "Twin", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Twin", "1.0"}, true},
        {OUTCOME_FAILED, "", "E", "m", {"", "Twin", "1.0"}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"", "Other", "1.0"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "Twin", "1.0"}, true},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_SUCCEEDED, ID_B, ""},
        {2, OUTCOME_FAILED, "", "E"},
        {3, OUTCOME_SUCCEEDED, ID_C, ""},
        {4, OUTCOME_SUCCEEDED, ID_A, ""},
    };
    PLAY(&insert, rows, given);
    expect(&scene, wanted, COUNT(wanted));
}

static void
too_many_results_of_equal_rows(void **state)
{
    static const struct row rows[] = {
        {1, {"", "Twin", "1"}},
        {2, {"", "Twin", "1"}},
        {3, {"", "Other", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_FAILED, "", "E", "m", {"", "Twin", "1"}, false},
        {OUTCOME_FAILED, "", "E", "m", {"", "Twin", "1"}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"", "Other", "1"}, true},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {2, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {3, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&insert, rows, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 2);
}

/* A result that came twice is one row's: its twin has not been heard of. */
static void
one_id_is_not_two_rows(void **state)
{
    static const struct row rows[] = {
        {1, {"", "Twin", "1"}},
        {2, {"", "Twin", "1"}},
        {3, {"", "Twin", "1"}},
        {4, {"", "Other", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "Twin", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"", "Other", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "Twin", "1"}, true},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_SUCCEEDED, ID_A, ""},
        {2, OUTCOME_SUCCEEDED, ID_B, ""},
        {3, OUTCOME_IN_DOUBT, "", "no-result"},
        {4, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&insert, rows, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 2);
}

/* Neither where the second is found by the loose key only. */
static void
one_id_is_not_two_rows_in_the_second_try(void **state)
{
    static const struct row rows[] = {
        {1, {"", "Name", "1"}},
        {2, {"", " Name ", "1"}},
        {3, {"", "Other ", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Name", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "Name\t", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {"", "Other", "1"}, true},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {2, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {3, OUTCOME_SUCCEEDED, ID_C, ""},
    };
    PLAY(&insert, rows, given);
    expect(&scene, wanted, COUNT(wanted));
}

static void
renamed_columns(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {NULL, "Ann", "1.5"}, true},
        {OUTCOME_FAILED, "", "E", "m", {NULL, "Bob", "9.1E8"}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {NULL, "Cid", ""}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_IN_DOUBT, "", "no-result"},
        {12, OUTCOME_IN_DOUBT, "", "no-result"},
        {15, OUTCOME_IN_DOUBT, "", "no-result"},
    };
    for (unsigned i = 0; i < 2; i++) {
        PLAY(i ? &insert : &upsert, three, given);
        expect(&scene, wanted, COUNT(wanted));
        assert_int_equal(scene.counts.stray, 3);
    }
}

static void
a_second_try_by_loose_keys(void **state)
{
    static const struct row rows[] = {
        {1, {"", "two\nlines ", "1"}},
        {2, {"", "exact", "1"}},
        {3, {"", "same  blanks", "1"}},
        {4, {"", "same blanks\t", "1"}},
        {5, {"", "long", "1234567890123456.78"}},
        {6, {"", "claimed  twice", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_FAILED, "", "E1", "m", {"", "two\r\nlines", "1"}, false},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "exact", "1"}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "same blanks", "1"}, true},
        {OUTCOME_SUCCEEDED,
         ID_C,
         NULL,
         NULL,
         {"", "long", "1.2345678901234568E15"},
         true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "claimed twice", "1"}, true},
        {OUTCOME_FAILED, "", "E", "m", {"", "claimed twice", "1.0"}, true},
        {OUTCOME_FAILED, "", "E", "m", {"", "claimed\ttwice", "1.0"}, true},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_FAILED, "", "E1"},
        {2, OUTCOME_SUCCEEDED, ID_A, ""},
        {3, OUTCOME_IN_DOUBT, "", "no-result"},
        {4, OUTCOME_IN_DOUBT, "", "no-result"},
        {5, OUTCOME_SUCCEEDED, ID_C, ""},
        {6, OUTCOME_IN_DOUBT, "", "no-result"},
    };
    PLAY(&insert, rows, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.loose, 2);
    assert_int_equal(scene.counts.stray, 4);
}

static void
an_update_must_keep_its_id(void **state)
{
    static const struct row rows[] = {
        {1, {"001000000000001", "x", "1"}},
        {2, {ID_B, "x", "1"}},
    };
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {ID_A, "x", "1"}, false},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {ID_B, "x", "1"}, false},
    };
    static const struct wanted wanted[] = {
        {1, OUTCOME_SUCCEEDED, ID_A, ""},
        {2, OUTCOME_IN_DOUBT, "", "no-result"},
    };
    PLAY(&update, rows, given);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 1);
}

static void
by_position(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {0}, true},
        {OUTCOME_FAILED, "", "E", "m", {0}, false},
        {OUTCOME_SUCCEEDED, "00100000000000?AAA", NULL, NULL, {0}, true},
        {OUTCOME_SUCCEEDED, ID_C, NULL, NULL, {0}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_SUCCEEDED, ID_A, ""},
        {12, OUTCOME_FAILED, "", "E"},
        {15, OUTCOME_IN_DOUBT, "", "no-result"},
    };
    struct scene scene = {.state = state,
                          .load = &upsert,
                          .rows = three,
                          .row_count = 3,
                          .given = given,
                          .given_count = 4,
                          .by_position = true};
    play(&scene);
    expect(&scene, wanted, COUNT(wanted));
    assert_int_equal(scene.counts.stray, 2);
}

/* The answer to a call came twice, and was taken for the next one's. */
static void
one_id_is_not_two_rows_by_position(void **state)
{
    static const struct given given[] = {
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "", ""}, true},
        {OUTCOME_SUCCEEDED, ID_B, NULL, NULL, {"", "", ""}, true},
        {OUTCOME_SUCCEEDED, ID_A, NULL, NULL, {"", "", ""}, true},
    };
    static const struct wanted wanted[] = {
        {11, OUTCOME_IN_DOUBT, "", "contradicting-results"},
        {12, OUTCOME_SUCCEEDED, ID_B, ""},
        {15, OUTCOME_IN_DOUBT, "", "contradicting-results"},
    };
    struct scene scene = {.state = state,
                          .load = &upsert,
                          .rows = three,
                          .row_count = COUNT(three),
                          .given = given,
                          .given_count = COUNT(given),
                          .by_position = true};
    play(&scene);
    expect(&scene, wanted, COUNT(wanted));
}

/* Every row alike, and each result doubled: it must not take the square. */
static void
many_equal_rows(void **state)
{
    enum { ROWS = 40000 };
    struct row *rows = mem_array(ROWS, sizeof *rows);
    struct given *given = mem_array((size_t)ROWS * 2, sizeof *given);
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = (struct row){i + 1, {"", "Twin", "1"}};
        given[i] = (struct given){OUTCOME_FAILED,    "",   "E", "m",
                                  {"", "Twin", "1"}, false};
        given[ROWS + i] = given[i];
    }
    struct scene scene = {.state = state,
                          .load = &insert,
                          .rows = rows,
                          .row_count = ROWS,
                          .given = given,
                          .given_count = (size_t)ROWS * 2};
    play(&scene);
    assert_int_equal(scene.counts.by_fate[OUTCOME_FAILED], ROWS);
    assert_int_equal(scene.counts.stray, ROWS);
    free(scene.outcomes_path);
    free(rows);
    free(given);
}

static void
a_chunk_that_is_not_its_index(void **state)
{
    struct error err = {0};
    char *index_path = scratch_path(state, "y.index");
    char *path = scratch_path(state, "y.csv");
    char *outcomes = scratch_path(state, "y.outcomes");
    struct scene scene = {.state = state,
                          .load = &upsert,
                          .rows = three,
                          .row_count = COUNT(three)};
    stage(&scene, index_path, path);
    static const char *const bad[] = {"a,b,c\n1,2,3\n", "a,b,c\n1,2\n",
                                      "a,b,c\n1,2,\"3\n", ""};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_true(file_replace(path, slice_of(bad[i]), &err));
        struct matcher_options options = {.load = &upsert,
                                          .index_path = index_path,
                                          .outcomes_path = outcomes,
                                          .chunk_path = path,
                                          .missing = OUTCOME_IN_DOUBT};
        struct matcher *matcher = matcher_open(&options, &err);
        assert_non_null(matcher);
        struct slice fields[FIELDS] = {SLICE_LITERAL("nobody's")};
        struct matcher_result result = {.fate = OUTCOME_FAILED,
                                        .fields = fields};
        bool again;
        assert_true(matcher_put(matcher, &result, &err));
        assert_false(matcher_wants_again(matcher, &again, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        error_clear(&err);
        matcher_close(matcher);
    }
    assert_null(
        matcher_open(&(struct matcher_options){.load = &upsert,
                                               .index_path = "no/such",
                                               .outcomes_path = outcomes},
                     &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    free(index_path);
    free(path);
    free(outcomes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shuffled_and_spelled_anew),
        cmocka_unit_test(an_insert_by_fingerprint),
        cmocka_unit_test(missing_results),
        cmocka_unit_test(a_stray_casts_doubt),
        cmocka_unit_test(another_jobs_results),
        cmocka_unit_test(doubled_results),
        cmocka_unit_test(contradicting_results),
        cmocka_unit_test(equal_rows_queue_up),
        cmocka_unit_test(too_many_results_of_equal_rows),
        cmocka_unit_test(one_id_is_not_two_rows),
        cmocka_unit_test(one_id_is_not_two_rows_in_the_second_try),
        cmocka_unit_test(renamed_columns),
        cmocka_unit_test(a_second_try_by_loose_keys),
        cmocka_unit_test(an_update_must_keep_its_id),
        cmocka_unit_test(by_position),
        cmocka_unit_test(one_id_is_not_two_rows_by_position),
        cmocka_unit_test(many_equal_rows),
        cmocka_unit_test(a_chunk_that_is_not_its_index),
    };
    log_show(LOG_ERROR);
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
