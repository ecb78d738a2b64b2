/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_FOLDER_H
#define ETL_PIPELINE_RUN_FOLDER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Where a run keeps its files (product.md, "A run's folder"), and where things
 * lie that outlive it.
 */

/*
 * Makes the folder and returns its path, on the heap. run_dir: the folder
 * itself, new or empty; NULL: a new one in runs_dir (NULL: "runs") named by
 * the time and the mapping.
 */
char *run_folder_make(const char *run_dir, const char *runs_dir,
                      const char *mapping_name, int64_t now_ms,
                      struct error *err);
/* The last part of a path; borrowed from it. */
const char *run_folder_name(const char *path);
/*
 * RUN as the command line gives it, a folder or a name inside runs_dir, to a
 * path on the heap; NULL when there is no such run.
 */
char *run_folder_find(const char *run, const char *runs_dir, struct error *err);
/*
 * Names of the runs in runs_dir (NULL: "runs"), oldest first: the folders that
 * hold a ledger. On the heap, each and the list; a missing folder is an empty
 * list. False with an error when it can't be read.
 */
bool run_folder_list(const char *runs_dir, char ***names, size_t *count,
                     struct error *err);
/* The path of the newest run that is not closed, on the heap; NULL: none. */
char *run_folder_last_open(const char *runs_dir, struct error *err);

#endif
