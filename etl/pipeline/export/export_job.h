/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_EXPORT_EXPORT_JOB_H
#define ETL_PIPELINE_EXPORT_EXPORT_JOB_H

#include "pipeline/export/export_file.h"
#include "pipeline/export/export_state.h"
#include "pipeline/pipeline.h"
#include "salesforce/session.h"

/*
 * An export by a query job of Bulk API 2.0: creates it, or goes on with the
 * one of the state, waits for its end, and fetches its pages, several at once
 * where the org names them, into the file in their order. After each page the
 * state is written. A page that is cut is fetched again.
 */
struct export_job {
    struct session *session;
    struct export_file *file;
    struct export_state *state;
    const char *state_path;
    struct slice soql;
    unsigned parallel;  /* pages fetched at once */
    int64_t end_ms;     /* monotonic; 0: none */
    int64_t began_ms;   /* wall, of the waiting */
    int64_t total_rows; /* as the org counts them */
    const struct progress_sink *progress;
    bool was_refused; /* out: the org takes no such job; nothing is changed */
    bool is_gone;     /* out: the job of the state is there no longer */
};

bool export_job_run(struct export_job *job, struct error *err);

#endif
