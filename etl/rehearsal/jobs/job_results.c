/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job_results.h"

#include "base/file.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A result file while it is written in the upload's order. */
struct result_file {
    struct file_writer writer;
    uint64_t *offsets; /* of its rows, not of the header */
    size_t count, capacity;
};

struct writing {
    struct rehearsal *rehearsal;
    const struct job *job;
    const struct job_upload *upload;
    size_t *order; /* columns as successful and failed rows show them */
    struct result_file files[3];
    struct buffer line;
    size_t batch, slice;
    struct error *err;
};

static void
append_quoted(struct buffer *line, struct slice value)
{
    buffer_append_char(line, '"');
    while (value.len > 0) {
        const char *quote = memchr(value.ptr, '"', value.len);
        size_t len = quote ? (size_t)(quote - value.ptr) + 1 : value.len;
        buffer_append(line, value.ptr, len);
        if (quote) {
            buffer_append_char(line, '"');
        }
        value.ptr += len;
        value.len -= len;
    }
    buffer_append_char(line, '"');
}

static void
append_echo(struct writing *writing, size_t column, struct slice cell)
{
    const struct write_column *meaning =
        &writing->upload->columns[column].meaning;
    struct buffer text = {0};
    if (cell.len > 0) {
        field_value_append_echo(
            meaning->status == WRITE_COLUMN_FIELD ? meaning->field : NULL, cell,
            &text);
    }
    append_quoted(&writing->line, buffer_slice(&text));
    buffer_release(&text);
}

static bool
end_line(struct writing *writing, enum job_result result, bool is_header)
{
    struct result_file *file = &writing->files[result];
    buffer_append_text(&writing->line, job_line_end(writing->job));
    if (!is_header) {
        if (file->count == file->capacity) {
            file->capacity = file->capacity * 2 + 1024;
            file->offsets = mem_realloc_array(file->offsets, file->capacity,
                                              sizeof *file->offsets);
        }
        file->offsets[file->count++] = file->writer.offset;
    }
    bool fine = file_writer_write(&file->writer, writing->line.bytes,
                                  writing->line.len, writing->err);
    buffer_reset(&writing->line);
    return fine;
}

static void
append_name(struct writing *writing, size_t column)
{
    const struct job_column *name = &writing->upload->columns[column];
    if (name->quoted) {
        append_quoted(&writing->line, name->name);
    } else {
        buffer_append_slice(&writing->line, name->name);
    }
}

static bool
write_headers(struct writing *writing)
{
    char delimiter = job_delimiter(writing->job);
    size_t count = writing->upload->column_count;
    /* A job that got no upload has no columns, and then no third header. */
    for (int result = 0; result < (count > 0 ? 3 : 2); result++) {
        bool judged = result != JOB_UNPROCESSED;
        if (judged) {
            buffer_append_text(&writing->line, "\"sf__Id\"");
            buffer_append_char(&writing->line, delimiter);
            buffer_append_text(&writing->line, result == JOB_SUCCESSFUL
                                                   ? "\"sf__Created\""
                                                   : "\"sf__Error\"");
        }
        for (size_t i = 0; i < count; i++) {
            if (judged || i > 0) {
                buffer_append_char(&writing->line, delimiter);
            }
            append_name(writing, judged ? writing->order[i] : i);
        }
        if (!end_line(writing, (enum job_result)result, true)) {
            return false;
        }
    }
    return true;
}

static bool
write_judged(struct writing *writing, const struct job_row *row,
             const struct job_outcome *outcome)
{
    const struct job *job = writing->job;
    bool failed = outcome->kind == 'f';
    char delimiter = job_delimiter(job);
    /* salesforce.md: failed rows carry no id before 53.0. */
    const char *id = failed && job->version < 530 ? "" : outcome->id;
    append_quoted(&writing->line, slice_of(id));
    buffer_append_char(&writing->line, delimiter);
    append_quoted(&writing->line,
                  failed ? outcome->error
                         : slice_of(outcome->kind == 'c' ? "true" : "false"));
    /* A row of wrong width comes back with empty values. */
    bool ragged = row->count != writing->upload->column_count;
    for (size_t i = 0; i < writing->upload->column_count; i++) {
        size_t column = writing->order[i];
        buffer_append_char(&writing->line, delimiter);
        append_echo(writing, column,
                    ragged ? (struct slice){0} : row->cells[column]);
    }
    return end_line(writing, failed ? JOB_UNSUCCESSFUL : JOB_SUCCESSFUL, false);
}

