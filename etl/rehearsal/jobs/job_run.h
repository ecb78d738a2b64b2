/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_RUN_H
#define ETL_REHEARSAL_JOBS_JOB_RUN_H

#include "rehearsal/jobs/job_batch.h"

/*
 * The work itself of a job: a slice of rows written, a query run, results
 * made. When and on which thread is
 * job_engine's affair.
 */
struct job_entry {
    struct job job;
    struct job_upload upload; /* while it runs */
    size_t batches_left;
    enum job_state ending; /* Failed or Aborted: how it shall end; 0: well */
    bool deleted;
};

/* Where in the upload, and what goes wrong there. */
struct job_run_slice {
    const struct job *job;
    const struct job_upload *upload;
    size_t batch, slice;
    struct fault fault;
};
struct job_run_tally {
    uint64_t rows, failed;
    int64_t ms;
};

struct write_batch *job_run_begin_batch(struct rehearsal *rehearsal,
                                        const struct job *job);
/* Whether the slice was written before the org was killed. */
bool job_run_recall(struct rehearsal *rehearsal,
                    const struct job_run_slice *slice, bool *known,
                    struct job_run_tally *tally, struct error *err);
/* Writes the rows and, in the same transaction, what became of them. */
bool job_run_slice(struct rehearsal *rehearsal, struct write_batch *batch,
                   const struct job_run_slice *slice,
                   const struct job_row *rows, size_t count,
                   struct job_run_tally *tally, struct error *err);
/* Result files of a job that has an upload; opens it when it is not open. */
bool job_run_write_results(struct rehearsal *rehearsal, struct job_entry *entry,
                           const struct job *job, struct error *err);
const char *job_run_result_path(const struct rehearsal *rehearsal,
                                const struct job *job, enum job_result result,
                                struct arena *arena);
/*
 * Runs a query job into its pages file and the index of where each row begins
 * (uint64_t each, and one more for the end). False with job->message set.
 */
bool job_run_query(struct rehearsal *rehearsal, struct job *job,
                   const char *path, const char *index_path);
/* Removes files and items of a deleted job. */
void job_run_forget(struct rehearsal *rehearsal, const struct job *job);
/* The restart fault: as if the power went. */
void job_run_die(const char *job_id, const char *where)
    __attribute__((noreturn));

#endif
