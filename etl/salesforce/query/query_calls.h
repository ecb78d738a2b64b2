/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_QUERY_CALLS_H
#define ETL_SALESFORCE_QUERY_QUERY_CALLS_H

#include "http/retry.h"
#include "salesforce/session.h"

/*
 * Several calls at once in one session, on one thread: for reading, whose
 * calls may be repeated. A call is made again while that helps, as http/retry
 * says, and once with a new token; what is handed out is an answer to be
 * judged. No other call of the session's client may be out meanwhile.
 */
enum query_call_state {
    QUERY_CALL_FREE,
    QUERY_CALL_DUE, /* to be made at due_ms */
    QUERY_CALL_OUT,
};

struct query_call {
    struct http_request request; /* for the caller to fill */
    void *cookie;                /* the caller's */
    enum query_call_state state;
    struct retry retry;
    int64_t due_ms; /* monotonic */
    uint64_t renewals;
    bool refused; /* a fresh token was refused */
};

struct query_calls {
    struct session *session;
    struct query_call *calls;
    size_t count;
};

void query_calls_open(struct query_calls *calls, struct session *session,
                      size_t count);
/* One that is free; NULL when all are busy. */
struct query_call *query_calls_take(struct query_calls *calls);
/* Its request is filled: made after delay_ms. */
void query_calls_start(struct query_call *call, int64_t delay_ms);
/*
 * The next call that has an answer, at most after timeout_ms; the answer is
 * valid until the next call of this. It is free again unless it is started
 * again. NULL: none yet, or, with err set, one has failed for good.
 */
struct query_call *query_calls_next(struct query_calls *calls,
                                    int64_t timeout_ms,
                                    struct http_answer *answer,
                                    struct error *err);
/* Its answer was no good (cut, garbled): once more, after a while. False:
 * often enough; the cause is in err. */
bool query_calls_again(struct query_call *call,
                       const struct http_answer *answer, struct error *err);
/* Drops what is out. */
void query_calls_close(struct query_calls *calls);

#endif