static bool
write_unprocessed(struct writing *writing, const struct job_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0) {
            buffer_append_char(&writing->line, job_delimiter(writing->job));
        }
        append_quoted(&writing->line, row->cells[i]);
    }
    return end_line(writing, JOB_UNPROCESSED, false);
}

static bool
write_slice(void *cookie, const struct job_row *rows, size_t count)
{
    struct writing *writing = cookie;
    struct arena arena = {0};
    struct slice item = {0};
    char key[JOB_SLICE_KEY_SIZE];
    job_batch_slice_key(writing->job, writing->batch, writing->slice++, key);
    bool fine = store_get_item(writing->rehearsal->store, "slice", key, &arena,
                               &item, writing->err);
    for (size_t i = 0; i < count && fine; i++) {
        struct job_outcome outcome;
        fine = job_batch_take_outcome(&item, &outcome)
                   ? write_judged(writing, &rows[i], &outcome)
                   : write_unprocessed(writing, &rows[i]);
    }
    arena_release(&arena);
    return fine;
}

static bool
write_rows(struct writing *writing)
{
    const struct job_upload *upload = writing->upload;
    for (; writing->batch < upload->batch_count; writing->batch++) {
        writing->slice = 0;
        if (!job_batch_read(writing->job, upload, writing->batch, write_slice,
                            writing)) {
            return false;
        }
    }
    return true;
}

struct sorted_column {
    struct slice name;
    size_t index;
};

