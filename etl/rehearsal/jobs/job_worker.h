/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_WORKER_H
#define ETL_REHEARSAL_JOBS_JOB_WORKER_H

#include "base/queue.h"
#include "rehearsal/jobs/job_engine.h"
#include "rehearsal/jobs/job_run.h"

#include <pthread.h>

/*
 * The threads of the job engine, and what they share with it. A task is a
 * whole job, whose upload is then looked through and cut, or one batch of it;
 * the last batch to end also ends the job.
 */
enum {
    JOB_WORKERS = 4,
    /* A job of 150,000,000 rows has 15,000 batches; past this a close waits. */
    JOB_TASK_LIMIT = 100000
};

struct job_engine {
    struct rehearsal *rehearsal;
    pthread_mutex_t lock; /* of the entries and what they point to */
    pthread_cond_t changed;
    struct job_entry **entries; /* in the order of creation */
    size_t count, capacity;
    struct queue *tasks;
    pthread_t workers[JOB_WORKERS];
    int worker_count;
    bool stopping;
};

/* Starts the threads. False: none runs. */
bool job_worker_start(struct job_engine *engine, struct error *err);
/* Ends and joins them, drops what they have not begun. */
void job_worker_stop(struct job_engine *engine);
/* A job that waits for its turn, or for its end. */
void job_worker_put(struct job_engine *engine, struct job_entry *entry);
/* Into the store, with the lock held or before anybody else knows the job;
 * wakes who waits for a change. */
bool job_worker_save(struct job_engine *engine, struct job *job,
                     struct error *err);

#endif
