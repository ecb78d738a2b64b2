/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_VERIFY_VERIFY_H
#define ETL_PIPELINE_VERIFY_VERIFY_H

#include "pipeline/pipeline.h"
#include "pipeline/verify/verify_compare.h"

/*
 * A run's loaded records read back and held against what was sent (`sfetl
 * verify`). What was sent is made anew of success.csv by the mapping, the
 * metadata and the tables as the run had them; the records are asked for by
 * their Ids, thousands at a time. Each difference is a line of verify.csv
 * beside success.csv, in source order.
 */
struct verify_options {
    const char *folder;      /* of the run */
    const char *config_path; /* NULL: as it was */
};

#define VERIFY_EXAMPLE_SIZE 120

struct verify_field {
    const char *name;    /* in the result's arena */
    const char *skipped; /* why it is not compared; NULL: it is */
    uint64_t counts[VERIFY_VERDICT_COUNT];
    /* Of the first difference. */
    uint64_t row;
    char sent[VERIFY_EXAMPLE_SIZE], found[VERIFY_EXAMPLE_SIZE];
};

struct verify_load {
    const char *name, *object, *operation, *path; /* in the arena */
    uint64_t rows;                                /* of success.csv */
    uint64_t compared;                            /* values */
    uint64_t differing;                           /* rows */
    uint64_t gone, still_there;
    uint64_t unmapped; /* rows that the mapping now leaves out: not compared */
    struct verify_field *fields;
    size_t field_count;
};

struct verify_result {
    struct arena arena;
    const char *run;
    struct verify_load *loads;
    size_t load_count;
    uint64_t calls;
    int64_t duration_ms;
};

/* True when all was compared, whatever differs. */
bool verify_run(const struct verify_options *options,
                const struct progress_sink *progress, struct problems *problems,
                struct verify_result *result, struct error *err);
bool verify_differs(const struct verify_result *result);
void verify_release(struct verify_result *result);

#endif
