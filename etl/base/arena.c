/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_BLOCK_SIZE ((size_t)64 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t bytes[];
};

static void
add_block(struct arena *arena, size_t size)
{
    struct arena_block *block = mem_alloc(sizeof *block + size);
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->next = (char *)block->bytes;
    arena->end = arena->next + size;
}

/* At least size bytes are free afterwards. */
static void
reserve(struct arena *arena, size_t size)
{
#ifdef ETL_ARENA_DEBUG
    add_block(arena, size);
#else
    if (arena->next == NULL || (size_t)(arena->end - arena->next) < size) {
        size_t block_size =
            arena->block_size ? arena->block_size : DEFAULT_BLOCK_SIZE;
        add_block(arena, size > block_size ? size : block_size);
    }
#endif
}

char *
arena_bytes(struct arena *arena, size_t size)
{
    if (arena->next == NULL || (size_t)(arena->end - arena->next) < size) {
        reserve(arena, size);
    }
    char *bytes = arena->next;
    arena->next += size;
    return bytes;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    size_t align = _Alignof(max_align_t);
    size_t skip = (align - (uintptr_t)arena->next % align) % align;
    if (arena->next == NULL ||
        (size_t)(arena->end - arena->next) < size + skip) {
        reserve(arena, size); /* a new block begins aligned */
        skip = 0;
    }
    char *bytes = arena->next + skip;
    arena->next = bytes + size;
    return bytes;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
    return memset(arena_alloc(arena, count * size), 0, count * size);
}

struct slice
arena_copy(struct arena *arena, struct slice bytes)
{
    char *copy = arena_bytes(arena, bytes.len);
    if (bytes.len > 0) {
        memcpy(copy, bytes.ptr, bytes.len);
    }
    return (struct slice){copy, bytes.len};
}

char *
arena_strdup(struct arena *arena, struct slice bytes)
{
    char *copy = arena_bytes(arena, bytes.len + 1);
    if (bytes.len > 0) {
        memcpy(copy, bytes.ptr, bytes.len);
    }
    copy[bytes.len] = '\0';
    return copy;
}

struct slice
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_bytes(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (struct slice){text, (size_t)len};
}

static void
free_from(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void
arena_reset(struct arena *arena)
{
#ifdef ETL_ARENA_DEBUG
    arena_release(arena);
#else
    struct arena_block *kept = arena->blocks;
    if (kept == NULL) {
        return;
    }
    free_from(kept->next);
    kept->next = NULL;
    arena->next = (char *)kept->bytes;
    arena->end = arena->next + kept->size;
#endif
}

void
arena_release(struct arena *arena)
{
    free_from(arena->blocks);
    *arena = (struct arena){.block_size = arena->block_size};
}
