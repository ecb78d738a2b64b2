/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_CLOSING_H
#define ETL_CLI_CLOSING_H

#include "cli/options.h"
#include "pipeline/pipeline.h"

#include <stdio.h>

/*
 * The last lines of a run, or of a series of runs: the outcome in words, a
 * table with a line a load and a total, the most frequent errors and what
 * helps, where the files are, and the next command.
 */
struct closing_run {
    const char *mapping_path;
    bool has_problems; /* of the mapping: they were told */
    struct run_result result;
};

/* Sorts the tallies' codes. */
void closing_print(struct closing_run *runs, size_t count,
                   const struct options *options, FILE *stream);

#endif
