/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/bulk2_results.h"

#include "base/file.h"
#include "base/mem.h"
#include "salesforce/api_limits.h"

#include <csv.h>
#include <stdlib.h>

#define CELL_BLOCK_BYTES 4096
#define COLUMNS_LIMIT 6000 /* BULK_RECORD_FIELDS and what the org adds */

/* Where a column of the file goes. */
enum target {
    TARGET_NONE = -1,
    TARGET_ID = -2,
    TARGET_CREATED = -3,
    TARGET_ERROR = -4
};

struct reader {
    struct bulk2_results *results;
    struct csv_parser parser;
    struct buffer text; /* the row's cells, one behind another */
    size_t *ends;       /* of each cell in text */
    size_t cell_count, capacity;
    int *targets; /* by column: index in the load, or an enum target */
    size_t column_count;
    struct slice *fields;
    bool has_header, stopped;
    char last; /* byte of the file so far */
    struct error *err;
};

static int
keep_blanks(unsigned char c)
{
    (void)c;
    return 0; /* libcsv trims what this calls a space */
}

static void
on_cell(void *bytes, size_t len, void *cookie)
{
    struct reader *reader = cookie;
    if (reader->stopped) {
        return;
    }
    if (reader->cell_count == reader->capacity) {
        reader->capacity = reader->capacity ? reader->capacity * 2 : 64;
        reader->ends = mem_realloc_array(reader->ends, reader->capacity,
                                         sizeof *reader->ends);
    }
    if (reader->cell_count >= COLUMNS_LIMIT ||
        !buffer_append(&reader->text, bytes ? bytes : "", len)) {
        reader->results->cut = reader->stopped = true;
        return;
    }
    reader->ends[reader->cell_count++] = reader->text.len;
}

static struct slice
cell(const struct reader *reader, size_t index)
{
    size_t begin = index > 0 ? reader->ends[index - 1] : 0;
    return (struct slice){reader->text.bytes + begin,
                          reader->ends[index] - begin};
}

static int
target_of(const struct reader *reader, struct slice name)
{
    if (slice_is(name, "sf__Id")) {
        return TARGET_ID;
    }
    if (slice_is(name, "sf__Created")) {
        return TARGET_CREATED;
    }
    if (slice_is(name, "sf__Error")) {
        return TARGET_ERROR;
    }
    const struct load *load = reader->results->load;
    for (size_t i = 0; i < load->column_count; i++) {
        if (slice_is_nocase(name, load->columns[i].name)) {
            return (int)i;
        }
    }
    return TARGET_NONE;
}

static bool
has_target(const struct reader *reader, int target)
{
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->targets[i] == target) {
            return true;
        }
    }
    return false;
}

static void
read_header(struct reader *reader)
{
    reader->has_header = true;
    reader->targets = mem_array(reader->cell_count, sizeof *reader->targets);
    for (size_t i = 0; i < reader->cell_count; i++) {
        struct slice name = cell(reader, i);
        if (i == 0 && slice_begins(name, "\xef\xbb\xbf")) {
            name = (struct slice){name.ptr + 3, name.len - 3};
        }
        int target = target_of(reader, slice_trim(name));
        reader->targets[i] = has_target(reader, target) ? TARGET_NONE : target;
        reader->column_count = i + 1;
    }
    enum bulk2_result kind = reader->results->kind;
    bool sound = kind == BULK2_UNPROCESSED ||
                 (has_target(reader, TARGET_ID) &&
                  has_target(reader, kind == BULK2_SUCCESSFUL ? TARGET_CREATED
                                                              : TARGET_ERROR));
    if (!sound) {
        reader->results->cut = reader->stopped = true;
    }
}

/* Bytes that are no UTF-8 would spoil the result files and the summary. */
static void
mend_utf8(char *bytes, size_t len)
{
    size_t valid = 0;
    while (valid < len) {
        valid +=
            slice_utf8_valid_len((struct slice){bytes + valid, len - valid});
        if (valid < len) {
            bytes[valid++] = '?';
        }
    }
}

static struct slice
read_id(struct slice text)
{
    bool sound = text.len == 15 || text.len == 18;
    for (size_t i = 0; sound && i < text.len; i++) {
        char c = text.ptr[i];
        sound = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                (c >= '0' && c <= '9');
    }
    return sound ? text : (struct slice){"", 0};
}

/* "CODE:message:fields --": what stands before the first colon, when it looks
 * like a code. */
static struct slice
read_code(struct slice error)
{
    size_t len = 0;
    while (len < error.len &&
           ((error.ptr[len] >= 'A' && error.ptr[len] <= 'Z') ||
            (error.ptr[len] >= '0' && error.ptr[len] <= '9') ||
            error.ptr[len] == '_')) {
        len++;
    }
    bool is_code = len > 0 && len < error.len && error.ptr[len] == ':';
    return is_code ? (struct slice){error.ptr, len} : (struct slice){"", 0};
}

