/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/call_sink.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sink/call_answer.h"
#include "sink/call_settle.h"

#include <stdio.h>
#include <stdlib.h>

struct call_sink {
    struct sink sink;
    const struct call_wire *wire;
};

struct sink *
call_sink_new(const struct call_wire *wire)
{
    struct call_sink *sink = mem_zalloc(sizeof *sink);
    sink->wire = wire;
    return &sink->sink;
}

static const struct call_wire *
wire_of(const struct sink *sink)
{
    return ((const struct call_sink *)sink)->wire;
}

void
call_sink_close(struct sink *sink)
{
    free(sink);
}

static bool
has_answer(const struct call_wire *wire, const struct sink_files *files,
           uint64_t call, bool again)
{
    char *path = call_answer_path(wire, files, call, again);
    bool found = file_exists(path);
    free(path);
    return found;
}

static void
count_call(struct ticket *ticket)
{
    ticket->step += CALL_STEP;
    ticket->state = TICKET_CREATED;
}

/* Whether the call may be made again though it may have been carried out. */
static bool
may_repeat(const struct sink *sink, const struct sink_files *files,
           uint64_t call, uint64_t rows, bool *may, struct error *err)
{
    const struct call_wire *wire = wire_of(sink);
    const struct load *load = sink->target.load;
    *may = wire->may_repeat(load->operation);
    return *may || load->operation != OPERATION_INSERT ||
           call_settle_has_keys(load, files, call * wire->rows, rows, may, err);
}

enum settled {
    SETTLED,  /* to be recorded before anything else is sent */
    REPEATED, /* the call is to be made again */
    ASKED,    /* the request is filled */
    UNSETTLED_FAILED,
};

/*
 * A call that was out when its connection broke or the process was killed.
 * Its answer may have been kept, but not recorded. One that can't be repeated
 * is given up: its rows are in doubt, and before more rows get there the org
 * is asked whether it answers at all.
 */
static enum settled
settle(const struct sink *sink, struct ticket *ticket,
       const struct sink_files *files, struct http_request *request,
       struct error *err)
{
    const struct call_wire *wire = wire_of(sink);
    uint64_t call = call_answer_calls_done(ticket);
    uint64_t rows = call_answer_call_rows(wire, call, files->rows);
    struct save_results results;
    struct error failed = {0};
    bool may;
    if (call_answer_is_open(wire, sink->target.load, files, call, &results,
                            &failed)) {
        call_settle_ask(request, sink->target.session, sink->target.load,
                        &results);
        arena_release(&results.arena);
        ticket->call = CALL_ASK;
        return ASKED;
    }
    arena_release(&results.arena);
    if (failed.kind != ERROR_NONE) {
        *err = failed;
        return UNSETTLED_FAILED;
    }
    if (has_answer(wire, files, call, false) ||
        has_answer(wire, files, call, true)) {
        ticket->processed += rows;
        count_call(ticket);
        return SETTLED;
    }
    if (!may_repeat(sink, files, call, rows, &may, err)) {
        return UNSETTLED_FAILED;
    }
    if (may && !ticket->abort_wanted) {
        return REPEATED;
    }
    log_warning("%s: the answer to a call was lost, its %llu rows are in doubt",
                sink->target.load->name, (unsigned long long)rows);
    count_call(ticket);
    ticket->lost++;
    return SETTLED;
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
    const struct call_wire *wire = wire_of(sink);
    uint64_t call = call_answer_calls_done(ticket);
    if (!wire->send(sink, files, call * wire->rows,
                    call_answer_call_rows(wire, call, files->rows), request,
                    err)) {
        return SINK_FAILED;
    }
    ticket->call = ticket->state == TICKET_UPLOADING ? CALL_REPEAT : CALL_SEND;
    ticket->state = TICKET_UPLOADING;
    if (ticket->closed_at_ms == 0) {
        ticket->closed_at_ms = clock_wall_ms();
    }
    return SINK_CALL;
}

enum sink_step
call_sink_next(struct sink *sink, struct ticket *ticket,
               const struct sink_files *files, struct http_request *request,
               int64_t *wait_ms, struct error *err)
{
    if (ticket->state == TICKET_UPLOADING) {
        enum settled settled = settle(sink, ticket, files, request, err);
        ticket->settling = settled != SETTLED;
        *wait_ms = 0;
        if (settled != REPEATED) {
            return settled == SETTLED ? SINK_WAIT
                   : settled == ASKED ? SINK_CALL
                                      : SINK_FAILED;
        }
    }
    const struct call_wire *wire = wire_of(sink);
    bool is_through =
        call_answer_calls_done(ticket) * wire->rows >= files->rows;
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
        wire->probe(request, sink->target.session);
        ticket->call = CALL_PROBE;
        return SINK_CALL;
    }
    return next_send(sink, ticket, files, request, err);
}

