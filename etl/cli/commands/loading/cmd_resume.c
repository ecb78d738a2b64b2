/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/log.h"
#include "base/mem.h"
#include "cli/options.h"
#include "cli/series.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/resume.h"
#include "pipeline/run_folder.h"
#include "salesforce/login/credentials.h"

#include <stdlib.h>
#include <string.h>

/* resume and abort: both go on with a run from its ledger. */

static char *
find_run(const struct options *options, struct error *err)
{
    struct orgs orgs = {0};
    char *folder = NULL;
    if (credentials_load(&orgs, options->run.config_path, err)) {
        folder = options->operand_count > 0
                     ? run_folder_find(options->operands[0], orgs.runs_dir, err)
                     : run_folder_last_open(orgs.runs_dir, err);
    }
    credentials_release(&orgs);
    return folder;
}

static enum outcome_fate
assumed(const struct options *options)
{
    if (options->assume == NULL) {
        return OUTCOME_IN_DOUBT;
    }
    return strcmp(options->assume, "failed") == 0 ? OUTCOME_FAILED
                                                  : OUTCOME_SUCCEEDED;
}

static int
go_on(void *cookie, const struct progress_sink *progress,
      struct problems *problems, struct run_result *result)
{
    return resume_run(cookie, progress, problems, result);
}

static int
resume_or_abort(const struct options *options, bool abort)
{
    struct error err = {0};
    char *folder = find_run(options, &err);
    if (folder == NULL) {
        return talk_error(&err);
    }
    cancel_install();
    struct resume_options resume = {
        .folder = folder,
        .config_path = options->run.config_path,
        .abort = abort,
        .force = options->force,
        .assume = assumed(options),
        .timeout_ms = options->run.timeout_ms,
        .keep_chunks = options->run.keep_chunks,
    };
    struct series series;
    series_open(&series, options, 1);
    series_run(&series, folder, go_on, &resume);
    int code = series_close(&series);
    free(folder);
    return code;
}

int
cmd_resume_main(const struct options *options)
{
    return resume_or_abort(options, false);
}

int
cmd_resume_abort(const struct options *options)
{
    return resume_or_abort(options, true);
}
