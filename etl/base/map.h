/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_MAP_H
#define ETL_BASE_MAP_H

#include "base/slice.h"

/*
 * From byte strings to pointers. Keys and values are borrowed and must outlive
 * the map. A zeroed struct is an empty map. Hashed with a seed drawn at start,
 * so that keys from outside can't be chosen to collide.
 */
struct map_entry {
    struct slice key; /* ptr NULL: free */
    void *value;
};
struct map {
    struct map_entry *entries;
    size_t count, capacity; /* a power of two */
};

/* Adds or replaces. */
void map_put(struct map *map, struct slice key, void *value);
/* NULL when the key is not there. */
void *map_get(const struct map *map, struct slice key);
void map_release(struct map *map);

#endif
