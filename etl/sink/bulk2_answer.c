/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/bulk2_answer.h"

#include "base/clock.h"
#include "base/log.h"
#include "salesforce/api_fault.h"
#include "salesforce/bulk2_client.h"

#include <stdio.h>

/* After so many lost answers of one ticket, which is beyond bad luck, the run
 * stops and can be resumed. The wait before it is tried anew doubles. */
#define LOST_LIMIT 8
#define LOST_FIRST_WAIT_MS 500

/* Batches in flight run on after an abort: the job is over when its counts
 * stood still for a tenth of the time that it was at work. */
#define STILL_SHARE 10
#define STILL_MS 1000
#define STILL_LONGEST_MS 30000

/* Or may be: a close that was lost can arrive at any time. */
static bool
is_closed_or_closing(const struct ticket *ticket)
{
    return ticket->state == TICKET_CLOSING || ticket->state == TICKET_CLOSED ||
           (ticket->step & BULK2_STEP_CLOSE_LOST);
}

static void
set_message(struct ticket *ticket, const char *message, const char *otherwise)
{
    snprintf(ticket->message, sizeof ticket->message, "%s",
             message[0] ? message : otherwise);
}

void
bulk2_answer_end_unsent(struct ticket *ticket)
{
    ticket->state = TICKET_ABORTED;
    ticket->step = BULK2_STEP_UNTOUCHED | BULK2_STEP_NO_RESULTS;
    ticket->processed = ticket->failed = 0;
    ticket->abort_wanted = false;
    set_message(ticket, "", "the job was aborted before it was closed");
}

