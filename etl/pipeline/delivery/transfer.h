/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DELIVERY_TRANSFER_H
#define ETL_PIPELINE_DELIVERY_TRANSFER_H

#include "http/retry.h"
#include "pipeline/delivery/chunk_pool.h"
#include "pipeline/delivery/collector.h"
#include "pipeline/run.h"

/*
 * One ticket on its way: what it calls next, whether a call is out, how often
 * it was tried. Each call that changes the org is recorded in the ledger
 * before it is made (the intent) and when its answer is known (the fact).
 */
enum transfer_state {
    TRANSFER_FREE,
    TRANSFER_IDLE,       /* its next call is due at due_ms */
    TRANSFER_CALLING,    /* a call is out */
    TRANSFER_COLLECTING, /* with the collector */
};

struct transfer {
    enum transfer_state state;
    struct run *run;
    struct run_load *load;
    struct chunk *chunk;
    struct ticket ticket;
    struct http_request request;
    struct retry retry;
    int64_t due_ms;    /* monotonic */
    uint64_t renewals; /* the session's, when the call was made */
    bool refused; /* a fresh token was refused: the next time is for good */
    struct sink_files files;
    char *chunk_path, *spool_prefix, *index_path, *outcomes_path;
    struct collection collection;
};

/* Takes up a chunk with a new ticket, which it records. */
bool transfer_begin(struct transfer *transfer, struct run *run,
                    struct chunk *chunk, struct error *err);
/* Goes on with a ticket that an earlier process left. */
void transfer_adopt(struct transfer *transfer, struct run *run,
                    struct chunk *chunk, const struct ticket *ticket);
/* Makes the next call, or gives the results to the collector. */
bool transfer_step(struct transfer *transfer, struct collector *collector,
                   struct error *err);
bool transfer_answered(struct transfer *transfer,
                       const struct http_answer *answer, struct error *err);
/* The collector has done: records it, with the chunks of rows that are to be
 * sent again, or has the results fetched again. The
 * transfer is TRANSFER_FREE when its chunk is through. */
bool transfer_collected(struct transfer *transfer, struct chunk_pool *pool,
                        struct error *err);
void transfer_release(struct transfer *transfer);

#endif
