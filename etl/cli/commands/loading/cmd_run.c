/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/options.h"
#include "cli/series.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"

#include <string.h>

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
    if (options->run.archive != NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--archive' moves files away that the next of the "
                         "%zu mappings may have to read, too; run them one at "
                         "a time, and archive with the last",
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

struct run_call {
    const struct options *options;
    const char *mapping_path;
};

static int
run_mapping(void *cookie, const struct progress_sink *progress,
            struct problems *problems, struct run_result *result)
{
    const struct run_call *call = cookie;
    struct run_options run_options = call->options->run;
    run_options.mapping_path = call->mapping_path;
    return pipeline_run(&run_options, progress, problems, result);
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
    struct series series;
    series_open(&series, options, options->operand_count);
    bool going = true;
    for (size_t i = 0; i < options->operand_count && going; i++) {
        struct run_call call = {options, options->operands[i]};
        going = series_run(&series, call.mapping_path, run_mapping, &call);
    }
    return series_close(&series);
}
