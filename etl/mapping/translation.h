/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_TRANSLATION_H
#define ETL_MAPPING_TRANSLATION_H

#include "base/slice.h"

#include <stdint.h>

/*
 * A table of a mapping: from texts to texts (mapping.md, tables). Made empty
 * when the mapping is read, so that a pointer to it can be compiled in; filled
 * before the first row is mapped (a map at once, a CSV file or a query by who
 * feeds it); read-only from then on, by any number of threads.
 *
 * Kept compact, for tables of millions: a row takes its bytes, two lengths and
 * about 12 bytes of index, in two allocations for the whole table.
 */
struct translation;

#define TRANSLATION_TEXT_LIMIT ((size_t)128 * 1024) /* bytes, key or value */

/* ignores_case: keys are compared case folded (Unicode, full). */
struct translation *translation_new(const char *name, bool ignores_case);
/* NULL is fine. */
void translation_free(struct translation *table);

enum translation_put {
    TRANSLATION_ADDED,
    TRANSLATION_SAME,     /* this key has this value already */
    TRANSLATION_OTHER,    /* not added: this key has another value */
    TRANSLATION_TOO_LONG, /* not added: past TRANSLATION_TEXT_LIMIT */
    TRANSLATION_FULL,     /* not added: past what a table can hold */
};
/* Copies both; they are to be valid UTF-8. */
enum translation_put translation_put(struct translation *table,
                                     struct slice key, struct slice value);
/* ptr NULL when the key is not there; an empty value has a ptr. Borrowed until
 * the next put. */
struct slice translation_find(const struct translation *table,
                              struct slice key);

/* All rows, in the order they were put: *cursor is 0 to begin. Keys are case
 * folded where case is ignored. False behind the last. */
bool translation_next(const struct translation *table, uint64_t *cursor,
                      struct slice *key, struct slice *value);

const char *translation_name(const struct translation *table);
uint64_t translation_count(const struct translation *table);
/* Bytes of memory. */
uint64_t translation_memory(const struct translation *table);
/* Empty again, as it was made. */
void translation_clear(struct translation *table);

/* The tables of a mapping; a zeroed struct is none. */
struct translation_set {
    struct translation **tables;
    size_t count;
};
/* NULL: there is none of this name, matched exactly. */
struct translation *translation_set_find(const struct translation_set *set,
                                         struct slice name);

#endif
