/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job_batch.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* salesforce.md, limits of Bulk 2.0. */
enum {
    FIELD_LIMIT = 131072,  /* characters */
    RECORD_LIMIT = 400000, /* characters */
    COLUMN_LIMIT = 5000,
    ID_SIZE = 18,
    LENGTH_SIZE = 8
};

/* libcsv takes blanks around fields off unless told that there are none. */
static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void
open_parser(struct csv_parser *parser, const struct job *job)
{
    csv_init(parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL);
    csv_set_delim(parser, (unsigned char)job_delimiter(job));
    csv_set_space_func(parser, no_space);
}

/* The first pass. */
struct scan {
    const struct job *job;
    struct job_upload *upload;
    char *message;
    uint64_t rows; /* the header included */
    size_t columns;
    size_t row_characters;
    size_t batch_capacity;
    bool failed;
};

static void
fail_scan(struct scan *scan, const char *text)
{
    if (!scan->failed) {
        snprintf(scan->message, 512, "%s", text);
        scan->failed = true;
    }
}

static void
scan_field(void *bytes, size_t len, void *cookie)
{
    struct scan *scan = cookie;
    struct slice field = {bytes, len};
    struct job_upload *upload = scan->upload;
    size_t characters = bytes ? slice_utf8_count(field) : 0;
    scan->row_characters += characters;
    if (characters > FIELD_LIMIT) {
        fail_scan(scan, "ClientInputError : Failed to read CSV. The number of "
                        "characters in a field exceeds the limit of 131072");
    }
    if (scan->rows > 0 || scan->columns == COLUMN_LIMIT) {
        return;
    }
    struct slice name =
        arena_copy(&upload->arena, bytes ? field : SLICE_LITERAL(""));
    upload->columns[scan->columns++].name = name;
}

static void
scan_row(int terminator, void *cookie)
{
    (void)terminator;
    struct scan *scan = cookie;
    if (scan->row_characters > RECORD_LIMIT) {
        fail_scan(scan, "ClientInputError : Failed to read CSV. The number of "
                        "characters in a record exceeds the limit of 400000");
    }
    scan->row_characters = 0;
    scan->rows++;
}

static void
note_batch(struct scan *scan, uint64_t offset)
{
    struct job_upload *upload = scan->upload;
    if (upload->batch_count + 2 > scan->batch_capacity) {
        scan->batch_capacity = scan->batch_capacity * 2 + 16;
        upload->batches = mem_realloc_array(
            upload->batches, scan->batch_capacity, sizeof *upload->batches);
    }
    upload->batches[upload->batch_count++] = offset;
}

static bool
line_end_is_right(const struct job *job, struct slice line)
{
    bool crlf = strcmp(job->line_ending, "CRLF") == 0;
    const char *cr = memchr(line.ptr, '\r', line.len);
    bool ended = line.len > 0 && line.ptr[line.len - 1] == '\n';
    if (!crlf) {
        return cr == NULL;
    }
    return ended ? cr == line.ptr + line.len - 2 : cr == NULL;
}

static void
fail_line_end(struct scan *scan)
{
    char text[160];
    snprintf(text, sizeof text,
             "ClientInputError : LineEnding is invalid on user data. Current "
             "LineEnding setting is %s",
             scan->job->line_ending);
    fail_scan(scan, text);
}

/* Line by line, for a row can only end where a line does. */
static void
scan_lines(struct scan *scan, struct csv_parser *parser)
{
    struct slice rest = scan->upload->bytes;
    uint64_t seen = 0;
    while (rest.len > 0 && !scan->failed) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct slice line = {rest.ptr,
                             end ? (size_t)(end - rest.ptr) + 1 : rest.len};
        if (!line_end_is_right(scan->job, line)) {
            fail_line_end(scan);
        } else if (slice_utf8_valid_len(line) != line.len) {
            fail_scan(scan, "ClientInputError : Failed to read CSV. The data "
                            "is not valid UTF-8");
        } else if (csv_parse(parser, line.ptr, line.len, scan_field, scan_row,
                             scan) != line.len) {
            fail_scan(scan, "ClientInputError : Failed to read CSV. A quote "
                            "stands inside a value");
        }
        rest.ptr += line.len;
        rest.len -= line.len;
        if (scan->rows > seen && (scan->rows - 1) % JOB_BATCH_ROWS == 0) {
            note_batch(scan, (uint64_t)(rest.ptr - scan->upload->bytes.ptr));
        }
        seen = scan->rows;
    }
    if (!scan->failed && csv_fini(parser, scan_field, scan_row, scan) != 0) {
        fail_scan(scan, "ClientInputError : Failed to read CSV. A quote is "
                        "not closed");
    }
}

