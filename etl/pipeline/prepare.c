/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/queue.h"
#include "pipeline/cancel.h"
#include "pipeline/lookup/lookup_group.h"
#include "pipeline/parents/run_order.h"
#include "pipeline/pickup/pickup_record.h"
#include "pipeline/run_counts.h"
#include "pipeline/staging/stage_memory.h"
#include "pipeline/staging/stream_batches.h"
#include "pipeline/staging/stream_stages.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * Four threads in a row: the reader fills bundles (source_next), the mapper
 * maps them (mapper_apply) and has the org tell the Ids of their keys where
 * that is wanted (key_lookup_apply), the stager writes them to files
 * (stager_put), and the main thread records what is staged. A bundle goes
 * round: free, read, mapped, free. Who ends closes the queue behind it, who
 * fails all of them; each thread has an error of its own, and the first in the
 * row that has one is the cause.
 */
#define BUNDLE_COUNT 4
#define EVENT_COUNT 64
#define SORT_MEMORY                                                            \
    ((size_t)8 << 20) /* architecture.md: shared by all loads                  \
                       */

struct bundle {
    struct stream_batches source;
    struct batch *mapped;            /* one a load */
    size_t row_count;                /* of all streams */
    struct source_position position; /* behind its last row */
};

struct staged_event {
    bool is_chunk;
    struct chunk chunk;
    struct source_position
        position;              /* behind the bundle: at or behind the marks */
    uint64_t rows, rejected;   /* progress */
    struct stage_mark marks[]; /* of a chunk: one a stream */
};

struct preparation {
    struct run *run;
    struct mapper *mapper;
    struct stream_stages *stages;
    struct bundle *bundles;
    size_t bundle_count;
    bool looks_up;             /* some load's keys */
    struct lookup_group group; /* the mapper's */
    struct queue *free_bundles, *read_bundles, *mapped_bundles, *events;
    uint64_t rows_staged, rejected;
    struct source_position known;    /* resume: the input as it was */
    struct source_position position; /* the stager's: of its bundle */
    bool changed;  /* the source is not the one that was staged */
    bool finished; /* all rows that were read are staged */
    struct error reader_error, mapper_error, stager_error;
};

/* Where the interrupted run had got to, the bytes must be the same. */
static bool
check_unchanged(struct preparation *prep, const struct source_position *now)
{
    const struct source_position *known = &prep->known;
    if (known->hashed_bytes == 0 || now->hashed_bytes < known->hashed_bytes) {
        return true;
    }
    bool same = now->hashed_bytes == known->hashed_bytes &&
                now->rows == known->rows && now->hash[0] == known->hash[0] &&
                now->hash[1] == known->hash[1];
    prep->known.hashed_bytes = 0;
    prep->changed = !same;
    return same || error_set(&prep->reader_error, ERROR_INPUT, 0,
                             "'%s' has changed since the run was interrupted; "
                             "'sfetl abort' closes that run, and a new one "
                             "loads the file as it is now [source-changed]",
                             source_name(prep->run->setup.source));
}

static bool
read_bundle(struct preparation *prep, struct bundle *bundle)
{
    struct source *source = prep->run->setup.source;
    struct stream_batches *batches = &bundle->source;
    batches->passed_over = 0;
    bundle->row_count = 0;
    enum source_status status =
        stream_batches_next(batches, source, &prep->reader_error);
    if (status != SOURCE_ROWS) {
        if (status == SOURCE_END && prep->known.hashed_bytes > 0) {
            struct source_position end = {.hashed_bytes = UINT64_MAX};
            check_unchanged(prep, &end);
        }
        return false;
    }
    bundle->position = source_position(source);
    if (!check_unchanged(prep, &bundle->position)) {
        return false;
    }
    for (size_t i = 0; i < batches->count; i++) {
        prep->run->streams[i].rows_read += batches->items[i].count;
        bundle->row_count += batches->items[i].count;
    }
    prep->run->passed_over += batches->passed_over;
    return true;
}

