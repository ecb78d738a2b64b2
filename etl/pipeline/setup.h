/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_SETUP_H
#define ETL_PIPELINE_SETUP_H

#include "mapping/mapper.h"
#include "pipeline/pickup/pickup.h"
#include "pipeline/run_options.h"
#include "salesforce/session.h"
#include "source/source.h"

/*
 * What a run, plan, check or preview needs open before the first row: the
 * mapping, the org with a session, its metadata, the source, all held against
 * one another. Each step stops when the mapping has errors, which stand in
 * problems; setup_open is then false with ERROR_CONFIG.
 */
enum setup_want {
    SETUP_ORG = 1, /* sign in; without it types come from what is saved */
    /* Open the source and bind its columns; fill the tables. */
    SETUP_SOURCE = 2,
};

/* What a resume knows already: taken instead of reading or asking anew. */
struct setup_memory {
    struct slice mapping_text;
    int64_t now_ms; /* when the run was begun */
    bool (*describe)(void *cookie, struct slice object, struct schema *schema,
                     struct error *err);
    /* As kept of struct table_feed. */
    bool (*table)(void *cookie, const struct mapping_table *table, char **path,
                  uint64_t *rows, struct error *err);
    /* The files as they were picked up; false also when one has changed. */
    bool (*pickup)(void *cookie, struct pickup *pickup, struct error *err);
    void *cookie;
};

struct setup {
    const struct setup_memory *memory; /* NULL: a new run */
    struct orgs orgs;
    const struct org *org;    /* NULL: offline and none is named */
    struct http_client *http; /* NULL: offline */
    struct session session;
    struct schema schema;
    struct mapping *mapping;
    struct pickup pickup;           /* what the source is read from */
    struct source_spec source_spec; /* the mapping's, and when to stop */
    struct source *source;
    struct problems problems;
    bool types_checked; /* metadata was there to check against */
};

/* A zeroed struct, but for memory; setup_close it in either case. */
bool setup_open(struct setup *setup, const struct run_options *options,
                unsigned want, struct error *err);
void setup_close(struct setup *setup);

#endif
