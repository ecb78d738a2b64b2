/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_REST_ANSWER_H
#define ETL_SINK_REST_ANSWER_H

#include "sink/sink.h"

/*
 * The half of the rest sink that judges answers and keeps them; the other
 * half, rest_sink.c, says the next call. What they tell one another in a
 * ticket stands here.
 *
 * An answer that says of each record what became of it is kept as it came, in
 * a file of its own, and is on disk before the call counts as done. A call
 * that is done and has no file is one whose answer was lost.
 */

/* ticket.call */
enum rest_call {
    REST_CALL_NONE,
    REST_CALL_SEND,
    REST_CALL_REPEAT, /* the same once more: it may have been carried out */
    REST_CALL_PROBE,  /* does the org answer? */
};

/* ticket.step counts calls that are done, above SINK_STEP_PART. */
#define REST_STEP_CALL 0x100

uint64_t rest_answer_calls_done(const struct ticket *ticket);
/* Of the call: 200, or what is left for the last. */
uint64_t rest_answer_call_rows(uint64_t call, uint64_t rows);

/* PREFIX.answers/0007.json, or 0007.again.json of a call that was repeated;
 * owned by the caller. */
char *rest_answer_path(const struct sink_files *files, uint64_t call,
                       bool again);

bool rest_answer_take(struct ticket *ticket, const struct sink_files *files,
                      const struct http_answer *answer, struct error *err);

#endif
