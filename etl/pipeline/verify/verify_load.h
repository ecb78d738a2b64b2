/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_VERIFY_VERIFY_LOAD_H
#define ETL_PIPELINE_VERIFY_VERIFY_LOAD_H

#include "ledger/ledger.h"
#include "pipeline/setup.h"
#include "pipeline/verify/verify.h"
#include "pipeline/verify/verify_rows.h"

/*
 * One load of a run, compared: success.csv is read and mapped in groups of
 * some thousand rows, each group's records are asked for, and what differs is
 * written. Memory is a group.
 */
struct verify_load_options {
    struct setup *setup;   /* open: the source is success.csv */
    const char *folder;    /* of the load's result files */
    const char *file_name; /* FILENAME() of the rows; NULL: not known */
    uint64_t first_row;
    const struct progress_sink *progress;
};

/* Fills what is not filled of load; its texts lie in the arena. */
bool verify_load_run(const struct verify_load_options *options,
                     struct verify_load *load, struct arena *arena,
                     struct error *err);

#endif