static int
compare_names(const void *a, const void *b)
{
    const struct sorted_column *x = a, *y = b;
    size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = memcmp(x->name.ptr, y->name.ptr, len);
    return order ? order
                 : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

static void
sort_columns(struct writing *writing)
{
    const struct job_upload *upload = writing->upload;
    struct sorted_column *columns =
        mem_array(upload->column_count, sizeof *columns);
    writing->order = mem_array(upload->column_count, sizeof *writing->order);
    for (size_t i = 0; i < upload->column_count; i++) {
        columns[i] = (struct sorted_column){upload->columns[i].name, i};
    }
    qsort(columns, upload->column_count, sizeof *columns, compare_names);
    for (size_t i = 0; i < upload->column_count; i++) {
        writing->order[i] = columns[i].index;
    }
    free(columns);
}

static uint64_t
next_random(uint64_t *state)
{
    /* xorshift64 (Marsaglia); a state of 0 would stay 0. */
    *state = *state ? *state : 88172645463325252u;
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The header, then the rows of the file at path in another order. */
static bool
copy_shuffled(const struct writing *writing, struct result_file *file,
              const char *path, const char *final, struct error *err)
{
    uint64_t random = writing->job->random;
    uint64_t size = file_size(path);
    struct file_writer out = {.fd = -1};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *map = fd < 0
                    ? MAP_FAILED
                    : mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0) {
        close(fd);
    }
    if (map == MAP_FAILED) {
        return error_set_errno(err, "cannot read '%s'", path);
    }
    size_t *turn = mem_array(file->count + 1, sizeof *turn);
    for (size_t i = 0; i < file->count; i++) {
        size_t k = (size_t)(next_random(&random) % (i + 1));
        turn[i] = turn[k];
        turn[k] = i;
    }
    bool fine = file_writer_open(&out, final, err) &&
                file_writer_write(&out, map, (size_t)file->offsets[0], err);
    for (size_t i = 0; i < file->count && fine; i++) {
        uint64_t begin = file->offsets[turn[i]];
        uint64_t end =
            turn[i] + 1 < file->count ? file->offsets[turn[i] + 1] : size;
        fine = file_writer_write(&out, map + begin, (size_t)(end - begin), err);
    }
    fine = fine && file_writer_commit(&out, err);
    file_writer_close(&out);
    munmap(map, (size_t)size);
    free(turn);
    return fine;
}

static bool
finish_file(struct writing *writing, int result, const char *path,
            const char *final, struct error *err)
{
    struct result_file *file = &writing->files[result];
    if (!file_writer_commit(&file->writer, err)) {
        return false;
    }
    bool shuffled = result != JOB_UNPROCESSED && file->count > 1 &&
                    faults_settings(writing->rehearsal->faults).shuffle;
    if (!shuffled) {
        return rename(path, final) == 0 ||
               error_set_errno(err, "cannot rename '%s'", path);
    }
    bool fine = copy_shuffled(writing, file, path, final, err);
    unlink(path);
    return fine;
}

bool
job_results_write(struct rehearsal *rehearsal, const struct job *job,
                  const struct job_upload *upload, const char *const paths[3],
                  struct error *err)
{
    struct writing writing = {
        .rehearsal = rehearsal, .job = job, .upload = upload, .err = err};
    char *sorted[3] = {0};
    bool fine = true;
    sort_columns(&writing);
    for (int i = 0; i < 3; i++) {
        sorted[i] = mem_printf("%s.rows", paths[i]);
        writing.files[i].writer.fd = -1;
        fine =
            fine && file_writer_open(&writing.files[i].writer, sorted[i], err);
    }
    fine = fine && write_headers(&writing);
    if (fine && upload->is_readable) {
        fine = write_rows(&writing);
    } else if (fine && upload->bytes.len > 0) {
        /* No CSV: nothing of it was processed. */
        file_writer_close(&writing.files[JOB_UNPROCESSED].writer);
        fine = file_writer_open(&writing.files[JOB_UNPROCESSED].writer,
                                sorted[JOB_UNPROCESSED], err) &&
               file_writer_write(&writing.files[JOB_UNPROCESSED].writer,
                                 upload->bytes.ptr, upload->bytes.len, err);
    }
    for (int i = 0; i < 3; i++) {
        fine = fine && finish_file(&writing, i, sorted[i], paths[i], err);
        file_writer_close(&writing.files[i].writer);
        free(writing.files[i].offsets);
        free(sorted[i]);
    }
    buffer_release(&writing.line);
    free(writing.order);
    return fine;
}

/* The end of the line that begins at offset, quoted line breaks included. */
static size_t
row_end(struct slice bytes, size_t offset)
{
    bool inside = false;
    while (offset < bytes.len) {
        char c = bytes.ptr[offset++];
        if (c == '"') {
            inside = !inside;
        } else if (c == '\n' && !inside) {
            break;
        }
    }
    return offset;
}

/* A row with an id that nobody has: the first value is the id. */
static void
append_stranger(struct buffer *out, struct slice row)
{
    const char *quote = row.len > 2 && row.ptr[0] == '"'
                            ? memchr(row.ptr + 1, '"', row.len - 1)
                            : NULL;
    if (quote && quote - row.ptr == 19) {
        buffer_append(out, row.ptr, 10);
        buffer_append_text(out, "zzzzzzAAA");
        buffer_append(out, row.ptr + 19, row.len - 19);
    } else {
        buffer_append_slice(out, row);
    }
}

static void
append_renamed(struct buffer *out, struct slice header)
{
    size_t fields = 0;
    for (size_t i = 0; i < header.len; i++) {
        char c = header.ptr[i];
        bool starts = (c == ',' || c == ';' || c == '\t' || c == '|' ||
                       c == '^' || c == '`');
        buffer_append_char(out, c);
        if (starts && ++fields >= 2 && i + 1 < header.len) {
            if (header.ptr[i + 1] == '"') {
                buffer_append_char(out, header.ptr[++i]);
            }
            buffer_append_text(out, "x_");
        }
    }
}

static void
spoil_bytes(struct slice bytes, const struct fault *fault, struct buffer *out)
{
    size_t offset = row_end(bytes, 0);
    struct slice header = {bytes.ptr, offset};
    int64_t left = fault->rows > 0 ? fault->rows : 1;
    if (fault->kind == FAULT_COLUMNS) {
        append_renamed(out, header);
    } else {
        buffer_append_slice(out, header);
    }
    while (offset < bytes.len) {
        size_t end = row_end(bytes, offset);
        struct slice row = {bytes.ptr + offset, end - offset};
        bool hit = fault->kind != FAULT_COLUMNS && left-- > 0;
        if (!hit || fault->kind != FAULT_ROWS_MISSING) {
            buffer_append_slice(out, row);
        }
        if (hit && fault->kind == FAULT_ROWS_DOUBLED) {
            buffer_append_slice(out, row);
        } else if (hit && fault->kind == FAULT_ROWS_ADDED) {
            append_stranger(out, row);
        }
        offset = end;
    }
}

const char *
job_results_spoil(struct rehearsal *rehearsal, const char *path,
                  const struct fault *fault, struct arena *arena)
{
    struct buffer bytes = {0}, out = {0};
    struct error err = {0};
    const char *copy =
        arena_printf(arena, "%s/spoiled-%016llx.csv", rehearsal->jobs_dir,
                     (unsigned long long)faults_random(rehearsal->faults))
            .ptr;
    bool fine = file_read_whole(path, BUFFER_LIMIT_DEFAULT, &bytes, &err);
    if (fine) {
        spoil_bytes(buffer_slice(&bytes), fault, &out);
        fine = file_replace(copy, buffer_slice(&out), &err);
    }
    buffer_release(&bytes);
    buffer_release(&out);
    return fine ? copy : NULL;
}
