/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_CHUNK_WALK_H
#define ETL_STAGE_ORDER_CHUNK_WALK_H

#include "base/slice.h"
#include "model/load.h"
#include "model/row_index.h"

/*
 * All rows of a load's staged chunks, chunk after chunk, each with its index
 * entry and its record (line end included, lent for the call). ERROR_INTERNAL
 * where a chunk and its index do not fit together. false of the callback stops
 * with its error.
 */
typedef bool chunk_walk_fn(void *cookie, const struct row_index_entry *entry,
                           struct slice record, struct error *err);

struct chunk_walk {
    const char *run_folder;
    const struct load *load;
    uint32_t chunk_count;
    bool gzip;
};
bool chunk_walk_each(const struct chunk_walk *walk, chunk_walk_fn *each,
                     void *cookie, struct error *err);

#endif
