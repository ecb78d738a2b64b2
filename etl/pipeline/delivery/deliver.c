/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/delivery/budget.h"
#include "pipeline/delivery/transfer.h"
#include "pipeline/parents/parents.h"

#include <stdlib.h>

/*
 * The loop that keeps the org busy: takes up staged chunks, makes each
 * transfer's next call when it is due, hands finished calls back, and takes
 * what the collector has done. One thread, one curl_multi; the ledger is
 * written here and nowhere else.
 */
#define PARALLEL_DEFAULT 5
#define PARALLEL_LIMIT 25 /* salesforce.md: long requests at once in an org */
#define IDLE_WAIT_MS 1000
#define GRACE_MS 10000 /* for calls that are out when the run must stop */

struct delivery {
    struct run *run;
    struct chunk_pool pool;
    struct transfer *transfers;
    size_t transfer_count; /* slots */
    struct collector *collector;
    struct budget budget;
    uint64_t collected_rows;
};

static unsigned
parallel(const struct run *run)
{
    unsigned count = run->options->parallel;
    if (count == 0 && run->load_count > 0) {
        count = run->loads[0].load->parallel;
    }
    if (count == 0) {
        count = run->setup.org->parallel_jobs;
    }
    if (count == 0) {
        count = PARALLEL_DEFAULT;
    }
    return count > PARALLEL_LIMIT ? PARALLEL_LIMIT : count;
}

static uint64_t
calls_in_flight(const struct delivery *d)
{
    uint64_t calls = 0;
    for (size_t i = 0; i < d->transfer_count; i++) {
        const struct transfer *transfer = &d->transfers[i];
        calls += transfer->state != TRANSFER_FREE
                     ? budget_calls(d->run, transfer->chunk)
                     : 0;
    }
    return calls;
}

static bool
take_up_chunks(struct delivery *d, struct error *err)
{
    if (d->run->mode != RUN_ALL) {
        return true;
    }
    if (!parents_settle(&d->pool, err)) {
        return false;
    }
    for (size_t i = 0; i < d->transfer_count; i++) {
        struct transfer *transfer = &d->transfers[i];
        if (transfer->state != TRANSFER_FREE) {
            continue;
        }
        struct chunk *chunk = chunk_pool_next(&d->pool);
        if (chunk == NULL ||
            !budget_allows(&d->budget, chunk, calls_in_flight(d))) {
            return true;
        }
        if (!transfer_begin(transfer, d->run, chunk, err)) {
            return false;
        }
    }
    return true;
}

static bool
make_calls(struct delivery *d, struct error *err)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < d->transfer_count; i++) {
        struct transfer *transfer = &d->transfers[i];
        if (transfer->state == TRANSFER_IDLE && transfer->due_ms <= now_ms &&
            !transfer_step(transfer, d->collector, err)) {
            return false;
        }
    }
    return true;
}

static size_t
count_in(const struct delivery *d, enum transfer_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < d->transfer_count; i++) {
        count += d->transfers[i].state == state;
    }
    return count;
}

static int64_t
time_to_next(const struct delivery *d)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t wait_ms = IDLE_WAIT_MS;
    for (size_t i = 0; i < d->transfer_count; i++) {
        const struct transfer *transfer = &d->transfers[i];
        if (transfer->state == TRANSFER_IDLE) {
            int64_t left = transfer->due_ms - now_ms;
            wait_ms = left < 0 ? 0 : left < wait_ms ? left : wait_ms;
        }
    }
    return wait_ms;
}

static void
tell(const struct delivery *d, enum progress_phase phase, uint64_t done,
     uint64_t total)
{
    uint64_t errors = 0;
    for (size_t i = 0; i < d->run->load_count; i++) {
        errors += d->run->loads[i].failed_rows;
    }
    const struct progress_event event = {
        .phase = phase,
        .rows = phase == PROGRESS_SEND ? 0 : done,
        .errors = errors,
        .done = done,
        .total = total,
        .ended = done >= total,
    };
    run_progress(d->run, &event);
}

static void
tell_progress(const struct delivery *d)
{
    uint64_t sent = 0, processed = d->collected_rows;
    for (size_t i = 0; i < d->pool.count; i++) {
        const struct chunk *chunk = d->pool.chunks[i];
        bool counts = chunk->state == CHUNK_COLLECTED && chunk->attempt == 0;
        sent += counts ? chunk->bytes : 0;
    }
    for (size_t i = 0; i < d->transfer_count; i++) {
        const struct transfer *transfer = &d->transfers[i];
        if (transfer->state == TRANSFER_FREE || transfer->chunk->attempt > 0) {
            continue;
        }
        sent += transfer->ticket.state >= TICKET_UPLOADED
                    ? transfer->chunk->bytes
                    : 0;
        processed += transfer->ticket.processed;
    }
    tell(d, PROGRESS_SEND, sent, d->pool.bytes);
    tell(d, PROGRESS_PROCESS, processed, d->pool.rows);
    tell(d, PROGRESS_COLLECT, d->collected_rows, d->pool.rows);
}

