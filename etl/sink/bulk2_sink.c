/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink_ops.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "salesforce/api_limits.h"
#include "salesforce/bulk2_client.h"
#include "sink/bulk2_answer.h"
#include "sink/bulk2_results.h"

#include <stdlib.h>

#define RESULT_COUNT 3

/* Small jobs end within a second or two; it is they that wait for us. */
#define FIRST_POLL_SMALL_MS 50
#define FIRST_POLL_MS 100
#define POLL_MS 1000
#define POLL_LONGEST_MS 30000
/* Asked again after this share of the time that it took so far: a tenth. */
#define POLL_SHARE 10

static struct sink *
bulk2_open(const struct sink_target *target, struct error *err)
{
    (void)target;
    (void)err;
    return mem_zalloc(sizeof(struct sink));
}

static void
bulk2_close(struct sink *sink)
{
    free(sink);
}

/*
 * Polling neither hammers nor oversleeps (quality.md): what is noticed late is
 * late by a second or a tenth of the job's time, whichever is more.
 */
static int64_t
poll_delay_ms(const struct ticket *ticket, uint64_t rows)
{
    int64_t delay_ms = rows > 0 && rows <= BULK2_BATCH_ROWS
                           ? FIRST_POLL_SMALL_MS
                           : FIRST_POLL_MS;
    for (uint32_t i = 0; i < ticket->polls && delay_ms < POLL_MS; i++) {
        delay_ms *= 2;
    }
    if (delay_ms < POLL_MS) {
        return delay_ms;
    }
    int64_t elapsed_ms = clock_wall_ms() - ticket->closed_at_ms;
    int64_t longest_ms = elapsed_ms / POLL_SHARE;
    if (ticket->processed > 0 && ticket->processed < rows) {
        double left_ms = (double)elapsed_ms *
                         (double)(rows - ticket->processed) /
                         (double)ticket->processed;
        longest_ms =
            left_ms < (double)longest_ms ? (int64_t)left_ms : longest_ms;
    }
    longest_ms = longest_ms > POLL_LONGEST_MS ? POLL_LONGEST_MS : longest_ms;
    return longest_ms > POLL_MS ? longest_ms : POLL_MS;
}

/* True when it is not time yet. */
static bool
must_wait(struct ticket *ticket, const struct sink_files *files,
          int64_t *wait_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    if (ticket->poll_at_ms == BULK2_POLL_PLANNED) {
        ticket->poll_at_ms = now_ms + poll_delay_ms(ticket, files->rows);
    }
    *wait_ms = ticket->poll_at_ms - now_ms;
    return *wait_ms > 0;
}

/*
 * A job that ended well, whose rows are all accounted for by its counts, needs
 * no more than the counts say. Of one that did not, everything is asked.
 */
static bool
is_wanted(const struct ticket *ticket, uint64_t rows, enum bulk2_result result)
{
    bool is_clean = ticket->message[0] == '\0';
    if (ticket->step & BULK2_STEP_NO_RESULTS) {
        return false;
    }
    if (is_clean && (rows == 0 || ticket->processed == rows)) {
        return (result == BULK2_SUCCESSFUL &&
                ticket->processed > ticket->failed) ||
               (result == BULK2_FAILED_ROWS && ticket->failed > 0);
    }
    return result != BULK2_UNPROCESSED ||
           !(ticket->step & BULK2_STEP_UNTOUCHED);
}

static char *
spool_path(const struct sink_files *files, enum bulk2_result result)
{
    static const char *const names[] = {
        [BULK2_SUCCESSFUL] = "success",
        [BULK2_FAILED_ROWS] = "failed",
        [BULK2_UNPROCESSED] = "unprocessed",
    };
    return mem_printf("%s.%s.csv", files->spool_prefix, names[result]);
}

static enum sink_step
next_result(const struct sink *sink, struct ticket *ticket,
            const struct sink_files *files, struct http_request *request)
{
    uint64_t part = ticket->step & SINK_STEP_PART;
    while (part < RESULT_COUNT &&
           !is_wanted(ticket, files->rows, (enum bulk2_result)part)) {
        part++;
        ticket->step++;
    }
    if (part >= RESULT_COUNT) {
        ticket->state = TICKET_FETCHED;
        return SINK_DONE;
    }
    char *path = spool_path(files, (enum bulk2_result)part);
    bulk2_client_result(request, sink->target.session, ticket->job_id,
                        (enum bulk2_result)part, path);
    free(path);
    ticket->call = BULK2_CALL_RESULT;
    return SINK_CALL;
}

