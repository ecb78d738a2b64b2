/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/grid.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "cli/screen/terminal.h"

#include <stdarg.h>
#include <stdlib.h>

#define ELLIPSIS "\xe2\x80\xa6" /* one column */

void
grid_open(struct grid *grid, const struct grid_column *columns, size_t count)
{
    *grid = (struct grid){.columns = columns, .column_count = count};
}

struct slice
grid_visible(struct arena *arena, struct slice text)
{
    struct buffer buffer = {0};
    buffer_append_visible(&buffer, text);
    struct slice copy = arena_copy(arena, buffer_slice(&buffer));
    buffer_release(&buffer);
    return copy;
}

void
grid_put(struct grid *grid, struct slice text)
{
    if (grid->cell_count == grid->capacity) {
        grid->capacity = grid->capacity ? grid->capacity * 2 : 64;
        grid->cells =
            mem_realloc_array(grid->cells, grid->capacity, sizeof *grid->cells);
    }
    grid->cells[grid->cell_count++] = grid_visible(&grid->arena, text);
}

void
grid_printf(struct grid *grid, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    grid_put(grid, slice_of(text));
}

static size_t
column_width(const struct grid *grid, size_t column)
{
    const struct grid_column *spec = &grid->columns[column];
    size_t width = 0;
    for (size_t i = column; i < grid->cell_count; i += grid->column_count) {
        size_t cell = terminal_columns(grid->cells[i]);
        width = cell > width ? cell : width;
    }
    if (spec->limit != 0 && width > spec->limit) {
        width = spec->limit;
    }
    size_t title = terminal_columns(slice_of(spec->title));
    return title > width ? title : width;
}

static void
print_blanks(FILE *stream, size_t count)
{
    fprintf(stream, "%*s", (int)count, "");
}

/* *pending are blanks owed: none stand at the end of a line. */
static void
print_cell(FILE *stream, struct slice text, size_t width, bool right,
           size_t *pending)
{
    size_t columns = terminal_columns(text);
    bool is_cut = columns > width;
    if (is_cut) {
        text.len = terminal_prefix(text, width - 1);
        columns = terminal_columns(text) + 1;
    }
    if (text.len > 0) {
        print_blanks(stream, *pending + (right ? width - columns : 0));
        *pending = 0;
    }
    fprintf(stream, "%.*s%s", SLICE_ARGS(text), is_cut ? ELLIPSIS : "");
    *pending += right && text.len > 0 ? 0 : width - columns;
}

struct block {
    const size_t *widths;
    size_t from, to; /* columns, beside the first */
    size_t gap;
};

/* row_cells NULL: the titles. */
static void
print_row(const struct grid *grid, const struct block *block,
          const struct slice *row_cells, FILE *stream)
{
    size_t pending = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        if (i != 0 && (i < block->from || i >= block->to)) {
            continue;
        }
        struct slice text =
            row_cells ? row_cells[i] : slice_of(grid->columns[i].title);
        pending += i != 0 ? block->gap : 0;
        print_cell(stream, text, block->widths[i], grid->columns[i].right,
                   &pending);
    }
    fputc('\n', stream);
}

static void
print_block(const struct grid *grid, const struct block *block, FILE *stream)
{
    struct terminal_paint paint = terminal_paint(stream);
    fputs(paint.bold, stream);
    print_row(grid, block, NULL, stream);
    fputs(paint.off, stream);
    for (size_t i = 0; i + grid->column_count <= grid->cell_count;
         i += grid->column_count) {
        print_row(grid, block, &grid->cells[i], stream);
    }
}

static size_t
total_width(const size_t *widths, size_t count, size_t gap)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += widths[i] + (i > 0 ? gap : 0);
    }
    return total;
}

void
grid_print(const struct grid *grid, FILE *stream, size_t width)
{
    size_t *widths = mem_array(grid->column_count, sizeof *widths);
    for (size_t i = 0; i < grid->column_count; i++) {
        widths[i] = column_width(grid, i);
    }
    bool is_tight = total_width(widths, grid->column_count, 2) > width;
    struct block block = {widths, 1, 1, is_tight ? 1 : 2};
    do {
        size_t used = widths[0];
        block.from = block.to;
        while (block.to < grid->column_count &&
               (block.to == block.from ||
                used + block.gap + widths[block.to] <= width)) {
            used += block.gap + widths[block.to++];
        }
        if (block.from > 1) {
            fputc('\n', stream);
        }
        print_block(grid, &block, stream);
    } while (block.to < grid->column_count);
    free(widths);
}

void
grid_close(struct grid *grid)
{
    free(grid->cells);
    arena_release(&grid->arena);
    *grid = (struct grid){0};
}
