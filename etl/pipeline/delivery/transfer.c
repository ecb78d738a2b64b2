/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/delivery/transfer.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/run_counts.h"

#include <stdlib.h>

static void
set_paths(struct transfer *transfer)
{
    const char *folder = transfer->run->folder;
    const char *name = transfer->load->load->name;
    const struct chunk *chunk = transfer->chunk;
    transfer->chunk_path = chunk_path(folder, name, chunk, CHUNK_CSV);
    transfer->index_path = chunk_path(folder, name, chunk, CHUNK_INDEX);
    transfer->outcomes_path = chunk_path(folder, name, chunk, CHUNK_OUTCOMES);
    transfer->spool_prefix = mem_printf("%s.results", transfer->index_path);
    transfer->files = (struct sink_files){
        .chunk_path = transfer->chunk_path,
        .spool_prefix = transfer->spool_prefix,
        .gzip = chunk->gzip,
        .rows = chunk->rows,
    };
}

static void
take(struct transfer *transfer, struct run *run, struct chunk *chunk,
     const struct ticket *ticket)
{
    *transfer = (struct transfer){
        .state = TRANSFER_IDLE,
        .run = run,
        .load = &run->loads[chunk->load],
        .chunk = chunk,
        .ticket = *ticket,
    };
    set_paths(transfer);
    if (transfer->load->started_ms == 0) {
        transfer->load->started_ms = clock_monotonic_ms();
    }
}

bool
transfer_begin(struct transfer *transfer, struct run *run, struct chunk *chunk,
               struct error *err)
{
    const struct ticket ticket = {.chunk_id = chunk->id,
                                  .attempt = chunk->attempt + 1,
                                  .state = TICKET_NEW};
    take(transfer, run, chunk, &ticket);
    chunk->state = CHUNK_SENT;
    bool done =
        ledger_begin(run->ledger, err) &&
        ledger_put_ticket(run->ledger, &transfer->ticket, err) &&
        ledger_set_chunk_state(run->ledger, chunk->id, chunk->state, err);
    return ledger_end(run->ledger, done, err);
}

/* Nothing is processed in a job before it is closed, so what is not closed is
 * dropped when the run is only to be settled: also where a close that was lost
 * turns out not to have arrived. */
static void
hold_back(struct transfer *transfer)
{
    if (transfer->run->mode != RUN_ALL &&
        transfer->ticket.state < TICKET_CLOSING) {
        sink_abort(&transfer->ticket);
    }
}

void
transfer_adopt(struct transfer *transfer, struct run *run, struct chunk *chunk,
               const struct ticket *ticket)
{
    take(transfer, run, chunk, ticket);
    if (transfer->ticket.state == TICKET_FETCHED) {
        sink_fetch_again(&transfer->ticket);
    }
    if (run->mode == RUN_ABORT) {
        sink_abort(&transfer->ticket);
    }
}

static bool
record(struct transfer *transfer, enum ticket_state before, struct error *err)
{
    if (transfer->ticket.state == before) {
        return true;
    }
    log_info("%s chunk %u: job %s %s", transfer->load->load->name,
             transfer->chunk->number,
             transfer->ticket.job_id[0] ? transfer->ticket.job_id : "(new)",
             ticket_state_name(transfer->ticket.state));
    return ledger_put_ticket(transfer->run->ledger, &transfer->ticket, err);
}

static bool
start_call(struct transfer *transfer, struct error *err)
{
    struct session *session = &transfer->run->setup.session;
    transfer->renewals = session->renewals;
    transfer->state = TRANSFER_CALLING;
    return http_client_start(
        transfer->run->setup.http, &transfer->request,
        transfer->request.needs_session ? session->authorization : NULL,
        transfer, err);
}

static void
give_to_collector(struct transfer *transfer, struct collector *collector)
{
    transfer->state = TRANSFER_COLLECTING;
    transfer->collection = (struct collection){
        .load = transfer->load->load,
        .sink = transfer->load->sink,
        .ticket = &transfer->ticket,
        .files = transfer->files,
        .index_path = transfer->index_path,
        .outcomes_path = transfer->outcomes_path,
        .attempt = transfer->chunk->attempt,
        .wants_again = transfer->run->mode == RUN_ALL &&
                       chunk_pool_may_again(transfer->chunk),
        .cookie = transfer,
    };
    collector_put(collector, &transfer->collection);
}

