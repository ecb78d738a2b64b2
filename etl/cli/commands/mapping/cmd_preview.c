/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/options.h"
#include "cli/screen/row_cells.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "model/csv_writer.h"
#include "pipeline/setup.h"
#include "pipeline/staging/stream_batches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALLBACK_WIDTH 80
/* How the Bulk APIs spell a field that is to be cleared. */
#define CLEARED "#N/A"

struct preview;

/* How rows are shown, as they come: all loads of a row, then the next row. */
struct preview_format {
    const char *name;
    void (*begin)(struct preview *preview);
    void (*row)(struct preview *preview, size_t load,
                const struct record *source, const struct record *record);
    void (*end)(struct preview *preview, const struct error *err);
};

struct preview {
    const struct options *options;
    const char *mapping_path;
    const struct preview_format *format;
    struct setup setup;
    size_t load_count;
    struct buffer line;
    uint64_t row_count, record_count;
};

static bool
is_cleared(struct slice field)
{
    return field.ptr != NULL && field.len == 0;
}

static const struct load *
load_at(const struct preview *preview, size_t index)
{
    return mapping_load(preview->setup.mapping, index);
}

/* Source beside result; of one row, step by step. */
static void
table_row(struct preview *preview, size_t load, const struct record *source,
          const struct record *record)
{
    const struct row_cells row = {
        .mapping = preview->setup.mapping,
        .load = load,
        .source_name = source_name(preview->setup.source),
        .source = source,
        .record = record,
    };
    preview->record_count++;
    if (preview->options->row > 0) {
        row_cells_print_steps(stdout, &row);
    } else {
        row_cells_print(stdout, &row, terminal_width(stdout, FALLBACK_WIDTH));
    }
}

static void
table_end(struct preview *preview, const struct error *err)
{
    if (preview->record_count == 0 && err->kind == ERROR_NONE) {
        puts("no rows");
    }
}

static void
print_csv_line(struct preview *preview)
{
    buffer_append_char(&preview->line, '\n');
    fwrite(preview->line.bytes, 1, preview->line.len, stdout);
    buffer_reset(&preview->line);
}

static void
append_cell(struct preview *preview, size_t column, struct slice cell)
{
    if (column > 0) {
        buffer_append_char(&preview->line, ',');
    }
    csv_writer_cell(&preview->line, cell);
}

static void
csv_begin(struct preview *preview)
{
    const struct load *load = load_at(preview, 0);
    for (size_t i = 0; i < load->column_count; i++) {
        append_cell(preview, i, slice_of(load->columns[i].name));
    }
    print_csv_line(preview);
}

static void
csv_row(struct preview *preview, size_t load, const struct record *source,
        const struct record *record)
{
    (void)source;
    if (record->fate != RECORD_GOOD) {
        fprintf(stderr, "sfetl: row %" PRIu64 " is left out: %.*s\n",
                record->row, SLICE_ARGS(record->reason));
        return;
    }
    for (size_t i = 0; i < load_at(preview, load)->column_count; i++) {
        struct slice field = record->fields[i];
        append_cell(preview, i, is_cleared(field) ? slice_of(CLEARED) : field);
    }
    print_csv_line(preview);
}

/* A field that is left alone is not there; one that is cleared is null. */
static json_t *
fields_json(const struct load *load, const struct record *record)
{
    json_t *fields = json_object();
    for (size_t i = 0; i < load->column_count; i++) {
        struct slice field = record->fields[i];
        if (field.ptr != NULL) {
            json_object_set_new(fields, load->columns[i].name,
                                is_cleared(field) ? json_null()
                                                  : talk_json_text(field));
        }
    }
    return fields;
}

/* Records are written one by one, so that none is held. */
static void
json_row(struct preview *preview, size_t index, const struct record *source,
         const struct record *record)
{
    (void)source;
    static const char *const fates[] = {"good", "rejected", "skipped"};
    const struct load *load = load_at(preview, index);
    bool good = record->fate == RECORD_GOOD;
    json_t *json =
        json_pack("{s:s,s:s,s:I,s:I,s:s,s:o,s:o}", "load", load->name, "object",
                  load->object, "row", (json_int_t)record->row, "line",
                  (json_int_t)record->line, "fate", fates[record->fate],
                  "reason", good ? json_null() : talk_json_text(record->reason),
                  "fields", good ? fields_json(load, record) : json_null());
    fputs(preview->record_count++ > 0 ? ",\n" : "{\"records\": [\n", stdout);
    json_dumpf(json, stdout, JSON_COMPACT);
    json_decref(json);
}

