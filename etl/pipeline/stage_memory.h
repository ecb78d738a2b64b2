/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_STAGE_MEMORY_H
#define ETL_PIPELINE_STAGE_MEMORY_H

#include "ledger/ledger.h"
#include "source/source.h"
#include "stage/stager.h"

/*
 * What the ledger keeps of staging, so that a resume goes on behind it: each
 * chunk, up to which row everything is staged, and the input up to there as a
 * hash, for a resume to compare with what it reads.
 */
bool stage_memory_record(struct ledger *ledger, const struct chunk *chunk,
                         const struct stage_mark *mark,
                         const struct source_position *position,
                         struct error *err);
/* Zeros of a new run. loads: by index; their limits are left alone. */
bool stage_memory_recall(struct ledger *ledger, struct stage_mark *mark,
                         struct source_position *known,
                         struct stage_load *loads, struct error *err);

#endif