static void *
reader_thread(void *cookie)
{
    struct preparation *prep = cookie;
    struct bundle *bundle;
    while ((bundle = queue_take(prep->free_bundles)) != NULL) {
        if (!cancel_check(&prep->reader_error) || !read_bundle(prep, bundle) ||
            !queue_put(prep->read_bundles, bundle)) {
            break;
        }
    }
    queue_close(prep->read_bundles);
    return NULL;
}

static void
map_bundle(struct preparation *prep, struct bundle *bundle)
{
    for (size_t i = 0; i < prep->run->load_count; i++) {
        size_t stream = prep->run->loads[i].load->stream;
        const struct batch *source = &bundle->source.items[stream];
        if (stream_stages_has(prep->stages, stream, source)) {
            batch_reset(&bundle->mapped[i]);
        } else {
            mapper_apply(prep->mapper, i, source, &bundle->mapped[i]);
        }
    }
}

static bool
hand_on(struct preparation *prep, struct lookup_group *group)
{
    const struct run *run = prep->run;
    if (prep->looks_up &&
        !lookup_group_apply(group, &prep->run->setup.session,
                            run->setup.mapping, &prep->mapper_error)) {
        return false;
    }
    for (size_t i = 0; i < group->count; i++) {
        if (!queue_put(prep->mapped_bundles, group->cookies[i])) {
            return false;
        }
    }
    lookup_group_reset(group);
    return true;
}

/* The session is this thread's while rows are read: nobody else calls. */
static void *
mapper_thread(void *cookie)
{
    struct preparation *prep = cookie;
    struct bundle *bundle;
    bool going = true;
    while (going && (bundle = queue_take(prep->read_bundles)) != NULL) {
        map_bundle(prep, bundle);
        bool is_full = lookup_group_add(&prep->group, bundle->mapped,
                                        bundle->row_count, bundle);
        if (is_full || !prep->looks_up) {
            going = hand_on(prep, &prep->group);
        }
    }
    if (going) {
        hand_on(prep, &prep->group);
    }
    queue_close(prep->read_bundles);
    queue_close(prep->mapped_bundles);
    return NULL;
}

static void
close_queues(struct preparation *prep)
{
    queue_close(prep->free_bundles);
    queue_close(prep->read_bundles);
    queue_close(prep->mapped_bundles);
    queue_close(prep->events);
}

/* marks NULL: none. */
static bool
put_event(struct preparation *prep, const struct staged_event *event,
          const struct stage_mark *marks)
{
    size_t size = marks ? prep->run->stream_count * sizeof *marks : 0;
    struct staged_event *copy = mem_alloc(sizeof *copy + size);
    *copy = *event;
    if (marks != NULL) {
        memcpy(copy->marks, marks, size);
    }
    if (queue_put(prep->events, copy)) {
        return true;
    }
    free(copy);
    return false;
}

static bool
on_staged(void *cookie, const struct chunk *chunk,
          const struct stage_mark *marks, struct error *err)
{
    struct preparation *prep = cookie;
    const struct staged_event event = {
        .is_chunk = true, .chunk = *chunk, .position = prep->position};
    return put_event(prep, &event, marks) ||
           error_set(err, ERROR_INTERNAL, 0, "staging was stopped");
}

static void
count_rejected(struct preparation *prep, const struct bundle *bundle)
{
    for (size_t load = 0; load < prep->run->load_count; load++) {
        const struct batch *mapped = &bundle->mapped[load];
        for (size_t i = 0; i < mapped->count; i++) {
            prep->rejected += mapped->records[i].fate == RECORD_REJECTED;
        }
    }
}

static bool
stage_bundle(struct preparation *prep, const struct bundle *bundle)
{
    prep->position = bundle->position;
    for (size_t i = 0; i < bundle->source.count; i++) {
        const struct batch *source = &bundle->source.items[i];
        if (!stream_stages_has(prep->stages, i, source) &&
            !stream_stages_put(prep->stages, i, source, bundle->mapped,
                               &prep->stager_error)) {
            return false;
        }
    }
    prep->rows_staged += bundle->row_count;
    count_rejected(prep, bundle);
    const struct staged_event event = {.rows = prep->rows_staged,
                                       .rejected = prep->rejected,
                                       .position = bundle->position};
    return put_event(prep, &event, NULL);
}

