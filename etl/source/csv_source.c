/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_source.h"

#include "base/mem.h"
#include "source/csv_reader.h"
#include "source/csv_sniff.h"
#include "source/input.h"

#include <stdio.h>
#include <stdlib.h>

/* Rows of a batch: a window full of tiny rows would make a huge one. */
#define BATCH_ROWS 4096
/* Fits a window, and the cells of its rows, so that one allocation does. */
#define BATCH_BLOCK_SIZE ((size_t)256 * 1024)

#define SEP "sep="
#define SEP_LEN 4
#define SEP_LINE_SIZE 16 /* it is in so many bytes, when there is one */

struct csv_source {
    struct source base; /* first, as source_ops.h says */
    struct input input;
    struct csv_reader *reader;
    struct csv_reader_options options;
    struct arena arena; /* column names */
    bool has_header;
    bool done;
    struct error failure; /* told after the rows before it were given */
};

static struct csv_source *
csv_source_of(struct source *source)
{
    return (struct csv_source *)source;
}

static bool
check_spec(const struct source_spec *spec, struct error *err)
{
    if (spec->delimiter != '\0' && spec->delimiter == spec->quote &&
        !spec->no_quotes) {
        return error_set(err, ERROR_CONFIG, 0,
                         "delimiter and quote are both '%c'; give one of them "
                         "another character",
                         spec->quote);
    }
    return true;
}

/* Reads on until so many bytes are there, or all. */
static bool
fill_sample(struct csv_source *source, size_t size, struct error *err)
{
    while (!source->input.at_end && input_text(&source->input).len < size) {
        if (!input_fill(&source->input, err)) {
            return false;
        }
    }
    return true;
}

/* The columns that result files begin with (product.md). */
static bool
is_added_column(struct slice name)
{
    return slice_is(name, "sf__Id") || slice_is(name, "sf__Created") ||
           slice_is(name, "sf__Error") || slice_begins(name, "sfetl__");
}

static bool
is_fed_back(struct slice text)
{
    if (slice_begins(text, "\xef\xbb\xbf")) {
        text.ptr += 3;
        text.len -= 3;
    }
    if (text.len > 0 && text.ptr[0] == '"') {
        text.ptr++;
        text.len--;
    }
    return slice_begins(text, "sf__Id") || slice_begins(text, "sfetl__");
}

/* A result file is in our own form, whatever the mapping says of its source. */
static void
set_options(struct csv_source *source)
{
    const struct source_spec *spec = source->base.spec;
    bool fed_back = is_fed_back(input_text(&source->input));
    source->options = (struct csv_reader_options){
        .name = source->base.name,
        .delimiter = fed_back ? '\0' : spec->delimiter,
        .quote = spec->no_quotes && !fed_back      ? '\0'
                 : fed_back || spec->quote == '\0' ? '"'
                                                   : spec->quote,
        .comment = fed_back ? (struct slice){NULL, 0} : slice_of(spec->comment),
        .max_row_bytes = spec->max_row_bytes ? spec->max_row_bytes
                                             : SOURCE_MAX_ROW_BYTES_DEFAULT,
        .trim = !fed_back && spec->trim,
        .fed_back = fed_back,
        .line = 1,
        .charset = source->input.charset,
    };
    source->has_header = fed_back || spec->has_header;
}

/* Takes one line with its end; false at the input's end, and on failure. */
static bool
skip_line(struct csv_source *source, struct error *err)
{
    bool taken_any = false;
    for (;;) {
        struct slice text = input_text(&source->input);
        size_t at = 0;
        while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r') {
            at++;
        }
        bool whole = source->input.at_end || at + 1 < text.len ||
                     (at < text.len && text.ptr[at] == '\n');
        if (at < text.len && whole) {
            bool pair = at + 1 < text.len && text.ptr[at] == '\r' &&
                        text.ptr[at + 1] == '\n';
            input_take(&source->input, at + 1 + pair);
            source->options.line++;
            return true;
        }
        input_take(&source->input, at);
        taken_any |= at > 0;
        if (source->input.at_end) {
            return taken_any;
        }
        if (!input_fill(&source->input, err)) {
            return false;
        }
    }
}

