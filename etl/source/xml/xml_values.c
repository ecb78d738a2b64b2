/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_values.h"

#include "base/mem.h"

#include <stdlib.h>

void
xml_values_init(struct xml_values *values, const struct xml_tree *tree,
                size_t bytes_limit)
{
    *values = (struct xml_values){
        .tree = tree,
        .columns = mem_array(tree->column_count + 1, sizeof *values->columns),
        .bytes_limit = bytes_limit,
        .late = XML_NONE};
}

static bool
refuse(const struct xml_values *values, const char *name, uint64_t line,
       struct error *err)
{
    if (values->late != XML_NONE) {
        return error_set(
            err, ERROR_INPUT, 0,
            "'%.*s' stands behind records that read it, and a "
            "stream can't go back; make the element around them "
            "the record and read the rows by 'each' [xml-late]",
            SLICE_ARGS(values->tree->outputs[values->late].path->text));
    }
    if (line == 0) {
        return error_set(err, ERROR_INPUT, 0,
                         "%s: what is read around the records is over %zu "
                         "bytes; 'max_row_bytes' allows more [row-too-long]",
                         name, values->bytes_limit);
    }
    return error_set(err, ERROR_INPUT, 0,
                     "%s:%llu: the record that begins here is over %zu bytes; "
                     "'max_row_bytes' allows more [row-too-long]",
                     name, (unsigned long long)line, values->bytes_limit);
}

bool
xml_values_check(const struct xml_values *values, const char *name,
                 uint64_t line, struct error *err)
{
    bool is_sound =
        values->late == XML_NONE && values->bytes <= values->bytes_limit;
    return is_sound || refuse(values, name, line, err);
}

void
xml_values_forget(struct xml_values *values, size_t anchor)
{
    size_t at = values->tree->nodes[anchor].first_column;
    for (; at != XML_NONE; at = values->tree->outputs[at].next_column) {
        struct xml_value *column = &values->columns[at];
        column->count = 0;
        column->known_from = values->given;
        column->lent = (struct slice){NULL, 0};
        buffer_reset(&column->kept);
    }
}

struct slice
xml_values_text(const struct xml_values *values, const struct xml_span *span)
{
    const struct buffer *buffer = span->is_side ? &values->side : &values->text;
    if (span->is_nil || buffer->bytes == NULL) {
        return (struct slice){span->is_nil ? NULL : "", 0};
    }
    return (struct slice){buffer->bytes + span->begin, span->len};
}

struct xml_span
xml_values_put_side(struct xml_values *values, struct slice text)
{
    struct xml_span span = {
        .begin = values->side.len, .len = text.len, .is_side = true};
    buffer_append_slice(&values->side, text);
    return span;
}

static void
join(struct xml_values *values, struct xml_value *column,
     struct slice separator, struct slice text)
{
    if (text.len == 0) {
        return;
    }
    if (column->kept.len > 0) {
        buffer_append_slice(&column->kept, separator);
        values->bytes += separator.len;
    }
    buffer_append_slice(&column->kept, text);
    values->bytes += text.len;
    if (column->kept.len > values->bytes_limit) {
        values->bytes = values->bytes_limit + 1; /* also around the records */
    }
}

/* Around the records the first value is kept, inside it stands in the text. */
static void
commit(struct xml_values *values, size_t at, const struct xml_span *span)
{
    const struct xml_output *output = &values->tree->outputs[at];
    struct xml_value *column = &values->columns[at];
    if (!values->is_inside) {
        column->lent = (struct slice){NULL, 0};
        if (values->given > column->known_from && values->late == XML_NONE) {
            values->late = at;
        }
    }
    bool is_first = column->count++ == 0;
    if (output->path->gather == GATHER_JOIN) {
        join(values, column, output->path->separator,
             xml_values_text(values, span));
    } else if (is_first) {
        column->span = *span;
        if (!values->is_inside) {
            buffer_append_slice(&column->kept, xml_values_text(values, span));
        }
    }
}

void
xml_values_add(struct xml_values *values, size_t column, size_t guard,
               const struct xml_span *span)
{
    if (guard == XML_NONE) {
        commit(values, column, span);
        return;
    }
    if (values->waiting_count == values->waiting_capacity) {
        values->waiting_capacity = 2 * values->waiting_capacity + 16;
        values->waiting = mem_realloc_array(
            values->waiting, values->waiting_capacity, sizeof *values->waiting);
    }
    values->waiting[values->waiting_count++] =
        (struct xml_waiting){column, guard, *span};
    values->bytes += sizeof *values->waiting;
}

void
xml_values_settle(struct xml_values *values, size_t first, size_t guard,
                  size_t outer, bool passed)
{
    size_t kept = first;
    for (size_t i = first; i < values->waiting_count; i++) {
        struct xml_waiting value = values->waiting[i];
        if (value.guard == guard && !passed) {
            continue;
        }
        value.guard = value.guard == guard ? outer : value.guard;
        if (value.guard == XML_NONE) {
            commit(values, value.column, &value.span);
        } else {
            values->waiting[kept++] = value;
        }
    }
    values->waiting_count =
        kept < values->waiting_count ? kept : values->waiting_count;
}

void
xml_values_reset(struct xml_values *values)
{
    buffer_reset(&values->text);
    buffer_reset(&values->side);
    values->waiting_count = 0;
    values->bytes = 0;
}

void
xml_values_release(struct xml_values *values)
{
    for (size_t i = 0;
         values->columns != NULL && i < values->tree->column_count; i++) {
        buffer_release(&values->columns[i].kept);
    }
    free(values->columns);
    free(values->waiting);
    buffer_release(&values->text);
    buffer_release(&values->side);
}
