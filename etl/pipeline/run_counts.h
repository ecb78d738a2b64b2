/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_COUNTS_H
#define ETL_PIPELINE_RUN_COUNTS_H

#include "pipeline/run.h"

/*
 * What the processes of one run have counted so far and no file tells again:
 * rows that were rejected and that failed (--max-errors counts both), and what
 * the matcher and the chunk writer noticed. Facts of the ledger, so that a
 * resume counts on.
 */

/* Of one load, and of all, in the ledger's transaction that is open. */
bool run_counts_keep(const struct run *run, const struct run_load *load,
                     struct error *err);
bool run_counts_keep_all(const struct run *run, struct error *err);
/* Into loads that are open and have counted nothing yet. */
bool run_counts_recall(struct run *run, struct error *err);

#endif
