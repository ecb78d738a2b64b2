/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_CSV_SOURCE_CASE_H
#define TESTS_UNIT_CSV_SOURCE_CASE_H

#include "source/csv_source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A CSV file, read in windows of all sorts, against what comes of it. */
static const size_t windows[] = {0, 1, 2, 3, 4, 5, 7, 11, 64};
#define WINDOW_COUNT (sizeof windows / sizeof *windows)

static const struct source_spec usual = {
    .format = "csv", .quote = '"', .has_header = true};

/* "[a]" is a cell, "-" an empty one. */
static inline void
show_cells(struct buffer *text, const struct slice *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].ptr == NULL) {
            buffer_append_char(text, '-');
        } else {
            buffer_append_char(text, '[');
            buffer_append_slice(text, cells[i]);
            buffer_append_char(text, ']');
        }
    }
}

static inline void
show_record(struct buffer *text, const struct record *record)
{
    buffer_printf(text, "%d@%d ", (int)record->row, (int)record->line);
    show_cells(text, record->fields, record->field_count);
    if (record->fate == RECORD_REJECTED) {
        buffer_printf(text, " %s: %.*s", record->code,
                      SLICE_ARGS(record->reason));
    }
    buffer_append_char(text, '\n');
}

/* The header, the records, and the error, as text. */
static inline void
show(struct buffer *text, const struct source_spec *spec, size_t window)
{
    struct error err = {0};
    struct source *source = csv_source_open(spec, window, &err);
    if (source != NULL) {
        const struct columns *columns = source_columns(source);
        show_cells(text, columns->names, columns->count);
        buffer_append_char(text, '\n');
        struct batch batch = {0};
        while (source_next(source, &batch, &err) == SOURCE_ROWS) {
            for (size_t i = 0; i < batch.count; i++) {
                show_record(text, &batch.records[i]);
            }
        }
        batch_release(&batch);
    }
    if (err.kind != ERROR_NONE) {
        const char *rest = strstr(err.text, "input");
        buffer_printf(text, "error %d: %s", error_exit_code(&err),
                      rest ? rest : err.text);
    }
    source_close(source);
}

static inline void
check_window(const struct source_spec *spec, size_t window, const char *want)
{
    struct buffer text = {0};
    show(&text, spec, window);
    char *nul;
    while ((nul = memchr(text.bytes, '\0', text.len)) != NULL) {
        *nul = '@';
    }
    if (strcmp(buffer_text(&text), want) != 0) {
        fail_msg("window %zu:\n%s\ninstead of\n%s", window, buffer_text(&text),
                 want);
    }
    buffer_release(&text);
}

/* Reads bytes and compares with what is wanted: once as the mapping would,
 * and once with each window, for which the delimiter must be given: sniffing
 * reads a sample first. */
static inline void
check_with(void **state, const struct source_spec *spec, const char *bytes,
           char delimiter, const char *want)
{
    struct error err = {0};
    char *path = scratch_path(state, "input");
    assert_true(file_replace(path, slice_of(bytes), &err));
    struct source_spec read = *spec;
    read.path = path;
    check_window(&read, 0, want);
    read.delimiter = delimiter;
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        check_window(&read, windows[i], want);
    }
    free(path);
}

static inline void
check(void **state, const struct source_spec *spec, const char *bytes,
      const char *want)
{
    check_with(state, spec, bytes, spec->delimiter ? spec->delimiter : ',',
               want);
}

#endif
