/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_reader.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "source/csv_cells.h"
#include "source/csv_defects.h"
#include "source/csv_lines.h"

#include <csv.h>
#include <stdlib.h>

#define STRICT (CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL)
#define LENIENT CSV_EMPTY_IS_NULL
/* libcsv grows its field by its block size, 128 bytes unless told. */
#define FIELD_BLOCK_SIZE ((size_t)64 * 1024)

struct csv_reader {
    struct csv_reader_options options;
    size_t column_count; /* 0: any */
    enum ragged_policy ragged;
    uint64_t rows, line, offset, rows_end;

    /* The row that is being read. */
    bool is_open;
    uint64_t row_line, quote_line;
    uint64_t row_bytes;
    struct csv_cells cells;
    struct csv_defects defects;
    bool is_broken;       /* by a stray quote: the line's rest is raw */
    struct buffer broken; /* the raw cell; without quotes, the cut line */
    uint64_t broken_line;
    bool in_comment;

    struct csv_parser parser;
    bool row_done;

    /* The text that is being fed. */
    struct batch *batch;
    const char *begin, *at, *end; /* taken up to at */
    struct csv_lines lines;
    const char *next_quote; /* at or behind at, or end */
    const char *copy;       /* of the text from copy_begin on, in the batch */
    const char *copy_begin;
    bool at_end, is_clean;
};

static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
start_parser(struct csv_reader *reader)
{
    csv_init(&reader->parser, STRICT); /* fails for a NULL parser only */
    csv_set_delim(&reader->parser, (unsigned char)reader->options.delimiter);
    csv_set_quote(&reader->parser, (unsigned char)reader->options.quote);
    csv_set_blk_size(&reader->parser, FIELD_BLOCK_SIZE);
    csv_set_realloc_func(&reader->parser, mem_realloc);
    if (!reader->options.trim) {
        /* libcsv drops blanks around unquoted fields otherwise */
        csv_set_space_func(&reader->parser, no_space);
    }
}

struct csv_reader *
csv_reader_new(const struct csv_reader_options *options)
{
    struct csv_reader *reader = mem_zalloc(sizeof *reader);
    reader->options = *options;
    reader->line = options->line;
    reader->offset = reader->rows_end = options->offset;
    reader->broken.limit = SIZE_MAX; /* max_row_bytes bounds it */
    start_parser(reader);
    return reader;
}

void
csv_reader_free(struct csv_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    csv_free(&reader->parser);
    csv_cells_release(&reader->cells);
    buffer_release(&reader->broken);
    free(reader);
}

void
csv_reader_set_columns(struct csv_reader *reader, size_t count,
                       enum ragged_policy ragged)
{
    reader->column_count = count;
    reader->ragged = ragged;
    reader->rows = 0;
}

uint64_t
csv_reader_rows(const struct csv_reader *reader)
{
    return reader->rows;
}

uint64_t
csv_reader_offset(const struct csv_reader *reader)
{
    return reader->rows_end;
}

void
csv_reader_hold(struct csv_reader *reader)
{
    csv_cells_hold(&reader->cells);
}

static void
on_cell(void *bytes, size_t len, void *cookie)
{
    struct csv_reader *reader = cookie;
    struct slice cell = {NULL, 0};
    if (bytes != NULL) {
        cell = arena_copy(&reader->batch->arena, (struct slice){bytes, len});
    }
    csv_cells_add(&reader->cells, cell);
}

static void
on_row(int c, void *cookie)
{
    (void)c;
    struct csv_reader *reader = cookie;
    reader->row_done = true;
}

/* Short, missing or too many cells; false stops the run. */
static bool
check_count(struct csv_reader *reader, struct record *record, struct error *err)
{
    size_t want = reader->column_count, have = record->field_count;
    if (want == 0 || have == want || reader->is_broken) {
        return true;
    }
    if (reader->ragged == RAGGED_ERROR) {
        reader->batch->count--; /* the run stops before this row */
        reader->rows--;
        return error_set(err, ERROR_INPUT, 0,
                         "%s:%llu: the row has %zu cells, the header %zu; "
                         "correct it, or say 'ragged: reject' [ragged-row]",
                         reader->options.name, (unsigned long long)record->line,
                         have, want);
    }
    if (reader->ragged == RAGGED_PAD && have < want) {
        record->fields =
            csv_cells_pad(&reader->batch->arena, record->fields, have, want);
        record->field_count = want;
        return true;
    }
    batch_reject(reader->batch, record, "ragged-row",
                 "the row has %zu cells, the header %zu", have, want);
    return true;
}

/* The cells so far are a row. */
static bool
finish_row(struct csv_reader *reader, struct error *err)
{
    struct record *record = batch_add(reader->batch);
    record->row = ++reader->rows;
    record->line = reader->row_line;
    record->field_count = reader->cells.count;
    record->fields = csv_cells_take(&reader->cells, &reader->batch->arena);
    reader->is_open = false;
    reader->rows_end = reader->offset;
    csv_defects_reject(&reader->defects, reader->batch, record);
    if (reader->is_broken) {
        batch_reject(reader->batch, record, "stray-quote",
                     "text follows a closing quote in line %llu; double the "
                     "quotes that are part of a cell",
                     (unsigned long long)reader->broken_line);
    }
    bool done = check_count(reader, record, err);
    reader->is_broken = false;
    reader->defects = (struct csv_defects){0};
    return done;
}

