/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_STAGING_STREAM_BATCHES_H
#define ETL_PIPELINE_STAGING_STREAM_BATCHES_H

#include "source/source.h"

/*
 * A batch for each stream of a source, and what of their rows is wanted:
 * --skip and --limit count records, and the rows nested in one go with it.
 */
struct stream_batches {
    struct batch *items;
    size_t count;
    uint64_t skip, limit; /* limit 0: none */
    uint64_t records;     /* read so far and wanted */
    uint64_t passed_over; /* rows of the first stream that are not wanted */
};

void stream_batches_open(struct stream_batches *batches,
                         const struct source *source, uint64_t skip,
                         uint64_t limit);
/* Fills and trims all. */
enum source_status stream_batches_next(struct stream_batches *batches,
                                       struct source *source,
                                       struct error *err);
/* Whether no row behind those that were read is wanted. */
bool stream_batches_full(const struct stream_batches *batches);
void stream_batches_close(struct stream_batches *batches);

#endif
