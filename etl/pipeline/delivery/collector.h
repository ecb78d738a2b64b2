/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DELIVERY_COLLECTOR_H
#define ETL_PIPELINE_DELIVERY_COLLECTOR_H

#include "results/matcher.h"
#include "sink/sink.h"

/*
 * Matches the results of one ticket at a time on a thread of its own, so that
 * calls go on meanwhile. Memory is one chunk's index and outcomes.
 */
struct collection {
    const struct load *load;
    struct sink *sink;
    const struct ticket *ticket; /* FETCHED; left alone until it is back */
    struct sink_files files;
    const char *index_path, *outcomes_path;
    uint32_t attempt; /* the chunk's */
    bool wants_again; /* list the rows that may pass later */
    void *cookie;
    /* Filled when it is back: */
    struct matcher_counts counts;
    uint64_t *again; /* source rows to be sent again, ascending; owned by who
                        made the collection */
    size_t again_count;
    struct error error; /* ERROR_NETWORK: a result was cut; fetch again */
};

struct collector;

/* wake is called from the thread when a collection is done. */
struct collector *collector_new(void (*wake)(void *cookie), void *cookie,
                                struct error *err);
/* Borrowed until it is back. */
void collector_put(struct collector *collector, struct collection *collection);
/* NULL when none is done yet. */
struct collection *collector_take(struct collector *collector);
/* Ends the thread after what it has begun. */
void collector_free(struct collector *collector);

/* Writes outcomes for a chunk that has no results: all rows get this fate. */
bool collector_fill(const struct load *load, const char *index_path,
                    const char *chunk_path, const char *outcomes_path,
                    enum outcome_fate fate, const char *code,
                    const char *message, struct error *err);

#endif