bool
transfer_step(struct transfer *transfer, struct collector *collector,
              struct error *err)
{
    enum ticket_state before = transfer->ticket.state;
    int64_t wait_ms = 0;
    http_request_reset(&transfer->request);
    hold_back(transfer);
    enum sink_step step =
        sink_next(transfer->load->sink, &transfer->ticket, &transfer->files,
                  &transfer->request, &wait_ms, err);
    if (step == SINK_FAILED) {
        return error_add_context(err, "load '%s', chunk %u",
                                 transfer->load->load->name,
                                 transfer->chunk->number);
    }
    if (!record(transfer, before, err)) {
        return false;
    }
    switch (step) {
    case SINK_CALL:
        return start_call(transfer, err);
    case SINK_WAIT:
        transfer->due_ms = clock_monotonic_ms() + wait_ms;
        return true;
    case SINK_DONE:
        give_to_collector(transfer, collector);
        return true;
    case SINK_FAILED:
        break;
    }
    return error_set(err, ERROR_INTERNAL, 0, "a sink gave no step");
}

/* The call may be made again after a while; false: often enough. */
static bool
repeat_later(struct transfer *transfer, const struct http_answer *answer,
             const struct error *cause, struct error *err)
{
    int64_t wait_ms = 0;
    if (!retry_next(&transfer->retry, answer, &wait_ms)) {
        *err = *cause;
        return error_add_context(err, "%s, tried %u times",
                                 transfer->request.name,
                                 transfer->retry.attempts);
    }
    log_info("%s: %s; again in %lld ms", transfer->request.name, cause->text,
             (long long)wait_ms);
    transfer->due_ms = clock_monotonic_ms() + wait_ms;
    return true;
}

/* Several calls may have gone out with the same token: it is renewed once. */
static bool
renew(struct transfer *transfer, struct error *err)
{
    struct session *session = &transfer->run->setup.session;
    if (transfer->renewals == session->renewals) {
        if (transfer->refused) {
            return error_set(err, ERROR_AUTH, 0,
                             "the org refuses a session right after sign-in; "
                             "'sfetl org test' tells more");
        }
        run_note(transfer->run, "the session was spent: signing in again");
        transfer->refused = true;
        return session_renew(session, err);
    }
    return true;
}

static bool
judge(struct transfer *transfer, const struct http_answer *answer,
      struct error *cause)
{
    if (answer->status != 0) {
        return sink_answer(transfer->load->sink, &transfer->ticket,
                           &transfer->files, answer, cause);
    }
    if (!answer->was_sent) {
        sink_take_back(&transfer->ticket);
    }
    *cause = answer->error;
    return false;
}

/*
 * The answer to a create may be one that came twice, for another chunk: a job
 * takes one upload, so this one's is made again.
 */
static bool
check_job(struct transfer *transfer, bool *good, struct error *cause,
          struct error *err)
{
    struct ticket *ticket = &transfer->ticket;
    bool is_taken = false;
    if (!*good || ticket->state != TICKET_CREATED || !ticket->job_id[0]) {
        return true;
    }
    if (!ledger_is_job_of_another(transfer->run->ledger, ticket, &is_taken,
                                  err)) {
        return false;
    }
    if (is_taken) {
        *good = error_set(cause, ERROR_NETWORK, 0,
                          "create job: the job '%s' is another chunk's",
                          ticket->job_id);
        ticket->job_id[0] = '\0';
        ticket->state = TICKET_NEW;
    }
    return true;
}

