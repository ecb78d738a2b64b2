/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_BULK2_ANSWER_H
#define ETL_SINK_BULK2_ANSWER_H

#include "http/http_request.h"
#include "model/ticket.h"

/*
 * The half of the bulk2 sink that judges answers and moves tickets on; the
 * other half, bulk2_sink.c, says the next call. What they tell one another in
 * a ticket stands here.
 */

/* ticket.call */
enum bulk2_call {
    BULK2_CALL_NONE,
    BULK2_CALL_CREATE,
    BULK2_CALL_UPLOAD,
    BULK2_CALL_CLOSE,
    BULK2_CALL_READ,
    BULK2_CALL_ABORT,
    BULK2_CALL_RESULT,
};

/* ticket.step: the low byte is the result to fetch, an enum bulk2_result. */
#define BULK2_STEP_UNTOUCHED 0x100  /* no row of the job was ever judged */
#define BULK2_STEP_GONE 0x200       /* the org has no such job or result */
#define BULK2_STEP_NO_RESULTS 0x400 /* there is nothing to fetch */
/* A close went out whose answer was lost: it may yet arrive. */
#define BULK2_STEP_CLOSE_LOST 0x800
/* The org refused the close: not through it was the job closed. */
#define BULK2_STEP_CLOSE_REFUSED 0x1000
/* It was aborted at work: see bulk2_collect. */
#define BULK2_STEP_ABORTED 0x2000

/* ticket.poll_at_ms: to be reckoned when the chunk's size is at hand. */
#define BULK2_POLL_PLANNED (-1)

bool bulk2_answer_take(struct ticket *ticket, const struct http_answer *answer,
                       struct error *err);

/* Ends a ticket whose job was never closed: the org has not looked at a row.
 */
void bulk2_answer_end_unsent(struct ticket *ticket);

#endif