static bool
skip_lines(struct csv_source *source, struct error *err)
{
    size_t count = source->options.fed_back ? 0 : source->base.spec->skip_lines;
    while (count > 0 && skip_line(source, err)) {
        count--;
    }
    source->options.offset = source->input.offset;
    return err->kind == ERROR_NONE;
}

/* The line by which Excel is told the delimiter. It is no row, and speaks
 * where the mapping does not. */
static bool
take_sep_line(struct csv_source *source, struct error *err)
{
    struct slice text = input_text(&source->input);
    if (text.len > 0 && text.ptr[0] == '"') {
        text.ptr++; /* some write it as a cell */
        text.len--;
    }
    bool is_one = text.len > SEP_LEN && !source->options.fed_back &&
                  slice_is_nocase((struct slice){text.ptr, SEP_LEN}, SEP);
    if (!is_one) {
        return true;
    }
    char sign = text.ptr[SEP_LEN];
    text.ptr += SEP_LEN + 1;
    text.len -= SEP_LEN + 1;
    if (text.len > 0 && text.ptr[0] == '"') {
        text.ptr++;
        text.len--;
    }
    bool ends = text.len == 0 || text.ptr[0] == '\n' || text.ptr[0] == '\r';
    if (!ends || ((unsigned char)sign <= ' ' && sign != '\t') ||
        (unsigned char)sign >= 0x7f) {
        return true;
    }
    if (source->options.delimiter == '\0') {
        source->options.delimiter = sign;
    }
    return skip_line(source, err) || err->kind == ERROR_NONE;
}

static bool
find_delimiter(struct csv_source *source, struct error *err)
{
    if (source->options.delimiter != '\0') {
        return true;
    }
    if (!fill_sample(source, CSV_SNIFF_SAMPLE_SIZE, err)) {
        return false;
    }
    size_t known = source->has_header ? 0 : source->base.spec->header_count;
    return csv_sniff_delimiter(&source->options, input_text(&source->input),
                               source->input.at_end, known,
                               &source->options.delimiter, err);
}

/* Adds rows until there is one, or the input ends. */
static bool
read_rows(struct csv_source *source, struct batch *batch, size_t row_limit,
          struct error *err)
{
    struct input *input = &source->input;
    while (batch->count == 0 && !source->done) {
        struct slice text = input_text(input);
        bool at_end = input->at_end;
        size_t taken;
        if (!csv_reader_feed(source->reader, batch, text, at_end, row_limit,
                             &taken, err)) {
            return false;
        }
        input_take(input, taken);
        if (batch->count > 0) {
            break;
        }
        source->done = at_end;
        if (!input_fill(input, err)) {
            return false;
        }
    }
    csv_reader_hold(source->reader);
    return true;
}

static void
set_columns(struct csv_source *source, const struct slice *names, size_t count)
{
    struct columns *columns = &source->base.columns;
    columns->names = arena_array(&source->arena, count, sizeof *columns->names);
    columns->count = count;
    for (size_t i = 0; i < count; i++) {
        columns->names[i] = arena_copy(&source->arena, names[i]);
    }
    while (source->options.fed_back && columns->added_count < count &&
           is_added_column(columns->names[columns->added_count])) {
        columns->added_count++;
    }
    enum ragged_policy ragged =
        source->options.fed_back ? RAGGED_REJECT : source->base.spec->ragged;
    csv_reader_set_columns(source->reader, count, ragged);
}

static bool
read_header(struct csv_source *source, struct error *err)
{
    if (!source->has_header) {
        set_columns(source, source->base.spec->header,
                    source->base.spec->header_count);
        return true;
    }
    struct batch batch = {0};
    bool done = read_rows(source, &batch, 1, err);
    const struct record *header = batch.count > 0 ? batch.records : NULL;
    if (done && header == NULL) {
        done = error_set(err, ERROR_INPUT, 0,
                         "the source '%s' has no header; name its columns in "
                         "the first row, or with 'header: [...]' [no-header]",
                         source->base.name);
    } else if (done && header->fate != RECORD_GOOD) {
        done = error_set(err, ERROR_INPUT, 0, "%s:%llu: the header: %.*s [%s]",
                         source->base.name, (unsigned long long)header->line,
                         SLICE_ARGS(header->reason), header->code);
    } else if (done) {
        set_columns(source, header->fields, header->field_count);
    }
    batch_release(&batch);
    return done;
}

