/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/options.h"
#include "cli/series.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/retry_run.h"
#include "pipeline/run_folder.h"
#include "salesforce/login/credentials.h"

#include <stdlib.h>

static int
retry_load(void *cookie, const struct progress_sink *progress,
           struct problems *problems, struct run_result *result)
{
    return pipeline_run(cookie, progress, problems, result);
}

static bool
list_loads(const struct options *options, struct retry_list *list,
           struct error *err)
{
    struct orgs orgs = {0};
    char *folder = NULL;
    if (credentials_load(&orgs, options->run.config_path, err)) {
        folder = run_folder_find(options->operands[0], orgs.runs_dir, err);
    }
    bool done =
        folder != NULL && retry_run_list(folder, &options->run, list, err);
    free(folder);
    credentials_release(&orgs);
    return done;
}

int
cmd_retry_main(const struct options *options)
{
    struct error err = {0};
    struct retry_list list = {0};
    if (!list_loads(options, &list, &err)) {
        retry_run_release(&list);
        return talk_error(&err);
    }
    cancel_install();
    struct series series;
    series_open(&series, options, list.count);
    bool going = true;
    for (size_t i = 0; i < list.count && going; i++) {
        going = series_run(&series, list.runs[i].mapping_path, retry_load,
                           &list.runs[i]);
    }
    int code = series_close(&series);
    retry_run_release(&list);
    return code;
}
