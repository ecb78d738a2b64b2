/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/record_lock.h"

#include "base/mem.h"

#include <stdlib.h>

#define FIRST_CAPACITY 1024

static struct record_lock_entry *
find(const struct record_lock *lock, uint64_t record)
{
    uint64_t hash = record * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(hash >> 20) & (lock->capacity - 1);
    while (lock->entries[i].record && lock->entries[i].record != record)
        i = (i + 1) & (lock->capacity - 1);
    return &lock->entries[i];
}

/* Into a table with room, leaving behind what has run out. */
static void
rehash(struct record_lock *lock, int64_t now_ms)
{
    struct record_lock old = *lock;
    size_t live = 0;
    for (size_t i = 0; i < old.capacity; i++)
        live += old.entries[i].record && old.entries[i].until_ms > now_ms;
    lock->capacity = FIRST_CAPACITY;
    while (lock->capacity < live * 4)
        lock->capacity *= 2;
    lock->entries = mem_array(lock->capacity, sizeof *lock->entries);
    lock->count = live;
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].record && old.entries[i].until_ms > now_ms)
            *find(lock, old.entries[i].record) = old.entries[i];
    free(old.entries);
}

bool
record_lock_take(struct record_lock *lock, uint64_t record, uint64_t owner,
                 int64_t now_ms, int64_t until_ms)
{
    if (lock->count * 2 >= lock->capacity)
        rehash(lock, now_ms);
    struct record_lock_entry *entry = find(lock, record);
    if (entry->record && entry->owner != owner && entry->until_ms > now_ms)
        return false;
    lock->count += !entry->record;
    *entry = (struct record_lock_entry){record, owner, until_ms};
    return true;
}

void
record_lock_release(struct record_lock *lock)
{
    free(lock->entries);
    *lock = (struct record_lock){0};
}
