/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job_worker.h"

#include "base/log.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WHOLE_JOB = -1 };

/* A batch of a job, or its beginning. */
struct task {
    struct job_entry *entry;
    long batch;
};

bool
job_worker_save(struct job_engine *engine, struct job *job, struct error *err)
{
    job->modified_ms = faults_now_ms(engine->rehearsal->faults);
    json_t *json = job_to_json(job);
    char *text = json_dumps(json, JSON_COMPACT);
    bool fine = store_put_item(engine->rehearsal->store, "job", job->id,
                               slice_of(text), err);
    free(text);
    json_decref(json);
    pthread_cond_broadcast(&engine->changed);
    return fine;
}

static void
save_or_log(struct job_engine *engine, struct job *job)
{
    struct error err = {0};
    if (!job_worker_save(engine, job, &err)) {
        log_error("job %s: %s", job->id, err.text);
    }
}

static void
pause_engine(struct job_engine *engine, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_mutex_lock(&engine->lock);
    while (!engine->stopping &&
           pthread_cond_timedwait(&engine->changed, &engine->lock, &until) ==
               0) {
    }
    pthread_mutex_unlock(&engine->lock);
}

static void
put_task(struct job_engine *engine, struct job_entry *entry, long batch)
{
    struct task *task = mem_alloc(sizeof *task);
    *task = (struct task){entry, batch};
    if (!queue_put(engine->tasks, task)) {
        free(task);
    }
}

/* The end of a job: results, then the state that shows them. */
static void
end_job(struct job_engine *engine, struct job_entry *entry,
        enum job_state state)
{
    struct error err = {0};
    pthread_mutex_lock(&engine->lock);
    struct job job = entry->job;
    pthread_mutex_unlock(&engine->lock);
    if (!job.is_query &&
        !job_run_write_results(engine->rehearsal, entry, &job, &err)) {
        log_error("job %s: %s", job.id, err.text);
    }
    job_batch_close(&entry->upload);
    pthread_mutex_lock(&engine->lock);
    entry->job.state = state;
    int64_t now = faults_now_ms(engine->rehearsal->faults);
    entry->job.total_ms = job.started_ms ? now - job.started_ms : 0;
    entry->job.total_ms = entry->job.total_ms < 0 ? 0 : entry->job.total_ms;
    save_or_log(engine, &entry->job);
    pthread_mutex_unlock(&engine->lock);
}

static bool
is_stopping(struct job_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool stopping = engine->stopping;
    pthread_mutex_unlock(&engine->lock);
    return stopping;
}

static bool
is_ending(struct job_engine *engine, const struct job_entry *entry)
{
    pthread_mutex_lock(&engine->lock);
    bool ending = engine->stopping || entry->ending;
    pthread_mutex_unlock(&engine->lock);
    return ending;
}

/* Lets a fault of this name fire; true: the job is to end. */
static bool
fault_fires(struct job_engine *engine, struct job_entry *entry,
            const char *call, struct fault *fault)
{
    faults_fire(engine->rehearsal->faults,
                &(struct fault_call){.call = call,
                                     .method = entry->job.operation,
                                     .path = entry->job.id,
                                     .object = entry->job.object},
                fault);
    if (fault->kind == FAULT_RESTART) {
        job_run_die(entry->job.id, call);
    } else if (fault->kind == FAULT_STALL) {
        pause_engine(engine, fault->ms);
    }
    if (fault->kind != FAULT_JOB_FAILED && fault->kind != FAULT_JOB_ABORTED) {
        return false;
    }
    pthread_mutex_lock(&engine->lock);
    if (!entry->ending) {
        entry->ending =
            fault->kind == FAULT_JOB_FAILED ? JOB_FAILED : JOB_ABORTED;
        if (entry->ending == JOB_FAILED) {
            snprintf(entry->job.message, sizeof entry->job.message, "%s",
                     fault->text[0] ? fault->text
                                    : "InternalServerError : An unexpected "
                                      "error occurred");
        }
    }
    pthread_mutex_unlock(&engine->lock);
    return true;
}

