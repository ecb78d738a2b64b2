/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PLAN_H
#define ETL_PIPELINE_PLAN_H

#include "pipeline/run_options.h"

/*
 * What a run would do, without a run folder and without a change in the org:
 * the source is read and mapped whole, nothing is staged.
 */
struct plan_load {
    char *name, *object, *operation, *api, *why; /* owned */
    uint64_t rows, sent, rejected, skipped;
    uint64_t chunks, bytes; /* of what would be sent */
    uint64_t calls;         /* at least, polling not counted */
    uint64_t batches;       /* of the org's daily Bulk batches */
    /* As of struct summary_load. */
    uint64_t waves, second_rows;
    char *grouped_by; /* owned */
};

struct plan {
    struct plan_load *loads;
    size_t load_count;
    uint64_t read, passed_over;
    uint64_t source_bytes, disk_bytes, disk_free, memory_bytes;
    uint64_t table_bytes; /* of memory_bytes, what the tables take */
    bool limits_known;
    int64_t api_calls_left, bulk_batches_left, query_jobs_left;
    /* What orgs.yaml and --batch-budget leave of them; UINT64_MAX: all. */
    uint64_t calls_allowed, batches_allowed;
    /* Of looking up the Ids of keys, not counted in the loads' calls. */
    uint64_t lookup_calls, lookup_jobs;
    int64_t duration_ms; /* of the delivery, about */
    char *rate_of;       /* the run it is reckoned by; owned; NULL: none */
};

bool plan_make(const struct run_options *options, struct problems *problems,
               struct plan *plan, struct error *err);
void plan_release(struct plan *plan);

#endif
