/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_OPTIONS_H
#define ETL_PIPELINE_RUN_OPTIONS_H

#include "mapping/mapping.h"

/*
 * What the command line says of a run (product.md, "Common options"). All
 * texts are borrowed. Zeros are the defaults.
 */
struct run_options {
    const char *mapping_path;
    const char *input;
    const char *config_path, *org;
    const char *run_dir;
    const struct mapping_param *params;
    size_t param_count;
    const char *const *load_names;
    size_t load_name_count;
    const char *api; /* NULL: auto */
    /* What a Data Loader .sdl does not say itself; NULL: not given. */
    const char *object, *operation, *external_id;
    uint64_t chunk_rows, chunk_bytes;
    unsigned parallel;
    bool offline, keep_chunks;
    uint64_t skip, limit; /* rows; limit 0: none */
    uint64_t max_errors;  /* stop early when more rows fail */
    unsigned max_errors_percent;
    bool has_max_errors;
    /* Bulk batches that a run may use, in number or of the org's daily ones. */
    uint64_t batch_budget;
    unsigned batch_budget_percent;
    bool has_batch_budget;
    int64_t timeout_ms; /* 0: none */
    /* Which files of this machine are read, and where they go once loaded. */
    const char *marker;  /* a file is ready when this one is beside it */
    const char *archive; /* a folder; NULL: they stay */
    bool newest, require_input;
    const char *retry_of; /* the run whose failed rows these are; NULL: none */
};

#endif
