/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/query_calls.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>

void
query_calls_open(struct query_calls *calls, struct session *session,
                 size_t count)
{
    *calls = (struct query_calls){
        .session = session,
        .calls = mem_array(count, sizeof *calls->calls),
        .count = count,
    };
}

struct query_call *
query_calls_take(struct query_calls *calls)
{
    for (size_t i = 0; i < calls->count; i++) {
        if (calls->calls[i].state == QUERY_CALL_FREE) {
            return &calls->calls[i];
        }
    }
    return NULL;
}

static void
schedule(struct query_call *call, int64_t delay_ms)
{
    call->state = QUERY_CALL_DUE;
    call->due_ms = clock_monotonic_ms() + delay_ms;
}

void
query_calls_start(struct query_call *call, int64_t delay_ms)
{
    call->retry = (struct retry){0};
    schedule(call, delay_ms);
}

static bool
make(struct query_calls *calls, struct query_call *call, struct error *err)
{
    struct session *session = calls->session;
    call->state = QUERY_CALL_OUT;
    call->renewals = session->renewals;
    return http_client_start(
        session->http, &call->request,
        call->request.needs_session ? session->authorization : NULL, call, err);
}

/* Makes what is due; *wait_ms is until the next. */
static bool
make_due(struct query_calls *calls, int64_t *wait_ms, struct error *err)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < calls->count; i++) {
        struct query_call *call = &calls->calls[i];
        if (call->state != QUERY_CALL_DUE) {
            continue;
        }
        int64_t left_ms = call->due_ms - now_ms;
        if (left_ms <= 0 && !make(calls, call, err)) {
            return false;
        }
        if (left_ms > 0 && left_ms < *wait_ms) {
            *wait_ms = left_ms;
        }
    }
    return true;
}

/* Several may have gone out with the same token: it is renewed once. */
static bool
renew(struct query_calls *calls, struct query_call *call, struct error *err)
{
    if (call->renewals == calls->session->renewals) {
        if (call->refused) {
            return error_set(err, ERROR_AUTH, 0,
                             "the org refuses a session right after sign-in; "
                             "'sfetl org test' tells more");
        }
        call->refused = true;
        if (!session_renew(calls->session, err)) {
            return false;
        }
    }
    schedule(call, 0);
    return true;
}

static bool
repeat(struct query_call *call, const struct http_answer *answer,
       struct error *err)
{
    int64_t wait_ms;
    if (!retry_next(&call->retry, answer, &wait_ms)) {
        return false;
    }
    log_info("%s: status %ld%s%s; again in %lld ms", call->request.name,
             answer->status, answer->status == 0 ? ", " : "",
             answer->status == 0 ? answer->error.text : "", (long long)wait_ms);
    error_clear(err);
    schedule(call, wait_ms);
    return true;
}

/* True: the answer is for the caller. False with no error: the call goes on. */
static bool
judge(struct query_calls *calls, struct query_call *call,
      const struct http_answer *answer, struct error *err)
{
    call->state = QUERY_CALL_FREE;
    if (answer->status >= 400 && call->request.needs_session &&
        session_is_spent(answer)) {
        renew(calls, call, err);
        return false;
    }
    if (retry_is_transient(answer) && repeat(call, answer, err)) {
        return false;
    }
    if (answer->status == 0) {
        *err = answer->error;
        return error_add_context(err, "%s", call->request.name);
    }
    call->refused = false;
    return true;
}

struct query_call *
query_calls_next(struct query_calls *calls, int64_t timeout_ms,
                 struct http_answer *answer, struct error *err)
{
    int64_t wait_ms = timeout_ms;
    if (!make_due(calls, &wait_ms, err)) {
        return NULL;
    }
    struct query_call *call =
        http_client_next(calls->session->http, wait_ms, answer);
    return call != NULL && judge(calls, call, answer, err) ? call : NULL;
}

bool
query_calls_again(struct query_call *call, const struct http_answer *answer,
                  struct error *err)
{
    return repeat(call, answer, err);
}

void
query_calls_close(struct query_calls *calls)
{
    for (size_t i = 0; i < calls->count; i++) {
        if (calls->calls[i].state == QUERY_CALL_OUT) {
            http_client_cancel(calls->session->http);
        }
        calls->calls[i].state = QUERY_CALL_FREE;
    }
    for (size_t i = 0; i < calls->count; i++) {
        http_request_release(&calls->calls[i].request);
    }
    free(calls->calls);
    *calls = (struct query_calls){0};
}
