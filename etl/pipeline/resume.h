/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RESUME_H
#define ETL_PIPELINE_RESUME_H

#include "pipeline/pipeline.h"

/*
 * Goes on with an interrupted run from its ledger, with the mapping, the
 * metadata and the options as they were. A run that a newer one of the same
 * mapping and org has overtaken is only settled, so that old data never
 * overwrites new: what was sent is found out, the rest stays unprocessed.
 */
struct resume_options {
    const char *folder;      /* of the run */
    const char *config_path; /* NULL: as it was */
    bool abort;              /* abort the open jobs, send nothing more */
    bool force;              /* send also when a newer run exists */
    /* What in-doubt rows are taken for; OUTCOME_IN_DOUBT: they stay. */
    enum outcome_fate assume;
    int64_t timeout_ms;
    bool keep_chunks;
};

/* As pipeline_run. A closed run is ERROR_USAGE. */
int resume_run(const struct resume_options *options,
               const struct progress_sink *progress, struct problems *problems,
               struct run_result *result);

#endif