/* libcsv does not tell whether a header name stood in quotes. */
static void
note_quoted_names(const struct job *job, struct job_upload *upload)
{
    struct slice line = upload->bytes;
    char delimiter = job_delimiter(job);
    bool inside = false, at_start = true;
    size_t column = 0;
    for (size_t i = 0; i < line.len && column < upload->column_count; i++) {
        char c = line.ptr[i];
        if (at_start) {
            upload->columns[column].quoted = c == '"';
        }
        at_start = false;
        if (c == '"') {
            inside = !inside;
        } else if (!inside && c == delimiter) {
            at_start = true;
            column++;
        } else if (!inside && (c == '\n' || c == '\r')) {
            return;
        }
    }
}

static bool
fail_column(struct slice name, const char *text, char message[512])
{
    snprintf(message, 512, "InvalidBatch : %s : %.*s", text,
             (int)(name.len < 400 ? name.len : 400), name.ptr);
    message[slice_utf8_valid_len(slice_of(message))] = '\0';
    return false;
}

static bool
has_column(const struct job_upload *upload, const struct schema_field *field)
{
    for (size_t i = 0; i < upload->column_count; i++) {
        if (upload->columns[i].meaning.status == WRITE_COLUMN_FIELD &&
            upload->columns[i].meaning.field == field) {
            return true;
        }
    }
    return false;
}

static bool
check_column(const struct schema *schema, const struct schema_object *object,
             struct job_column *column, char message[512])
{
    column->meaning = record_write_column(schema, object, column->name);
    switch (column->meaning.status) {
    case WRITE_COLUMN_FIELD:
    case WRITE_COLUMN_PARENT:
        return true;
    case WRITE_COLUMN_TYPE_NOT_NEEDED: {
        const char *colon = memchr(column->name.ptr, ':', column->name.len);
        struct slice name = {
            colon ? colon + 1 : column->name.ptr,
            colon ? (size_t)(column->name.ptr + column->name.len - colon - 1)
                  : column->name.len};
        const char *dot = memchr(name.ptr, '.', name.len);
        name.len = dot ? (size_t)(dot - name.ptr) : name.len;
        snprintf(message, 512,
                 "InvalidBatch : type is not needed for non polymorphic "
                 "foreign key references: %.*s",
                 (int)(name.len < 300 ? name.len : 300), name.ptr);
        return false;
    }
    default:
        return fail_column(column->name, "Field name not found", message);
    }
}

/* The header against the object: what must be there, and nothing unknown. */
static bool
check_header(const struct rehearsal *rehearsal, const struct job *job,
             struct job_upload *upload, char message[512])
{
    const struct schema *schema = rehearsal->schema;
    const struct schema_object *object =
        org_schema_object(schema, slice_of(job->object));
    for (size_t i = 0; i < upload->column_count; i++) {
        if (!check_column(schema, object, &upload->columns[i], message)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            char *name = slice_dup(upload->columns[k].name);
            bool same = slice_is_nocase(upload->columns[i].name, name);
            free(name);
            if (same) {
                return fail_column(upload->columns[i].name,
                                   "Duplicate field name in header", message);
            }
        }
    }
    const char *needed = strcmp(job->operation, "insert") == 0   ? NULL
                         : strcmp(job->operation, "upsert") == 0 ? job->external
                                                                 : "Id";
    if (needed &&
        !has_column(upload, org_schema_field(object, slice_of(needed)))) {
        return fail_column(slice_of(needed), "Field name not found", message);
    }
    return true;
}

