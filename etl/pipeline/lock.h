/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_LOCK_H
#define ETL_PIPELINE_LOCK_H

#include "base/error.h"

/*
 * One run at a time for a mapping and an org: a locked file in the state
 * folder that names its holder. The kernel lets go of it when the holder dies,
 * so a dead holder's lock is taken over by itself.
 */
struct lock {
    int fd; /* -1: not held */
};

/* ERROR_LOCKED, saying who holds it. */
bool lock_take(struct lock *lock, const char *mapping_name,
               const char *instance, struct error *err);
/* Writes down who holds it, for the one who is refused. */
void lock_tell(const struct lock *lock, const char *run_folder);
void lock_release(struct lock *lock);

#endif
