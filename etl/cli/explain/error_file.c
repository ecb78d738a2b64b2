/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/error_file.h"

#include "source/source.h"

#include <ctype.h>
#include <string.h>

#define CODE_LIMIT 79 /* characters; struct tally_code takes as many */

/* Columns of result files; MISSING where the file has none. */
#define MISSING SIZE_MAX
struct places {
    size_t code, error, origin, reason, row, line;
};

static size_t
place_of(const struct columns *columns, const char *name)
{
    size_t at;
    return columns_find(columns, slice_of(name), &at) == COLUMNS_FOUND
               ? at
               : MISSING;
}

static bool
find_places(struct places *places, const struct source *source,
            struct error *err)
{
    const struct columns *columns = source_columns(source);
    *places = (struct places){
        .code = place_of(columns, "sfetl__Code"),
        .error = place_of(columns, "sf__Error"),
        .origin = place_of(columns, "sfetl__Origin"),
        .reason = place_of(columns, "sfetl__Reason"),
        .row = place_of(columns, "sfetl__Row"),
        .line = place_of(columns, "sfetl__Line"),
    };
    bool is_error_file = places->error != MISSING;
    return is_error_file || places->reason != MISSING ||
           error_set(err, ERROR_INPUT, 0,
                     "'%s' has neither the column 'sf__Error' nor "
                     "'sfetl__Reason'; give an error.csv, skipped.csv or "
                     "unprocessed.csv of a run",
                     source_name(source));
}

static struct slice
cell(const struct record *record, size_t place)
{
    return place < record->field_count ? record->fields[place]
                                       : SLICE_LITERAL("");
}

static uint64_t
number(const struct record *record, size_t place, uint64_t fallback)
{
    uint64_t value;
    return slice_to_u64(cell(record, place), &value) ? value : fallback;
}

/* "number-shape" of "… [number-shape]"; absent when it does not end so. */
static struct slice
code_at_end(struct slice text)
{
    const char *open = text.len > 0 && text.ptr[text.len - 1] == ']'
                           ? memrchr(text.ptr, '[', text.len)
                           : NULL;
    if (open == NULL) {
        return (struct slice){NULL, 0};
    }
    return (struct slice){open + 1,
                          (size_t)(text.ptr + text.len - 1 - open) - 1};
}

/* "CODE" of "CODE:message", as the org writes it. */
static struct slice
code_at_begin(struct slice text)
{
    size_t len = 0;
    while (len < text.len &&
           (isupper((unsigned char)text.ptr[len]) || text.ptr[len] == '_')) {
        len++;
    }
    return len > 1 && len < text.len && text.ptr[len] == ':'
               ? (struct slice){text.ptr, len}
               : (struct slice){NULL, 0};
}

/* Without its numbers. */
static struct slice
code_of_text(struct slice text, struct arena *arena)
{
    char code[CODE_LIMIT + 1];
    size_t len = 0;
    bool in_number = false;
    for (size_t i = 0; i < text.len && len < CODE_LIMIT; i++) {
        bool is_digit = isdigit((unsigned char)text.ptr[i]);
        if (!is_digit || !in_number) {
            code[len++] = is_digit ? '#' : text.ptr[i];
        }
        in_number = is_digit;
    }
    return arena_copy(arena, (struct slice){code, len});
}

static struct slice
code_of(const struct record *record, const struct places *places,
        struct slice message, struct arena *arena)
{
    struct slice code = cell(record, places->code);
    if (code.len == 0) {
        code = code_at_end(message);
    }
    if (code.len == 0) {
        code = code_at_begin(message);
    }
    return code.len > 0 ? code : code_of_text(message, arena);
}

static enum outcome_fate
fate_of(const struct record *record, const struct places *places,
        struct slice message)
{
    if (places->error != MISSING) {
        return slice_is(cell(record, places->origin), "mapping")
                   ? OUTCOME_REJECTED
                   : OUTCOME_FAILED;
    }
    return slice_begins(message, "in-doubt: ") ? OUTCOME_IN_DOUBT
                                               : OUTCOME_UNPROCESSED;
}

static void
count(struct error_file *file, const struct record *record,
      const struct places *places, struct arena *arena)
{
    struct slice message =
        cell(record, places->error != MISSING ? places->error : places->reason);
    const struct outcome outcome = {
        .row = number(record, places->row, record->row),
        .fate = fate_of(record, places, message),
        .code = code_of(record, places, message, arena),
        .message = message,
    };
    file->rows++;
    file->tally.by_fate[outcome.fate]++;
    tally_add_code(&file->tally, &outcome,
                   number(record, places->line, record->line));
}

static bool
read_rows(struct error_file *file, struct source *source, struct error *err)
{
    struct places places;
    struct batch batch = {0};
    if (!find_places(&places, source, err)) {
        return false;
    }
    enum source_status status;
    while ((status = source_next(source, &batch, err)) == SOURCE_ROWS) {
        for (size_t i = 0; i < batch.count; i++) {
            count(file, &batch.records[i], &places, &batch.arena);
        }
    }
    batch_release(&batch);
    tally_sort_codes(&file->tally);
    return status == SOURCE_END;
}

bool
error_file_read(struct error_file *file, const char *path, struct error *err)
{
    const struct source_spec spec = {
        .format = "csv", .path = path, .quote = '"', .has_header = true};
    struct source *source = source_open(&spec, err);
    if (source == NULL) {
        return false;
    }
    bool done = read_rows(file, source, err);
    source_close(source);
    return done;
}

void
error_file_release(struct error_file *file)
{
    tally_release(&file->tally);
}
