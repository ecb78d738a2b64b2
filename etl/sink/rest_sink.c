/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink_ops.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "salesforce/api_limits.h"
#include "salesforce/rest_client.h"
#include "sink/rest_answer.h"
#include "sink/rest_body.h"

#include <stdio.h>
#include <stdlib.h>

static struct sink *
rest_open(const struct sink_target *target, struct error *err)
{
    (void)target;
    (void)err;
    return mem_zalloc(sizeof(struct sink));
}

static void
rest_close(struct sink *sink)
{
    free(sink);
}

static bool
has_answer(const struct sink_files *files, uint64_t call, bool again)
{
    char *path = rest_answer_path(files, call, again);
    bool found = file_exists(path);
    free(path);
    return found;
}

static void
count_call(struct ticket *ticket)
{
    ticket->step += REST_STEP_CALL;
    ticket->state = TICKET_CREATED;
}

/*
 * A call that was out when its connection broke or the process was killed.
 * True: it is settled, and that is to be recorded before anything else is
 * sent. Its answer may have been kept, but not recorded. One that can't be
 * repeated is given up: its rows are in doubt, and before more rows get there
 * the org is asked whether it answers at all.
 */
static bool
settle(const struct sink *sink, struct ticket *ticket,
       const struct sink_files *files)
{
    uint64_t call = rest_answer_calls_done(ticket);
    uint64_t rows = rest_answer_call_rows(call, files->rows);
    if (has_answer(files, call, false) || has_answer(files, call, true)) {
        ticket->processed += rows;
        count_call(ticket);
        return true;
    }
    if (rest_client_may_repeat(sink->target.load->operation) &&
        !ticket->abort_wanted) {
        return false;
    }
    log_warning("%s: the answer to a call was lost, its %llu rows are in doubt",
                sink->target.load->name, (unsigned long long)rows);
    count_call(ticket);
    ticket->lost++;
    return true;
}

static void
end(struct ticket *ticket)
{
    if (ticket->done_at_ms == 0) {
        ticket->done_at_ms = clock_wall_ms();
    }
    ticket->state = TICKET_FETCHED;
}

static enum sink_step
next_send(const struct sink *sink, struct ticket *ticket,
          const struct sink_files *files, struct http_request *request,
          struct error *err)
{
    uint64_t call = rest_answer_calls_done(ticket);
    struct buffer body = {0};
    if (!rest_body_make(sink->target.load, files->chunk_path,
                        call * REST_COLLECTION_ROWS,
                        rest_answer_call_rows(call, files->rows), &body, err)) {
        buffer_release(&body);
        return SINK_FAILED;
    }
    rest_client_send(request, sink->target.session, sink->target.load,
                     buffer_slice(&body));
    buffer_release(&body);
    ticket->call =
        ticket->state == TICKET_UPLOADING ? REST_CALL_REPEAT : REST_CALL_SEND;
    ticket->state = TICKET_UPLOADING;
    if (ticket->closed_at_ms == 0) {
        ticket->closed_at_ms = clock_wall_ms();
    }
    return SINK_CALL;
}

static enum sink_step
rest_next(struct sink *sink, struct ticket *ticket,
          const struct sink_files *files, struct http_request *request,
          int64_t *wait_ms, struct error *err)
{
    if (ticket->state == TICKET_UPLOADING && settle(sink, ticket, files)) {
        *wait_ms = 0;
        return SINK_WAIT;
    }
    bool is_through =
        rest_answer_calls_done(ticket) * REST_COLLECTION_ROWS >= files->rows;
    if (ticket->abort_wanted && !is_through && ticket->state < TICKET_DONE) {
        snprintf(ticket->message, sizeof ticket->message,
                 "the run was ended before this row was sent");
        end(ticket);
    }
    if (is_through || ticket->state >= TICKET_DONE) {
        end(ticket);
        return SINK_DONE;
    }
    if (ticket->lost > 0) {
        rest_client_probe(request, sink->target.session);
        ticket->call = REST_CALL_PROBE;
        return SINK_CALL;
    }
    return next_send(sink, ticket, files, request, err);
}

static bool
rest_answer(struct sink *sink, struct ticket *ticket,
            const struct sink_files *files, const struct http_answer *answer,
            struct error *err)
{
    (void)sink;
    return rest_answer_take(ticket, files, answer, err);
}

/* Results of one call, for as many rows as it had. */
struct reading {
    const struct load *load;
    uint64_t rows;
    bool again; /* the call was made twice, its first answer is not known */
    result_row_fn *each;
    void *cookie;
};

