/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_ORDINAL_SET_H
#define ETL_RESULTS_ORDINAL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of small numbers, a bit each. A zeroed struct is empty. */
struct ordinal_set {
    uint8_t *bits;
    size_t size; /* bytes */
    uint64_t count;
};

/* A number that is not in it yet. */
void ordinal_set_add(struct ordinal_set *set, uint64_t ordinal);
bool ordinal_set_has(const struct ordinal_set *set, uint64_t ordinal);
void ordinal_set_release(struct ordinal_set *set);

#endif
