/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_source.h"

#include "pipeline/cancel.h"
#include "source/csv_sniff.h"
#include "source/input.h"
#include "source/source.h"

#include <string.h>

/* Lines of a title before the header; more is another kind of file. */
#define SKIP_LIMIT 10
#define COLUMN_LIMIT 5000 /* as the org takes in a job (salesforce.md) */

/* Of bytes that are no UTF-8 the Windows code page is by far the likeliest in
 * exports of the western world; a NUL in every second byte is UTF-16. */
static const char *
guess_encoding(struct slice bytes)
{
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        even += bytes.ptr[i] == '\0' && i % 2 == 0;
        odd += bytes.ptr[i] == '\0' && i % 2 == 1;
    }
    if (even + odd > bytes.len / 4) {
        return even > odd ? "UTF-16BE" : "UTF-16LE";
    }
    size_t good = slice_utf8_valid_len(bytes);
    return bytes.len - good < 4 ? "UTF-8" : "windows-1252";
}

static void
count_line_ends(struct draft_source *draft, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool next_is_lf = i + 1 < text.len && text.ptr[i + 1] == '\n';
        if (text.ptr[i] == '\r' && next_is_lf) {
            draft->crlf++;
            i++;
        } else {
            draft->lf += text.ptr[i] == '\n';
            draft->cr += text.ptr[i] == '\r';
        }
    }
    draft->quotes = memchr(text.ptr, '"', text.len) != NULL;
}

static struct slice
without_lines(struct slice text, size_t count)
{
    while (count > 0 && text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.ptr) + 1;
        text = (struct slice){text.ptr + len, text.len - len};
        count--;
    }
    return text;
}

/* The text of the first bytes, in the arena. */
static bool
read_sample(struct draft_source *draft, struct input *input,
            struct slice *sample, struct error *err)
{
    bool is_guess;
    if (!input_open(input, draft->spec.path, 0, cancel_fd(), err)) {
        return false;
    }
    if (input_text(input).len == 0) {
        return error_set(err, ERROR_INPUT, 0, "'%s' is empty",
                         draft->spec.path);
    }
    const char *guess = guess_encoding(input_text(input));
    is_guess = strcmp(guess, "UTF-8") != 0;
    if (!input_decode(input, is_guess ? guess : NULL, err)) {
        return false;
    }
    while (!input->at_end && input_text(input).len < CSV_SNIFF_SAMPLE_SIZE) {
        if (!input_fill(input, err)) {
            return false;
        }
    }
    draft->has_bom = input->has_bom;
    draft->encoding =
        arena_strdup(&draft->arena, slice_of(input_encoding(input)));
    draft->encoding_guessed = is_guess && !input->has_bom;
    if (draft->encoding_guessed) {
        draft->spec.encoding = draft->encoding;
    }
    *sample = arena_copy(&draft->arena, input_text(input));
    draft->is_whole = input->at_end;
    count_line_ends(draft, *sample);
    return true;
}

struct trial {
    size_t columns;
    uint64_t rows, bad; /* not of the header's width, or damaged */
};

/* Reads the first rows; false when they can't be read so. */
static bool
try_rows(struct draft_source *draft, struct trial *trial, struct error *err)
{
    struct source *source = source_open(&draft->spec, err);
    struct batch batch = {0};
    if (source == NULL) {
        return false;
    }
    enum source_status status = source_next(source, &batch, err);
    *trial = (struct trial){.columns = source_columns(source)->count,
                            .rows = batch.count};
    for (size_t i = 0; i < batch.count; i++) {
        trial->bad += batch.records[i].fate != RECORD_GOOD;
    }
    batch_release(&batch);
    source_close(source);
    return status != SOURCE_FAILED;
}

static bool
sniff(struct draft_source *draft, struct slice text, struct error *err)
{
    const struct csv_reader_options options = {
        .name = draft->spec.path,
        .quote = '"',
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
        .line = 1,
    };
    return csv_sniff_delimiter(&options, text, draft->is_whole, 0,
                               &draft->spec.delimiter, err);
}

/* The rows are of one width, but for fewer than half. Behind lines that are
 * passed over some must be left to see that. */
static bool
is_table(struct draft_source *draft, struct error *err)
{
    struct trial trial;
    size_t skip = draft->spec.skip_lines;
    return try_rows(draft, &trial, err) && trial.columns > 1 &&
           trial.bad * 2 <= trial.rows && (skip == 0 || trial.rows > 1);
}

