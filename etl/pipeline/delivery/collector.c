/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/delivery/collector.h"

#include "base/mem.h"
#include "base/queue.h"
#include "salesforce/api_fault.h"

#include <pthread.h>
#include <stdlib.h>

#define UNTOUCHED_REPEATS 2
#define QUEUE_LENGTH 1024 /* more than tickets can be open */

struct collector {
    struct queue *todo, *done;
    pthread_t thread;
};

static bool
put_result(void *cookie, const struct result_row *row, struct error *err)
{
    const struct matcher_result result = {
        .fate = row->fate,
        .created = row->created,
        .id = row->id,
        .code = row->code,
        .message = row->message,
        .fields = row->fields,
    };
    return matcher_put(cookie, &result, err);
}

static bool
give(struct matcher *matcher, struct collection *job)
{
    return sink_collect(job->sink, job->ticket, &job->files, put_result,
                        matcher, &job->error);
}

static bool
match(struct matcher *matcher, struct collection *job)
{
    bool again = false;
    return give(matcher, job) &&
           matcher_wants_again(matcher, &again, &job->error) &&
           (!again || give(matcher, job)) &&
           matcher_finish(matcher, &job->counts, &job->error);
}

/* "TooManyLockFailure : Too many lock failure …": what a job broke off with. */
static struct slice
job_code(struct slice message)
{
    size_t len = 0;
    while (len < message.len && message.ptr[len] != ' ' &&
           message.ptr[len] != ':') {
        len++;
    }
    return (struct slice){message.ptr, len};
}

/*
 * Locks and time limits pass (salesforce.md, "row, again"); so does what a job
 * left untouched that broke off for such a reason (product.md: sent again
 * twice at most). An unknown exception is tried once more.
 */
static bool
may_pass(const struct outcome *outcome, uint32_t attempt)
{
    struct slice code = outcome->code;
    if (outcome->fate == OUTCOME_UNPROCESSED) {
        code = job_code(outcome->message);
        if (attempt >= UNTOUCHED_REPEATS) {
            return false;
        }
    } else if (outcome->fate != OUTCOME_FAILED) {
        return false;
    }
    if (attempt > 0 && slice_is(code, "UNKNOWN_EXCEPTION")) {
        return false;
    }
    return api_fault_row_advice(code, outcome->message) == ROW_AGAIN;
}

/* A record that fell with its neighbour, as was asked for: to send it alone
 * would be what the mapping forbids. */
static bool
stands_with_others(const struct collection *job, struct slice code)
{
    return job->load->all_or_none &&
           slice_is(code, "ALL_OR_NONE_OPERATION_ROLLED_BACK");
}

static void
add_again(struct collection *job, uint64_t row)
{
    if ((job->again_count & (job->again_count - 1)) == 0) {
        size_t capacity = job->again_count ? job->again_count * 2 : 1;
        job->again =
            mem_realloc_array(job->again, capacity, sizeof *job->again);
    }
    job->again[job->again_count++] = row;
}

static bool
find_again(struct collection *job)
{
    if (!job->wants_again || job->counts.by_fate[OUTCOME_FAILED] +
                                     job->counts.by_fate[OUTCOME_UNPROCESSED] ==
                                 0) {
        return true;
    }
    struct outcome_reader reader;
    if (!outcome_reader_open(&reader, job->outcomes_path, &job->error)) {
        return false;
    }
    struct outcome outcome;
    enum file_status status;
    while ((status = outcome_reader_next(&reader, &outcome, &job->error)) ==
           FILE_BYTES) {
        if (may_pass(&outcome, job->attempt) &&
            !stands_with_others(job, outcome.code)) {
            add_again(job, outcome.row);
        }
    }
    outcome_reader_close(&reader);
    return status == FILE_END;
}

static void
collect(struct collection *job)
{
    struct matcher_options options = {
        .load = job->load,
        .index_path = job->index_path,
        .outcomes_path = job->outcomes_path,
        .chunk_path = job->files.chunk_path,
    };
    options.missing =
        sink_missing(job->sink, job->ticket, &options.missing_code,
                     &options.missing_message);
    struct matcher *matcher = matcher_open(&options, &job->error);
    if (matcher != NULL && match(matcher, job)) {
        find_again(job);
    }
    matcher_close(matcher);
}

bool
collector_fill(const struct load *load, const char *index_path,
               const char *chunk_path, const char *outcomes_path,
               enum outcome_fate fate, const char *code, const char *message,
               struct error *err)
{
    const struct matcher_options options = {
        .load = load,
        .index_path = index_path,
        .outcomes_path = outcomes_path,
        .chunk_path = chunk_path,
        .missing = fate,
        .missing_code = slice_of(code),
        .missing_message = slice_of(message),
    };
    struct matcher_counts counts;
    struct matcher *matcher = matcher_open(&options, err);
    bool again;
    bool done = matcher != NULL && matcher_wants_again(matcher, &again, err) &&
                matcher_finish(matcher, &counts, err);
    matcher_close(matcher);
    return done;
}

static void *
collector_thread(void *cookie)
{
    struct collector *collector = cookie;
    struct collection *job;
    while ((job = queue_take(collector->todo)) != NULL) {
        collect(job);
        queue_put(collector->done, job);
    }
    return NULL;
}

struct collector *
collector_new(void (*wake)(void *cookie), void *cookie, struct error *err)
{
    struct collector *collector = mem_zalloc(sizeof *collector);
    collector->todo = queue_new(QUEUE_LENGTH);
    collector->done = queue_new(QUEUE_LENGTH);
    queue_on_put(collector->done, wake, cookie);
    if (pthread_create(&collector->thread, NULL, collector_thread, collector) !=
        0) {
        error_set(err, ERROR_SYSTEM, 0, "cannot start a thread");
        queue_free(collector->todo);
        queue_free(collector->done);
        free(collector);
        return NULL;
    }
    return collector;
}

void
collector_put(struct collector *collector, struct collection *collection)
{
    queue_put(collector->todo, collection);
}

struct collection *
collector_take(struct collector *collector)
{
    return queue_try_take(collector->done);
}

void
collector_free(struct collector *collector)
{
    if (collector == NULL) {
        return;
    }
    while (queue_try_take(collector->todo) != NULL) {
        continue; /* what was not begun stays FETCHED in the ledger */
    }
    queue_close(collector->todo);
    pthread_join(collector->thread, NULL);
    queue_free(collector->todo);
    queue_free(collector->done);
    free(collector);
}
