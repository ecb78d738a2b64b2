/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_XML_SOURCE_CASE_H
#define TESTS_UNIT_XML_SOURCE_CASE_H

#include "source/xml/xml_source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* An XML file, read in windows of all sorts, against what comes of it. */
static const size_t windows[] = {0, 1, 2, 3, 7, 64};
#define WINDOW_COUNT (sizeof windows / sizeof *windows)
#define PATHS_LIMIT 16
#define STREAMS_LIMIT 4

static inline struct source_spec
usual(const char *record)
{
    static const struct source_namespace namespaces[] = {
        {{"p", 1}, {"urn:a", 5}}};
    return (struct source_spec){.format = "xml",
                                .record = record,
                                .namespaces = namespaces,
                                .namespace_count = 1};
}

/* "[a]" is a value, "-" one that is not there; of a nested row, "b" is its
 * stream, and the record's number stands in brackets. */
static inline void
show_record(struct buffer *text, size_t stream, const struct record *record)
{
    if (stream > 0) {
        buffer_append_char(text, (char)('a' + stream));
    }
    buffer_printf(text, "%d", (int)record->row);
    if (record->outer > 0) {
        buffer_printf(text, "(%d)", (int)record->outer);
    }
    buffer_printf(text, "@%d ", (int)record->line);
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].ptr == NULL) {
            buffer_append_char(text, '-');
        } else {
            buffer_append_char(text, '[');
            buffer_append_slice(text, record->fields[i]);
            buffer_append_char(text, ']');
        }
    }
    if (record->fate == RECORD_REJECTED) {
        buffer_printf(text, " %s: %.*s", record->code,
                      SLICE_ARGS(record->reason));
    }
    buffer_append_char(text, '\n');
}

static inline void
show(struct buffer *text, const struct source_spec *spec, size_t window)
{
    struct error err = {0};
    struct buffer streams[STREAMS_LIMIT] = {{0}};
    struct source *source = xml_source_open(spec, window, &err);
    struct batch batches[STREAMS_LIMIT] = {0};
    while (source != NULL &&
           source_next(source, batches, &err) == SOURCE_ROWS) {
        for (size_t i = 0; i < source_stream_count(source); i++) {
            for (size_t j = 0; j < batches[i].count; j++) {
                show_record(&streams[i], i, &batches[i].records[j]);
            }
        }
    }
    for (size_t i = 0; i < STREAMS_LIMIT; i++) {
        buffer_append_slice(text, buffer_slice(&streams[i]));
        buffer_release(&streams[i]);
        batch_release(&batches[i]);
    }
    if (err.kind != ERROR_NONE) {
        const char *rest = strstr(err.text, "input:");
        buffer_printf(text, "error %d: %s", error_exit_code(&err),
                      rest ? rest : err.text);
    }
    source_close(source);
}

/* "path", "#path" is counted, "&path" joined by "+". */
static inline struct source_path
read_path(struct slice text)
{
    struct source_path path = {.text = text, .line = 7};
    if (text.len > 0 && strchr("#&", text.ptr[0]) != NULL) {
        path.gather = text.ptr[0] == '#' ? GATHER_COUNT : GATHER_JOIN;
        path.separator = SLICE_LITERAL("+");
        path.text = (struct slice){text.ptr + 1, text.len - 1};
        path.name = text;
    }
    return path;
}

/* Paths are separated by "|", streams by ";"; "x~" before its paths is the
 * `each` of one. */
static inline void
check_spec(void **state, struct source_spec spec, const char *paths,
           struct slice bytes, const char *want)
{
    struct error err = {0};
    struct source_path columns[STREAMS_LIMIT][PATHS_LIMIT];
    struct source_stream streams[STREAMS_LIMIT] = {{.line = 7}};
    char *path = scratch_path(state, "input");
    assert_true(file_replace(path, bytes, &err));
    spec.streams = streams;
    spec.stream_count = 1;
    streams[0].paths = columns[0];
    for (const char *at = paths; *at != '\0';) {
        struct source_stream *stream = &streams[spec.stream_count - 1];
        size_t len = strcspn(at, "|;~");
        struct slice part = {at, len};
        if (at[len] == '~') {
            stream->each = part;
        } else {
            columns[spec.stream_count - 1][stream->path_count++] =
                read_path(part);
        }
        if (at[len] == ';') {
            streams[spec.stream_count].line = 7;
            streams[spec.stream_count].paths = columns[spec.stream_count];
            spec.stream_count++;
        }
        at += len + (at[len] != '\0');
    }
    spec.path = path;
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        struct buffer text = {0};
        show(&text, &spec, windows[i]);
        if (strcmp(buffer_text(&text), want) != 0) {
            fail_msg("%s, window %zu:\n%s\ninstead of\n%s", paths, windows[i],
                     buffer_text(&text), want);
        }
        buffer_release(&text);
    }
    free(path);
}

static inline void
check(void **state, const char *record, const char *paths, const char *xml,
      const char *want)
{
    check_spec(state, usual(record), paths, slice_of(xml), want);
}

#define CHECK_BYTES(record, paths, literal, want)                              \
    check_spec(state, usual(record), paths, SLICE_LITERAL(literal), want)

#endif