/*
 * Behind a closing quote stands something else. libcsv's state is of no more
 * use; the cell is kept as it came: its quote, what libcsv has of it (the
 * closing quote included), and the rest of the line.
 */
static void
break_row(struct csv_reader *reader)
{
    reader->is_broken = true;
    reader->broken_line = reader->line;
    buffer_reset(&reader->broken);
    buffer_append_char(&reader->broken, reader->options.quote);
    buffer_append(&reader->broken, reader->parser.entry_buf,
                  reader->parser.entry_pos);
    csv_free(&reader->parser);
    start_parser(reader);
}

/* False when the row broke at *rest. */
static bool
parse(struct csv_reader *reader, struct slice text, struct slice *rest)
{
    struct csv_parser *parser = &reader->parser;
    while (text.len > 0) {
        size_t took =
            csv_parse(parser, text.ptr, text.len, on_cell, on_row, reader);
        text.ptr += took;
        text.len -= took;
        if (text.len == 0) {
            break;
        }
        if (parser->quoted) {
            *rest = text;
            break_row(reader);
            return false;
        }
        /* A quote inside an unquoted cell is data to a lenient libcsv. */
        csv_set_opts(parser, LENIENT);
        csv_parse(parser, text.ptr, 1, on_cell, on_row, reader);
        csv_set_opts(parser, STRICT);
        text.ptr++;
        text.len--;
    }
    return true;
}

static bool
has_quote(struct csv_reader *reader, struct slice text)
{
    if (reader->options.quote == '\0') {
        return false;
    }
    reader->next_quote = csv_lines_find(reader->next_quote, text.ptr,
                                        reader->end, reader->options.quote);
    return reader->next_quote < text.ptr + text.len;
}

/* The text's place in the batch: copied at most once a feed. */
static const char *
copied(struct csv_reader *reader, const char *text)
{
    if (reader->copy == NULL) {
        struct slice rest = {text, (size_t)(reader->end - text)};
        reader->copy_begin = text;
        reader->copy = arena_copy(&reader->batch->arena, rest).ptr;
    }
    return reader->copy + (text - reader->copy_begin);
}

static void
begin_row(struct csv_reader *reader)
{
    reader->is_open = true;
    reader->row_line = reader->line;
    reader->row_bytes = 0;
}

static bool
tell_too_long(struct csv_reader *reader, struct error *err)
{
    return error_set(err, ERROR_INPUT, 0,
                     "%s:%llu: the row that begins here is longer than %zu "
                     "bytes; close its quote, or raise 'max_row_bytes' "
                     "[row-too-long]",
                     reader->options.name, (unsigned long long)reader->row_line,
                     reader->options.max_row_bytes);
}

/* More of the line behind a stray quote; it ends with its last byte. */
static bool
take_broken(struct csv_reader *reader, struct slice rest, size_t end_len,
            bool ended, struct error *err)
{
    buffer_append(&reader->broken, rest.ptr, rest.len - end_len);
    if (!ended) {
        return true;
    }
    struct slice raw = buffer_slice(&reader->broken);
    csv_cells_add(&reader->cells, arena_copy(&reader->batch->arena, raw));
    return finish_row(reader, err);
}

static bool
take_parsed(struct csv_reader *reader, const struct csv_line *line,
            struct error *err)
{
    struct slice rest = line->text;
    size_t end_len = line->end_len;
    if (reader->is_broken) {
        return take_broken(reader, rest, end_len, end_len > 0, err);
    }
    bool was_quoted = reader->parser.quoted;
    size_t count = reader->cells.count;
    reader->row_done = false;
    if (!parse(reader, line->text, &rest)) {
        return take_broken(reader, rest, end_len, end_len > 0, err);
    }
    if (reader->parser.quoted && (!was_quoted || reader->cells.count > count)) {
        reader->quote_line = reader->line;
    }
    if (reader->row_done) {
        return finish_row(reader, err);
    }
    if (end_len > 0 && !reader->parser.quoted) {
        reader->is_open = false; /* a blank line */
    }
    return true;
}

/* libcsv, too, takes a line of blanks for none when it trims. */
static bool
is_blank_line(const struct csv_reader *reader, struct slice text)
{
    char delimiter = reader->options.delimiter;
    size_t at = 0;
    while (reader->options.trim && at < text.len && text.ptr[at] != delimiter &&
           (text.ptr[at] == ' ' || text.ptr[at] == '\t')) {
        at++;
    }
    return at == text.len;
}

/* A line without quotes, its end cut off. */
static bool
take_plain(struct csv_reader *reader, struct slice text, struct error *err)
{
    if (is_blank_line(reader, text)) {
        reader->is_open = false;
        return true;
    }
    csv_cells_split(&reader->cells, text, reader->options.delimiter,
                    reader->options.trim);
    return finish_row(reader, err);
}

