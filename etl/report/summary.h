/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_SUMMARY_H
#define ETL_REPORT_SUMMARY_H

#include "base/error.h"
#include "report/tally.h"

/*
 * summary.json of a run (schema in sfetl-summary(5)): counts, times, API
 * calls, jobs, error codes, versions. All texts are borrowed for the call.
 */
struct summary_job {
    const char *id, *state, *load, *message;
    uint32_t chunk, attempt;
    uint64_t rows, bytes, processed, failed;
    int64_t closed_at_ms, done_at_ms;
    int64_t total_processing_ms, active_processing_ms, apex_processing_ms;
};

struct summary_load {
    const char *name, *object, *operation, *external_id, *api;
    const struct tally *tally;
    int64_t duration_ms;
    /* In how many waves its rows went, those sent twice, and by what rows were
     * kept together (NULL: nothing). waves 0: as they came. */
    uint64_t waves, second_rows;
    const char *grouped_by;
    const char *api_why; /* NULL: not known */
};

struct summary {
    const char *run, *folder, *mapping, *source, *source_description;
    const char *org, *instance_url, *api_version, *outcome, *error;
    const char *retry_of; /* NULL: none */
    int exit_code;
    int64_t started_at_ms, ended_at_ms;
    int64_t read_ms, deliver_ms, conclude_ms; /* phases */
    const struct summary_load *loads;
    size_t load_count;
    const struct summary_job *jobs;
    size_t job_count;
    uint64_t api_calls, sent_bytes, received_bytes;
    /* The org's own, of 24 hours, as it said last; most 0: it did not. */
    uint64_t org_calls_used, org_calls_most;
    bool balanced;
};

/* An exit code in words, for outcome. */
const char *summary_outcome(int exit_code);

bool summary_write(const char *path, const struct summary *summary,
                   struct error *err);

#endif
