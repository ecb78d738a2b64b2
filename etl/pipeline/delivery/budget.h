/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DELIVERY_BUDGET_H
#define ETL_PIPELINE_DELIVERY_BUDGET_H

#include "pipeline/run.h"

/*
 * What a run may use of the org's daily limits: API calls (`daily_api_calls`
 * of orgs.yaml, and what the org says that it has left), and batches of the
 * Bulk API (--batch-budget; each process has it anew, so that a resume goes
 * on). Looked at before a chunk is taken up; what is in flight is always
 * brought to its end, for which calls are held back.
 */
struct budget {
    struct run *run;
    uint64_t calls_limit;   /* of 24 hours; UINT64_MAX: none */
    uint64_t calls_of_day;  /* made before, and told of this process's */
    uint64_t calls_told;    /* of this process's */
    uint64_t batches_limit; /* UINT64_MAX: none */
    uint64_t batches_used;
    /* Why a chunk was held back, and its stable name; NULL: none was. */
    const char *held_by, *code;
};

/* Asks the org for its limits where a share of them is meant. */
bool budget_open(struct budget *budget, struct run *run, struct error *err);
/* Whether it may be taken up while others in flight need so many calls. Counts
 * it when it may. */
bool budget_allows(struct budget *budget, const struct chunk *chunk,
                   uint64_t calls_in_flight);
/* That the chunk needs, polling not counted. */
uint64_t budget_calls(const struct run *run, const struct chunk *chunk);
/* ERROR_LIMIT: nothing is in flight, and a chunk was held back. */
bool budget_fail(const struct budget *budget, uint64_t rows_left,
                 struct error *err);
/* Keeps what was used of the day. */
void budget_close(struct budget *budget);

#endif