/* A line that was cut, and now is whole. */
static bool
take_cut(struct csv_reader *reader, struct error *err)
{
    struct slice text = buffer_slice(&reader->broken);
    return take_plain(reader, arena_copy(&reader->batch->arena, text), err);
}

/* Of a line that the text cuts, where nothing is quoted. */
static bool
take_part(struct csv_reader *reader, const struct csv_line *line, bool begins,
          struct error *err)
{
    if (begins) {
        buffer_reset(&reader->broken);
    }
    struct slice text = line->text;
    buffer_append(&reader->broken, text.ptr, text.len - line->end_len);
    return line->end_len == 0 || take_cut(reader, err);
}

static bool
take_line(struct csv_reader *reader, const struct csv_line *line,
          struct error *err)
{
    bool begins = !reader->is_open;
    if (begins) {
        begin_row(reader);
    }
    struct slice text = line->text;
    reader->row_bytes += text.len;
    if (reader->row_bytes > reader->options.max_row_bytes) {
        return tell_too_long(reader, err);
    }
    if (!reader->is_clean) {
        csv_defects_find(&reader->defects, reader->options.charset, text,
                         reader->offset, reader->options.fed_back);
    }
    reader->at += text.len;
    reader->offset += text.len;
    bool done;
    if (begins && line->end_len > 0 && !has_quote(reader, text)) {
        text.len -= line->end_len;
        text.ptr = copied(reader, text.ptr);
        done = take_plain(reader, text, err);
    } else if (reader->options.quote == '\0') {
        done = take_part(reader, line, begins, err);
    } else {
        done = take_parsed(reader, line, err);
    }
    reader->line += line->end_len > 0;
    return done;
}

enum comment { COMMENT_NO, COMMENT_YES, COMMENT_UNKNOWN };

/* Whether the line is one; unknown when the text ends in the mark. */
static enum comment
judge_comment(const struct csv_reader *reader, const struct csv_line *line)
{
    struct slice mark = reader->options.comment;
    if (reader->in_comment) {
        return COMMENT_YES;
    }
    if (reader->is_open || mark.len == 0) {
        return COMMENT_NO;
    }
    size_t len = line->text.len < mark.len ? line->text.len : mark.len;
    if (memcmp(line->text.ptr, mark.ptr, len) != 0) {
        return COMMENT_NO;
    }
    if (len == mark.len) {
        return COMMENT_YES;
    }
    return line->end_len == 0 && !reader->at_end ? COMMENT_UNKNOWN : COMMENT_NO;
}

static void
pass_comment(struct csv_reader *reader, const struct csv_line *line)
{
    reader->at += line->text.len;
    reader->offset += line->text.len;
    reader->line += line->end_len > 0;
    reader->in_comment = line->end_len == 0;
}

/* Everything is taken and nothing follows. */
static bool
finish_input(struct csv_reader *reader, struct error *err)
{
    if (!reader->is_open) {
        return true;
    }
    if (reader->is_broken) {
        return take_broken(reader, (struct slice){"", 0}, 0, true, err);
    }
    if (reader->options.quote == '\0') {
        return take_cut(reader, err);
    }
    reader->row_done = false;
    if (csv_fini(&reader->parser, on_cell, on_row, reader) != 0) {
        return error_set(err, ERROR_INPUT, 0,
                         "%s:%llu: a quote that opens in this line is still "
                         "open at the end of the input; close it [open-quote]",
                         reader->options.name,
                         (unsigned long long)reader->quote_line);
    }
    reader->is_open = false;
    return !reader->row_done || finish_row(reader, err);
}

static void
begin_text(struct csv_reader *reader, struct batch *batch, struct slice text,
           bool at_end)
{
    reader->batch = batch;
    reader->begin = reader->at = text.ptr;
    reader->end = text.ptr + text.len;
    reader->lines = (struct csv_lines){.end = reader->end, .at_end = at_end};
    reader->next_quote = NULL;
    reader->copy = reader->copy_begin = NULL;
    reader->at_end = at_end;
    reader->is_clean =
        csv_defects_none(reader->options.charset, text, reader->offset,
                         reader->options.fed_back);
    csv_cells_restore(&reader->cells, &batch->arena);
}

bool
csv_reader_feed(struct csv_reader *reader, struct batch *batch,
                struct slice text, bool at_end, size_t row_limit, size_t *taken,
                struct error *err)
{
    begin_text(reader, batch, text, at_end);
    struct csv_line line;
    bool done = true;
    while (done && batch->count < row_limit &&
           csv_lines_next(&reader->lines, reader->at, &line)) {
        enum comment comment = judge_comment(reader, &line);
        if (comment == COMMENT_UNKNOWN) {
            break;
        }
        if (comment == COMMENT_YES) {
            pass_comment(reader, &line);
        } else {
            done = take_line(reader, &line, err);
        }
    }
    if (done && at_end && reader->at == reader->end &&
        batch->count < row_limit) {
        done = finish_input(reader, err);
    }
    *taken = (size_t)(reader->at - reader->begin);
    return done;
}
