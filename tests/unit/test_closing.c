/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/closing.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A run whose folder has its summary, with one load. */
static struct closing_run
make_run(void **state, int exit_code, struct tally tally)
{
    struct error err = {0};
    struct closing_run run = {.mapping_path = "maps/my map.yaml"};
    char *summary = scratch_path(state, "summary.json");
    assert_true(file_replace(summary, slice_of("{}"), &err));
    free(summary);
    run.result = (struct run_result){.run = mem_strdup("run-1"),
                                     .folder = mem_strdup(*state),
                                     .load_count = 1,
                                     .duration_ms = 2000,
                                     .exit_code = exit_code};
    run.result.loads = mem_array(1, sizeof *run.result.loads);
    run.result.loads[0] =
        (struct run_load_result){.name = mem_strdup("Account"),
                                 .object = mem_strdup("Account"),
                                 .operation = mem_strdup("upsert"),
                                 .folder = mem_strdup(*state),
                                 .tally = tally,
                                 .duration_ms = 1000};
    return run;
}

static char *
print(struct closing_run *runs, size_t count, const struct options *options)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    closing_print(runs, count, options, stream);
    fclose(stream);
    return text;
}

static void
expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void
says_that_all_went_well(void **state)
{
    const struct options options = {0};
    struct closing_run run =
        make_run(state, 0,
                 (struct tally){.read = 1200,
                                .sent = 1200,
                                .created = 1200,
                                .by_fate[OUTCOME_SUCCEEDED] = 1200});
    char *text = print(&run, 1, &options);
    expect(text, "run-1: finished: all 1,200 rows are in the org\n");
    expect(text, "load     read  sent created updated failed rejected skipped"
                 "  time rows/s\n"
                 "Account 1,200 1,200   1,200       0      0        0       0"
                 " 2.0 s    600\n");
    expect(text, "success.csv (1,200 rows)");
    assert_null(strstr(text, "Next:"));
    assert_null(strstr(text, "unprocessed"));
    assert_null(strstr(text, "Total"));
    free(text);
    pipeline_release(&run.result);
}

static void
names_errors_files_and_the_next_command(void **state)
{
    const struct options options = {.run.config_path = "my orgs.yaml"};
    struct tally tally = {.read = 10,
                          .sent = 9,
                          .created = 4,
                          .updated = 3,
                          .by_fate = {7, 2, 1, 0, 0, 0}};
    const struct outcome failed = {
        .row = 17,
        .fate = OUTCOME_FAILED,
        .code = slice_of("STRING_TOO_LONG"),
        .message = slice_of("Name: data value too large\x1b[2J")};
    const struct outcome skipped = {.row = 3,
                                    .fate = OUTCOME_SKIPPED,
                                    .code = slice_of("duplicate-key"),
                                    .message = slice_of("left out")};
    tally_add_code(&tally, &failed, 19);
    tally_add_code(&tally, &failed, 20);
    tally_add_code(&tally, &skipped, 4);
    struct closing_run run = make_run(state, 1, tally);
    char *text = print(&run, 1, &options);
    expect(text, "finished, and 3 of 10 rows are not in the org");
    expect(text, "     2  STRING_TOO_LONG\n");
    expect(text, "row 17, line 19: Name: data value too large\\x1b[2J");
    expect(text, "set 'truncate: yes' in the mapping");
    expect(text, "error.csv (3 rows)");
    expect(text, "then: sfetl retry ");
    expect(text, " --config 'my orgs.yaml'\n");
    assert_null(strstr(text, "duplicate-key"));
    free(text);
    pipeline_release(&run.result);
}

static void
shows_unprocessed_rows_when_there_are_some(void **state)
{
    const struct options options = {0};
    struct closing_run run = make_run(
        state, 6, (struct tally){.read = 5, .by_fate = {0, 0, 0, 0, 4, 1}});
    error_set(&run.result.error, ERROR_NETWORK, 0, "the org is gone");
    char *text = print(&run, 1, &options);
    expect(text, "stopped with exit code 6: the org is gone");
    expect(text, " unprocessed ");
    expect(text, "unprocessed.csv (5 rows)");
    expect(text, "sfetl resume ");
    free(text);
    pipeline_release(&run.result);
}

static void
sums_up_a_series(void **state)
{
    const struct options options = {0};
    struct tally tally = {
        .read = 10, .sent = 10, .created = 10, .by_fate = {10, 0, 0, 0, 0, 0}};
    struct closing_run runs[] = {make_run(state, 0, tally),
                                 make_run(state, 0, tally)};
    char *text = print(runs, 2, &options);
    expect(text, "my map: Account ");
    expect(text, "Total ");
    expect(text, " 20 ");
    free(text);
    pipeline_release(&runs[0].result);
    pipeline_release(&runs[1].result);
}

static void
a_mapping_with_errors_sent_nothing(void **state)
{
    (void)state;
    const struct options options = {0};
    struct closing_run run = {
        .mapping_path = "m.yaml",
        .has_problems = true,
        .result = {.exit_code = 3, .error.kind = ERROR_CONFIG}};
    char *text = print(&run, 1, &options);
    assert_string_equal(text, "m.yaml: nothing was sent\n\nNext:\n"
                              "  mend the mapping, then: sfetl check m.yaml\n");
    free(text);
    run.has_problems = false;
    text = print(&run, 1, &options);
    assert_string_equal(text, "m.yaml: nothing was sent\n");
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_that_all_went_well),
        cmocka_unit_test(names_errors_files_and_the_next_command),
        cmocka_unit_test(shows_unprocessed_rows_when_there_are_some),
        cmocka_unit_test(sums_up_a_series),
        cmocka_unit_test(a_mapping_with_errors_sent_nothing),
    };
    cmocka_run_group_tests(tests, scratch_make, scratch_drop);
    return 0;
}
