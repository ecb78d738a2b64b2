/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_RESULT_FILES_H
#define ETL_RESULTS_RESULT_FILES_H

#include "base/error.h"
#include "model/outcome.h"
#include "model/source_part.h"

/*
 * Writes success.csv, error.csv, skipped.csv and unprocessed.csv of one load,
 * in source order (product.md, "A run's folder"): walks the staged source rows
 * once beside the merged fates and outcomes. Each row must be found exactly
 * once; what is missing, doubled or unknown is told, never dropped: that is
 * row accounting, and it is proved here. Where two outcome files name the same
 * row the one of the higher attempt wins; two of the same attempt are a fault
 * of accounting. The files are written even then: a row without an outcome
 * stands in unprocessed.csv as in-doubt.
 */
struct result_part {
    const char *path;
    uint32_t attempt; /* 0: decided before sending */
};

struct result_files_options {
    const char *folder;    /* where the four files go */
    const char *rows_path; /* rows/source.rows */
    uint64_t rows_size;
    /* Outcome files: fates, duplicates and chunks, in any order. */
    const struct result_part *parts;
    size_t part_count;
    /* For rows that no part names when the run stopped before all was staged
     * or sent; an absent code: such a row is a fault of accounting. */
    struct slice unstaged_code, unstaged_message;
    /* The files of a source of several: error.csv, skipped.csv and
     * unprocessed.csv then say in sfetl__File which one a row is of. */
    const struct source_part *parts_of_source;
    size_t source_part_count;
    /* What OUTCOME_IN_DOUBT rows are taken for (`resume --assume`): FAILED or
     * SUCCEEDED; OUTCOME_IN_DOUBT leaves them so. */
    enum outcome_fate in_doubt_as;
};

struct result_counts {
    uint64_t read;
    uint64_t by_fate[OUTCOME_FATE_COUNT];
    uint64_t created; /* of the succeeded */
};

/* Called for each row, in source order: for the report's codes and examples. */
typedef void result_row_seen_fn(void *cookie, const struct outcome *outcome,
                                uint64_t line);

/* ERROR_INTERNAL when row accounting fails; the text says which rows. */
bool result_files_write(const struct result_files_options *options,
                        result_row_seen_fn *seen, void *cookie,
                        struct result_counts *counts, struct error *err);

#endif
