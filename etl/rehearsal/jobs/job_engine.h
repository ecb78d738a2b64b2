/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_ENGINE_H
#define ETL_REHEARSAL_JOBS_JOB_ENGINE_H

#include "rehearsal/jobs/job.h"
#include "rehearsal/router.h"

/*
 * Asynchronous Bulk 2.0 jobs. A closed ingest job waits for its turn, is cut
 * into batches of JOB_BATCH_ROWS, which run in parallel on a few threads, a
 * slice of WRITE_SLICE rows at a time; what became of a slice is an item of
 * the store, written in the transaction of its rows. So an org that is killed
 * goes on exactly where it was: slices that are there are not done again.
 * Uploads and results are files of the jobs folder; they appear whole.
 */
struct job_engine;

/* Reads the jobs of the store and goes on with those that were running. */
struct job_engine *job_engine_open(struct rehearsal *rehearsal,
                                   struct error *err);
/* Nothing new begins, and nobody waits any more. */
void job_engine_stop(struct job_engine *engine);
/* Stops after the slices under way. NULL is fine. */
void job_engine_close(struct job_engine *engine);

/* Gives it an id, times and the state Open (a query: UploadComplete; text is
 * the query, else empty). */
bool job_engine_create(struct job_engine *engine, struct job *job,
                       struct slice text, struct error *err);
/* False: there is none, or it is older than it may be. */
bool job_engine_find(struct job_engine *engine, const char *id,
                     struct job *job);
/* Copies in the order of creation, from the first-th on; returns how many. */
size_t job_engine_list(struct job_engine *engine, bool queries, size_t first,
                       struct job *jobs, size_t limit);

enum job_change {
    JOB_CHANGED,
    JOB_NOT_THERE,
    JOB_WRONG_STATE,
    JOB_SECOND_CONTENT,
    JOB_STORE_FAILED,
};
/* Takes the file at spool_path away (renames it). */
enum job_change job_engine_upload(struct job_engine *engine, const char *id,
                                  const char *spool_path);
enum job_change job_engine_submit(struct job_engine *engine, const char *id,
                                  struct job *job);
/* Waits until nothing of the job is under way any more. */
enum job_change job_engine_abort(struct job_engine *engine, const char *id,
                                 struct job *job);
enum job_change job_engine_delete(struct job_engine *engine, const char *id);
/* In the arena. */
const char *job_engine_result_path(struct job_engine *engine,
                                   const struct job *job,
                                   enum job_result result, struct arena *arena);
/* A query's pages, or the index of where each of its rows begins. */
const char *job_engine_query_path(struct job_engine *engine,
                                  const struct job *job, bool index,
                                  struct arena *arena);

#endif
