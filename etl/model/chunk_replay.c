/* SPDX-License-Identifier: Apache-2.0 */
#include "model/chunk_replay.h"

#include "base/buffer.h"
#include "base/mem.h"

#include <csv.h>
#include <stdlib.h>
#include <zlib.h>

#define WINDOW_SIZE ((unsigned)64 * 1024)
#define RECORD_LIMIT ((size_t)256 << 20) /* more than the largest chunk */

struct reading {
    struct csv_parser parser;
    gzFile file;
    const char *path;
    struct buffer text;
    size_t *ends; /* of the fields in text */
    struct slice *fields;
    size_t column_count, count;
    uint64_t records;
    chunk_record_fn *each;
    void *cookie;
    bool failed, enough;
    struct error *err;
};

static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
on_field(void *bytes, size_t len, void *cookie)
{
    struct reading *reading = cookie;
    if (reading->count < reading->column_count &&
        buffer_append(&reading->text, bytes, len)) {
        reading->ends[reading->count] = reading->text.len;
    }
    reading->count++;
}

static void
on_record(int end, void *cookie)
{
    struct reading *reading = cookie;
    (void)end;
    if (reading->enough) {
        return;
    }
    if (!reading->failed &&
        (reading->count != reading->column_count || reading->text.overflowed)) {
        reading->failed = true;
        error_set(reading->err, ERROR_INTERNAL, 0,
                  "'%s': record %llu has %zu fields instead of %zu",
                  reading->path, (unsigned long long)reading->records,
                  reading->count, reading->column_count);
    }
    if (!reading->failed && reading->records > 0) {
        size_t begin = 0;
        for (size_t i = 0; i < reading->count; i++) {
            reading->fields[i] =
                (struct slice){buffer_slice(&reading->text).ptr + begin,
                               reading->ends[i] - begin};
            begin = reading->ends[i];
        }
        reading->enough = !reading->each(reading->cookie, reading->fields);
    }
    reading->records++;
    reading->count = 0;
    buffer_reset(&reading->text);
}

static bool
parse_window(struct reading *reading, const char *window, size_t len)
{
    if (csv_parse(&reading->parser, window, len, on_field, on_record,
                  reading) != len ||
        csv_get_buffer_size(&reading->parser) > RECORD_LIMIT) {
        return error_set(reading->err, ERROR_INTERNAL, 0, "'%s' is damaged: %s",
                         reading->path,
                         csv_strerror(csv_error(&reading->parser)));
    }
    return !reading->failed;
}

static bool
read_all(struct reading *reading)
{
    char *window = mem_alloc(WINDOW_SIZE);
    int got;
    bool done = true;
    while (done && !reading->enough &&
           (got = gzread(reading->file, window, WINDOW_SIZE)) > 0) {
        done = parse_window(reading, window, (size_t)got);
    }
    free(window);
    if (done && reading->enough) {
        return true;
    }
    int code = Z_OK;
    const char *text = gzerror(reading->file, &code);
    if (done && code != Z_OK && code != Z_STREAM_END) {
        return error_set(reading->err, ERROR_SYSTEM, 0, "cannot read '%s': %s",
                         reading->path, text);
    }
    if (done && csv_fini(&reading->parser, on_field, on_record, reading) != 0) {
        return error_set(reading->err, ERROR_INTERNAL, 0,
                         "'%s' ends inside quotes", reading->path);
    }
    return done && !reading->failed;
}

bool
chunk_replay_each(const char *path, size_t column_count, chunk_record_fn *each,
                  void *cookie, struct error *err)
{
    struct reading reading = {
        .path = path,
        .column_count = column_count,
        .text = {.limit = RECORD_LIMIT},
        .each = each,
        .cookie = cookie,
        .err = err,
    };
    reading.file = gzopen(path, "rb");
    if (reading.file == NULL) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    csv_init(&reading.parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&reading.parser, no_space);
    reading.ends = mem_array(column_count, sizeof *reading.ends);
    reading.fields = mem_array(column_count, sizeof *reading.fields);
    bool done = read_all(&reading);
    csv_free(&reading.parser);
    gzclose(reading.file);
    buffer_release(&reading.text);
    free(reading.ends);
    free(reading.fields);
    return done;
}