static void
json_end(struct preview *preview, const struct error *err)
{
    json_t *rest = json_pack(
        "{s:s,s:i,s:o,s:o}", "mapping", preview->mapping_path, "exit_code",
        error_exit_code(err), "error", talk_json_error(err), "problems",
        talk_json_problems(&preview->setup.problems));
    char *text = json_dumps(rest, JSON_COMPACT);
    fputs(preview->record_count > 0 ? "\n],\n" : "{\"records\": [],\n", stdout);
    puts(text + 1); /* behind its brace, which stands there already */
    free(text);
    json_decref(rest);
}

static const struct preview_format formats[] = {
    {"table", NULL, table_row, table_end},
    {"csv", csv_begin, csv_row, NULL},
    {"json", NULL, json_row, json_end},
};

/* Each row by all loads that take it. */
static void
show_stream(struct preview *preview, size_t stream, const struct batch *rows,
            struct batch *mapped)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t load = 0; load < preview->load_count; load++) {
            if (mapping_load(preview->setup.mapping, load)->stream == stream) {
                preview->format->row(preview, load, &rows->records[i],
                                     &mapped[load].records[i]);
            }
        }
    }
}

static void
show_batches(struct preview *preview, struct mapper *mapper,
             const struct stream_batches *rows, struct batch *mapped)
{
    preview->row_count = rows->records;
    for (size_t i = 0; i < preview->load_count; i++) {
        size_t stream = mapping_load(preview->setup.mapping, i)->stream;
        mapper_apply(mapper, i, &rows->items[stream], &mapped[i]);
    }
    for (size_t i = 0; i < rows->count; i++) {
        show_stream(preview, i, &rows->items[i], mapped);
    }
}

static void
show_rows(struct preview *preview, struct error *err)
{
    struct mapper *mapper = mapper_new(preview->setup.mapping);
    struct source *source = preview->setup.source;
    struct stream_batches rows;
    struct batch *mapped = mem_array(preview->load_count, sizeof *mapped);
    uint64_t row = preview->options->row;
    stream_batches_open(&rows, source,
                        row > 0 ? row - 1 : preview->options->run.skip,
                        row > 0 ? 1 : preview->options->rows);
    while (!stream_batches_full(&rows) &&
           stream_batches_next(&rows, source, err) == SOURCE_ROWS) {
        show_batches(preview, mapper, &rows, mapped);
    }
    for (size_t i = 0; i < preview->load_count; i++) {
        batch_release(&mapped[i]);
    }
    free(mapped);
    stream_batches_close(&rows);
    mapper_free(mapper);
}

static bool
open_preview(struct preview *preview, struct error *err)
{
    const struct options *options = preview->options;
    struct run_options run_options = options->run;
    run_options.mapping_path = preview->mapping_path;
    if (!setup_open(&preview->setup, &run_options, SETUP_ORG | SETUP_SOURCE,
                    err)) {
        return false;
    }
    preview->load_count = mapping_load_count(preview->setup.mapping);
    if (strcmp(options->format, "csv") == 0 && preview->load_count > 1) {
        preview->load_count = 0;
        return error_set(err, ERROR_USAGE, 0,
                         "'--format csv' shows one load, and '%s' has several; "
                         "name one with --load",
                         preview->mapping_path);
    }
    return true;
}

static const struct preview_format *
find_format(const char *name)
{
    size_t i = 0;
    while (strcmp(formats[i].name, name) != 0) {
        i++;
    }
    return &formats[i]; /* options_parse lets no other name pass */
}

int
cmd_preview_main(const struct options *options)
{
    struct preview preview = {
        .options = options,
        .mapping_path = options->operands[0],
        .format = find_format(options->format),
    };
    struct error err = {0};
    bool told = false;
    if (open_preview(&preview, &err)) {
        if (preview.format->begin != NULL) {
            preview.format->begin(&preview);
        }
        /* They may be lost behind the rows. */
        talk_problems(&preview.setup.problems, options);
        show_rows(&preview, &err);
        told = true;
    }
    if (!told) {
        talk_problems(&preview.setup.problems, options);
    }
    if (err.kind == ERROR_NONE && options->row > 0 && preview.row_count == 0) {
        error_set(&err, ERROR_USAGE, 0, "the source has no row %" PRIu64,
                  options->row);
    }
    talk_error(&err);
    if (preview.format->end != NULL) {
        preview.format->end(&preview, &err);
    }
    buffer_release(&preview.line);
    setup_close(&preview.setup);
    return error_exit_code(&err);
}