static bool
take_answer(struct transfer *transfer, const struct http_answer *answer,
            struct error *err)
{
    enum ticket_state before = transfer->ticket.state;
    struct error cause = {0};
    transfer->due_ms = 0;
    bool good = judge(transfer, answer, &cause);
    if (!check_job(transfer, &good, &cause, err) ||
        !record(transfer, before, err)) {
        return false;
    }
    if (good) {
        transfer->retry = (struct retry){0};
        transfer->refused = false;
        return true;
    }
    if (cause.kind == ERROR_NETWORK) {
        return repeat_later(transfer, answer, &cause, err);
    }
    if (cause.kind == ERROR_AUTH) {
        return renew(transfer, err);
    }
    *err = cause;
    return false;
}

bool
transfer_answered(struct transfer *transfer, const struct http_answer *answer,
                  struct error *err)
{
    transfer->state = TRANSFER_IDLE;
    return take_answer(transfer, answer, err) ||
           error_add_context(err, "load '%s', chunk %u",
                             transfer->load->load->name,
                             transfer->chunk->number);
}

static void
drop_files(struct transfer *transfer)
{
    if (transfer->run->options->keep_chunks) {
        return;
    }
    struct error ignored = {0};
    static const char *const spooled[] = {"success", "failed", "unprocessed"};
    for (size_t i = 0; i < sizeof spooled / sizeof *spooled; i++) {
        char *path =
            mem_printf("%s.%s.csv", transfer->spool_prefix, spooled[i]);
        file_remove_tree(path, &ignored);
        free(path);
    }
    char *answers = mem_printf("%s.answers", transfer->spool_prefix);
    file_remove_tree(answers, &ignored);
    free(answers);
    file_remove_tree(transfer->chunk_path, &ignored);
    file_remove_tree(transfer->index_path, &ignored);
}

static bool
fetch_again(struct transfer *transfer, struct error *err)
{
    const struct error *cause = &transfer->collection.error;
    if (cause->kind != ERROR_NETWORK) {
        *err = *cause;
        return error_add_context(err, "load '%s', chunk %u",
                                 transfer->load->load->name,
                                 transfer->chunk->number);
    }
    log_warning("results of job %s: %s; fetched again", transfer->ticket.job_id,
                cause->text);
    transfer->state = TRANSFER_IDLE;
    transfer->due_ms = 0;
    sink_fetch_again(&transfer->ticket);
    return ledger_put_ticket(transfer->run->ledger, &transfer->ticket, err);
}

static void
count(struct run_load *load, const struct collection *collection)
{
    const struct matcher_counts *counts = &collection->counts;
    uint64_t failed = counts->by_fate[OUTCOME_FAILED];
    uint64_t again = collection->again_count;
    load->failed_rows += failed > again ? failed - again : 0;
    load->tally.loose += counts->loose;
    load->tally.stray += counts->stray;
    load->ended_ms = clock_monotonic_ms();
}

bool
transfer_collected(struct transfer *transfer, struct chunk_pool *pool,
                   struct error *err)
{
    if (transfer->collection.error.kind != ERROR_NONE) {
        return fetch_again(transfer, err);
    }
    struct ledger *ledger = transfer->run->ledger;
    count(transfer->load, &transfer->collection);
    transfer->ticket.state = TICKET_COLLECTED;
    transfer->chunk->state = CHUNK_COLLECTED;
    bool done =
        ledger_begin(ledger, err) &&
        ledger_put_ticket(ledger, &transfer->ticket, err) &&
        ledger_set_chunk_state(ledger, transfer->chunk->id, CHUNK_COLLECTED,
                               err) &&
        run_counts_keep(transfer->run, transfer->load, err) &&
        chunk_pool_again(pool, transfer->chunk, transfer->collection.again,
                         transfer->collection.again_count, err);
    if (!ledger_end(ledger, done, err)) {
        return false;
    }
    drop_files(transfer);
    transfer_release(transfer);
    return true;
}

void
transfer_release(struct transfer *transfer)
{
    http_request_release(&transfer->request);
    free(transfer->collection.again);
    free(transfer->chunk_path);
    free(transfer->spool_prefix);
    free(transfer->index_path);
    free(transfer->outcomes_path);
    *transfer = (struct transfer){.state = TRANSFER_FREE};
}