bool
call_sink_answer(struct sink *sink, struct ticket *ticket,
                 const struct sink_files *files,
                 const struct http_answer *answer, struct error *err)
{
    return call_answer_take(wire_of(sink), sink->target.load, ticket, files,
                            answer, err);
}

/* Results of one call, for as many rows as it had. */
struct reading {
    const struct load *load;
    const struct call_wire *wire;
    uint64_t rows;
    bool again; /* the call was made twice, its first answer is not known */
    struct call_origins origins;
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
may_be_by_us(const struct reading *reading, const struct save_result *result)
{
    enum operation operation = reading->load->operation;
    return reading->again && ((operation == OPERATION_DELETE &&
                               slice_is(result->code, "ENTITY_IS_DELETED")) ||
                              (operation == OPERATION_UNDELETE &&
                               slice_is(result->code, "UNDELETE_FAILED")));
}

static bool
give_result(const struct reading *reading, const struct save_result *result,
            struct error *err)
{
    struct slice text = result->message;
    if (text.len > OUTCOME_MESSAGE_LIMIT) {
        text.len = slice_utf8_valid_len(
            (struct slice){text.ptr, OUTCOME_MESSAGE_LIMIT});
    }
    struct result_row row = {
        .fate = result->success                 ? OUTCOME_SUCCEEDED
                : may_be_by_us(reading, result) ? OUTCOME_IN_DOUBT
                                                : OUTCOME_FAILED,
        .created =
            result->created || reading->load->operation == OPERATION_INSERT,
        .id = result->id,
        .code = result->code,
        .message = text,
    };
    struct slice own = reading->again && !result->success
                           ? call_settle_own(&reading->origins, result)
                           : (struct slice){"", 0};
    if (own.len > 0) {
        row.fate = OUTCOME_SUCCEEDED;
        row.id = own;
        row.code = row.message = (struct slice){"", 0};
    }
    return reading->each(reading->cookie, &row, err);
}

static bool
give_results(const struct reading *reading, const char *path, struct error *err)
{
    struct buffer text = {.limit = reading->wire->answer_limit};
    struct save_results results = {.count = 0};
    struct error damaged = {0};
    bool done = file_read_whole(path, reading->wire->answer_limit, &text, err);
    if (done &&
        !reading->wire->parse(buffer_slice(&text), (size_t)reading->rows,
                              &results, &damaged)) {
        log_warning("'%s' is damaged: %s", path, damaged.text);
        done = give_doubt(reading, err);
        results.count = 0;
    }
    for (size_t i = 0; done && i < results.count; i++) {
        done = give_result(reading, &results.items[i], err);
    }
    arena_release(&results.arena);
    buffer_release(&text);
    return done;
}

static bool
collect_call(const struct sink_files *files, uint64_t call,
             struct reading *reading, struct error *err)
{
    const struct call_wire *wire = reading->wire;
    reading->again = has_answer(wire, files, call, true);
    if (!reading->again && !has_answer(wire, files, call, false)) {
        return give_doubt(reading, err);
    }
    if (!call_settle_open(files, call, &reading->origins, err)) {
        return false;
    }
    char *path = call_answer_path(wire, files, call, reading->again);
    bool done = give_results(reading, path, err);
    call_settle_close(&reading->origins);
    free(path);
    return done;
}

/* Rows of calls that were not made have no result. */
bool
call_sink_collect(struct sink *sink, const struct ticket *ticket,
                  const struct sink_files *files, result_row_fn *each,
                  void *cookie, struct error *err)
{
    bool done = true;
    const struct call_wire *wire = wire_of(sink);
    struct reading reading = {.load = sink->target.load,
                              .wire = wire,
                              .each = each,
                              .cookie = cookie};
    for (uint64_t call = 0; done && call < call_answer_calls_done(ticket);
         call++) {
        reading.rows = call_answer_call_rows(wire, call, files->rows);
        done = collect_call(files, call, &reading, err);
    }
    return done;
}

enum outcome_fate
call_sink_missing(const struct sink *sink, const struct ticket *ticket,
                  struct slice *code, struct slice *message)
{
    (void)sink;
    *code = SLICE_LITERAL("job-failed");
    *message = slice_of(ticket->message);
    return OUTCOME_UNPROCESSED;
}
