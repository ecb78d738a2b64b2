/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_RECORD_LOCK_H
#define ETL_REHEARSAL_ORG_RECORD_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which batch holds which record, and until when (monotonic milliseconds). A
 * zeroed struct is an empty table. Used by the thread whose turn it is to
 * write.
 */
struct record_lock_entry {
    uint64_t record; /* 0: free */
    uint64_t owner;
    int64_t until_ms;
};
struct record_lock {
    struct record_lock_entry *entries;
    size_t count, capacity; /* a power of two */
};

/* False when another owner holds it at now_ms; else it is the owner's. */
bool record_lock_take(struct record_lock *lock, uint64_t record, uint64_t owner,
                      int64_t now_ms, int64_t until_ms);
void record_lock_release(struct record_lock *lock);

#endif
