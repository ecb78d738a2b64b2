/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RETRY_RUN_H
#define ETL_PIPELINE_RETRY_RUN_H

#include "pipeline/pipeline.h"

/*
 * What a run left in its error.csv, to be loaded again with the mapping as it
 * is now: a run of its own for each load that has failed rows, which names the
 * first one.
 */
struct retry_list {
    struct arena arena;
    struct run_options *runs; /* input, mapping, org and load of each */
    const char **loads;       /* names, for messages */
    size_t count;
};

/* ERROR_USAGE when the run is open or has no failed row. */
bool retry_run_list(const char *folder, const struct run_options *options,
                    struct retry_list *list, struct error *err);
void retry_run_release(struct retry_list *list);

#endif
