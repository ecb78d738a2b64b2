/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_rows.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

void
xml_rows_init(struct xml_rows *rows, const struct source_spec *spec,
              struct xml_values *values)
{
    *rows =
        (struct xml_rows){.spec = spec,
                          .values = values,
                          .row_counts = mem_array(spec->stream_count + 1,
                                                  sizeof *rows->row_counts)};
}

void
xml_rows_lend(struct xml_rows *rows, struct batch *batches)
{
    rows->batches = batches;
    for (size_t i = 0; i < rows->values->tree->column_count; i++) {
        rows->values->columns[i].lent = (struct slice){NULL, 0};
    }
}

void
xml_rows_add(struct xml_rows *rows, size_t stream, uint64_t line)
{
    size_t fields = rows->values->tree->field_counts[stream];
    if (rows->count == rows->capacity) {
        rows->capacity = 2 * rows->capacity + 16;
        rows->items =
            mem_realloc_array(rows->items, rows->capacity, sizeof *rows->items);
    }
    if (rows->cell_capacity < rows->cell_count + fields) {
        rows->cell_capacity = 2 * rows->cell_capacity + fields + 16;
        rows->cells = mem_realloc_array(rows->cells, rows->cell_capacity,
                                        sizeof *rows->cells);
    }
    rows->items[rows->count++] = (struct xml_row){
        .stream = stream, .first_cell = rows->cell_count, .line = line};
    for (size_t i = 0; i < fields; i++) {
        rows->cells[rows->cell_count++].count = 0;
    }
    /* The record's own row is no more than any record takes. */
    if (rows->count > 1) {
        rows->values->bytes +=
            sizeof *rows->items + fields * sizeof *rows->cells;
    }
}

static struct xml_cell
cell_of(struct xml_values *values, size_t column)
{
    const struct xml_value *value = &values->columns[column];
    struct xml_cell cell = {value->span, value->count};
    if (value->count > 0 &&
        values->tree->outputs[column].path->gather == GATHER_JOIN) {
        cell.span = xml_values_put_side(values, buffer_slice(&value->kept));
    }
    return cell;
}

void
xml_rows_fill(struct xml_rows *rows, size_t anchor, size_t first)
{
    const struct xml_tree *tree = rows->values->tree;
    size_t at = tree->nodes[anchor].first_column;
    for (; at != XML_NONE; at = tree->outputs[at].next_column) {
        const struct xml_output *output = &tree->outputs[at];
        const struct xml_cell cell = cell_of(rows->values, at);
        for (size_t i = first; i < rows->count; i++) {
            const struct xml_row *row = &rows->items[i];
            if (row->stream == output->stream) {
                rows->cells[row->first_cell + output->field] = cell;
            }
        }
    }
}

/* Of an anchor below the record: only one stream's way leads over it. */
static size_t
stream_of(const struct xml_tree *tree, size_t anchor)
{
    while (tree->nodes[anchor].stream == XML_NONE) {
        size_t child = tree->nodes[anchor].first_child;
        while (!tree->nodes[child].is_anchor) {
            child = tree->nodes[child].next;
        }
        anchor = child;
    }
    return tree->nodes[anchor].stream;
}

void
xml_rows_drop(struct xml_rows *rows, size_t anchor, size_t first)
{
    size_t stream = stream_of(rows->values->tree, anchor);
    for (size_t i = first; i < rows->count; i++) {
        rows->items[i].is_dropped |= rows->items[i].stream == stream;
    }
}

/* The arena that all batches of a filling share. */
static struct arena *
arena_of(struct xml_rows *rows)
{
    return &rows->batches[0].arena;
}

static struct slice
trimmed(const struct xml_rows *rows, struct slice text)
{
    return rows->spec->trim && text.ptr != NULL ? slice_trim(text) : text;
}

