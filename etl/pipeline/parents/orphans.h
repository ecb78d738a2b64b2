/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_ORPHANS_H
#define ETL_PIPELINE_PARENTS_ORPHANS_H

#include "base/error.h"
#include "model/load.h"
#include "results/result_files.h"

/*
 * `require: parent`: which rows of a load have a parent that did not make it.
 * The parent is what the same source row became in the load named by `after`;
 * where that row was left out as a duplicate, what the row became that was
 * sent in its place. A parent that a filter skipped has not failed.
 */
struct orphans_search {
    const char *run_folder;
    const struct load *load, *parent;
    /* The outcomes of all rows of the parent's load, for good. */
    const struct result_part *parent_parts;
    size_t parent_part_count;
    /* What in-doubt rows are taken for; OUTCOME_IN_DOUBT: they failed. */
    enum outcome_fate in_doubt_as;
};

/* Where the fates of such rows stand; on the heap. */
char *orphans_path(const char *run_folder, const char *load_name);
/* Writes the file, which appears whole; rows that the load has decided
 * already are not in it. *count: of the fates in it. */
bool orphans_find(const struct orphans_search *search, uint64_t *count,
                  struct error *err);

#endif
