/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_LOCK_H
#define ETL_PIPELINE_LOCK_H

#include "base/error.h"

/*
 * One run at a time for a mapping and an org: a locked file in the state
 * folder. The kernel lets go of it when the holder dies, so a dead holder's
 * lock is taken over by itself. The file also says which run was the last one
 * begun, so that a resume knows whether a newer one has overtaken it. The
 * state folder is one machine's and one user's; the run's folder need not be,
 * and is locked by its run.log as well.
 */
struct lock {
    int fd;         /* -1: not held */
    int folder_fd;  /* likewise */
    char *last_run; /* its folder, absolute; "" when there was none; owned */
};

#define LOCK_NONE ((struct lock){.fd = -1, .folder_fd = -1})

/* ERROR_LOCKED, saying who holds it. */
bool lock_take(struct lock *lock, const char *mapping_name,
               const char *instance, struct error *err);
/* The run's folder, before anything of the run is judged or touched. */
bool lock_take_folder(struct lock *lock, const char *run_folder,
                      struct error *err);
/* Writes down who holds it, for the one who is refused, and the last run; on
 * disk when this returns. */
bool lock_tell(const struct lock *lock, const char *run_folder,
               const char *last_run, struct error *err);
void lock_release(struct lock *lock);

#endif
