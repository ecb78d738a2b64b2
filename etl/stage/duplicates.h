/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_DUPLICATES_H
#define ETL_STAGE_DUPLICATES_H

#include "base/spill_sort.h"
#include "model/load.h"
#include "model/outcome.h"

/*
 * Which rows of a load share their key with one that is sent instead, by an
 * external sort of the chunks' indexes. What is found is written to a file of
 * fates, sorted by row, before any chunk is touched: a chunk may be written
 * anew only when a kill can't lose why it lacks a row.
 */
struct duplicates_options {
    const char *run_folder;
    const struct load *load;
    uint32_t chunk_count;
    const char *rows_path; /* to name the lines of the rows kept */
    uint64_t rows_size;
    size_t sort_memory;
    /* Resume: fates of rows up to this one that stand in the file already are
     * kept, for their rows may have left their chunks. */
    uint64_t kept_row;
};

/* Whether the load's rows are looked at: they have a key, and two of one key
 * are not to be sent. */
bool duplicates_matter(const struct load *load);
/*
 * Writes path, or removes it when there are none. *count: of the fates in it.
 */
bool duplicates_find(const struct duplicates_options *options, const char *path,
                     uint64_t *count, struct error *err);

/* For waves.c: all rows of the chunks by key, and of a key by row; and a sort
 * that shares the memory with one other. */
bool duplicates_sort_keys(const struct duplicates_options *options,
                          struct spill_sort *by_key, struct error *err);
struct spill_sort *
duplicates_new_sort(const struct duplicates_options *options);

/* Whether a row was left out for another with its key, and which one that is.
 */
bool duplicates_winner(const struct outcome *outcome, uint64_t *winner);

#endif
