/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job_engine.h"

#include "base/log.h"
#include "base/mem.h"
#include "rehearsal/jobs/job_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *
job_path(const struct job_engine *engine, const char *id, const char *ending)
{
    return mem_printf("%s/%s.%s", engine->rehearsal->jobs_dir, id, ending);
}

static struct job_entry *
add_entry(struct job_engine *engine, const struct job *job)
{
    if (engine->count == engine->capacity) {
        engine->capacity = engine->capacity * 2 + 64;
        engine->entries = mem_realloc_array(engine->entries, engine->capacity,
                                            sizeof *engine->entries);
    }
    struct job_entry *entry = mem_zalloc(sizeof *entry);
    entry->job = *job;
    engine->entries[engine->count++] = entry;
    return entry;
}

/* With the lock held. Jobs grow old here, when somebody looks. */
static struct job_entry *
find_entry(struct job_engine *engine, const char *id)
{
    int64_t now = faults_now_ms(engine->rehearsal->faults);
    size_t len = strlen(id);
    if (len != 15 && len != 18) {
        return NULL;
    }
    for (size_t i = engine->count; i > 0; i--) {
        struct job_entry *entry = engine->entries[i - 1];
        if (entry->deleted || strncmp(entry->job.id, id, len) != 0) {
            continue;
        }
        int64_t age = now - entry->job.created_ms;
        if (entry->job.state == JOB_OPEN && age > JOB_OPEN_MS) {
            entry->job.state = JOB_ABORTED;
            struct error err = {0};
            if (!job_worker_save(engine, &entry->job, &err)) {
                log_error("job %s: %s", entry->job.id, err.text);
            }
        }
        return age > JOB_KEPT_MS ? NULL : entry;
    }
    return NULL;
}

static bool
load_job(void *cookie, const char *key, struct slice value)
{
    struct job_engine *engine = cookie;
    struct job job;
    json_t *json = json_loadb(value.ptr, value.len, 0, NULL);
    if (json && job_from_json(json, &job)) {
        add_entry(engine, &job);
    } else {
        log_warning("job '%s' cannot be read and is left out", key);
    }
    json_decref(json);
    return true;
}

struct job_engine *
job_engine_open(struct rehearsal *rehearsal, struct error *err)
{
    struct job_engine *engine = mem_zalloc(sizeof *engine);
    engine->rehearsal = rehearsal;
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->changed, NULL);
    engine->tasks = queue_new(JOB_TASK_LIMIT);
    bool fine = store_each_item(rehearsal->store, "job", load_job, engine, err);
    for (size_t i = 0; i < engine->count && fine; i++) {
        enum job_state state = engine->entries[i]->job.state;
        if (state == JOB_UPLOADED || state == JOB_RUNNING) {
            job_worker_put(engine, engine->entries[i]);
        }
    }
    fine = fine && job_worker_start(engine, err);
    if (!fine) {
        job_engine_close(engine);
        return NULL;
    }
    return engine;
}

void
job_engine_stop(struct job_engine *engine)
{
    if (engine) {
        pthread_mutex_lock(&engine->lock);
        engine->stopping = true;
        pthread_cond_broadcast(&engine->changed);
        pthread_mutex_unlock(&engine->lock);
    }
}

