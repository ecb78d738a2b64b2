/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_TICKET_H
#define ETL_MODEL_TICKET_H

#include "model/chunk.h"

/*
 * What the org calls our chunk, and how far it got: one attempt to load one
 * chunk. The -ING states are the intent, recorded before the call; the others
 * are the fact, recorded when the answer is known (architecture.md, "Exactly
 * once").
 */
enum ticket_state {
    TICKET_NEW,
    TICKET_CREATING,
    TICKET_CREATED,
    TICKET_UPLOADING,
    TICKET_UPLOADED,
    TICKET_CLOSING,
    TICKET_CLOSED,    /* the org is at work */
    TICKET_DONE,      /* it has finished: results can be fetched */
    TICKET_FAILED,    /* the job as a whole; some results may exist */
    TICKET_ABORTED,   /* likewise */
    TICKET_FETCHED,   /* results are spooled, whole */
    TICKET_COLLECTED, /* outcomes are written */
};
#define TICKET_STATE_COUNT 12

#define TICKET_JOB_ID_SIZE 32
#define TICKET_MESSAGE_SIZE 512

struct ticket {
    uint64_t id; /* the ledger's */
    uint64_t chunk_id;
    uint32_t attempt; /* 1-based, of this chunk */
    enum ticket_state state;
    char job_id[TICKET_JOB_ID_SIZE];   /* "" until created */
    char message[TICKET_MESSAGE_SIZE]; /* why the job as a whole failed */
    uint64_t processed, failed;        /* the org's own counts */
    /* A sink's own step inside a state: calls sent of a synchronous chunk,
     * or which result is being fetched. */
    uint64_t step;
    int64_t closed_at_ms; /* wall time, for pace of polling and reports */
    int64_t done_at_ms;
    uint32_t polls; /* since it was closed */
    int64_t total_processing_ms, active_processing_ms, apex_processing_ms;
    /* Of this process, not kept by the ledger: */
    int64_t poll_at_ms; /* monotonic: not asked before */
    uint32_t fetches;   /* times that the results were fetched again */
    uint32_t lost;      /* answers that were lost and settled */
    uint8_t call;       /* a sink's own: the call in flight */
    bool settling;      /* that call finds out about a lost one */
    bool abort_wanted;  /* sink_abort was asked */
    bool seen_aborted;  /* the job is: its counts are waited for */
};

const char *ticket_state_name(enum ticket_state state);

#endif
