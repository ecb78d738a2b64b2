/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PICKUP_PICKUP_RECORD_H
#define ETL_PIPELINE_PICKUP_PICKUP_RECORD_H

#include "ledger/ledger.h"
#include "model/source_part.h"
#include "pipeline/pickup/pickup.h"
#include "source/source.h"

/*
 * What the ledger keeps of a run's files: which were picked up, with absolute
 * paths, so that a resume reads the same and no other; and, once they are
 * read, which rows each held.
 */
bool pickup_record_write(struct ledger *ledger, const struct pickup *pickup,
                         struct error *err);
/* A zeroed struct. A run of an earlier version recorded nothing: then only the
 * kind is set, by where. */
bool pickup_record_read(struct ledger *ledger, struct pickup *pickup,
                        struct error *err);

/* Of a pattern, for each stream of the source; nothing else has parts. */
bool pickup_record_parts(struct ledger *ledger, const struct pickup *pickup,
                         const struct source *source, struct error *err);
/* In the arena; none when nothing was recorded. */
bool pickup_record_read_parts(struct ledger *ledger, size_t stream,
                              struct arena *arena,
                              const struct source_part **parts, size_t *count,
                              struct error *err);

#endif
