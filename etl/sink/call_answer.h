/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_CALL_ANSWER_H
#define ETL_SINK_CALL_ANSWER_H

#include "sink/call_sink.h"

/*
 * The half of call_sink that judges answers and keeps them; the other half
 * says the next call. What they tell one another in a ticket stands here.
 *
 * An answer that says of each record what became of it is kept as it came, in
 * a file of its own, and is on disk before the call counts as done. A call
 * that is done and has no file is one whose answer was lost.
 */

/* ticket.call */
enum call_kind {
    CALL_NONE,
    CALL_SEND,
    CALL_REPEAT, /* the same once more: it may have been carried out */
    CALL_PROBE,  /* does the org answer? */
    CALL_ASK,    /* which duplicates of a repeated insert are ours? */
};

/* ticket.step counts calls that are done, above SINK_STEP_PART. */
#define CALL_STEP 0x100

uint64_t call_answer_calls_done(const struct ticket *ticket);
/* Of the call: as many as fit into one, or what is left for the last. */
uint64_t call_answer_call_rows(const struct call_wire *wire, uint64_t call,
                               uint64_t rows);

/* PREFIX.answers/0007.json, or 0007.again.json of a call that was repeated;
 * owned by the caller. */
char *call_answer_path(const struct call_wire *wire,
                       const struct sink_files *files, uint64_t call,
                       bool again);

/* Whether the answer to a call that was repeated leaves open which of its
 * records are ours, so that the org is to be asked (call_settle). */
bool call_answer_is_open(const struct call_wire *wire, const struct load *load,
                         const struct sink_files *files, uint64_t call,
                         struct save_results *results, struct error *err);
bool call_answer_take(const struct call_wire *wire, const struct load *load,
                      struct ticket *ticket, const struct sink_files *files,
                      const struct http_answer *answer, struct error *err);

#endif
