/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/file.h"
#include "source/xml/xml_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * An XML source of any bytes, read in whole windows and in tiny ones: the same
 * rows must come, but that a broken file may give some before it fails. The
 * first line is the record path, the second the columns, by blanks.
 */
#define ROW_BYTES_LIMIT 4096
#define PATHS_LIMIT 16
#define STREAMS_LIMIT 4

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_text(struct slice text)
{
    if (slice_utf8_valid_len(text) != text.len) {
        __builtin_trap();
    }
}

static void
add_record(struct buffer *all, const struct record *record)
{
    buffer_printf(all, "\n%d %d %d %d ", (int)record->row, (int)record->line,
                  (int)record->outer, (int)record->fate);
    buffer_append_slice(all, record->reason);
    for (size_t i = 0; i < record->field_count; i++) {
        struct slice text = record->fields[i];
        check_text(text);
        buffer_printf(all, "%d:%zu:", text.ptr != NULL, text.len);
        buffer_append_slice(all, text);
    }
}

/* False when the source fails. Streams one behind the other: where batches end
 * is not the same for all windows. */
static bool
read_all(const struct source_spec *spec, size_t window, struct buffer *all)
{
    struct error err = {0};
    struct source *source = xml_source_open(spec, window, &err);
    struct buffer streams[STREAMS_LIMIT] = {{0}};
    struct batch batches[STREAMS_LIMIT] = {0};
    while (source != NULL &&
           source_next(source, batches, &err) == SOURCE_ROWS) {
        for (size_t i = 0; i < source_stream_count(source); i++) {
            for (size_t j = 0; j < batches[i].count; j++) {
                add_record(&streams[i], &batches[i].records[j]);
            }
        }
    }
    for (size_t i = 0; i < STREAMS_LIMIT; i++) {
        buffer_append_slice(all, buffer_slice(&streams[i]));
        buffer_release(&streams[i]);
        batch_release(&batches[i]);
    }
    source_close(source);
    return err.kind == ERROR_NONE;
}

static struct slice
take_part(struct slice *rest, char end)
{
    struct slice part = *rest;
    const char *at = rest->len > 0 ? memchr(rest->ptr, end, rest->len) : NULL;
    part.len = at == NULL ? rest->len : (size_t)(at - rest->ptr);
    size_t taken = part.len + (at != NULL);
    rest->ptr += taken;
    rest->len -= taken;
    return part;
}

/* is_typed: there is a document type; of one with a '>' in a literal libxml2
 * refuses what it did not get at once. */
static void
compare(const struct source_spec *spec, bool is_typed)
{
    struct buffer whole = {0};
    struct buffer tiny = {0};
    bool whole_done = read_all(spec, 0, &whole);
    bool tiny_done = read_all(spec, 1, &tiny);
    if ((whole_done != tiny_done && !is_typed) ||
        (whole_done && tiny_done &&
         !slice_equals(buffer_slice(&whole), buffer_slice(&tiny)))) {
        __builtin_trap();
    }
    buffer_release(&whole);
    buffer_release(&tiny);
}

/* "x" is a column, "#x" a count, "&x" joined; "~x" begins the stream of rows
 * that `each` has at x. */
static void
take_column(struct source_spec *spec, struct source_stream *streams,
            struct source_path paths[][PATHS_LIMIT], struct slice part)
{
    struct source_stream *stream = &streams[spec->stream_count - 1];
    char sign = part.len > 0 ? part.ptr[0] : '\0';
    struct slice rest = {part.ptr + 1, part.len - 1};
    if (sign == '~' && spec->stream_count < STREAMS_LIMIT) {
        streams[spec->stream_count++] =
            (struct source_stream){.each = rest, .line = 1};
    } else if (stream->path_count < PATHS_LIMIT) {
        bool gathers = sign == '#' || sign == '&';
        paths[spec->stream_count - 1][stream->path_count++] =
            (struct source_path){
                .text = gathers ? rest : part,
                .line = 1,
                .gather = sign == '#'   ? GATHER_COUNT
                          : sign == '&' ? GATHER_JOIN
                                        : GATHER_ONE,
                .separator = SLICE_LITERAL("; "),
            };
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct source_namespace namespaces[] = {
        {{"p", 1}, {"urn:a", 5}}};
    struct source_path paths[STREAMS_LIMIT][PATHS_LIMIT];
    struct source_stream streams[STREAMS_LIMIT] = {{.line = 1}};
    struct slice rest = {(const char *)bytes, size};
    char *record = slice_dup(take_part(&rest, '\n'));
    struct slice columns = take_part(&rest, '\n');
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || !file_write_all(fd, rest.ptr, rest.len)) {
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct source_spec spec = {.format = "xml",
                               .path = path,
                               .quote = '"',
                               .has_header = true,
                               .record = record,
                               .namespaces = namespaces,
                               .namespace_count = 1,
                               .streams = streams,
                               .stream_count = 1,
                               .max_row_bytes = ROW_BYTES_LIMIT};
    while (columns.len > 0) {
        take_column(&spec, streams, paths, take_part(&columns, ' '));
    }
    for (size_t i = 0; i < spec.stream_count; i++) {
        streams[i].paths = paths[i];
    }
    compare(&spec,
            rest.len > 0 && memmem(rest.ptr, rest.len, "!DOCTYPE", 8) != NULL);
    close(fd);
    free(record);
    return 0;
}
