/* SPDX-License-Identifier: Apache-2.0 */
#include "results/ordinal_set.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 4096

void
ordinal_set_add(struct ordinal_set *set, uint64_t ordinal)
{
    size_t at = (size_t)(ordinal / 8);
    if (at >= set->size) {
        size_t size = at < FIRST_SIZE ? FIRST_SIZE : at * 2;
        set->bits = mem_realloc(set->bits, size);
        memset(set->bits + set->size, 0, size - set->size);
        set->size = size;
    }
    set->bits[at] |= (uint8_t)(1U << (ordinal % 8));
    set->count++;
}

bool
ordinal_set_has(const struct ordinal_set *set, uint64_t ordinal)
{
    size_t at = (size_t)(ordinal / 8);
    return at < set->size && (set->bits[at] >> (ordinal % 8) & 1) != 0;
}

void
ordinal_set_release(struct ordinal_set *set)
{
    free(set->bits);
    *set = (struct ordinal_set){0};
}