/* Where several signs split the rows, one that the header has and that makes
 * a table; a comma is last, for it is in numbers and texts, too. */
static bool
try_delimiters(struct draft_source *draft, struct slice sample)
{
    const char *end = memchr(sample.ptr, '\n', sample.len);
    size_t len = end == NULL ? sample.len : (size_t)(end - sample.ptr);
    for (const char *sign = "\t;|,"; *sign != '\0'; sign++) {
        struct error ignored = {0};
        draft->spec.delimiter = *sign;
        if (memchr(sample.ptr, *sign, len) != NULL &&
            is_table(draft, &ignored)) {
            return true;
        }
    }
    return false;
}

/* A file may begin with lines of a title: then its rows fit no header. */
static bool
find_table(struct draft_source *draft, struct slice sample, struct error *err)
{
    for (size_t skip = 0; skip <= SKIP_LIMIT; skip++) {
        struct error ignored = {0};
        struct slice text = without_lines(sample, skip);
        if (skip > 0 && text.len == 0) {
            break;
        }
        draft->spec.skip_lines = skip;
        draft->spec.delimiter = '\0';
        bool is_split = sniff(draft, text, &ignored);
        if (is_split ? is_table(draft, &ignored)
                     : try_delimiters(draft, text)) {
            return true;
        }
    }
    /* One column, or a file that is no table: as it is. */
    draft->spec.skip_lines = 0;
    return sniff(draft, sample, err);
}

/* "ORT01" of "E1KNA1M/ORT01", "city" of "address[1]/@city". */
static struct slice
path_end(struct slice path)
{
    for (size_t i = path.len; i-- > 0;) {
        if (path.ptr[i] == '/' || path.ptr[i] == '@') {
            return (struct slice){path.ptr + i + 1, path.len - i - 1};
        }
    }
    return path;
}

static bool
open_columns(struct draft_source *draft, const struct columns *columns,
             struct error *err)
{
    if (columns->count > COLUMN_LIMIT) {
        return error_set(err, ERROR_INPUT, 0,
                         "'%s' has %zu columns; at most %d are looked at",
                         draft->spec.path, columns->count, COLUMN_LIMIT);
    }
    draft->column_count = columns->count;
    draft->columns =
        arena_array(&draft->arena, columns->count, sizeof *draft->columns);
    for (size_t i = 0; i < columns->count; i++) {
        struct draft_column *column = &draft->columns[i];
        size_t at;
        column->name = arena_copy(&draft->arena, columns->names[i]);
        column->label = draft->is_xml ? path_end(column->name) : column->name;
        column->is_ambiguous =
            slice_trim(column->name).len == 0 ||
            slice_utf8_valid_len(column->name) < column->name.len ||
            columns_find(columns, column->name, &at) != COLUMNS_FOUND ||
            at != i;
        column_profile_init(&column->profile);
    }
    return true;
}

static void
add_rows(struct draft_source *draft, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count && draft->rows < DRAFT_ROW_LIMIT; i++) {
        const struct record *record = &batch->records[i];
        draft->rows++;
        if (record->fate != RECORD_GOOD) {
            draft->bad_rows++;
            continue;
        }
        for (size_t j = 0; j < draft->column_count && j < record->field_count;
             j++) {
            column_profile_add(&draft->columns[j].profile, record->fields[j],
                               &draft->arena);
        }
    }
}

static void
conclude(struct draft_source *draft)
{
    int said = 0;
    draft->comma_decimals = 0;
    for (size_t i = 0; i < draft->column_count; i++) {
        said += column_profile_decimals(&draft->columns[i].profile);
    }
    draft->comma_decimals = (said > 0) - (said < 0);
    for (size_t i = 0; i < draft->column_count; i++) {
        struct draft_column *column = &draft->columns[i];
        column->guess =
            column_profile_guess(&column->profile, draft->comma_decimals);
    }
}

static bool
read_rows(struct draft_source *draft, struct error *err)
{
    struct source *source = source_open(&draft->spec, err);
    if (source == NULL) {
        return false;
    }
    struct batch batch = {0};
    enum source_status status = SOURCE_ROWS;
    bool done = open_columns(draft, source_columns(source), err);
    draft->rows = draft->bad_rows = 0;
    while (done && status == SOURCE_ROWS && draft->rows < DRAFT_ROW_LIMIT) {
        status = source_next(source, &batch, err);
        done = status != SOURCE_FAILED;
        if (status == SOURCE_ROWS) {
            add_rows(draft, &batch);
        }
    }
    draft->is_whole = status == SOURCE_END;
    batch_release(&batch);
    source_close(source);
    conclude(draft);
    return done;
}

