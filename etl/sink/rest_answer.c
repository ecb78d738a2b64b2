/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/rest_answer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/api_fault.h"
#include "salesforce/api_limits.h"
#include "salesforce/rest_client.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t
rest_answer_calls_done(const struct ticket *ticket)
{
    return ticket->step / REST_STEP_CALL;
}

uint64_t
rest_answer_call_rows(uint64_t call, uint64_t rows)
{
    uint64_t first = call * REST_COLLECTION_ROWS;
    uint64_t left = rows > first ? rows - first : 0;
    return left < REST_COLLECTION_ROWS ? left : REST_COLLECTION_ROWS;
}

char *
rest_answer_path(const struct sink_files *files, uint64_t call, bool again)
{
    return mem_printf("%s.answers/%04llu.%sjson", files->spool_prefix,
                      (unsigned long long)call, again ? "again." : "");
}

static bool
is_good(const struct http_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

static bool
keep(const struct sink_files *files, uint64_t call, bool again,
     struct slice body, struct error *err)
{
    char *folder = mem_printf("%s.answers", files->spool_prefix);
    char *path = rest_answer_path(files, call, again);
    bool done = file_make_folders(folder, err) && file_replace(path, body, err);
    free(path);
    free(folder);
    return done;
}

static bool
take_results(struct ticket *ticket, const struct sink_files *files,
             const struct http_answer *answer, bool again, struct error *err)
{
    uint64_t call = rest_answer_calls_done(ticket);
    uint64_t rows = rest_answer_call_rows(call, files->rows);
    json_t *list = rest_client_parse(answer->body, (size_t)rows, err);
    if (list == NULL || !keep(files, call, again, answer->body, err)) {
        json_decref(list);
        return false;
    }
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item)
    {
        ticket->failed += !answer_json_bool(item, "success");
    }
    json_decref(list);
    ticket->processed += rows;
    ticket->step += REST_STEP_CALL;
    ticket->state = TICKET_CREATED;
    return true;
}

/* Whether a call that was answered so was surely not carried out. A gateway
 * says 502 and 504 of calls that have arrived, too. */
static bool
is_untouched(const struct http_answer *answer, const struct error *cause)
{
    return cause->kind != ERROR_NETWORK ||
           (answer->status >= 400 && answer->status < 500 &&
            answer->status != 408);
}

/* The org can't read the call: it would say so each time. What the chunk has
 * left is not sent, as with a job that fails. */
static bool
is_for_good(const struct http_answer *answer, const struct error *cause)
{
    return answer->status == 400 && cause->kind == ERROR_REMOTE;
}

static bool
take_refusal(struct ticket *ticket, const struct http_answer *answer,
             struct error *err)
{
    api_fault_set_error(answer, "REST collections", err);
    if (is_untouched(answer, err)) {
        ticket->state = TICKET_CREATED;
    }
    if (!is_for_good(answer, err)) {
        return false;
    }
    struct api_fault fault;
    api_fault_read(answer, &fault);
    snprintf(ticket->message, sizeof ticket->message, "%s: %s",
             fault.code[0] ? fault.code : "refused", fault.message);
    ticket->state = TICKET_FAILED;
    ticket->done_at_ms = clock_wall_ms();
    error_clear(err);
    return true;
}

bool
rest_answer_take(struct ticket *ticket, const struct sink_files *files,
                 const struct http_answer *answer, struct error *err)
{
    enum rest_call call = (enum rest_call)ticket->call;
    ticket->call = REST_CALL_NONE;
    if (call == REST_CALL_PROBE) {
        if (!is_good(answer)) {
            return api_fault_set_error(answer, "REST", err);
        }
        ticket->lost = 0;
        return true;
    }
    if (call == REST_CALL_NONE) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "ticket %llu: an answer without a call",
                         (unsigned long long)ticket->id);
    }
    return is_good(answer) ? take_results(ticket, files, answer,
                                          call == REST_CALL_REPEAT, err)
                           : take_refusal(ticket, answer, err);
}