static bool
give_doubt(const struct reading *reading, struct error *err)
{
    const struct result_row row = {
        .fate = OUTCOME_IN_DOUBT,
        .id = {"", 0},
        .code = SLICE_LITERAL("no-answer"),
        .message = SLICE_LITERAL("the answer to the call that sent this row "
                                 "was lost; look for it in the org before it "
                                 "is loaded again [no-answer]"),
    };
    bool going = true;
    for (uint64_t i = 0; going && i < reading->rows; i++) {
        going = reading->each(reading->cookie, &row, err);
    }
    return going;
}

/* Whether the first call did it, or somebody else before, nobody knows. */
static bool
may_be_gone_by_us(const struct reading *reading,
                  const struct rest_result *result)
{
    return reading->again && reading->load->operation == OPERATION_DELETE &&
           slice_is(result->code, "ENTITY_IS_DELETED");
}

static bool
give_result(const struct reading *reading, const json_t *item,
            struct buffer *message, struct error *err)
{
    struct rest_result result;
    buffer_reset(message);
    rest_client_read(item, &result, message);
    struct slice text = buffer_slice(message);
    if (text.len > OUTCOME_MESSAGE_LIMIT) {
        text.len = slice_utf8_valid_len(
            (struct slice){text.ptr, OUTCOME_MESSAGE_LIMIT});
    }
    const struct result_row row = {
        .fate = result.success                        ? OUTCOME_SUCCEEDED
                : may_be_gone_by_us(reading, &result) ? OUTCOME_IN_DOUBT
                                                      : OUTCOME_FAILED,
        .created =
            result.created || reading->load->operation == OPERATION_INSERT,
        .id = result.id,
        .code = result.code,
        .message = text,
    };
    return reading->each(reading->cookie, &row, err);
}

static bool
give_results(const struct reading *reading, const char *path, struct error *err)
{
    struct buffer text = {.limit = REST_COLLECTION_ANSWER_BYTES};
    struct buffer message = {0};
    bool done = file_read_whole(path, REST_COLLECTION_ANSWER_BYTES, &text, err);
    struct error damaged = {0};
    json_t *list = done ? rest_client_parse(buffer_slice(&text),
                                            (size_t)reading->rows, &damaged)
                        : NULL;
    if (done && list == NULL) {
        log_warning("'%s' is damaged: %s", path, damaged.text);
        done = give_doubt(reading, err);
    }
    for (size_t i = 0; done && i < json_array_size(list); i++) {
        done = give_result(reading, json_array_get(list, i), &message, err);
    }
    json_decref(list);
    buffer_release(&message);
    buffer_release(&text);
    return done;
}

static bool
collect_call(const struct sink_files *files, uint64_t call,
             struct reading *reading, struct error *err)
{
    reading->again = has_answer(files, call, true);
    if (!reading->again && !has_answer(files, call, false)) {
        return give_doubt(reading, err);
    }
    char *path = rest_answer_path(files, call, reading->again);
    bool done = give_results(reading, path, err);
    free(path);
    return done;
}

/* Rows of calls that were not made have no result. */
static bool
rest_collect(struct sink *sink, const struct ticket *ticket,
             const struct sink_files *files, result_row_fn *each, void *cookie,
             struct error *err)
{
    bool done = true;
    struct reading reading = {
        .load = sink->target.load, .each = each, .cookie = cookie};
    for (uint64_t call = 0; done && call < rest_answer_calls_done(ticket);
         call++) {
        reading.rows = rest_answer_call_rows(call, files->rows);
        done = collect_call(files, call, &reading, err);
    }
    return done;
}

static enum outcome_fate
rest_missing(const struct sink *sink, const struct ticket *ticket,
             struct slice *code, struct slice *message)
{
    (void)sink;
    *code = SLICE_LITERAL("job-failed");
    *message = slice_of(ticket->message);
    return OUTCOME_UNPROCESSED;
}

const struct sink_ops rest_sink_ops = {
    .name = "rest",
    .limits = {.rows = REST_CHUNK_ROWS,
               .bytes = REST_CHUNK_BYTES,
               .rows_rounded = REST_COLLECTION_ROWS,
               .row_characters = BULK_RECORD_CHARACTERS},
    .open = rest_open,
    .next = rest_next,
    .answer = rest_answer,
    .collect = rest_collect,
    .missing = rest_missing,
    .close = rest_close,
};