/* A name that is of the kind of its column's values is a value. */
static bool
is_value(struct draft_source *draft, const struct draft_column *column)
{
    struct column_profile profile;
    enum column_kind kind = column->guess.kind;
    column_profile_init(&profile);
    column_profile_add(&profile, column->name, &draft->arena);
    struct column_guess guess = column_profile_guess(&profile, 0);
    column_profile_release(&profile);
    /* "Active" is a name as well. */
    return guess.kind == kind && kind != COLUMN_TEXT && kind != COLUMN_BLANK &&
           kind != COLUMN_BOOLEAN;
}

static bool
begins_with_values(struct draft_source *draft)
{
    for (size_t i = 0; i < draft->column_count; i++) {
        if (is_value(draft, &draft->columns[i])) {
            return true;
        }
    }
    return false;
}

static void
release_columns(struct draft_source *draft)
{
    for (size_t i = 0; i < draft->column_count; i++) {
        column_profile_release(&draft->columns[i].profile);
    }
    draft->column_count = 0;
}

/* Reads again, with names made up. */
static bool
read_without_header(struct draft_source *draft, struct error *err)
{
    size_t count = draft->column_count;
    struct slice *names = arena_array(&draft->arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = arena_printf(&draft->arena, "Column %zu", i + 1);
    }
    release_columns(draft);
    draft->spec.has_header = draft->has_header = false;
    draft->spec.header = names;
    draft->spec.header_count = count;
    return read_rows(draft, err);
}

/* A path that has values and comes once for each record: nothing on its way
 * repeats, and what is not in the record stands before it. */
static bool
is_column(const struct xml_survey *survey, size_t at)
{
    const struct xml_survey_path *paths = survey->paths;
    size_t record = survey->record;
    if (paths[at].sample.ptr == NULL || at == record) {
        return paths[at].sample.ptr != NULL;
    }
    size_t top = at;
    bool repeats = false;
    while (!xml_survey_is_around(survey, top, record)) {
        repeats |= paths[top].most > 1;
        top = paths[top].parent;
    }
    return !repeats && top != at && (top == record || at < record);
}

static bool
read_paths(struct draft_source *draft, struct error *err)
{
    struct xml_survey *survey = &draft->survey;
    struct arena *arena = &draft->arena;
    if (!xml_survey_read(survey, draft->spec.path, cancel_fd(), err)) {
        return false;
    }
    struct source_stream *stream = arena_array(arena, 1, sizeof *stream);
    struct source_path *paths =
        arena_array(arena, survey->path_count, sizeof *paths);
    /* What is in the record is nearer than what is around it. */
    for (size_t i = 0; i < 2 * survey->path_count; i++) {
        size_t at = i % survey->path_count;
        bool is_inside = xml_survey_is_around(survey, survey->record, at);
        if (is_inside == (i < survey->path_count) && is_column(survey, at)) {
            paths[stream->path_count++] = (struct source_path){
                .text = xml_survey_spell(survey, survey->record, at, arena),
                .line = 1};
        }
    }
    stream->paths = paths;
    draft->spec.format = "xml";
    draft->spec.record = arena_strdup(
        arena, xml_survey_spell(survey, SIZE_MAX, survey->record, arena));
    draft->spec.streams = stream;
    draft->spec.stream_count = 1;
    draft->encoding = survey->encoding;
    return read_rows(draft, err);
}

bool
draft_source_read(struct draft_source *draft, const char *path,
                  struct error *err)
{
    draft->spec = (struct source_spec){
        .format = "csv", .path = path, .quote = '"', .has_header = true};
    draft->has_header = true;
    struct input input = {.stored.fd = -1};
    struct slice sample;
    bool done = read_sample(draft, &input, &sample, err);
    input_close(&input);
    draft->is_xml = done && xml_survey_is(sample);
    if (draft->is_xml) {
        draft->spec.encoding = NULL;
        return read_paths(draft, err);
    }
    if (!done || !find_table(draft, sample, err) || !read_rows(draft, err)) {
        return false;
    }
    return !begins_with_values(draft) || read_without_header(draft, err);
}

void
draft_source_release(struct draft_source *draft)
{
    release_columns(draft);
    xml_survey_release(&draft->survey);
    arena_release(&draft->arena);
}
