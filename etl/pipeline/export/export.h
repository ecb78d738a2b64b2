/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_EXPORT_EXPORT_H
#define ETL_PIPELINE_EXPORT_EXPORT_H

#include "model/ticket.h"
#include "pipeline/pipeline.h"

/*
 * A query to a CSV file (`sfetl export`): by REST when the org says that there
 * are few records, else by a query job of Bulk API 2.0. The file is whole or
 * not there. A query job that was interrupted is gone on with when the same is
 * asked for again.
 */
/* Up to so many records REST needs no more calls than a job does. */
#define EXPORT_REST_ROWS 10000

struct export_options {
    const char *soql, *output;
    const char *api; /* "auto" "bulk2" "rest"; NULL: auto */
    const char *config_path, *org;
    unsigned parallel;  /* pages fetched at once; 0: default */
    int64_t timeout_ms; /* 0: none */
    bool force;         /* drop what an export of another query left there */
};

struct export_result {
    char *object; /* owned; NULL when the query can't be read */
    const char *api, *why;
    char job_id[TICKET_JOB_ID_SIZE];
    uint64_t rows, bytes;
    uint64_t calls, sent_bytes, received_bytes;
    int64_t duration_ms;
    bool went_on;   /* with what an earlier process left */
    bool can_go_on; /* it failed, and the same command goes on */
};

bool export_run(const struct export_options *options,
                const struct progress_sink *progress,
                struct export_result *result, struct error *err);
void export_release(struct export_result *result);

#endif
