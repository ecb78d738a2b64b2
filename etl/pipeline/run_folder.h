/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_FOLDER_H
#define ETL_PIPELINE_RUN_FOLDER_H

#include "base/error.h"

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
/* $XDG_STATE_HOME/sfetl, made when missing; on the heap. */
char *run_folder_state_home(struct error *err);

#endif