static bool
map_upload(const char *path, struct job_upload *upload, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set_errno(err, "cannot open '%s'", path);
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    void *map = NULL;
    if (status.st_size > 0) {
        map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (map == MAP_FAILED) {
        return error_set_errno(err, "cannot map '%s'", path);
    }
    upload->bytes = (struct slice){map, (size_t)status.st_size};
    return true;
}

bool
job_batch_open(const struct rehearsal *rehearsal, const struct job *job,
               const char *path, struct job_upload *upload, char message[512],
               struct error *err)
{
    *upload = (struct job_upload){0};
    if (!map_upload(path, upload, err)) {
        return false;
    }
    upload->columns =
        arena_array(&upload->arena, COLUMN_LIMIT, sizeof *upload->columns);
    struct scan scan = {.job = job, .upload = upload, .message = message};
    struct csv_parser parser;
    open_parser(&parser, job);
    scan_lines(&scan, &parser);
    csv_free(&parser);
    upload->column_count = scan.columns;
    upload->row_count = scan.rows > 0 ? scan.rows - 1 : 0;
    /* Where the last batch is full, one was noted that has no row. */
    upload->batch_count =
        (size_t)((upload->row_count + JOB_BATCH_ROWS - 1) / JOB_BATCH_ROWS);
    if (upload->batches) {
        upload->batches[upload->batch_count] = upload->bytes.len;
    }
    if (scan.failed) {
        return false;
    }
    if (scan.rows == 0) {
        snprintf(message, 512, "InvalidBatch : Unable to find any data");
        return false;
    }
    upload->is_readable = true;
    note_quoted_names(job, upload);
    return check_header(rehearsal, job, upload, message);
}

void
job_batch_close(struct job_upload *upload)
{
    if (upload->bytes.ptr) {
        union {
            const char *ptr;
            void *map;
        } mapped = {upload->bytes.ptr};
        munmap(mapped.map, upload->bytes.len);
    }
    free(upload->batches);
    arena_release(&upload->arena);
    *upload = (struct job_upload){0};
}

/* The second pass: rows gathered until there are WRITE_SLICE of them. */
struct reading {
    struct arena arena;
    struct job_row rows[WRITE_SLICE];
    size_t count;
    struct slice cells[COLUMN_LIMIT]; /* of the row under way */
    size_t cell_count;
    bool (*take)(void *, const struct job_row *, size_t);
    void *cookie;
    bool stopped;
};

static void
hand_over(struct reading *reading)
{
    if (reading->count > 0 && !reading->stopped) {
        reading->stopped =
            !reading->take(reading->cookie, reading->rows, reading->count);
    }
    reading->count = 0;
    arena_reset(&reading->arena);
}

static void
read_field(void *bytes, size_t len, void *cookie)
{
    struct reading *reading = cookie;
    if (reading->stopped || reading->cell_count == COLUMN_LIMIT) {
        return;
    }
    reading->cells[reading->cell_count++] =
        bytes ? arena_copy(&reading->arena, (struct slice){bytes, len})
              : (struct slice){0};
}

static void
read_row(int terminator, void *cookie)
{
    (void)terminator;
    struct reading *reading = cookie;
    if (reading->stopped) {
        return;
    }
    size_t count = reading->cell_count;
    struct slice *cells =
        arena_array(&reading->arena, count + 1, sizeof *cells);
    memcpy(cells, reading->cells, count * sizeof *cells);
    reading->rows[reading->count++] = (struct job_row){cells, count};
    reading->cell_count = 0;
    if (reading->count == WRITE_SLICE) {
        hand_over(reading);
    }
}

bool
job_batch_read(const struct job *job, const struct job_upload *upload,
               size_t batch,
               bool (*take)(void *cookie, const struct job_row *rows,
                            size_t count),
               void *cookie)
{
    enum { WINDOW = 64 * 1024 };
    struct reading *reading = mem_zalloc(sizeof *reading);
    reading->take = take;
    reading->cookie = cookie;
    struct slice rest = {
        upload->bytes.ptr + upload->batches[batch],
        (size_t)(upload->batches[batch + 1] - upload->batches[batch])};
    struct csv_parser parser;
    open_parser(&parser, job);
    while (rest.len > 0 && !reading->stopped) {
        size_t len = rest.len < WINDOW ? rest.len : WINDOW;
        csv_parse(&parser, rest.ptr, len, read_field, read_row, reading);
        rest.ptr += len;
        rest.len -= len;
    }
    csv_fini(&parser, read_field, read_row, reading);
    csv_free(&parser);
    hand_over(reading);
    bool finished = !reading->stopped;
    arena_release(&reading->arena);
    free(reading);
    return finished;
}

static void
append_error(struct buffer *out, const struct write_error *error)
{
    buffer_printf(out, "%s:%s:", error->code, error->message);
    for (size_t i = 0; i < error->field_count; i++) {
        buffer_printf(out, "%s%s", i > 0 ? "," : "", error->fields[i]);
    }
    buffer_append_text(out, error->field_count > 0 ? " --" : "--");
}

void
job_batch_put_outcome(struct buffer *item, const struct write_result *result)
{
    struct buffer error = {0};
    if (!result->success && result->error_count > 0) {
        append_error(&error, &result->errors[0]);
    }
    buffer_printf(item, "%c%-18.18s%08zu",
                  !result->success  ? 'f'
                  : result->created ? 'c'
                                    : 'u',
                  result->id, error.len);
    buffer_append_slice(item, buffer_slice(&error));
    buffer_release(&error);
}

bool
job_batch_take_outcome(struct slice *item, struct job_outcome *outcome)
{
    enum { HEAD = 1 + ID_SIZE + LENGTH_SIZE };
    uint64_t len = 0;
    if (item->len < HEAD ||
        !slice_to_u64((struct slice){item->ptr + 1 + ID_SIZE, LENGTH_SIZE},
                      &len) ||
        len > item->len - HEAD) {
        return false;
    }
    outcome->kind = item->ptr[0];
    struct slice id = slice_trim((struct slice){item->ptr + 1, ID_SIZE});
    memcpy(outcome->id, id.ptr, id.len);
    outcome->id[id.len] = '\0';
    outcome->error = (struct slice){item->ptr + HEAD, (size_t)len};
    item->ptr += HEAD + len;
    item->len -= HEAD + (size_t)len;
    return true;
}

void
job_batch_slice_key(const struct job *job, size_t batch, size_t slice,
                    char key[JOB_SLICE_KEY_SIZE])
{
    snprintf(key, JOB_SLICE_KEY_SIZE, "%s-%05zu-%02zu", job->id, batch % 100000,
             slice % 100);
}
