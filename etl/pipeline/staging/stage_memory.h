/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_STAGING_STAGE_MEMORY_H
#define ETL_PIPELINE_STAGING_STAGE_MEMORY_H

#include "pipeline/run.h"
#include "stage/stager.h"

/*
 * What the ledger keeps of staging, so that a resume goes on behind it: each
 * chunk, up to which row of each stream everything is staged, and the input up
 * to there as a hash, for a resume to compare with what it reads. Of a new run
 * all of it is zeros.
 */

/* marks: one a stream. */
bool stage_memory_record(const struct run *run, const struct chunk *chunk,
                         const struct stage_mark *marks,
                         const struct source_position *position,
                         struct error *err);
bool stage_memory_recall_position(const struct run *run,
                                  struct source_position *known,
                                  struct error *err);
bool stage_memory_recall_mark(const struct run *run, size_t stream,
                              struct stage_mark *mark, struct error *err);
/* loads: all of the run's; their limits are left alone. */
bool stage_memory_recall_loads(const struct run *run, struct stage_load *loads,
                               struct error *err);

#endif
