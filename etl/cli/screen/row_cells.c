/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/row_cells.h"

#include "cli/screen/grid.h"
#include "cli/screen/paragraph.h"
#include "cli/screen/terminal.h"
#include "mapping/row_trace.h"

#include <inttypes.h>

#define COLUMNS 4
#define GAP 2
#define INDENT 2
#define NARROWEST 8
/* How the Bulk APIs spell a field that is to be cleared. */
#define CLEARED "#N/A"

static bool
is_mapped(const struct record *record)
{
    return record->fields != NULL && record->field_count > 0;
}

/* "a, b" of the columns' names, or of their values. */
static struct slice
join_cells(const struct field_trace *trace, bool names, struct arena *arena)
{
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < trace->cell_count; i++) {
        struct slice part =
            names ? trace->cells[i].name : trace->cells[i].value;
        list = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(list),
                            i > 0 ? " | " : "", SLICE_ARGS(part));
    }
    return list;
}

static struct slice
sent_text(const struct row_cells *row, size_t column,
          const struct field_trace *trace, struct arena *arena)
{
    struct slice fault = row_trace_fault(trace);
    if (row->source->fate != RECORD_GOOD ||
        row->record->fate == RECORD_SKIPPED) {
        return SLICE_LITERAL("");
    }
    if (fault.ptr != NULL) {
        return arena_printf(arena, "! %.*s", SLICE_ARGS(fault));
    }
    struct slice field = is_mapped(row->record) ? row->record->fields[column]
                                                : (struct slice){NULL, 0};
    return field.ptr != NULL && field.len == 0 ? slice_of(CLEARED) : field;
}

/* Takes from the widest until all fit. */
static void
fit(size_t widths[COLUMNS], size_t width)
{
    size_t room = width > INDENT + (COLUMNS - 1) * GAP
                      ? width - INDENT - (COLUMNS - 1) * GAP
                      : 0;
    for (;;) {
        size_t total = 0, widest = 0;
        for (size_t i = 0; i < COLUMNS; i++) {
            total += widths[i];
            widest = widths[i] > widths[widest] ? i : widest;
        }
        if (total <= room || widths[widest] <= NARROWEST) {
            return;
        }
        widths[widest]--;
    }
}

static void
print_line(FILE *stream, const struct slice *cells,
           const size_t widths[COLUMNS])
{
    size_t blanks = INDENT;
    for (size_t i = 0; i < COLUMNS; i++) {
        struct slice text = cells[i];
        size_t columns = terminal_columns(text);
        bool is_cut = columns > widths[i];
        if (is_cut) {
            text.len = terminal_prefix(text, widths[i] - 1);
            columns = terminal_columns(text) + 1;
        }
        if (text.len > 0) {
            fprintf(stream, "%*s%.*s%s", (int)blanks, "", SLICE_ARGS(text),
                    is_cut ? "…" : "");
            blanks = 0;
        }
        blanks += widths[i] - columns + GAP;
    }
    fputc('\n', stream);
}

static const char *
fate_name(const struct record *record)
{
    return record->fate == RECORD_GOOD      ? ""
           : record->fate == RECORD_SKIPPED ? ", skipped"
                                            : ", rejected";
}

static void
print_head(FILE *stream, const struct row_cells *row)
{
    const struct load *load = mapping_load(row->mapping, row->load);
    struct terminal_paint paint = terminal_paint(stream);
    fprintf(stream, "%srow %" PRIu64 ", %s:%" PRIu64 " -> %s: %s %s%s%s\n",
            paint.bold, row->source->row, row->source_name, row->source->line,
            load->name, load_operation_name(load->operation), load->object,
            fate_name(row->record), paint.off);
}

static void
print_reason(FILE *stream, const struct row_cells *row)
{
    struct arena arena = {0};
    if (row->record->fate != RECORD_GOOD) {
        struct slice reason = grid_visible(&arena, row->record->reason);
        const char *word =
            row->record->fate == RECORD_SKIPPED ? "skipped" : "rejected";
        fprintf(stream, "%*s", INDENT, "");
        paragraph_print(
            stream,
            arena_printf(&arena, "%s: %.*s%c", word, SLICE_ARGS(reason), 0).ptr,
            INDENT, INDENT);
    }
    arena_release(&arena);
}

