/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/call_answer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/api_fault.h"
#include "sink/call_settle.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t
call_answer_calls_done(const struct ticket *ticket)
{
    return ticket->step / CALL_STEP;
}

uint64_t
call_answer_call_rows(const struct call_wire *wire, uint64_t call,
                      uint64_t rows)
{
    uint64_t first = call * wire->rows;
    uint64_t left = rows > first ? rows - first : 0;
    return left < wire->rows ? left : wire->rows;
}

char *
call_answer_path(const struct call_wire *wire, const struct sink_files *files,
                 uint64_t call, bool again)
{
    return mem_printf("%s.answers/%04llu.%s%s", files->spool_prefix,
                      (unsigned long long)call, again ? "again." : "",
                      wire->suffix);
}

static bool
is_good(const struct http_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

static bool
keep(const struct call_wire *wire, const struct sink_files *files,
     uint64_t call, bool again, struct slice body, struct error *err)
{
    char *folder = mem_printf("%s.answers", files->spool_prefix);
    char *path = call_answer_path(wire, files, call, again);
    bool done = file_make_folders(folder, err) && file_replace(path, body, err);
    free(path);
    free(folder);
    return done;
}

static bool
has_id(const struct save_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        if (results->items[i].success && results->items[i].id.len > 0) {
            return true;
        }
    }
    return false;
}

/*
 * An answer that came twice on a connection is read as the next call's, whose
 * rows would get the Ids of other rows. Of one chunk no two calls save the same
 * records, so no two good answers are alike.
 */
static bool
is_told_already(const struct call_wire *wire, const struct sink_files *files,
                uint64_t call, struct slice body)
{
    struct buffer before = {.limit = wire->answer_limit + 1};
    struct error ignored = {0};
    bool is_same = false;
    for (int again = 0; call > 0 && !is_same && again < 2; again++) {
        char *path = call_answer_path(wire, files, call - 1, again != 0);
        buffer_reset(&before);
        is_same =
            file_exists(path) &&
            file_read_whole(path, wire->answer_limit, &before, &ignored) &&
            slice_equals(buffer_slice(&before), body);
        free(path);
    }
    buffer_release(&before);
    return is_same;
}

static void
count(struct ticket *ticket, const struct save_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        ticket->failed += !results->items[i].success;
    }
    ticket->processed += results->count;
    ticket->step += CALL_STEP;
    ticket->state = TICKET_CREATED;
}

/* A repeated insert that met duplicates is open until the org was asked. */
static bool
take_results(const struct call_wire *wire, const struct load *load,
             struct ticket *ticket, const struct sink_files *files,
             const struct http_answer *answer, bool again, struct error *err)
{
    uint64_t call = call_answer_calls_done(ticket);
    uint64_t rows = call_answer_call_rows(wire, call, files->rows);
    struct save_results results = {.count = 0};
    bool done = wire->parse(answer->body, (size_t)rows, &results, err);
    if (done && has_id(&results) &&
        is_told_already(wire, files, call, answer->body)) {
        done = error_set(err, ERROR_NETWORK, 0,
                         "%s: the answer to the call before came once more",
                         wire->what);
    }
    done = done && keep(wire, files, call, again, answer->body, err);
    bool open = again && load->operation == OPERATION_INSERT &&
                call_settle_wanted(&results);
    if (done && !open) {
        count(ticket, &results);
    }
    arena_release(&results.arena);
    return done;
}

bool
call_answer_is_open(const struct call_wire *wire, const struct load *load,
                    const struct sink_files *files, uint64_t call,
                    struct save_results *results, struct error *err)
{
    char *path = call_answer_path(wire, files, call, true);
    struct buffer text = {.limit = wire->answer_limit};
    struct error damaged = {0}; /* then its rows are in doubt, as collected */
    *results = (struct save_results){.count = 0};
    bool open =
        load->operation == OPERATION_INSERT && file_exists(path) &&
        !call_settle_is_kept(files, call) &&
        file_read_whole(path, wire->answer_limit, &text, err) &&
        wire->parse(buffer_slice(&text),
                    (size_t)call_answer_call_rows(wire, call, files->rows),
                    results, &damaged) &&
        call_settle_wanted(results);
    buffer_release(&text);
    free(path);
    return open;
}

static bool
take_origins(const struct call_wire *wire, struct ticket *ticket,
             const struct sink_files *files, const struct http_answer *answer,
             struct error *err)
{
    uint64_t call = call_answer_calls_done(ticket);
    if (!is_good(answer)) {
        return api_fault_set_error(answer, wire->what, err);
    }
    if (!call_settle_keep(files, call, ticket, answer, err)) {
        return false;
    }
    ticket->processed += call_answer_call_rows(wire, call, files->rows);
    ticket->step += CALL_STEP;
    ticket->state = TICKET_CREATED;
    return true;
}

/* What the org would refuse each time: what the chunk has left is not sent, as
 * with a job that fails. */
static bool
take_refusal(const struct call_wire *wire, struct ticket *ticket,
             const struct http_answer *answer, bool again, struct error *err)
{
    api_fault_set_error(answer, wire->what, err);
    /* Of one that was repeated, the first may have been carried out still. */
    if (api_fault_is_untouched(answer, err) && !again) {
        ticket->state = TICKET_CREATED;
    }
    if (!api_fault_is_lasting(answer, err)) {
        return false;
    }
    struct api_fault fault;
    api_fault_read(answer, &fault);
    snprintf(ticket->message, sizeof ticket->message, "%s: %s",
             fault.code[0] ? fault.code : "refused", fault.message);
    ticket->step += again ? CALL_STEP : 0; /* without an answer: in doubt */
    ticket->state = TICKET_FAILED;
    ticket->done_at_ms = clock_wall_ms();
    error_clear(err);
    return true;
}

bool
call_answer_take(const struct call_wire *wire, const struct load *load,
                 struct ticket *ticket, const struct sink_files *files,
                 const struct http_answer *answer, struct error *err)
{
    enum call_kind call = (enum call_kind)ticket->call;
    ticket->call = CALL_NONE;
    if (call == CALL_PROBE) {
        if (!is_good(answer)) {
            return api_fault_set_error(answer, wire->what, err);
        }
        ticket->lost = 0;
        return true;
    }
    if (call == CALL_ASK) {
        return take_origins(wire, ticket, files, answer, err);
    }
    if (call == CALL_NONE) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "ticket %llu: an answer without a call",
                         (unsigned long long)ticket->id);
    }
    bool again = call == CALL_REPEAT;
    return is_good(answer)
               ? take_results(wire, load, ticket, files, answer, again, err)
               : take_refusal(wire, ticket, answer, again, err);
}