static void
read_error(struct reader *reader, size_t index, struct result_row *row)
{
    struct slice text = cell(reader, index);
    mend_utf8(reader->text.bytes + (text.ptr - reader->text.bytes), text.len);
    if (text.len > OUTCOME_MESSAGE_LIMIT) {
        text.len = slice_utf8_valid_len(
            (struct slice){text.ptr, OUTCOME_MESSAGE_LIMIT});
    }
    row->message = text;
    row->code = read_code(text);
}

static void
give_row(struct reader *reader)
{
    static const enum outcome_fate fates[] = {
        [BULK2_SUCCESSFUL] = OUTCOME_SUCCEEDED,
        [BULK2_FAILED_ROWS] = OUTCOME_FAILED,
        [BULK2_UNPROCESSED] = OUTCOME_UNPROCESSED,
    };
    struct bulk2_results *results = reader->results;
    struct result_row row = {.fate = fates[results->kind],
                             .id = {"", 0},
                             .code = {"", 0},
                             .message = {"", 0},
                             .fields = reader->fields};
    if (results->kind == BULK2_UNPROCESSED) {
        row.message = results->message;
    }
    if (results->is_doubtful) {
        row.fate = OUTCOME_IN_DOUBT;
        row.code = SLICE_LITERAL("no-result");
        row.message =
            SLICE_LITERAL("the job was aborted, and its results are not those "
                          "that it counts; look for this row in the org before "
                          "it is loaded again [no-result]");
    }
    for (size_t i = 0; i < reader->column_count; i++) {
        int target = reader->targets[i];
        if (target >= 0) {
            reader->fields[target] = cell(reader, i);
        } else if (target == TARGET_ID) {
            row.id = read_id(cell(reader, i));
        } else if (target == TARGET_CREATED) {
            row.created = slice_is_nocase(cell(reader, i), "true");
        } else if (target == TARGET_ERROR) {
            read_error(reader, i, &row);
        }
    }
    if (!results->each(results->cookie, &row, reader->err)) {
        reader->stopped = true;
        return;
    }
    results->rows++;
}

static void
on_row(int end, void *cookie)
{
    (void)end;
    struct reader *reader = cookie;
    if (reader->stopped) {
        return;
    }
    if (!reader->has_header) {
        read_header(reader);
    } else if (reader->cell_count != reader->column_count) {
        reader->results->cut = reader->stopped = true;
    } else {
        give_row(reader);
    }
    buffer_reset(&reader->text);
    reader->cell_count = 0;
}

static void
parse(struct reader *reader, struct slice bytes)
{
    reader->last = bytes.ptr[bytes.len - 1];
    size_t taken = csv_parse(&reader->parser, bytes.ptr, bytes.len, on_cell,
                             on_row, reader);
    if (taken != bytes.len ||
        csv_get_buffer_size(&reader->parser) > BULK2_RESULT_ROW_BYTES) {
        reader->results->cut = reader->stopped = true;
    }
}

/* Without a line end the last row is whole only where a closing quote says
 * so. After a parse error libcsv must not be asked for the end. */
static void
finish(struct reader *reader)
{
    bool may_be_whole =
        reader->last == '\n' || reader->last == '\r' || reader->last == '"';
    if (!may_be_whole ||
        csv_fini(&reader->parser, on_cell, on_row, reader) != 0 ||
        !reader->has_header) {
        reader->results->cut = true;
    }
}

static bool
read_windows(struct reader *reader, struct error *err)
{
    struct file_reader file;
    struct slice bytes;
    enum file_status status = FILE_FAILED;
    if (!file_reader_open(&file, reader->results->path, err)) {
        return false;
    }
    while (!reader->stopped &&
           (status = file_reader_next(&file, &bytes, err)) == FILE_BYTES) {
        parse(reader, bytes);
    }
    file_reader_close(&file);
    if (!reader->stopped && status == FILE_END) {
        finish(reader);
    }
    return err->kind == ERROR_NONE;
}

bool
bulk2_results_read(struct bulk2_results *results, struct error *err)
{
    struct reader reader = {.results = results, .err = err};
    reader.text.limit = BULK2_RESULT_ROW_BYTES;
    reader.fields =
        mem_array(results->load->column_count, sizeof *reader.fields);
    results->rows = 0;
    results->cut = false;
    bool done = csv_init(&reader.parser, CSV_STRICT | CSV_STRICT_FINI) == 0 ||
                error_set(err, ERROR_SYSTEM, 0, "cannot start libcsv");
    if (done) {
        csv_set_space_func(&reader.parser, keep_blanks);
        csv_set_blk_size(&reader.parser, CELL_BLOCK_BYTES);
        done = read_windows(&reader, err);
        csv_free(&reader.parser);
    }
    buffer_release(&reader.text);
    free(reader.ends);
    free(reader.targets);
    free(reader.fields);
    return done;
}