static void
describe(struct csv_source *source)
{
    char text[2];
    snprintf(source->base.description, sizeof source->base.description,
             "%s%s%s, delimiter %s, %zu columns",
             source->options.fed_back ? "result file, " : "",
             input_encoding(&source->input),
             source->input.has_bom ? " with BOM" : "",
             csv_sniff_name(source->options.delimiter, text),
             source->base.columns.count);
}

static bool
open_text(struct csv_source *source, size_t window_size, struct error *err)
{
    const struct source_spec *spec = source->base.spec;
    if (!input_open(&source->input, spec->path, window_size, spec->stop_fd,
                    err)) {
        return false;
    }
    source->base.name = mem_strdup(source->input.stored.name);
    bool fed_back = is_fed_back(input_text(&source->input));
    if (!input_decode(&source->input, fed_back ? NULL : spec->encoding, err)) {
        return false;
    }
    if (source->input.at_end && input_text(&source->input).len == 0) {
        return error_set(err, ERROR_INPUT, 0, "the source '%s' is empty",
                         source->base.name);
    }
    set_options(source);
    if (!fill_sample(source, SEP_LINE_SIZE, err) ||
        !take_sep_line(source, err) || !skip_lines(source, err) ||
        !find_delimiter(source, err)) {
        return false;
    }
    source->reader = csv_reader_new(&source->options);
    return read_header(source, err);
}

static void
csv_source_close(struct source *base)
{
    struct csv_source *source = csv_source_of(base);
    csv_reader_free(source->reader);
    input_close(&source->input);
    arena_release(&source->arena);
    free(source->base.name);
    free(source);
}

struct source *
csv_source_open(const struct source_spec *spec, size_t window_size,
                struct error *err)
{
    if (!check_spec(spec, err)) {
        return NULL;
    }
    struct csv_source *source = mem_zalloc(sizeof *source);
    source->base.ops = &csv_source_ops;
    source->base.spec = spec;
    source->input.stored.fd = -1;
    if (!open_text(source, window_size, err)) {
        csv_source_close(&source->base);
        return NULL;
    }
    describe(source);
    return &source->base;
}

static struct source *
open_usual(const struct source_spec *spec, struct error *err)
{
    return csv_source_open(spec, 0, err);
}

static enum source_status
next(struct source *base, struct batch *batch, struct error *err)
{
    struct csv_source *source = csv_source_of(base);
    if (batch->arena.block_size == 0) {
        batch->arena.block_size = BATCH_BLOCK_SIZE;
    }
    batch_reset(batch);
    if (source->failure.kind == ERROR_NONE) {
        read_rows(source, batch, BATCH_ROWS, &source->failure);
    }
    if (batch->count > 0) {
        return SOURCE_ROWS;
    }
    if (source->failure.kind != ERROR_NONE) {
        *err = source->failure;
        return SOURCE_FAILED;
    }
    return SOURCE_END;
}

static struct source_position
position(const struct source *base)
{
    const struct csv_source *source = (const struct csv_source *)base;
    const struct stored *stored = &source->input.stored;
    struct source_position position = {
        .bytes = input_is_plain(&source->input)
                     ? csv_reader_offset(source->reader)
                     : stored->hashed_bytes,
        .rows = csv_reader_rows(source->reader),
        .hashed_bytes = stored->hashed_bytes,
    };
    stored_hash(stored, position.hash);
    return position;
}

static uint64_t
size(const struct source *base)
{
    return ((const struct csv_source *)base)->input.stored.size;
}

const struct source_ops csv_source_ops = {
    .format = "csv",
    .open = open_usual,
    .next = next,
    .position = position,
    .size = size,
    .close = csv_source_close,
};
