/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_cells.h"

#include "base/mem.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

static void
grow(struct csv_cells *cells)
{
    cells->capacity = cells->capacity ? cells->capacity * 2 : FIRST_CAPACITY;
    cells->items =
        mem_realloc_array(cells->items, cells->capacity, sizeof *cells->items);
}

void
csv_cells_add(struct csv_cells *cells, struct slice cell)
{
    if (cells->count == cells->capacity) {
        grow(cells);
    }
    cells->items[cells->count++] = cell;
}

static inline bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* As libcsv trims an unquoted field. */
static struct slice
trimmed(struct slice cell)
{
    while (cell.len > 0 && is_blank(cell.ptr[0])) {
        cell.ptr++;
        cell.len--;
    }
    while (cell.len > 0 && is_blank(cell.ptr[cell.len - 1])) {
        cell.len--;
    }
    return cell;
}

void
csv_cells_split(struct csv_cells *cells, struct slice line, char delimiter,
                bool trim)
{
    const char *at = line.ptr, *end = line.ptr + line.len;
    for (;;) {
        const char *stop = memchr(at, delimiter, (size_t)(end - at));
        stop = stop ? stop : end;
        struct slice cell = {at, (size_t)(stop - at)};
        cell = trim ? trimmed(cell) : cell;
        csv_cells_add(cells, cell.len ? cell : (struct slice){NULL, 0});
        if (stop == end) {
            return;
        }
        at = stop + 1;
    }
}

struct slice *
csv_cells_take(struct csv_cells *cells, struct arena *arena)
{
    struct slice *fields =
        csv_cells_pad(arena, cells->items, cells->count, cells->count);
    cells->count = 0;
    return fields;
}

struct slice *
csv_cells_pad(struct arena *arena, const struct slice *fields, size_t have,
              size_t count)
{
    struct slice *padded = arena_alloc(arena, count * sizeof *padded);
    if (have > 0) {
        memcpy(padded, fields, have * sizeof *padded);
    }
    for (size_t i = have; i < count; i++) {
        padded[i] = (struct slice){NULL, 0};
    }
    return padded;
}

void
csv_cells_hold(struct csv_cells *cells)
{
    if (cells->count == 0 || cells->is_held) {
        return;
    }
    size_t total = 0;
    for (size_t i = 0; i < cells->count; i++) {
        total += cells->items[i].len;
    }
    cells->held.limit = SIZE_MAX; /* max_row_bytes bounds it */
    buffer_reset(&cells->held);
    char *to = buffer_reserve(&cells->held, total + 1);
    for (size_t i = 0; i < cells->count; i++) {
        struct slice *cell = &cells->items[i];
        if (cell->ptr != NULL) {
            cell->ptr = memcpy(to, cell->ptr, cell->len);
            to += cell->len;
        }
    }
    cells->is_held = true;
}

void
csv_cells_restore(struct csv_cells *cells, struct arena *arena)
{
    if (!cells->is_held) {
        return;
    }
    for (size_t i = 0; i < cells->count; i++) {
        if (cells->items[i].ptr != NULL) {
            cells->items[i] = arena_copy(arena, cells->items[i]);
        }
    }
    cells->is_held = false;
}

void
csv_cells_release(struct csv_cells *cells)
{
    free(cells->items);
    buffer_release(&cells->held);
    *cells = (struct csv_cells){0};
}