static void *
stager_thread(void *cookie)
{
    struct preparation *prep = cookie;
    struct bundle *bundle;
    bool going = true;
    while (going && (bundle = queue_take(prep->mapped_bundles)) != NULL) {
        going =
            stage_bundle(prep, bundle) && queue_put(prep->free_bundles, bundle);
    }
    if (going && !prep->changed && prep->mapper_error.kind == ERROR_NONE &&
        (prep->reader_error.kind == ERROR_NONE ||
         prep->reader_error.kind == ERROR_INPUT)) {
        /* What was read before the source broke is accounted for. */
        prep->finished =
            stream_stages_finish(prep->stages, &prep->stager_error);
    }
    close_queues(prep);
    return NULL;
}

static bool
take_event(struct preparation *prep, struct staged_event *event,
           struct error *err)
{
    if (event->is_chunk) {
        return stage_memory_record(prep->run, &event->chunk, event->marks,
                                   &event->position, err);
    }
    const struct progress_event progress = {
        .phase = PROGRESS_READ,
        .rows = event->rows,
        .errors = event->rejected,
        .done = event->position.bytes,
        .total = prep->run->source_bytes,
    };
    run_progress(prep->run, &progress);
    return run_check_time(prep->run, err);
}

static bool
take_events(struct preparation *prep, struct error *err)
{
    bool going = true;
    struct staged_event *event;
    while ((event = queue_take(prep->events)) != NULL) {
        going = going && take_event(prep, event, err);
        free(event);
        if (!going) {
            close_queues(prep);
        }
    }
    return going;
}

static bool
run_threads(struct preparation *prep, struct error *err)
{
    void *(*const bodies[])(void *) = {reader_thread, mapper_thread,
                                       stager_thread};
    enum { COUNT = sizeof bodies / sizeof *bodies };
    pthread_t threads[COUNT];
    size_t started = 0;
    while (started < COUNT && pthread_create(&threads[started], NULL,
                                             bodies[started], prep) == 0) {
        started++;
    }
    bool going = started == COUNT ||
                 error_set(err, ERROR_SYSTEM, 0, "cannot start a thread");
    if (!going) {
        close_queues(prep);
    }
    going = take_events(prep, err) && going;
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    /* Chunks that were told too late are not in the ledger. */
    prep->finished = prep->finished && going;
    /* A source that broke is the lesser evil: that is accounted for. */
    if (prep->stager_error.kind != ERROR_NONE && going) {
        *err = prep->stager_error;
    } else if (prep->mapper_error.kind != ERROR_NONE && going) {
        *err = prep->mapper_error;
    } else if (prep->reader_error.kind != ERROR_NONE && going) {
        *err = prep->reader_error;
    }
    return err->kind == ERROR_NONE;
}

static bool
open_stages(struct preparation *prep, struct error *err)
{
    const struct stream_stages_listener listener = {on_staged, prep};
    if (stage_memory_recall_position(prep->run, &prep->known, err)) {
        prep->stages =
            stream_stages_open(prep->run, &listener, SORT_MEMORY, err);
    }
    return prep->stages != NULL;
}

static void
open_bundles(struct preparation *prep)
{
    for (size_t i = 0; i < prep->run->load_count; i++) {
        prep->looks_up |=
            key_lookup_wanted(mapping_load(prep->run->setup.mapping, i));
    }
    prep->bundle_count =
        BUNDLE_COUNT + (prep->looks_up ? LOOKUP_GROUP_SIZE : 0);
    prep->bundles = mem_array(prep->bundle_count, sizeof *prep->bundles);
    prep->free_bundles = queue_new(prep->bundle_count);
    prep->read_bundles = queue_new(prep->bundle_count);
    prep->mapped_bundles = queue_new(prep->bundle_count);
    prep->events = queue_new(EVENT_COUNT);
    for (size_t i = 0; i < prep->bundle_count; i++) {
        stream_batches_open(&prep->bundles[i].source, prep->run->setup.source,
                            prep->run->options->skip,
                            prep->run->options->limit);
        prep->bundles[i].mapped =
            mem_array(prep->run->load_count, sizeof(struct batch));
        queue_put(prep->free_bundles, &prep->bundles[i]);
    }
}

