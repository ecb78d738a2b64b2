/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_source.h"

#include "base/mem.h"
#include "source/csv_source.h"
#include "source/input.h"
#include "source/xml/xml_reader.h"
#include "source/xml/xml_record.h"

#include <stdio.h>
#include <stdlib.h>

/* Fed at once: so many tiny rows fit a batch. */
#define FEED_SIZE ((size_t)16 * 1024)
#define BATCH_FEEDS 4
#define BATCH_ROWS 4096

struct xml_source {
    struct source base; /* first, as source_ops.h says */
    struct input input;
    struct xml_reader reader; /* its failure is told after the rows before */
    struct xml_record *record;
    size_t feed_size;
};

static struct xml_source *
xml_source_of(struct source *source)
{
    return (struct xml_source *)source;
}

static uint64_t
tag_line(void *cookie)
{
    return xml_reader_tag_line(cookie);
}

static bool
begin_element(void *cookie, const struct xml_element *element,
              struct error *err)
{
    struct xml_source *source = cookie;
    return xml_record_begin(source->record, element, tag_line, &source->reader,
                            err);
}

static bool
take_text(void *cookie, struct slice text, struct error *err)
{
    return xml_record_text(((struct xml_source *)cookie)->record, text, err);
}

static bool
end_element(void *cookie, struct error *err)
{
    return xml_record_end(((struct xml_source *)cookie)->record, err);
}

static void
feed(struct xml_source *source)
{
    struct slice bytes = input_text(&source->input);
    bool at_end = source->input.at_end && bytes.len <= source->feed_size;
    bytes.len = at_end                          ? bytes.len
                : bytes.len < source->feed_size ? bytes.len
                                                : source->feed_size;
    xml_reader_feed(&source->reader, bytes, at_end);
    input_take(&source->input, bytes.len);
}

static size_t
count_rows(const struct xml_source *source, const struct batch *batches)
{
    size_t count = 0;
    for (size_t i = 0; i < source->base.stream_count; i++) {
        count += batches[i].count;
    }
    return count;
}

/* Adds rows until there are some, or the input ends. */
static void
read_rows(struct xml_source *source, const struct batch *batches)
{
    struct input *input = &source->input;
    size_t feeds = 0, count = 0;
    while (!source->reader.done && count < BATCH_ROWS &&
           (count == 0 || feeds < BATCH_FEEDS)) {
        if (!input->at_end && input_text(input).len == 0 &&
            !input_fill(input, &source->reader.failure)) {
            source->reader.done = true;
            return;
        }
        feed(source);
        feeds++;
        count = count_rows(source, batches);
    }
}

static void
xml_source_close(struct source *base)
{
    struct xml_source *source = xml_source_of(base);
    xml_record_free(source->record);
    xml_reader_close(&source->reader);
    input_close(&source->input);
    for (size_t i = 0; i < source->base.stream_count; i++) {
        free(source->base.streams[i].names);
    }
    free(source->base.streams);
    free(source->base.name);
    free(source);
}

static void
set_columns(struct xml_source *source)
{
    const struct source_spec *spec = source->base.spec;
    struct source *base = &source->base;
    size_t path_count = 0;
    base->streams = mem_array(spec->stream_count + 1, sizeof *base->streams);
    base->stream_count = spec->stream_count;
    for (size_t i = 0; i < spec->stream_count; i++) {
        const struct source_stream *stream = &spec->streams[i];
        struct columns *columns = &base->streams[i];
        columns->names =
            mem_array(stream->path_count + 1, sizeof *columns->names);
        columns->count = stream->path_count;
        path_count += stream->path_count;
        for (size_t j = 0; j < stream->path_count; j++) {
            const struct source_path *path = &stream->paths[j];
            columns->names[j] = path->name.ptr ? path->name : path->text;
        }
    }
    snprintf(base->description, sizeof base->description,
             "XML, records at %.150s, %zu paths", spec->record, path_count);
}

static bool
open_reader(struct xml_source *source, struct error *err)
{
    const struct source_spec *spec = source->base.spec;
    size_t taken = 0;
    source->reader.name = source->base.name;
    source->reader.listener =
        (struct xml_listener){begin_element, take_text, end_element, source};
    if (!xml_reader_open(&source->reader, input_text(&source->input),
                         spec->encoding, spec->max_row_bytes, &taken, err)) {
        return false;
    }
    input_take(&source->input, taken);
    source->record = xml_record_new(spec, source->base.name,
                                    source->reader.parser->dict, err);
    return source->record != NULL;
}

/* A result file, by the columns that it begins with. */
static bool
is_fed_back(struct slice text)
{
    return slice_begins(text, "sf__Id") || slice_begins(text, "\"sf__Id") ||
           slice_begins(text, "sfetl__") || slice_begins(text, "\"sfetl__");
}

struct source *
xml_source_open(const struct source_spec *spec, size_t window_size,
                struct error *err)
{
    struct xml_source *source = mem_zalloc(sizeof *source);
    source->base.ops = &xml_source_ops;
    source->base.spec = spec;
    source->feed_size =
        window_size && window_size < FEED_SIZE ? window_size : FEED_SIZE;
    if (!input_open(&source->input, spec->path, window_size, spec->stop_fd,
                    err)) {
        free(source);
        return NULL;
    }
    source->base.name = mem_strdup(source->input.stored.name);
    struct slice text = input_text(&source->input);
    if (is_fed_back(text)) {
        xml_source_close(&source->base);
        return csv_source_open(spec, window_size, err);
    }
    if (text.len == 0) {
        error_set(err, ERROR_INPUT, 0, "the source '%s' is empty",
                  source->base.name);
    }
    if (text.len == 0 || !open_reader(source, err)) {
        xml_source_close(&source->base);
        return NULL;
    }
    set_columns(source);
    return &source->base;
}

static struct source *
open_usual(const struct source_spec *spec, struct error *err)
{
    return xml_source_open(spec, 0, err);
}

static enum source_status
next(struct source *base, struct batch *batches, struct error *err)
{
    struct xml_source *source = xml_source_of(base);
    for (size_t i = 0; i < base->stream_count; i++) {
        batch_reset(&batches[i]);
    }
    xml_record_lend(source->record, batches);
    read_rows(source, batches);
    if (count_rows(source, batches) > 0) {
        return SOURCE_ROWS;
    }
    if (source->reader.failure.kind != ERROR_NONE) {
        *err = source->reader.failure;
        return SOURCE_FAILED;
    }
    return SOURCE_END;
}

static struct source_position
position(const struct source *base)
{
    const struct xml_source *source = (const struct xml_source *)base;
    struct source_position position = {
        .bytes = source->input.stored.hashed_bytes,
        .rows = xml_record_count(source->record),
        .hashed_bytes = source->input.stored.hashed_bytes,
    };
    stored_hash(&source->input.stored, position.hash);
    return position;
}

static uint64_t
size(const struct source *base)
{
    return ((const struct xml_source *)base)->input.stored.size;
}

const struct source_ops xml_source_ops = {
    .format = "xml",
    .open = open_usual,
    .next = next,
    .position = position,
    .size = size,
    .close = xml_source_close,
};
