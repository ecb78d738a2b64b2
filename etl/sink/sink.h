/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_SINK_H
#define ETL_SINK_SINK_H

#include "http/http_request.h"
#include "model/chunk.h"
#include "model/load.h"
#include "model/outcome.h"
#include "model/ticket.h"
#include "salesforce/session.h"

/*
 * Where chunks go. A sink calls nobody and never waits: sink_next says a
 * ticket's next call, or how long to wait before there is one; sink_answer
 * judges the answer and moves the ticket on; sink_collect reads what was
 * spooled. Retry, sign-in, ledger and cancel are written once, in
 * pipeline/deliver. A sink serves any number of tickets, from one thread;
 * collect may run on another at the same time.
 *
 * A ticket's states, as next and answer move them (bulk2):
 *   NEW -> CREATING -> CREATED -> UPLOADING -> UPLOADED -> CLOSING -> CLOSED
 *   -> DONE | FAILED | ABORTED -> FETCHED -> (collected above) COLLECTED
 * and of a chunk that is several calls (rest), step counting those done:
 *   NEW -> UPLOADING -> CREATED -> UPLOADING … -> FETCHED | FAILED | ABORTED
 * next puts a ticket into the -ING state whose call it returns. What is said
 * of each row is durable before answer moves a ticket on, where it can't be
 * asked for again (rest).
 *
 * A lost answer needs no special call. A ticket that next finds in an -ING
 * state is one whose call may or may not have been carried out, be it that the
 * connection broke, that a gateway answered 502, or that the process was
 * killed: next then says the call that settles it (CREATING is made again, for
 * an empty open job harms nobody; UPLOADING aborts the job and begins a new
 * one; CLOSING reads the job's state). What is known not to have left this
 * machine is taken back by sink_take_back, so that it is simply made again.
 *
 * So for each finished call deliver does: with a status, sink_answer; without
 * one, sink_take_back if was_sent is false. When that failed: AUTH, renew the
 * session; NETWORK, wait as http/retry says; else stop. Then sink_next again.
 * A ticket is recorded whenever its state changes.
 */
struct sink;

/* Copied; what it points to is borrowed until sink_close. */
struct sink_target {
    const struct load *load;
    const struct session *session;
};

/* Files of a ticket's chunk; paths borrowed. */
struct sink_files {
    const char *chunk_path;   /* what is uploaded */
    const char *spool_prefix; /* downloads go to PREFIX.success.csv and so on */
    bool gzip;                /* chunk_path is compressed */
    uint64_t rows;            /* of the chunk; 0: not known */
};

enum sink_step {
    SINK_CALL, /* request is filled: send it, give the answer to sink_answer */
    SINK_WAIT, /* nothing before *wait_ms have passed */
    SINK_DONE, /* the ticket is FETCHED: collect */
    SINK_FAILED, /* the error is set: this machine failed */
};

/* What the org said of one row, lent for the call. */
struct result_row {
    enum outcome_fate fate; /* SUCCEEDED, FAILED, UNPROCESSED or IN_DOUBT */
    bool created;
    struct slice id, code, message;
    /* The values that came back, by the load's columns; absent where the
     * answer has no such column. NULL: the API keeps order, and the n-th
     * result is the n-th record. */
    const struct slice *fields;
};
/* false ends the reading; the error is set. */
typedef bool result_row_fn(void *cookie, const struct result_row *row,
                           struct error *err);

/* api: "auto" or NULL lets sink/choose decide. */
struct sink *sink_open(const char *api, const struct sink_target *target,
                       struct error *err);
const char *sink_name(const struct sink *sink);
struct chunk_limits sink_limits(const struct sink *sink);
enum sink_step sink_next(struct sink *sink, struct ticket *ticket,
                         const struct sink_files *files,
                         struct http_request *request, int64_t *wait_ms,
                         struct error *err);
/*
 * False: the call failed for good or for now; err's kind says which. The
 * ticket then is in the state from which sink_next goes on: before the call
 * when the org refused it, the -ING state when it may have been carried out.
 * An answer with status 0 never comes here.
 */
bool sink_answer(struct sink *sink, struct ticket *ticket,
                 const struct sink_files *files,
                 const struct http_answer *answer, struct error *err);
/* The call in flight never left this machine: it will be said again. */
void sink_take_back(struct ticket *ticket);
/*
 * Asks that the ticket be aborted: sink_next says the call if one is needed.
 * A job that was closed is polled until it has ended, and its results are
 * fetched; one that has ended already is left as it is. May be asked at any
 * time, also with a call in flight.
 */
void sink_abort(struct ticket *ticket);

/*
 * Each result once. ERROR_NETWORK: a file is cut, or holds another number of
 * rows than the job counted: forget the rows and sink_fetch_again. After
 * SINK_FETCHES times what is there is taken, and no such error is told.
 */
#define SINK_FETCHES 3
bool sink_collect(struct sink *sink, const struct ticket *ticket,
                  const struct sink_files *files, result_row_fn *each,
                  void *cookie, struct error *err);
/* From FETCHED back to where results are fetched. Also for a ticket that was
 * FETCHED when the process was killed: downloads are not synced. */
void sink_fetch_again(struct ticket *ticket);

/* What it means that no result of a FETCHED ticket names a row: UNPROCESSED
 * where the org can't have touched it, else IN_DOUBT; and why. */
enum outcome_fate sink_missing(const struct sink *sink,
                               const struct ticket *ticket, struct slice *code,
                               struct slice *message);
void sink_close(struct sink *sink);

/* The APIs by name, for options and help; NULL-terminated. */
extern const char *const sink_names[];

/* Limits of an API before there is an org to ask: for plan and staging. */
bool sink_limits_of(const char *api, struct chunk_limits *limits,
                    struct error *err);

#endif
