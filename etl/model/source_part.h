/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_SOURCE_PART_H
#define ETL_MODEL_SOURCE_PART_H

#include <stddef.h>
#include <stdint.h>

/*
 * One file of a source that is read from several: which of the run's rows are
 * its own. Rows are numbered through all files; lines begin anew in each.
 * Names are borrowed from whoever lists them.
 */
struct source_part {
    const char *name;   /* as rows and messages call it: "de/customers.csv" */
    uint64_t first_row; /* of its own; 0: it was not reached */
    uint64_t rows;
    uint64_t bytes; /* as stored, read so far */
};

/* The file that a row is of, from there on: *part is moved ahead. Rows must
 * come in order. NULL: it is of none. */
static inline const struct source_part *
source_part_of(const struct source_part *parts, size_t count, size_t *part,
               uint64_t row)
{
    while (*part < count && row >= parts[*part].first_row + parts[*part].rows) {
        (*part)++;
    }
    return *part < count && row >= parts[*part].first_row ? &parts[*part]
                                                          : NULL;
}

#endif
