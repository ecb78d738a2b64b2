/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_MEMORY_H
#define ETL_PIPELINE_RUN_MEMORY_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "pipeline/run_options.h"

/*
 * The options of a run in its ledger, so that a resume goes on as it was
 * begun. Paths are made absolute, for a resume may come from another folder.
 * Secrets are never part of them.
 */
bool run_memory_write(struct ledger *ledger, const struct run_options *options,
                      struct error *err);
/* Texts live in the arena. */
bool run_memory_read(struct ledger *ledger, struct arena *arena,
                     struct run_options *options, struct error *err);
/* The metadata that the run was begun with; ERROR_INTERNAL when it is not
 * there. */
bool run_memory_describe(struct ledger *ledger, struct arena *arena,
                         struct slice object, struct schema *schema,
                         struct error *err);

#endif
