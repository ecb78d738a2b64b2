/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <xxhash.h>

#define FIRST_CAPACITY 16

static uint64_t
seed(void)
{
    static uint64_t drawn; /* a race draws once more, before any map is used */
    if (drawn == 0) {
        drawn = clock_random() | 1;
    }
    return drawn;
}

static struct map_entry *
find(const struct map *map, struct slice key)
{
    size_t mask = map->capacity - 1;
    size_t i = (size_t)XXH3_64bits_withSeed(key.ptr, key.len, seed()) & mask;
    while (map->entries[i].key.ptr != NULL &&
           !slice_equals(map->entries[i].key, key)) {
        i = (i + 1) & mask;
    }
    return &map->entries[i];
}

static void
grow(struct map *map)
{
    struct map old = *map;
    map->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    map->entries = mem_array(map->capacity, sizeof *map->entries);
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].key.ptr != NULL) {
            *find(map, old.entries[i].key) = old.entries[i];
        }
    }
    free(old.entries);
}

void
map_put(struct map *map, struct slice key, void *value)
{
    if (key.ptr == NULL) {
        key.ptr = "";
    }
    if (map->count * 4 >= map->capacity * 3) {
        grow(map);
    }
    struct map_entry *entry = find(map, key);
    map->count += entry->key.ptr == NULL;
    *entry = (struct map_entry){key, value};
}

void *
map_get(const struct map *map, struct slice key)
{
    if (map->count == 0) {
        return NULL;
    }
    return find(map, key)->value;
}

void
map_release(struct map *map)
{
    free(map->entries);
    *map = (struct map){0};
}
