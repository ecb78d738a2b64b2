/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_ARENA_H
#define ETL_BASE_ARENA_H

#include "base/slice.h"

/*
 * Memory that is given back at once, with the thing whose lifetime it shares:
 * a batch, a mapping, a response. Nothing in it is freed alone. A zeroed
 * struct is an empty arena. With -DETL_ARENA_DEBUG each allocation is a malloc
 * of its own, so that ASan sees an overrun of its neighbour.
 */
struct arena_block;
struct arena {
    struct arena_block *blocks; /* the newest first */
    char *next, *end;           /* free bytes of the newest */
    size_t block_size;          /* 0: 64 KiB */
};

/* Aligned for any type; not zeroed. */
void *arena_alloc(struct arena *arena, size_t size)
    __attribute__((malloc, returns_nonnull, warn_unused_result));
/* Zeroed. */
void *arena_array(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull, warn_unused_result));
/* Bytes without alignment, for text. */
char *arena_bytes(struct arena *arena, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));
struct slice arena_copy(struct arena *arena, struct slice bytes);
/* Terminated. */
char *arena_strdup(struct arena *arena, struct slice bytes);
struct slice arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Forgets everything and keeps one block for reuse. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

#endif
