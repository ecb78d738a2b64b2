/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/closing.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY_LIMIT ((size_t)64 << 20)

/* What several mappings can't share. */
static bool
check_series(const struct options *options, struct error *err)
{
    if (options->operand_count == 1) {
        return true;
    }
    const char *input = options->run.input;
    if (options->run.run_dir != NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--run-dir' names the folder of one run, and there "
                         "are %zu mappings; run them one at a time",
                         options->operand_count);
    }
    if (input != NULL && strcmp(input, "-") == 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "standard input can be read once, and there are %zu "
                         "mappings; run them one at a time",
                         options->operand_count);
    }
    return true;
}

/* NULL: there is none, or it can't be read. */
static json_t *
load_summary(const struct run_result *result)
{
    if (result->folder == NULL) {
        return NULL;
    }
    struct buffer text = {0};
    struct error ignored = {0};
    char *path = mem_printf("%s/summary.json", result->folder);
    json_t *summary = NULL;
    if (file_exists(path) &&
        file_read_whole(path, SUMMARY_LIMIT, &text, &ignored)) {
        summary = json_loadb(text.bytes, text.len, 0, NULL);
    }
    free(path);
    buffer_release(&text);
    return summary;
}

/* The run's summary, or as much of one as there is, with the problems. */
static json_t *
run_json(const char *mapping_path, const struct run_result *result,
         const struct problems *problems)
{
    json_t *json = load_summary(result);
    if (json == NULL) {
        json = json_pack("{s:s?,s:s?,s:s,s:i,s:o}", "run", result->run,
                         "folder", result->folder, "mapping", mapping_path,
                         "exit_code", result->exit_code, "error",
                         result->error.kind != ERROR_NONE
                             ? talk_json_text(slice_of(result->error.text))
                             : json_null());
    }
    json_object_set_new(json, "problems", talk_json_problems(problems));
    return json;
}

struct series {
    const struct options *options;
    struct closing_run *runs;
    size_t count;
    json_t *json; /* NULL: for people */
};

static int
run_one(struct series *series, const char *mapping_path)
{
    const struct options *options = series->options;
    struct closing_run *run = &series->runs[series->count++];
    struct problems problems = {0};
    struct progress progress;
    struct run_options run_options = options->run;
    run_options.mapping_path = mapping_path;
    progress_begin(&progress, stderr,
                   progress_mode_of(options->progress, stderr, options->quiet,
                                    strcmp(options->log_format, "json") == 0));
    struct progress_sink sink = progress_sink(&progress);
    run->mapping_path = mapping_path;
    int code = pipeline_run(&run_options, &sink, &problems, &run->result);
    progress_end(&progress);
    talk_problems(&problems, options);
    /* With a folder it was logged there and shown with it. */
    if (run->result.folder == NULL) {
        talk_error(&run->result.error);
    }
    if (series->json != NULL) {
        json_array_append_new(series->json,
                              run_json(mapping_path, &run->result, &problems));
    }
    problem_release(&problems);
    return code;
}

static void
print_series(struct series *series, int code)
{
    if (series->json != NULL) {
        bool alone = series->options->operand_count == 1;
        talk_json_print(alone ? json_incref(json_array_get(series->json, 0))
                              : json_incref(series->json));
    } else if (code != 0 || !series->options->quiet) {
        closing_print(series->runs, series->count, series->options, stdout);
    }
}

static int
run_series(const struct options *options)
{
    struct series series = {
        .options = options,
        .runs = mem_array(options->operand_count, sizeof *series.runs),
        .json = options_wants_json(options) ? json_array() : NULL,
    };
    int code = 0;
    /* A run that stopped ends the series; failed rows do not. */
    for (size_t i = 0; i < options->operand_count && code <= 1; i++) {
        int next = run_one(&series, options->operands[i]);
        code = next > code ? next : code;
    }
    print_series(&series, code);
    for (size_t i = 0; i < series.count; i++) {
        pipeline_release(&series.runs[i].result);
    }
    free(series.runs);
    json_decref(series.json);
    return code;
}

int
cmd_run_main(const struct options *options)
{
    struct error err = {0};
    if (options->dry_run) {
        return cmd_plan_main(options);
    }
    if (!check_series(options, &err)) {
        return talk_error(&err);
    }
    cancel_install();
    return run_series(options);
}
