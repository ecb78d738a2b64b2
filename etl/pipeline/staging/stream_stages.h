/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_STAGING_STREAM_STAGES_H
#define ETL_PIPELINE_STAGING_STREAM_STAGES_H

#include "pipeline/run.h"
#include "stage/stager.h"

/*
 * A stager for each stream of the source, with the loads that take its rows;
 * each stream is staged, and gone on with, as if it were alone. What an
 * interrupted run has staged is read from the ledger when they are opened.
 */
struct stream_stages;

/* on_staged is told a chunk of the run's load with the marks of all streams;
 * false: stop with this error. All of it is lent. */
struct stream_stages_listener {
    bool (*on_staged)(void *cookie, const struct chunk *chunk,
                      const struct stage_mark *marks, struct error *err);
    void *cookie;
};

struct stream_stages *
stream_stages_open(struct run *run,
                   const struct stream_stages_listener *listener,
                   size_t sort_memory, struct error *err);
/* Whether all rows of the batch were staged before. */
bool stream_stages_has(const struct stream_stages *stages, size_t stream,
                       const struct batch *source);
/* mapped: a batch for each load of the run. */
bool stream_stages_put(struct stream_stages *stages, size_t stream,
                       const struct batch *source, const struct batch *mapped,
                       struct error *err);
/* Also sets the sizes of the run's streams. */
bool stream_stages_finish(struct stream_stages *stages, struct error *err);
/* What became of the rows of each of the run's loads. */
void stream_stages_count(const struct stream_stages *stages);
void stream_stages_close(struct stream_stages *stages);

#endif
