/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_WAVES_H
#define ETL_STAGE_WAVES_H

#include "stage/duplicates.h"
#include "stage/order/wave_chunks.h"

/*
 * `duplicates: allow`: the n-th row of a key goes into the n-th wave of
 * chunks. All chunks are staged as the rows come, which is the first wave; in
 * the end an external sort finds the rows whose key was there before, and they
 * move into chunks of later waves, numbered behind the others.
 *
 * In this order, so that a kill loses nothing: the rows that move are named in
 * a file of fates (for chunk_cleaner), their new chunks are written, and what
 * was made is recorded. Only then may they leave their chunks.
 */
bool waves_matter(const struct load *load);
/* The rows that move; on the heap. */
char *waves_fates_path(const char *run_folder, const char *load_name);
/* Not recorded: no key comes twice. */
bool waves_write(const struct duplicates_options *rows,
                 const struct wave_chunks_options *chunks, struct waves *waves,
                 struct error *err);

/* For arrange.c: the rows whose key was there before, ascending: {row, n}, n
 * counted from 1. */
bool waves_find_repeats(const struct duplicates_options *rows,
                        struct spill_sort *by_row, uint64_t *count,
                        struct error *err);

#endif