struct slice_work {
    struct job_engine *engine;
    struct job_entry *entry;
    struct write_batch *batch;
    struct job_run_slice run;
};

static bool
work_slice(void *cookie, const struct job_row *rows, size_t count)
{
    struct slice_work *work = cookie;
    struct job_engine *engine = work->engine;
    struct job_entry *entry = work->entry;
    struct error err = {0};
    struct job_run_tally tally = {0};
    bool known = false;
    if (is_ending(engine, entry)) {
        return false;
    }
    if (!job_run_recall(engine->rehearsal, &work->run, &known, &tally, &err)) {
        log_error("job %s: %s", entry->job.id, err.text);
        return false;
    }
    if (!known) {
        struct fault fault;
        if (fault_fires(engine, entry, "job.slice", &fault)) {
            return false;
        }
        work->run.fault = fault;
        if (!job_run_slice(engine->rehearsal, work->batch, &work->run, rows,
                           count, &tally, &err)) {
            log_error("job %s: %s", entry->job.id, err.text);
            return false;
        }
    }
    work->run.slice++;
    pthread_mutex_lock(&engine->lock);
    entry->job.processed += tally.rows;
    entry->job.failed += tally.failed;
    entry->job.active_ms += tally.ms;
    entry->job.modified_ms = faults_now_ms(engine->rehearsal->faults);
    pthread_mutex_unlock(&engine->lock);
    return true;
}

static void
work_batch(struct job_engine *engine, struct job_entry *entry, size_t batch)
{
    struct fault_settings settings = faults_settings(engine->rehearsal->faults);
    if (!is_ending(engine, entry)) {
        pause_engine(engine, settings.latency_ms);
    }
    struct slice_work work = {
        .engine = engine,
        .entry = entry,
        .run = {.job = &entry->job, .upload = &entry->upload, .batch = batch}};
    if (!is_stopping(engine)) {
        work.batch = job_run_begin_batch(engine->rehearsal, &entry->job);
        job_batch_read(&entry->job, &entry->upload, batch, work_slice, &work);
        record_write_end(work.batch);
    }
    pthread_mutex_lock(&engine->lock);
    bool last = --entry->batches_left == 0 && !engine->stopping;
    pthread_mutex_unlock(&engine->lock);
    struct fault fault;
    if (!last) {
        return;
    }
    fault_fires(engine, entry, "job.end", &fault);
    if (!is_stopping(engine)) {
        end_job(engine, entry, entry->ending ? entry->ending : JOB_COMPLETE);
    }
}

static bool
count_batches(struct job_engine *engine, struct job_entry *entry, bool resumed)
{
    struct rehearsal *rehearsal = engine->rehearsal;
    struct fault_settings settings = faults_settings(rehearsal->faults);
    if (resumed) {
        return true;
    }
    store_count(rehearsal->store, STORE_BULK_BATCHES,
                entry->upload.batch_count);
    if (store_counted(rehearsal->store, STORE_BULK_BATCHES) <=
        (uint64_t)settings.daily_batches) {
        return true;
    }
    snprintf(entry->job.message, sizeof entry->job.message,
             "ExceededQuota : ApiBatchItems Limit exceeded");
    return false;
}

/* From UploadComplete to InProgress, and its batches into the queue. */
static void
begin_ingest(struct job_engine *engine, struct job_entry *entry, bool resumed)
{
    struct error err = {0};
    struct fault fault;
    char message[512] = "";
    bool fine = false;
    if (entry->job.has_content) {
        char *path =
            mem_printf("%s/%s.csv", engine->rehearsal->jobs_dir, entry->job.id);
        fine = job_batch_open(engine->rehearsal, &entry->job, path,
                              &entry->upload, message, &err);
        free(path);
    } else {
        snprintf(message, sizeof message,
                 "InvalidBatch : Unable to find any data");
    }
    if (err.kind != ERROR_NONE) {
        log_error("job %s: %s", entry->job.id, err.text);
        snprintf(message, sizeof message, "InternalServerError : %.400s",
                 err.text);
    }
    if (!fine) {
        pthread_mutex_lock(&engine->lock);
        memcpy(entry->job.message, message, sizeof message);
        pthread_mutex_unlock(&engine->lock);
        end_job(engine, entry, JOB_FAILED);
        return;
    }
    if (!count_batches(engine, entry, resumed)) {
        end_job(engine, entry, JOB_FAILED);
        return;
    }
    if ((!resumed && fault_fires(engine, entry, "job.begin", &fault)) ||
        entry->upload.batch_count == 0) {
        end_job(engine, entry, entry->ending ? entry->ending : JOB_COMPLETE);
        return;
    }
    entry->batches_left = entry->upload.batch_count;
    for (size_t i = 0, count = entry->upload.batch_count; i < count; i++) {
        put_task(engine, entry, (long)i);
    }
}