static void
close_preparation(struct preparation *prep)
{
    for (size_t i = 0; i < prep->bundle_count; i++) {
        for (size_t load = 0; load < prep->run->load_count; load++) {
            batch_release(&prep->bundles[i].mapped[load]);
        }
        free(prep->bundles[i].mapped);
        stream_batches_close(&prep->bundles[i].source);
    }
    free(prep->bundles);
    queue_free(prep->free_bundles);
    queue_free(prep->read_bundles);
    queue_free(prep->mapped_bundles);
    queue_free(prep->events);
    stream_stages_close(prep->stages);
    mapper_free(prep->mapper);
}

static bool
record_streams(const struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->stream_count; i++) {
        const struct run_stream *stream = &run->streams[i];
        done = run_set_stream(run, "rows_size", i, stream->rows_size, err) &&
               run_set_stream(run, "rows_read", i, stream->rows_read, err);
    }
    return done;
}

/* As one: a kill in between leaves a run that still reads. */
static bool
record_staged(const struct run *run, struct error *err)
{
    bool done =
        ledger_begin(run->ledger, err) && record_streams(run, err) &&
        ledger_set_u64(run->ledger, "passed_over", run->passed_over, err) &&
        run_order_keep(run, err) && run_counts_keep_all(run, err);
    return ledger_end(run->ledger, done, err);
}

/* What a process that was killed had counted before: all is read again. */
static void
count_anew(struct run *run)
{
    run->passed_over = 0;
    for (size_t i = 0; i < run->stream_count; i++) {
        run->streams[i].rows_read = 0;
    }
}

static void
tell_lookups(const struct preparation *prep)
{
    const struct key_lookup_counts *counts = &prep->group.counts;
    if (counts->keys > 0) {
        run_note(prep->run,
                 "looked up the Ids of %llu keys: the org lacks %llu, and has "
                 "%llu more than once",
                 (unsigned long long)counts->keys,
                 (unsigned long long)counts->missing,
                 (unsigned long long)counts->ambiguous);
    }
}

/* What is read no more gives its memory back before anything is sent. */
static bool
close_source(struct run *run, struct error *err)
{
    bool done = pickup_record_parts(run->ledger, &run->setup.pickup,
                                    run->setup.source, err);
    source_close(run->setup.source);
    run->setup.source = NULL;
    return done;
}

bool
prepare(struct run *run, struct error *err)
{
    int64_t began_ms = clock_monotonic_ms();
    run->source_bytes = source_size(run->setup.source);
    count_anew(run);
    struct preparation prep = {.run = run};
    prep.mapper = mapper_new(run->setup.mapping);
    open_bundles(&prep);
    bool done = open_stages(&prep, err) && run_threads(&prep, err);
    run->is_staged = prep.finished;
    if (prep.finished) {
        stream_stages_count(prep.stages);
        tell_lookups(&prep);
    }
    if (done) {
        const struct progress_event progress = {
            .phase = PROGRESS_READ,
            .rows = prep.rows_staged,
            .errors = prep.rejected,
            .done = run->source_bytes,
            .total = run->source_bytes,
            .ended = true,
        };
        run_progress(run, &progress);
    }
    close_preparation(&prep);
    done = close_source(run, err) && done;
    if (done) {
        run_order_tell(run);
    }
    run->prepare_ms = clock_monotonic_ms() - began_ms;
    return done && record_staged(run, err) && run_check_errors(run, err) &&
           ledger_set_state(run->ledger, RUN_DELIVERING, err);
}
