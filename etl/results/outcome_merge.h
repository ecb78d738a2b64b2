/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_OUTCOME_MERGE_H
#define ETL_RESULTS_OUTCOME_MERGE_H

#include "results/result_files.h"

/*
 * Reads any number of outcome files as one, sorted by row, each row once: the
 * outcome of the highest attempt wins. A file is open only while its rows are
 * at hand; when more than OUTCOME_MERGE_OPEN_LIMIT would be, some are merged
 * into a file of the folder first, which is removed in the end.
 */
#define OUTCOME_MERGE_OPEN_LIMIT 64 /* times 128 KiB */

struct outcome_merge;

/* Rows of a kind of fault: how many, and the first of them. */
#define ROW_FAULTS_SHOWN 5
struct row_faults {
    uint64_t count;
    uint64_t rows[ROW_FAULTS_SHOWN];
};
void outcome_merge_add_fault(struct row_faults *faults, uint64_t row);

/* parts and folder are borrowed until close. */
struct outcome_merge *outcome_merge_open(const struct result_part *parts,
                                         size_t count, const char *folder,
                                         struct error *err);
/* The outcome's slices are valid until the next call. */
enum file_status outcome_merge_next(struct outcome_merge *merge,
                                    struct outcome *outcome, struct error *err);
/* Rows that two files of the same attempt named, as far as was read. */
const struct row_faults *
outcome_merge_doubled(const struct outcome_merge *merge);
void outcome_merge_close(struct outcome_merge *merge);

#endif