static bool
take_collected(struct delivery *d, struct error *err)
{
    struct collection *collection;
    while ((collection = collector_take(d->collector)) != NULL) {
        struct transfer *transfer = collection->cookie;
        uint64_t rows = transfer->chunk->rows;
        bool first = transfer->chunk->attempt == 0;
        if (!transfer_collected(transfer, &d->pool, err)) {
            return false;
        }
        if (transfer->state == TRANSFER_FREE && first) {
            d->collected_rows += rows;
        }
        tell_progress(d);
    }
    return true;
}

static bool
take_answers(struct delivery *d, int64_t wait_ms, struct error *err)
{
    struct http_answer answer;
    struct transfer *transfer =
        http_client_next(d->run->setup.http, wait_ms, &answer);
    while (transfer != NULL) {
        if (!transfer_answered(transfer, &answer, err)) {
            return false;
        }
        tell_progress(d);
        transfer = http_client_next(d->run->setup.http, 0, &answer);
    }
    return true;
}

/* One turn; *done when there is nothing left to do. */
static bool
turn(struct delivery *d, bool *done, struct error *err)
{
    if (!cancel_check(err) || !run_check_time(d->run, err) ||
        !run_check_errors(d->run, err) || !take_up_chunks(d, err) ||
        !make_calls(d, err)) {
        return false;
    }
    *done = count_in(d, TRANSFER_FREE) == d->transfer_count;
    if (*done && d->budget.held_by != NULL) {
        return budget_fail(&d->budget, d->pool.rows - d->collected_rows, err);
    }
    return *done ||
           (take_answers(d, time_to_next(d), err) && take_collected(d, err));
}

/* Calls that are out may finish within the grace time, so that their answers
 * are known; nothing new is called. */
static void
wind_down(struct delivery *d)
{
    int64_t until_ms = clock_monotonic_ms() + GRACE_MS;
    struct http_answer answer;
    int64_t left_ms = GRACE_MS;
    while (count_in(d, TRANSFER_CALLING) > 0 && left_ms > 0) {
        struct transfer *transfer =
            http_client_next(d->run->setup.http, left_ms, &answer);
        struct error ignored = {0};
        if (transfer != NULL) {
            transfer_answered(transfer, &answer, &ignored);
        }
        left_ms = until_ms - clock_monotonic_ms();
    }
    http_client_cancel(d->run->setup.http);
}

static struct chunk *
find_sent(const struct chunk_pool *pool, uint64_t chunk_id)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->chunks[i]->id == chunk_id &&
            pool->chunks[i]->state == CHUNK_SENT) {
            return pool->chunks[i];
        }
    }
    return NULL;
}

/* A slot for each job in flight, and one for each that an earlier process left
 * in flight, which are gone on with at once. */
static bool
open_transfers(struct delivery *d, struct error *err)
{
    struct ticket *tickets;
    size_t count, adopted = 0;
    if (!ledger_tickets(d->run->ledger, &d->pool.arena, &tickets, &count,
                        err)) {
        return false;
    }
    d->transfers = mem_array(parallel(d->run) + count, sizeof *d->transfers);
    for (size_t i = 0; i < count; i++) {
        struct chunk *chunk = find_sent(&d->pool, tickets[i].chunk_id);
        if (chunk != NULL) {
            transfer_adopt(&d->transfers[adopted++], d->run, chunk,
                           &tickets[i]);
        }
    }
    d->transfer_count = adopted > parallel(d->run) ? adopted : parallel(d->run);
    for (size_t i = 0; i < d->pool.count; i++) {
        const struct chunk *chunk = d->pool.chunks[i];
        if (chunk->state == CHUNK_COLLECTED && chunk->attempt == 0) {
            d->collected_rows += chunk->rows;
        }
    }
    return true;
}

static bool
open_delivery(struct delivery *d, struct error *err)
{
    if (!chunk_pool_open(&d->pool, d->run, err)) {
        return false;
    }
    if (!open_transfers(d, err)) {
        return false;
    }
    if (!budget_open(&d->budget, d->run, err)) {
        return false;
    }
    d->collector = collector_new(http_client_wake, d->run->setup.http, err);
    return d->collector != NULL;
}

static void
close_delivery(struct delivery *d)
{
    collector_free(d->collector);
    budget_close(&d->budget);
    for (size_t i = 0; i < d->transfer_count; i++) {
        transfer_release(&d->transfers[i]);
    }
    free(d->transfers);
    chunk_pool_close(&d->pool);
}

bool
deliver(struct run *run, struct error *err)
{
    struct delivery d = {.run = run};
    int64_t began_ms = clock_monotonic_ms();
    cancel_on_signal(http_client_wake, run->setup.http);
    bool going = open_delivery(&d, err), done = false;
    while (going && !done) {
        going = turn(&d, &done, err);
    }
    if (!going) {
        wind_down(&d);
    }
    cancel_on_signal(NULL, NULL);
    close_delivery(&d);
    run->deliver_ms = clock_monotonic_ms() - began_ms;
    return going && ledger_set_state(run->ledger, RUN_CONCLUDING, err);
}