static bool
is_good(const struct http_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

/* The org itself says so; the page of a gateway says nothing of the job. */
static bool
is_gone(const struct http_answer *answer)
{
    struct api_fault cause;
    api_fault_read(answer, &cause);
    return (answer->status == 404 || answer->status == 410) &&
           cause.code[0] != '\0';
}

/* The job is not in the state that the call wants. */
static bool
is_state_fault(const struct http_answer *answer)
{
    struct api_fault cause;
    api_fault_read(answer, &cause);
    return strcmp(cause.code, "INVALIDJOBSTATE") == 0;
}

static bool
fault(const struct ticket *ticket, const struct http_answer *answer,
      const char *what, struct error *err)
{
    api_fault_set_error(answer, what, err);
    return ticket->job_id[0]
               ? error_add_context(err, "job '%s'", ticket->job_id)
               : false;
}

/* Empty or not, a job whose id we never learnt harms nobody. */
static bool
answer_create(struct ticket *ticket, const struct http_answer *answer,
              struct error *err)
{
    struct bulk2_job job;
    ticket->state = TICKET_NEW;
    if (!is_good(answer)) {
        return fault(ticket, answer, "create job", err);
    }
    if (!bulk2_client_parse_job(answer, NULL, &job, err)) {
        return false;
    }
    if (job.state != BULK2_OPEN) {
        return error_set(err, ERROR_NETWORK, 0,
                         "create job: the new job '%s' is not open", job.id);
    }
    memcpy(ticket->job_id, job.id, sizeof ticket->job_id);
    ticket->state = TICKET_CREATED;
    return true;
}

/* Somebody else has aborted or deleted the job, or it was open for more than a
 * day; it was never closed. */
static void
begin_anew(struct ticket *ticket)
{
    ticket->job_id[0] = '\0';
    ticket->state = TICKET_NEW;
    ticket->step = 0;
}

/* The answer to an upload is 201 without a body (salesforce.md); anything else
 * that sounds good is another call's, and the upload counts as lost.
 * A refusal that may pass may as well be a gateway's, behind which the bytes
 * have arrived: then the upload counts as lost. So does one for another
 * reason, which ends the run: perhaps the job has its content already, and a
 * resume must not ask it to take a second one. */
static bool
answer_upload(struct ticket *ticket, const struct http_answer *answer,
              struct error *err)
{
    if (answer->status == 201 && answer->body.len == 0) {
        ticket->state = TICKET_UPLOADED;
        return true;
    }
    if (is_good(answer)) {
        return error_set(err, ERROR_NETWORK, 0,
                         "job '%s': what came back is not the answer to the "
                         "upload",
                         ticket->job_id);
    }
    fault(ticket, answer, "upload", err);
    if (is_gone(answer) || is_state_fault(answer)) {
        begin_anew(ticket);
        err->kind = ERROR_NETWORK;
    } else if (err->kind == ERROR_AUTH) {
        ticket->state = TICKET_CREATED;
    }
    return false;
}

static void
begin_polling(struct ticket *ticket)
{
    ticket->state = TICKET_CLOSED;
    ticket->closed_at_ms = clock_wall_ms();
    ticket->polls = 0;
    ticket->poll_at_ms = BULK2_POLL_PLANNED;
}

static void
end_polling(struct ticket *ticket, enum ticket_state state)
{
    ticket->state = state;
    ticket->step = 0;
    ticket->done_at_ms = clock_wall_ms();
    ticket->abort_wanted = false;
    ticket->poll_at_ms = 0;
}

/* Its rows may have been written: nobody can tell any more. */
static void
end_gone(struct ticket *ticket)
{
    end_polling(ticket, TICKET_FAILED);
    ticket->step = BULK2_STEP_GONE | BULK2_STEP_NO_RESULTS;
    set_message(ticket, "", "the org no longer knows the job");
}

static bool
answer_close(struct ticket *ticket, const struct http_answer *answer,
             struct error *err)
{
    struct bulk2_job job;
    struct error unread = {0};
    if (is_good(answer)) {
        if (bulk2_client_parse_job(answer, ticket->job_id, &job, &unread) &&
            job.state != BULK2_OPEN) {
            begin_polling(ticket);
        }
        return true; /* else it stays CLOSING, and the job is read */
    }
    if (is_state_fault(answer)) {
        ticket->step |= BULK2_STEP_CLOSE_REFUSED;
        return true; /* likewise: it was closed or aborted before */
    }
    fault(ticket, answer, "close", err);
    if (is_gone(answer) && !(ticket->step & BULK2_STEP_CLOSE_LOST)) {
        begin_anew(ticket);
        err->kind = ERROR_NETWORK;
    } else if (is_gone(answer)) {
        end_gone(ticket);
        return true;
    } else if (err->kind != ERROR_NETWORK) {
        ticket->state = TICKET_UPLOADED;
    }
    return false;
}

static void
take_counts(struct ticket *ticket, const struct bulk2_job *job)
{
    if (job->processed >= 0) {
        ticket->processed = (uint64_t)job->processed;
    }
    if (job->failed >= 0) {
        ticket->failed = (uint64_t)job->failed;
    }
    ticket->total_processing_ms = job->total_processing_ms;
    ticket->active_processing_ms = job->active_processing_ms;
    ticket->apex_processing_ms = job->apex_processing_ms;
}

static bool
end_job(struct ticket *ticket, const struct bulk2_job *job, struct error *err)
{
    if (job->state == BULK2_JOB_COMPLETE) {
        if (job->processed < 0 || job->failed < 0) {
            return error_set(err, ERROR_NETWORK, 0,
                             "job '%s': the answer lacks its counts",
                             ticket->job_id);
        }
        end_polling(ticket, TICKET_DONE);
        return true;
    }
    if (job->state == BULK2_FAILED) {
        end_polling(ticket, TICKET_FAILED);
        set_message(ticket, job->message, "the job failed");
        /* "processed 0, failed 0: no row judged" (salesforce.md). */
        if (job->processed == 0 && job->failed == 0) {
            ticket->step |= BULK2_STEP_UNTOUCHED;
        }
        return true;
    }
    end_polling(ticket, TICKET_ABORTED);
    ticket->step |= BULK2_STEP_ABORTED;
    set_message(ticket, job->message, "the job was aborted");
    return true;
}

static bool
try_anew(struct ticket *ticket, const char *what, struct error *err)
{
    if (++ticket->lost >= LOST_LIMIT) {
        return error_set(err, ERROR_REMOTE, 0,
                         "no answer to the %s came back in %d attempts; a "
                         "proxy or firewall may cut it",
                         what, LOST_LIMIT);
    }
    int64_t bound_ms = (int64_t)LOST_FIRST_WAIT_MS << ticket->lost;
    ticket->poll_at_ms = clock_monotonic_ms() + bound_ms / 2 +
                         (int64_t)(clock_random() % (uint64_t)bound_ms) / 2;
    return true;
}

/*
 * The org aborts a job that was open for a day, and people abort jobs. Where
 * it refused our only close and counts no row, nothing of it was looked at.
 */
static bool
was_never_closed(const struct ticket *ticket, const struct bulk2_job *job)
{
    const uint64_t closes = BULK2_STEP_CLOSE_REFUSED | BULK2_STEP_CLOSE_LOST;
    return job->state == BULK2_ABORTED && ticket->state == TICKET_CLOSING &&
           (ticket->step & closes) == BULK2_STEP_CLOSE_REFUSED &&
           job->processed == 0 && job->failed == 0;
}

/* Of an aborted job: nothing has changed since it was read before. Else it is
 * to be read again. */
static bool
stands_still(struct ticket *ticket, const struct bulk2_job *job)
{
    bool is_same = ticket->seen_aborted &&
                   job->processed == (int64_t)ticket->processed &&
                   job->failed == (int64_t)ticket->failed;
    int64_t wait_ms = (clock_wall_ms() - ticket->closed_at_ms) / STILL_SHARE;
    wait_ms = wait_ms > STILL_LONGEST_MS ? STILL_LONGEST_MS : wait_ms;
    wait_ms = wait_ms < STILL_MS ? STILL_MS : wait_ms;
    take_counts(ticket, job);
    ticket->seen_aborted = true;
    ticket->poll_at_ms = clock_monotonic_ms() + wait_ms;
    return is_same;
}

static bool
answer_read(struct ticket *ticket, const struct http_answer *answer,
            struct error *err)
{
    struct bulk2_job job;
    if (is_gone(answer)) {
        end_gone(ticket);
        return true;
    }
    if (!is_good(answer)) {
        return fault(ticket, answer, "poll", err);
    }
    if (!bulk2_client_parse_job(answer, ticket->job_id, &job, err)) {
        return false;
    }
    if (job.state == BULK2_OPEN) { /* the lost close has not arrived yet */
        ticket->state = TICKET_UPLOADED;
        return try_anew(ticket, "close", err);
    }
    if (was_never_closed(ticket, &job)) {
        begin_anew(ticket);
        return try_anew(ticket, "close", err);
    }
    bool is_new = ticket->state == TICKET_CLOSING;
    if (is_new) {
        begin_polling(ticket);
    }
    if (job.state == BULK2_ABORTED && !stands_still(ticket, &job)) {
        return true;
    }
    take_counts(ticket, &job);
    if (job.state >= BULK2_JOB_COMPLETE) {
        return end_job(ticket, &job, err);
    }
    if (is_new) {
        return true;
    }
    ticket->polls++;
    ticket->poll_at_ms = BULK2_POLL_PLANNED;
    return true;
}

/*
 * Of a lost upload: nothing in a job is looked at before it is closed, and
 * this one never will be; whether the abort itself was taken makes no
 * difference. Of an abort that was asked for: a job that was closed is polled
 * until it has ended, however the abort went.
 */
static bool
answer_abort(struct ticket *ticket, const struct http_answer *answer,
             struct error *err)
{
    if (!is_good(answer)) {
        fault(ticket, answer, "abort", err);
        if (err->kind != ERROR_REMOTE) {
            return false;
        }
        log_info("%s", err->text);
        error_clear(err);
    }
    if (is_closed_or_closing(ticket)) {
        ticket->abort_wanted = false;
        if (ticket->state == TICKET_CLOSED) {
            ticket->polls = 0;
            ticket->poll_at_ms = BULK2_POLL_PLANNED;
        } else {
            ticket->state = TICKET_CLOSING; /* which has it read */
        }
    } else if (ticket->abort_wanted) {
        bulk2_answer_end_unsent(ticket);
    } else {
        begin_anew(ticket);
        return try_anew(ticket, "upload", err);
    }
    return true;
}

/* What can't be had: its rows are in doubt, unless none was ever judged. */
static bool
skip_result(struct ticket *ticket)
{
    log_warning("job '%s': a result is not there", ticket->job_id);
    if (!(ticket->step & BULK2_STEP_UNTOUCHED)) {
        ticket->step |= BULK2_STEP_GONE;
    }
    ticket->step++;
    return true;
}

static bool
answer_result(struct ticket *ticket, const struct http_answer *answer,
              struct error *err)
{
    bool has_failed = ticket->message[0] != '\0';
    if (is_gone(answer) || (has_failed && answer->status == 400)) {
        return skip_result(ticket);
    }
    if (!is_good(answer)) {
        return fault(ticket, answer, "results", err);
    }
    if (strcmp(answer->content_type, "text/csv") != 0) {
        return error_set(err, ERROR_NETWORK, 0,
                         "job '%s': a result came as '%s', not as text/csv",
                         ticket->job_id, answer->content_type);
    }
    ticket->step++;
    return true;
}

bool
bulk2_answer_take(struct ticket *ticket, const struct http_answer *answer,
                  struct error *err)
{
    enum bulk2_call call = (enum bulk2_call)ticket->call;
    ticket->call = BULK2_CALL_NONE;
    switch (call) {
    case BULK2_CALL_CREATE:
        return answer_create(ticket, answer, err);
    case BULK2_CALL_UPLOAD:
        return answer_upload(ticket, answer, err);
    case BULK2_CALL_CLOSE:
        return answer_close(ticket, answer, err);
    case BULK2_CALL_READ:
        return answer_read(ticket, answer, err);
    case BULK2_CALL_ABORT:
        return answer_abort(ticket, answer, err);
    case BULK2_CALL_RESULT:
        return answer_result(ticket, answer, err);
    case BULK2_CALL_NONE:
        break;
    }
    return error_set(err, ERROR_INTERNAL, 0,
                     "ticket %llu: an answer without a call",
                     (unsigned long long)ticket->id);
}
