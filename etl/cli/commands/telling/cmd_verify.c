/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/options.h"
#include "cli/progress.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/run_folder.h"
#include "pipeline/verify/verify.h"
#include "salesforce/login/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALLBACK_WIDTH 80
#define EXIT_DIFFERS 1

static json_t *
field_json(const struct verify_field *field)
{
    json_t *json = json_pack("{s:s}", "field", field->name);
    if (field->skipped != NULL) {
        json_object_set_new(json, "not_compared", json_string(field->skipped));
        return json;
    }
    for (int i = VERIFY_SAME + 1; i < VERIFY_VERDICT_COUNT; i++) {
        if (field->counts[i] > 0) {
            json_object_set_new(json,
                                verify_compare_name((enum verify_verdict)i),
                                json_integer((json_int_t)field->counts[i]));
        }
    }
    return json;
}

static json_t *
load_json(const struct verify_load *load)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < load->field_count; i++) {
        json_array_append_new(fields, field_json(&load->fields[i]));
    }
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "name", load->name,
        "object", load->object, "operation", load->operation, "file",
        load->path, "rows", (json_int_t)load->rows, "values",
        (json_int_t)load->compared, "differing_rows",
        (json_int_t)load->differing, "gone", (json_int_t)load->gone,
        "still_there", (json_int_t)load->still_there, "not_compared_rows",
        (json_int_t)load->unmapped, "fields", fields);
}

static void
print_json(const struct verify_result *result, int code,
           const struct error *err)
{
    json_t *loads = json_array();
    for (size_t i = 0; i < result->load_count; i++) {
        json_array_append_new(loads, load_json(&result->loads[i]));
    }
    talk_json_print(json_pack("{s:s?,s:o,s:I,s:I,s:i,s:o}", "run", result->run,
                              "loads", loads, "api_calls",
                              (json_int_t)result->calls, "duration_ms",
                              (json_int_t)result->duration_ms, "exit_code",
                              code, "error", talk_json_error(err)));
}

static void
put_difference(struct grid *grid, const struct verify_field *field)
{
    char text[FIGURE_SIZE];
    for (int i = VERIFY_SAME + 1; i < VERIFY_VERDICT_COUNT; i++) {
        if (field->counts[i] == 0) {
            continue;
        }
        grid_put(grid, slice_of(field->name));
        grid_put(grid, slice_of(verify_compare_name((enum verify_verdict)i)));
        grid_put(grid, slice_of(figure_count(text, field->counts[i])));
        grid_printf(grid, "%llu", (unsigned long long)field->row);
        grid_put(grid, slice_of(field->sent));
        grid_put(grid, slice_of(field->found));
    }
}

static void
print_differences(const struct verify_load *load)
{
    static const struct grid_column columns[] = {
        {"field", false, 40}, {"difference", false, 0}, {"rows", true, 0},
        {"first", true, 0},   {"sent", false, 30},      {"found", false, 30},
    };
    struct grid grid;
    grid_open(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < load->field_count; i++) {
        put_difference(&grid, &load->fields[i]);
    }
    if (grid.cell_count > 0) {
        putchar('\n');
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    }
    grid_close(&grid);
}

static void
print_load(const struct verify_load *load)
{
    char a[FIGURE_SIZE], b[FIGURE_SIZE];
    printf("%s: %s row%s read back, %s values compared: ", load->name,
           figure_count(a, load->rows), load->rows == 1 ? "" : "s",
           figure_count(b, load->compared));
    if (load->differing == 0) {
        puts("all as they were sent");
    } else {
        printf("%s row%s differ%s\n", figure_count(a, load->differing),
               load->differing == 1 ? "" : "s",
               load->differing == 1 ? "s" : "");
    }
    if (load->gone > 0) {
        printf("  %s not there any more\n", figure_count(a, load->gone));
    }
    if (load->still_there > 0) {
        printf("  %s deleted, and still there\n",
               figure_count(a, load->still_there));
    }
    if (load->unmapped > 0) {
        printf("  %s could not be mapped again, and were not compared\n",
               figure_count(a, load->unmapped));
    }
    for (size_t i = 0; i < load->field_count; i++) {
        if (load->fields[i].skipped != NULL) {
            printf("  %s was not compared: %s\n", load->fields[i].name,
                   load->fields[i].skipped);
        }
    }
    print_differences(load);
}

static void
print_text(const struct verify_result *result)
{
    char calls[FIGURE_SIZE], time[FIGURE_SIZE];
    for (size_t i = 0; i < result->load_count; i++) {
        print_load(&result->loads[i]);
    }
    printf("\n%s API calls, %s\n", figure_count(calls, result->calls),
           figure_duration(time, result->duration_ms));
    if (verify_differs(result)) {
        puts("\nEach difference:");
        for (size_t i = 0; i < result->load_count; i++) {
            printf("  %s\n", result->loads[i].path);
        }
    }
}

static char *
find_folder(const struct options *options, struct error *err)
{
    struct orgs orgs = {0};
    char *folder = NULL;
    if (credentials_load(&orgs, options->run.config_path, err)) {
        folder = run_folder_find(options->operands[0], orgs.runs_dir, err);
    }
    credentials_release(&orgs);
    return folder;
}

static void
compare(const struct options *options, const char *folder,
        struct verify_result *result, struct error *err)
{
    const struct verify_options verify_options = {
        .folder = folder, .config_path = options->run.config_path};
    struct problems problems = {0};
    struct progress progress;
    progress_begin(&progress, stderr,
                   progress_mode_of(options->progress, stderr, options->quiet,
                                    strcmp(options->log_format, "json") == 0));
    struct progress_sink sink = progress_sink(&progress);
    verify_run(&verify_options, &sink, &problems, result, err);
    progress_end(&progress);
    if (problems.error_count > 0) {
        talk_problems(&problems, options);
    }
    problem_release(&problems);
}

int
cmd_verify_main(const struct options *options)
{
    struct error err = {0};
    struct verify_result result = {0};
    cancel_install();
    char *folder = find_folder(options, &err);
    if (folder != NULL) {
        compare(options, folder, &result, &err);
    }
    talk_error(&err);
    bool done = err.kind == ERROR_NONE;
    int code =
        done && verify_differs(&result) ? EXIT_DIFFERS : error_exit_code(&err);
    if (options_wants_json(options)) {
        print_json(&result, code, &err);
    } else if (done && (code != 0 || !options->quiet)) {
        print_text(&result);
    }
    verify_release(&result);
    free(folder);
    return code;
}
