/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/options.h"
#include "cli/progress.h"
#include "cli/screen/figure.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/export/export.h"

#include <stdio.h>
#include <string.h>

static void
print_json(const struct options *options, const struct export_result *result,
           const struct error *err)
{
    bool done = err->kind == ERROR_NONE;
    json_t *json = json_pack(
        "{s:s,s:s?,s:s?,s:s?,s:s?,s:I,s:I,s:I,s:I,s:I,s:I,s:b,s:b}", "output",
        options->output, "object", result->object, "api", result->api, "why",
        result->why, "job", result->job_id[0] ? result->job_id : NULL, "rows",
        (json_int_t)result->rows, "bytes", (json_int_t)result->bytes,
        "api_calls", (json_int_t)result->calls, "sent_bytes",
        (json_int_t)result->sent_bytes, "received_bytes",
        (json_int_t)result->received_bytes, "duration_ms",
        (json_int_t)result->duration_ms, "written", done, "can_go_on",
        result->can_go_on);
    json_object_set_new(json, "exit_code", json_integer(error_exit_code(err)));
    json_object_set_new(json, "error", talk_json_error(err));
    talk_json_print(json);
}

static void
print_text(const struct options *options, const struct export_result *result)
{
    char rows[FIGURE_SIZE], bytes[FIGURE_SIZE], calls[FIGURE_SIZE];
    char time[FIGURE_SIZE];
    printf("%s row%s of %s in '%s' (%s)%s\n", figure_count(rows, result->rows),
           result->rows == 1 ? "" : "s", result->object, options->output,
           figure_bytes(bytes, result->bytes),
           result->went_on ? ", gone on with" : "");
    printf("by %s (%s), %s API calls, %s\n", result->api, result->why,
           figure_count(calls, result->calls),
           figure_duration(time, result->duration_ms));
}

static void
run(const struct options *options, struct export_result *result,
    struct error *err)
{
    const struct export_options export_options = {
        .soql = options->operands[0],
        .output = options->output,
        .api = options->run.api,
        .config_path = options->run.config_path,
        .org = options->run.org,
        .parallel = options->run.parallel,
        .timeout_ms = options->run.timeout_ms,
        .force = options->force,
    };
    struct progress progress;
    progress_begin(&progress, stderr,
                   progress_mode_of(options->progress, stderr, options->quiet,
                                    strcmp(options->log_format, "json") == 0));
    struct progress_sink sink = progress_sink(&progress);
    export_run(&export_options, &sink, result, err);
    progress_end(&progress);
}

int
cmd_export_main(const struct options *options)
{
    struct error err = {0};
    struct export_result result = {0};
    cancel_install();
    if (options->output == NULL) {
        error_set(&err, ERROR_USAGE, 0,
                  "where to? give the file with '--output FILE'");
        return talk_error(&err);
    }
    run(options, &result, &err);
    talk_error(&err);
    if (result.can_go_on) {
        fputs("the same command goes on where this one stopped\n", stderr);
    }
    if (options_wants_json(options)) {
        print_json(options, &result, &err);
    } else if (err.kind == ERROR_NONE && !options->quiet) {
        print_text(options, &result);
    }
    export_release(&result);
    return error_exit_code(&err);
}
