/* SPDX-License-Identifier: Apache-2.0 */
#include "report/summary.h"

#include "scratch.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static json_t *
written(void **state, const struct summary *summary)
{
    char *path = scratch_path(state, "summary.json");
    struct error err = {0};
    assert_true(summary_write(path, summary, &err));
    json_error_t where;
    json_t *root = json_load_file(path, 0, &where);
    assert_non_null(root);
    free(path);
    return root;
}

static const char *
text_at(json_t *root, const char *outer, const char *name)
{
    json_t *from = outer ? json_object_get(root, outer) : root;
    return json_string_value(json_object_get(from, name));
}

static json_int_t
number_at(json_t *root, const char *outer, const char *name)
{
    json_t *from = outer ? json_object_get(root, outer) : root;
    return json_integer_value(json_object_get(from, name));
}

static void
all_that_a_run_has(void **state)
{
    struct tally tally = {
        .read = 21, .sent = 9, .created = 1, .by_fate = {1, 2, 3, 4, 5, 6}};
    tally_add_code(&tally,
                   &(struct outcome){.row = 3,
                                     .fate = OUTCOME_FAILED,
                                     .code = SLICE_LITERAL("E"),
                                     .message = SLICE_LITERAL("\"m\"")},
                   4);
    const struct summary_load loads[] = {
        {.name = "a",
         .object = "Account",
         .operation = "upsert",
         .external_id = "ERP_Id__c",
         .api = "bulk2",
         .tally = &tally,
         .duration_ms = 1500},
        {.name = "b",
         .object = "Contact",
         .operation = "insert",
         .api = "bulk2",
         .tally = &tally},
    };
    const struct summary_job job = {.id = "7505e",
                                    .state = "collected",
                                    .load = "a",
                                    .message = "",
                                    .chunk = 1,
                                    .attempt = 1,
                                    .rows = 9,
                                    .bytes = UINT64_MAX,
                                    .closed_at_ms = INT64_C(1700000000123)};
    const struct summary summary = {.run = "r",
                                    .folder = "runs/\xFF",
                                    .mapping = "m.yaml",
                                    .source = "s.csv",
                                    .org = "ci",
                                    .instance_url = "https://x",
                                    .outcome = "finished",
                                    .exit_code = 1,
                                    .started_at_ms = INT64_C(1700000000000),
                                    .ended_at_ms = INT64_C(1700000002500),
                                    .read_ms = 5,
                                    .loads = loads,
                                    .load_count = 2,
                                    .jobs = &job,
                                    .job_count = 1,
                                    .api_calls = 12,
                                    .balanced = true};
    json_t *root = written(state, &summary);
    assert_int_equal(number_at(root, NULL, "summary_version"), 1);
    assert_string_equal(text_at(root, NULL, "folder"), "runs/?");
    assert_string_equal(text_at(root, NULL, "started_at"),
                        "2023-11-14T22:13:20.000Z");
    assert_int_equal(number_at(root, NULL, "duration_ms"), 2500);
    assert_true(json_is_null(json_object_get(root, "retry_of")));
    assert_true(json_is_null(json_object_get(root, "error")));
    assert_int_equal(number_at(root, "accounting", "read"), 42);
    assert_int_equal(number_at(root, "accounting", "unprocessed"), 22);
    assert_int_equal(number_at(root, "accounting", "in_doubt"), 12);
    assert_true(json_is_true(
        json_object_get(json_object_get(root, "accounting"), "holds")));
    assert_int_equal(number_at(root, "traffic", "api_calls"), 12);
    assert_string_equal(text_at(root, "versions", "sfetl"), PACKAGE_VERSION);

    json_t *first = json_array_get(json_object_get(root, "loads"), 0);
    assert_string_equal(text_at(first, NULL, "external_id"), "ERP_Id__c");
    json_t *code = json_array_get(json_object_get(first, "codes"), 0);
    assert_string_equal(text_at(code, NULL, "fate"), "failed");
    json_t *example = json_array_get(json_object_get(code, "examples"), 0);
    assert_string_equal(text_at(example, NULL, "message"), "\"m\"");
    assert_int_equal(number_at(example, NULL, "line"), 4);
    json_t *shown = json_array_get(json_object_get(root, "jobs"), 0);
    assert_true(number_at(shown, NULL, "bytes") == INT64_MAX);
    assert_string_equal(text_at(shown, NULL, "closed_at"),
                        "2023-11-14T22:13:20.123Z");
    assert_true(json_is_null(json_object_get(shown, "done_at")));
    json_decref(root);
    tally_release(&tally);
}

static void
a_run_that_did_nothing(void **state)
{
    const struct summary summary = {.error = "cannot open 'x'", .exit_code = 4};
    json_t *root = written(state, &summary);
    assert_string_equal(text_at(root, NULL, "error"), "cannot open 'x'");
    assert_int_equal(json_array_size(json_object_get(root, "loads")), 0);
    assert_true(json_is_false(
        json_object_get(json_object_get(root, "accounting"), "holds")));
    json_decref(root);
    struct error err = {0};
    assert_false(summary_write("no/such/folder/x", &summary, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_a_run_has),
        cmocka_unit_test(a_run_that_did_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
