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
 * Where chunks go. A sink does no I/O and never waits: sink_next says a
 * ticket's next call, or how long to wait before there is one; sink_answer
 * judges the answer and moves the ticket on; sink_collect reads what was
 * spooled. Retry, sign-in, ledger and cancel are written once, in
 * pipeline/deliver. A sink serves any number of tickets, from one thread;
 * collect may run on another at the same time.
 *
 * A ticket's states, as next and answer move them (bulk2):
 *   NEW -> CREATING -> CREATED -> UPLOADING -> UPLOADED -> CLOSING -> CLOSED
 *   -> DONE | FAILED | ABORTED -> FETCHED -> (collected above) COLLECTED
 * next puts a ticket into the -ING state whose call it returns.
 */
struct sink;

struct sink_target {
    const struct load *load;
    const struct session *session;
};

/* Files of a ticket's chunk; paths borrowed. */
struct sink_files {
    const char *chunk_path;   /* what is uploaded */
    const char *spool_prefix; /* downloads go to PREFIX.success.csv and so on */
    bool gzip;                /* chunk_path is compressed */
};

enum sink_step {
    SINK_CALL, /* request is filled: send it, give the answer to sink_answer */
    SINK_WAIT, /* nothing before *wait_ms have passed */
    SINK_DONE, /* the ticket is FETCHED: collect */
};

/* What the org said of one row, lent for the call. */
struct result_row {
    enum outcome_fate fate; /* SUCCEEDED, FAILED or UNPROCESSED */
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
                         struct http_request *request, int64_t *wait_ms);
/*
 * False: the call failed for good or for now; err's kind says which, and the
 * ticket is as before the call. An answer with status 0 never comes here:
 * whether its call is repeated or settled is deliver's to know.
 */
bool sink_answer(struct sink *sink, struct ticket *ticket,
                 const struct http_answer *answer, struct error *err);
/* Each result once; rows whose file is cut in the middle are an error of kind
 * ERROR_NETWORK: fetch again. */
bool sink_collect(struct sink *sink, const struct ticket *ticket,
                  const struct sink_files *files, result_row_fn *each,
                  void *cookie, struct error *err);
void sink_close(struct sink *sink);

/* The APIs by name, for options and help; NULL-terminated. */
extern const char *const sink_names[];

/* Limits of an API before there is an org to ask: for plan and staging. */
bool sink_limits_of(const char *api, struct chunk_limits *limits,
                    struct error *err);

#endif
