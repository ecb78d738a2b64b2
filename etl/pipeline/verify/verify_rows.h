/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_VERIFY_VERIFY_ROWS_H
#define ETL_PIPELINE_VERIFY_VERIFY_ROWS_H

#include "base/error.h"

#include <stdint.h>

/*
 * The numbers of a load's succeeded rows. success.csv does not hold them, but
 * each row of the source stands in one of the four result files, and the other
 * three say theirs: what they leave out are the rows of success.csv, in order.
 */
struct verify_rows;

/* folder: of the load's result files. first: the source row that the run began
 * with. */
struct verify_rows *verify_rows_open(const char *folder, uint64_t first,
                                     struct error *err);
/* Of the next row of success.csv. */
bool verify_rows_next(struct verify_rows *rows, uint64_t *number,
                      struct error *err);
void verify_rows_close(struct verify_rows *rows);

#endif