void
row_cells_print(FILE *stream, const struct row_cells *row, size_t width)
{
    static const char *const titles[COLUMNS] = {"field", "column", "source",
                                                "sent"};
    struct arena arena = {0};
    struct field_trace trace;
    size_t count = mapping_load(row->mapping, row->load)->column_count;
    size_t widths[COLUMNS] = {0};
    struct slice(*lines)[COLUMNS] =
        arena_array(&arena, count + 1, sizeof *lines);
    for (size_t i = 0; i < COLUMNS; i++) {
        lines[0][i] = slice_of(titles[i]);
    }
    for (size_t i = 0; i < count; i++) {
        row_trace_field(row->mapping, row->load, i, row->source, &arena,
                        &trace);
        struct slice *cells = lines[i + 1];
        cells[0] = trace.target;
        cells[1] = join_cells(&trace, true, &arena);
        cells[2] = join_cells(&trace, false, &arena);
        cells[3] = sent_text(row, i, &trace, &arena);
        if (trace.origin == ORIGIN_CONSTANT) {
            cells[1] = SLICE_LITERAL("(constant)");
        }
    }
    for (size_t i = 0; i <= count; i++) {
        for (size_t j = 0; j < COLUMNS; j++) {
            lines[i][j] = grid_visible(&arena, lines[i][j]);
            size_t columns = terminal_columns(lines[i][j]);
            widths[j] = columns > widths[j] ? columns : widths[j];
        }
    }
    fit(widths, width);
    print_head(stream, row);
    for (size_t i = 0; i <= count; i++) {
        print_line(stream, lines[i], widths);
    }
    print_reason(stream, row);
    fputc('\n', stream);
    arena_release(&arena);
}

static void
print_step(FILE *stream, struct slice what, struct slice value, bool failed)
{
    struct arena arena = {0};
    const size_t column = 32;
    size_t columns = terminal_columns(what);
    fprintf(stream, "      %.*s%*s %s%.*s%s\n", SLICE_ARGS(what),
            (int)(columns < column ? column - columns : 0), "",
            failed ? "refused: " : "\"",
            SLICE_ARGS(grid_visible(&arena, value)), failed ? "" : "\"");
    arena_release(&arena);
}

static void
print_field(FILE *stream, const struct row_cells *row, size_t column)
{
    struct arena arena = {0};
    struct field_trace trace;
    row_trace_field(row->mapping, row->load, column, row->source, &arena,
                    &trace);
    fprintf(stream, "  %.*s, line %d of the mapping\n",
            SLICE_ARGS(trace.target), trace.line);
    for (size_t i = 0; i < trace.cell_count; i++) {
        print_step(stream,
                   arena_printf(&arena, "column %.*s",
                                SLICE_ARGS(trace.cells[i].name)),
                   trace.cells[i].value, false);
    }
    if (trace.origin == ORIGIN_FORMULA) {
        fprintf(stream, "      %s%.*s\n",
                slice_begins(trace.text, "=") ? "" : "=",
                SLICE_ARGS(grid_visible(&arena, trace.text)));
        print_step(stream, SLICE_LITERAL("gives"), trace.value,
                   !trace.has_value);
    } else if (trace.origin == ORIGIN_CONSTANT) {
        print_step(stream, SLICE_LITERAL("constant"), trace.text, false);
    }
    for (size_t i = 0; i < trace.step_count; i++) {
        print_step(stream, trace.steps[i].what, trace.steps[i].value,
                   trace.steps[i].failed);
    }
    arena_release(&arena);
}

void
row_cells_print_steps(FILE *stream, const struct row_cells *row)
{
    int line;
    bool skipped = row->record->fate == RECORD_SKIPPED;
    print_head(stream, row);
    if (row_trace_has_where(row->mapping, row->load, &line)) {
        fprintf(stream, "  where, line %d of the mapping: %s\n", line,
                skipped && !is_mapped(row->record) ? "not met" : "met");
    }
    size_t count = mapping_load(row->mapping, row->load)->column_count;
    for (size_t i = 0; row->source->fate == RECORD_GOOD &&
                       (!skipped || is_mapped(row->record)) && i < count;
         i++) {
        print_field(stream, row, i);
    }
    print_reason(stream, row);
    if (row->record->fate == RECORD_GOOD) {
        fputs("  it would be sent\n", stream);
    }
    fputc('\n', stream);
}