static enum sink_step
next_read(const struct sink *sink, struct ticket *ticket,
          struct http_request *request)
{
    bulk2_client_read(request, sink->target.session, ticket->job_id);
    ticket->call = BULK2_CALL_READ;
    return SINK_CALL;
}

static enum sink_step
next_abort(const struct sink *sink, struct ticket *ticket,
           struct http_request *request)
{
    bulk2_client_abort(request, sink->target.session, ticket->job_id);
    ticket->call = BULK2_CALL_ABORT;
    ticket->settling = true;
    return SINK_CALL;
}

static enum sink_step
next_send(const struct sink *sink, struct ticket *ticket,
          const struct sink_files *files, struct http_request *request)
{
    const struct session *session = sink->target.session;
    if (ticket->state == TICKET_CREATED) {
        bulk2_client_upload(request, session, ticket->job_id, files->chunk_path,
                            (struct slice){0}, files->gzip);
        ticket->state = TICKET_UPLOADING;
        ticket->call = BULK2_CALL_UPLOAD;
    } else if (ticket->state == TICKET_UPLOADED) {
        bulk2_client_close(request, session, ticket->job_id);
        ticket->state = TICKET_CLOSING;
        ticket->call = BULK2_CALL_CLOSE;
    } else {
        bulk2_client_create(request, session, sink->target.load);
        ticket->state = TICKET_CREATING;
        ticket->call = BULK2_CALL_CREATE;
    }
    return SINK_CALL;
}

static enum sink_step
bulk2_next(struct sink *sink, struct ticket *ticket,
           const struct sink_files *files, struct http_request *request,
           int64_t *wait_ms, struct error *err)
{
    (void)err;
    if (ticket->abort_wanted && ticket->state <= TICKET_CREATING) {
        bulk2_answer_end_unsent(
            ticket); /* an open job may exist; it is empty */
    }
    if (ticket->state >= TICKET_FETCHED) {
        return SINK_DONE;
    }
    if (ticket->state >= TICKET_DONE) {
        return next_result(sink, ticket, files, request);
    }
    if (ticket->abort_wanted) {
        return next_abort(sink, ticket, request);
    }
    if (must_wait(ticket, files, wait_ms)) {
        return SINK_WAIT;
    }
    switch (ticket->state) {
    case TICKET_UPLOADING: /* lost: this job is given up, see bulk2_answer */
        return next_abort(sink, ticket, request);
    case TICKET_CLOSING: /* lost, or refused: has it been closed? */
        if (!(ticket->step & BULK2_STEP_CLOSE_REFUSED)) {
            ticket->step |= BULK2_STEP_CLOSE_LOST;
        }
        ticket->settling = true;
        return next_read(sink, ticket, request);
    case TICKET_CLOSED:
        return next_read(sink, ticket, request);
    default:
        return next_send(sink, ticket, files, request);
    }
}

/* The rows that a result of a job which ended well must have; false: it has
 * no such number. */
static bool
expected_rows(const struct ticket *ticket, enum bulk2_result result,
              uint64_t *rows)
{
    *rows = result == BULK2_FAILED_ROWS ? ticket->failed
                                        : ticket->processed - ticket->failed;
    return ticket->message[0] == '\0' && result != BULK2_UNPROCESSED;
}

/* A result that the org did not have, or had nothing in, of a job that did not
 * end well: that is as it may be. */
static bool
is_nothing(const struct ticket *ticket, const char *path)
{
    bool may_lack = ticket->step & (BULK2_STEP_GONE | BULK2_STEP_UNTOUCHED);
    return file_exists(path)
               ? file_size(path) == 0 && ticket->message[0] != '\0'
               : may_lack;
}