void
job_engine_close(struct job_engine *engine)
{
    if (!engine) {
        return;
    }
    job_engine_stop(engine);
    job_worker_stop(engine);
    queue_free(engine->tasks);
    for (size_t i = 0; i < engine->count; i++) {
        job_batch_close(&engine->entries[i]->upload);
        free(engine->entries[i]);
    }
    free(engine->entries);
    pthread_cond_destroy(&engine->changed);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

bool
job_engine_create(struct job_engine *engine, struct job *job, struct slice text,
                  struct error *err)
{
    struct rehearsal *rehearsal = engine->rehearsal;
    if (!store_new_id(rehearsal->store, "750", job->id, err)) {
        return false;
    }
    job->created_ms = faults_now_ms(rehearsal->faults);
    job->state = job->is_query ? JOB_UPLOADED : JOB_OPEN;
    job->random = faults_random(rehearsal->faults);
    if (job->is_query &&
        !store_put_item(rehearsal->store, "query", job->id, text, err)) {
        return false;
    }
    pthread_mutex_lock(&engine->lock);
    bool fine = job_worker_save(engine, job, err);
    if (fine) {
        struct job_entry *entry = add_entry(engine, job);
        if (job->is_query) {
            job_worker_put(engine, entry);
        }
    }
    pthread_mutex_unlock(&engine->lock);
    return fine;
}

bool
job_engine_find(struct job_engine *engine, const char *id, struct job *job)
{
    pthread_mutex_lock(&engine->lock);
    struct job_entry *entry = find_entry(engine, id);
    if (entry) {
        *job = entry->job;
    }
    pthread_mutex_unlock(&engine->lock);
    return entry != NULL;
}

size_t
job_engine_list(struct job_engine *engine, bool queries, size_t first,
                struct job *jobs, size_t limit)
{
    size_t count = 0, seen = 0;
    pthread_mutex_lock(&engine->lock);
    for (size_t i = 0; i < engine->count && count < limit; i++) {
        struct job_entry *entry = engine->entries[i];
        if (!entry->deleted && entry->job.is_query == queries &&
            seen++ >= first) {
            jobs[count++] = entry->job;
        }
    }
    pthread_mutex_unlock(&engine->lock);
    return count;
}

enum job_change
job_engine_upload(struct job_engine *engine, const char *id,
                  const char *spool_path)
{
    enum job_change change = JOB_CHANGED;
    pthread_mutex_lock(&engine->lock);
    struct job_entry *entry = find_entry(engine, id);
    if (!entry || entry->job.is_query) {
        change = JOB_NOT_THERE;
    } else if (entry->job.has_content) {
        change = JOB_SECOND_CONTENT;
    } else if (entry->job.state != JOB_OPEN) {
        change = JOB_WRONG_STATE;
    } else {
        char *path = job_path(engine, entry->job.id, "csv");
        struct error err = {0};
        entry->job.has_content = true;
        if (rename(spool_path, path) != 0 ||
            !job_worker_save(engine, &entry->job, &err)) {
            entry->job.has_content = false;
            change = JOB_STORE_FAILED;
        }
        free(path);
    }
    pthread_mutex_unlock(&engine->lock);
    return change;
}

enum job_change
job_engine_submit(struct job_engine *engine, const char *id, struct job *job)
{
    enum job_change change = JOB_CHANGED;
    struct error err = {0};
    pthread_mutex_lock(&engine->lock);
    struct job_entry *entry = find_entry(engine, id);
    if (!entry) {
        change = JOB_NOT_THERE;
    } else if (entry->job.is_query || entry->job.state != JOB_OPEN) {
        *job = entry->job;
        change = JOB_WRONG_STATE;
    } else {
        entry->job.state = JOB_UPLOADED;
        if (job_worker_save(engine, &entry->job, &err)) {
            job_worker_put(engine, entry);
        } else {
            entry->job.state = JOB_OPEN;
            change = JOB_STORE_FAILED;
        }
        *job = entry->job;
    }
    pthread_mutex_unlock(&engine->lock);
    return change;
}

enum job_change
job_engine_abort(struct job_engine *engine, const char *id, struct job *job)
{
    enum job_change change = JOB_CHANGED;
    pthread_mutex_lock(&engine->lock);
    struct job_entry *entry = find_entry(engine, id);
    if (!entry) {
        change = JOB_NOT_THERE;
    } else if (job_is_over(&entry->job)) {
        *job = entry->job;
        change = JOB_WRONG_STATE;
    } else {
        bool idle = entry->job.state == JOB_OPEN;
        entry->ending = JOB_ABORTED;
        pthread_cond_broadcast(&engine->changed);
        if (idle) {
            job_worker_put(engine, entry);
        }
        while (!job_is_over(&entry->job) && !engine->stopping) {
            pthread_cond_wait(&engine->changed, &engine->lock);
        }
        *job = entry->job;
    }
    pthread_mutex_unlock(&engine->lock);
    return change;
}

enum job_change
job_engine_delete(struct job_engine *engine, const char *id)
{
    enum job_change change = JOB_CHANGED;
    struct error err = {0};
    pthread_mutex_lock(&engine->lock);
    struct job_entry *entry = find_entry(engine, id);
    struct job job = {0};
    if (!entry) {
        change = JOB_NOT_THERE;
    } else if (!job_is_over(&entry->job)) {
        change = JOB_WRONG_STATE;
    } else {
        job = entry->job;
        entry->deleted = store_put_item(engine->rehearsal->store, "job", job.id,
                                        (struct slice){0}, &err);
        change = entry->deleted ? JOB_CHANGED : JOB_STORE_FAILED;
    }
    pthread_mutex_unlock(&engine->lock);
    if (change == JOB_CHANGED) {
        job_run_forget(engine->rehearsal, &job);
    }
    return change;
}

const char *
job_engine_result_path(struct job_engine *engine, const struct job *job,
                       enum job_result result, struct arena *arena)
{
    return job_run_result_path(engine->rehearsal, job, result, arena);
}

const char *
job_engine_query_path(struct job_engine *engine, const struct job *job,
                      bool index, struct arena *arena)
{
    return arena_printf(arena, "%s/%s.%s", engine->rehearsal->jobs_dir, job->id,
                        index ? "rows" : "pages")
        .ptr;
}