static void
run_query(struct job_engine *engine, struct job_entry *entry)
{
    struct fault fault;
    struct job job = entry->job;
    struct arena arena = {0};
    enum job_state state = JOB_COMPLETE;
    if (fault_fires(engine, entry, "job.begin", &fault)) {
        state = entry->ending;
    } else if (!job_run_query(
                   engine->rehearsal, &job,
                   job_engine_query_path(engine, &job, false, &arena),
                   job_engine_query_path(engine, &job, true, &arena))) {
        state = JOB_FAILED;
    }
    arena_release(&arena);
    pthread_mutex_lock(&engine->lock);
    entry->job.processed = job.processed;
    memcpy(entry->job.message, job.message, sizeof job.message);
    state = entry->ending ? entry->ending : state;
    pthread_mutex_unlock(&engine->lock);
    end_job(engine, entry, state);
}

static void
begin_job(struct job_engine *engine, struct job_entry *entry)
{
    struct fault_settings settings = faults_settings(engine->rehearsal->faults);
    pause_engine(engine, settings.latency_ms);
    pthread_mutex_lock(&engine->lock);
    bool resumed = entry->job.state == JOB_RUNNING;
    bool go = !engine->stopping && !entry->ending &&
              (resumed || entry->job.state == JOB_UPLOADED);
    if (go) {
        entry->job.state = JOB_RUNNING;
        entry->job.processed = entry->job.failed = 0;
        entry->job.started_ms = resumed
                                    ? entry->job.started_ms
                                    : faults_now_ms(engine->rehearsal->faults);
        save_or_log(engine, &entry->job);
    }
    enum job_state ending = entry->ending;
    bool stopping = engine->stopping;
    pthread_mutex_unlock(&engine->lock);
    if (go && entry->job.is_query) {
        run_query(engine, entry);
    } else if (go) {
        begin_ingest(engine, entry, resumed);
    } else if (ending && !stopping && !job_is_over(&entry->job)) {
        end_job(engine, entry, ending);
    }
}

static void *
work(void *cookie)
{
    struct job_engine *engine = cookie;
    struct task *task;
    while ((task = queue_take(engine->tasks))) {
        if (is_stopping(engine)) {
            free(task);
            continue;
        }
        if (task->batch == WHOLE_JOB) {
            begin_job(engine, task->entry);
        } else {
            work_batch(engine, task->entry, (size_t)task->batch);
        }
        free(task);
    }
    return NULL;
}

bool
job_worker_start(struct job_engine *engine, struct error *err)
{
    for (; engine->worker_count < JOB_WORKERS; engine->worker_count++) {
        if (pthread_create(&engine->workers[engine->worker_count], NULL, work,
                           engine) != 0) {
            return error_set_errno(err, "cannot start a thread");
        }
    }
    return true;
}

void
job_worker_stop(struct job_engine *engine)
{
    queue_close(engine->tasks);
    for (int i = 0; i < engine->worker_count; i++) {
        pthread_join(engine->workers[i], NULL);
    }
    struct task *task;
    while ((task = queue_try_take(engine->tasks))) {
        free(task);
    }
}

void
job_worker_put(struct job_engine *engine, struct job_entry *entry)
{
    put_task(engine, entry, WHOLE_JOB);
}