/* What was kept from around the record is copied once a batch. */
static struct slice
lend_kept(struct xml_rows *rows, size_t column)
{
    struct xml_value *value = &rows->values->columns[column];
    bool is_join =
        rows->values->tree->outputs[column].path->gather == GATHER_JOIN;
    if (value->lent.ptr == NULL && (is_join || !value->span.is_nil)) {
        struct slice kept = buffer_slice(&value->kept);
        value->lent = kept.len == 0
                          ? SLICE_LITERAL("")
                          : trimmed(rows, arena_copy(arena_of(rows), kept));
    }
    return value->lent;
}

static const char *
copy_text(struct xml_rows *rows, const struct buffer *text)
{
    return text->len == 0 ? ""
                          : arena_copy(arena_of(rows), buffer_slice(text)).ptr;
}

/* The record's texts as they are lent. */
struct texts {
    const char *text, *side;
};

static struct slice
count_text(struct xml_rows *rows, uint64_t count)
{
    return arena_printf(arena_of(rows), "%llu", (unsigned long long)count);
}

static void
set_field(struct xml_rows *rows, struct record *record, size_t column,
          const struct xml_cell *cell, const struct texts *texts)
{
    const struct xml_output *output = &rows->values->tree->outputs[column];
    struct slice *field = &record->fields[output->field];
    struct slice path = output->path->text;
    bool is_around = rows->values->tree->nodes[output->anchor].is_on_way &&
                     output->anchor != rows->values->tree->record;
    uint64_t count =
        is_around ? rows->values->columns[column].count : cell->count;
    if (output->path->gather == GATHER_COUNT) {
        *field = count_text(rows, count);
        return;
    }
    if (count == 0) {
        return;
    }
    if (is_around) {
        *field = lend_kept(rows, column);
    } else if (!cell->span.is_nil) {
        const char *base = cell->span.is_side ? texts->side : texts->text;
        *field = trimmed(
            rows, (struct slice){base + cell->span.begin, cell->span.len});
    }
    if (count > 1 && output->path->gather == GATHER_ONE) {
        batch_reject(&rows->batches[output->stream], record, "repeated-element",
                     "'%.*s' matches %llu elements; say which, as in %.*s[1]",
                     SLICE_ARGS(path), (unsigned long long)count,
                     SLICE_ARGS(path));
    }
}

static void
emit_row(struct xml_rows *rows, const struct xml_row *row, size_t first_column,
         const struct texts *texts)
{
    const struct xml_tree *tree = rows->values->tree;
    size_t count = tree->field_counts[row->stream];
    struct record *record = batch_add(&rows->batches[row->stream]);
    record->row = ++rows->row_counts[row->stream];
    record->line = row->line;
    record->outer = tree->nodes[tree->record].stream == row->stream
                        ? 0
                        : rows->values->given;
    record->fields =
        arena_array(arena_of(rows), count + 1, sizeof *record->fields);
    record->field_count = count;
    for (size_t i = 0; i < count; i++) {
        set_field(rows, record, first_column + i,
                  &rows->cells[row->first_cell + i], texts);
    }
}

void
xml_rows_emit(struct xml_rows *rows)
{
    const struct texts texts = {copy_text(rows, &rows->values->text),
                                copy_text(rows, &rows->values->side)};
    rows->values->given++;
    for (size_t i = 0; i < rows->count; i++) {
        const struct xml_row *row = &rows->items[i];
        size_t first_column = 0;
        for (size_t stream = 0; stream < row->stream; stream++) {
            first_column += rows->values->tree->field_counts[stream];
        }
        if (!row->is_dropped) {
            emit_row(rows, row, first_column, &texts);
        }
    }
    xml_rows_reset(rows);
}

void
xml_rows_reset(struct xml_rows *rows)
{
    rows->count = 0;
    rows->cell_count = 0;
}

void
xml_rows_release(struct xml_rows *rows)
{
    free(rows->items);
    free(rows->cells);
    free(rows->row_counts);
}