static bool
collect_result(const struct ticket *ticket, struct bulk2_results *results,
               struct error *err)
{
    bool last_try = ticket->fetches >= SINK_FETCHES;
    uint64_t expected;
    if (is_nothing(ticket, results->path)) {
        return true;
    }
    if (!file_exists(results->path)) {
        results->cut = true;
        results->rows = 0;
    } else if (!bulk2_results_read(results, err)) {
        return false;
    }
    bool is_short =
        results->cut || (expected_rows(ticket, results->kind, &expected) &&
                         results->rows != expected);
    if (is_short && !last_try) {
        return error_set(err, ERROR_NETWORK, 0,
                         "job '%s': a result is not whole: %llu rows%s",
                         ticket->job_id, (unsigned long long)results->rows,
                         results->cut ? ", then it is cut" : "");
    }
    if (is_short) {
        log_warning("job '%s': a result is not whole after %u downloads; "
                    "%llu rows are taken, rows that are missing are in doubt",
                    ticket->job_id, ticket->fetches + 1,
                    (unsigned long long)results->rows);
    }
    return true;
}

/*
 * Of a job that was aborted at work: what it says that it left untouched is
 * believed where all that it counts as processed is named by its results.
 */
static bool
names_all_it_counts(const struct ticket *ticket, uint64_t judged,
                    struct error *err)
{
    return !(ticket->step & BULK2_STEP_ABORTED) ||
           judged == ticket->processed ||
           error_set(err, ERROR_NETWORK, 0,
                     "the aborted job '%s' counts %llu rows as processed, and "
                     "its results name %llu",
                     ticket->job_id, (unsigned long long)ticket->processed,
                     (unsigned long long)judged);
}

static bool
bulk2_collect(struct sink *sink, const struct ticket *ticket,
              const struct sink_files *files, result_row_fn *each, void *cookie,
              struct error *err)
{
    bool done = true, doubtful = false;
    uint64_t judged = 0;
    for (int i = 0; done && i < RESULT_COUNT; i++) {
        enum bulk2_result kind = (enum bulk2_result)i;
        if (!is_wanted(ticket, files->rows, kind)) {
            continue;
        }
        if (kind == BULK2_UNPROCESSED &&
            !names_all_it_counts(ticket, judged, err)) {
            if (ticket->fetches < SINK_FETCHES) {
                return false;
            }
            log_warning("%s", err->text);
            error_clear(err);
            doubtful = true;
        }
        char *path = spool_path(files, kind);
        struct bulk2_results results = {
            .path = path,
            .kind = kind,
            .load = sink->target.load,
            .message = slice_of(ticket->message),
            .is_doubtful = doubtful,
            .each = each,
            .cookie = cookie,
        };
        done = collect_result(ticket, &results, err);
        judged += results.rows;
        free(path);
    }
    return done;
}

static bool
bulk2_answer(struct sink *sink, struct ticket *ticket,
             const struct sink_files *files, const struct http_answer *answer,
             struct error *err)
{
    (void)sink;
    (void)files;
    return bulk2_answer_take(ticket, answer, err);
}

static enum outcome_fate
bulk2_missing(const struct sink *sink, const struct ticket *ticket,
              struct slice *code, struct slice *message)
{
    (void)sink;
    if ((ticket->step & BULK2_STEP_UNTOUCHED) &&
        !(ticket->step & BULK2_STEP_GONE)) {
        *code = SLICE_LITERAL("job-failed");
        *message = slice_of(ticket->message);
        return OUTCOME_UNPROCESSED;
    }
    *code = SLICE_LITERAL("no-result");
    *message = ticket->step & BULK2_STEP_GONE
                   ? SLICE_LITERAL("the org no longer has the job's results; "
                                   "look for this row in the org before it is "
                                   "loaded again [no-result]")
                   : SLICE_LITERAL("the org's results do not name this row; "
                                   "look for it in the org before it is "
                                   "loaded again [no-result]");
    return OUTCOME_IN_DOUBT;
}

const struct sink_ops bulk2_sink_ops = {
    .name = "bulk2",
    .limits = {.rows = BULK2_CHUNK_ROWS,
               .bytes = BULK2_UPLOAD_BYTES,
               .rows_rounded = BULK2_BATCH_ROWS,
               .row_characters = BULK_RECORD_CHARACTERS},
    .open = bulk2_open,
    .next = bulk2_next,
    .answer = bulk2_answer,
    .collect = bulk2_collect,
    .missing = bulk2_missing,
    .close = bulk2_close,
};
