/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_EXPLAIN_ERROR_FILE_H
#define ETL_CLI_EXPLAIN_ERROR_FILE_H

#include "base/error.h"
#include "report/tally.h"

/*
 * A result file read back: the rows of an error.csv, skipped.csv or
 * unprocessed.csv, counted by code, most frequent first. A reason that names
 * no code counts under its own text, with # for its numbers, so that "the same
 * key as row 7" and "… as row 9" are one.
 */
struct error_file {
    struct tally tally;
    uint64_t rows;
};

/* ERROR_INPUT when it can't be read, or is no such file. */
bool error_file_read(struct error_file *file, const char *path,
                     struct error *err);
void error_file_release(struct error_file *file);

#endif
