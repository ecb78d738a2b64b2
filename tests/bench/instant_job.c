/* SPDX-License-Identifier: Apache-2.0 */
#include "instant_job.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GZIP_WINDOW_BITS (15 + 16)
#define SPOOL_WINDOW (256 * 1024)
#define BLOCKS_AT_FIRST 1024
#define ROW_OVERHEAD 64 /* Id, created, quotes of those, line end */

struct cell {
    const char *text;
    size_t len;
    bool quoted;
};

bool
job_open(struct job *job, const char *folder, bool gzip)
{
    job->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    job->gzip = gzip;
    job->unzip = (z_stream){0};
    return job->fd >= 0 &&
           (!gzip || inflateInit2(&job->unzip, GZIP_WINDOW_BITS) == Z_OK);
}

static bool
write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, data, len);

        if (written <= 0)
            return false;
        data += written;
        len -= (size_t)written;
    }
    return true;
}

bool
job_put(struct job *job, const char *data, size_t len)
{
    static char window[SPOOL_WINDOW];
    z_stream *unzip = &job->unzip;

    if (!job->gzip)
        return write_all(job->fd, data, len);
    unzip->next_in = (Bytef *)(uintptr_t)data;
    unzip->avail_in = (unsigned)len;
    do {
        unzip->next_out = (Bytef *)window;
        unzip->avail_out = sizeof(window);
        int status = inflate(unzip, Z_NO_FLUSH);

        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return false;
        if (!write_all(job->fd, window, sizeof(window) - unzip->avail_out))
            return false;
    } while (unzip->avail_out == 0);
    return true;
}

/* One cell from at; returns where the next thing begins. */
static size_t
scan_cell(const struct job *job, size_t at, struct cell *cell)
{
    const char *text = job->text;
    size_t begin = at;

    cell->quoted = at < job->size && text[at] == '"';
    if (cell->quoted) {
        for (at++; at < job->size; at++)
            if (text[at] == '"' && (at + 1 == job->size || text[++at] != '"'))
                break;
    } else {
        while (at < job->size && text[at] != ',' && text[at] != '\n')
            at++;
    }
    cell->text = text + begin;
    cell->len = at - begin;
    return at;
}

/* One row from at into cells; returns where the next row begins. */
static size_t
scan_row(const struct job *job, size_t at, struct cell *cells, size_t *count)
{
    *count = 0;
    for (;;) {
        struct cell cell;

        at = scan_cell(job, at, &cell);
        if (*count < JOB_COLUMNS)
            cells[(*count)++] = cell;
        if (at >= job->size || job->text[at] == '\n')
            return at < job->size ? at + 1 : at;
        at++;
    }
}

static size_t
skip_row(const struct job *job, size_t at)
{
    bool quoted = false;

    for (; at < job->size; at++) {
        if (job->text[at] == '"')
            quoted = !quoted;
        else if (job->text[at] == '\n' && !quoted)
            return at + 1;
    }
    return at;
}

static int
compare_cells(const struct cell *a, const struct cell *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);

    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* By insertion: a dozen columns. */
static void
sort_columns(struct job *job, const struct cell *cells)
{
    for (size_t i = 0; i < job->columns; i++) {
        size_t place = i;

        while (place > 0 &&
               compare_cells(&cells[i], &cells[job->order[place - 1]]) < 0) {
            job->order[place] = job->order[place - 1];
            place--;
        }
        job->order[place] = i;
    }
}

static bool
find_blocks(struct job *job, size_t at)
{
    size_t capacity = 0;

    for (;; job->rows++) {
        bool is_last = at >= job->size;

        if (job->rows % JOB_BLOCK_ROWS == 0 || is_last) {
            if (job->block_count == capacity) {
                capacity = capacity == 0 ? BLOCKS_AT_FIRST : capacity * 2;
                job->blocks =
                    realloc(job->blocks, capacity * sizeof(*job->blocks));
                if (job->blocks == NULL)
                    return false;
            }
            job->blocks[job->block_count++] = at;
        }
        if (is_last)
            break;
        at = skip_row(job, at);
    }
    job->block_count--; /* the last is the end */
    return true;
}

bool
job_finish(struct job *job)
{
    struct cell cells[JOB_COLUMNS];
    off_t size = lseek(job->fd, 0, SEEK_END);

    if (job->gzip)
        inflateEnd(&job->unzip);
    job->gzip = false;
    if (size <= 0)
        return false;
    job->size = (size_t)size;
    job->text = mmap(NULL, job->size, PROT_READ, MAP_PRIVATE, job->fd, 0);
    if (job->text == MAP_FAILED) {
        job->text = NULL;
        return false;
    }
    size_t at = scan_row(job, 0, cells, &job->columns);

    sort_columns(job, cells);
    return find_blocks(job, at);
}

void
job_release(struct job *job)
{
    if (job->gzip)
        inflateEnd(&job->unzip);
    if (job->text != NULL)
        munmap((void *)(uintptr_t)job->text, job->size);
    if (job->fd >= 0)
        close(job->fd);
    free(job->blocks);
    *job = (struct job){.fd = -1};
}

static char *
put_cells(const struct job *job, char *out, const struct cell *cells,
          size_t count)
{
    for (size_t i = 0; i < job->columns; i++) {
        struct cell cell = {NULL, 0, false};

        if (job->order[i] < count)
            cell = cells[job->order[i]];
        if (i > 0)
            *out++ = ',';
        if (!cell.quoted)
            *out++ = '"';
        if (cell.len > 0)
            memcpy(out, cell.text, cell.len);
        out += cell.len;
        if (!cell.quoted)
            *out++ = '"';
    }
    *out++ = '\n';
    return out;
}

static size_t
put_header(struct result_stream *stream, char *out)
{
    static const char *const added[] = {"\"sf__Id\",\"sf__Created\",",
                                        "\"sf__Id\",\"sf__Error\",", ""};
    struct cell cells[JOB_COLUMNS];
    size_t count;
    size_t len = strlen(added[stream->kind]);

    scan_row(stream->job, 0, cells, &count);
    memcpy(out, added[stream->kind], len);
    return (size_t)(put_cells(stream->job, out + len, cells, count) - out);
}

/* The next block: the even ones from the end, then the odd ones. */
static bool
next_block(struct result_stream *stream)
{
    const struct job *job = stream->job;
    size_t even = (job->block_count + 1) / 2;
    size_t block;

    if (stream->turn == job->block_count)
        return false;
    if (stream->turn < even)
        block = (even - 1 - stream->turn) * 2;
    else
        block = (job->block_count - 1 - stream->turn) * 2 + 1;
    stream->turn++;
    stream->at = job->blocks[block];
    stream->end = job->blocks[block + 1];
    return true;
}

/* `"001000000000042AAA","true",`: digits only, so the checksum is AAA. */
static size_t
put_id(char *out, uint64_t row)
{
    static const char form[] = "\"001000000000000AAA\",\"true\",";
    const size_t last_digit = 15;

    memcpy(out, form, sizeof(form) - 1);
    for (size_t i = last_digit; row > 0 && i > 3; i--, row /= 10)
        out[i] = (char)('0' + row % 10);
    return sizeof(form) - 1;
}

ssize_t
result_stream_read(struct result_stream *stream, char *out, size_t max)
{
    const struct job *job = stream->job;
    struct cell cells[JOB_COLUMNS];
    size_t used = 0, count;

    if (!stream->has_begun) {
        if (max < (size_t)64 * 1024)
            return -1;
        used = put_header(stream, out);
        stream->has_begun = true;
    }
    while (stream->kind == RESULT_SUCCESSFUL) {
        if (stream->at == stream->end && !next_block(stream))
            break;
        size_t next = scan_row(job, stream->at, cells, &count);
        size_t need = next - stream->at + 2 * job->columns + ROW_OVERHEAD;

        if (used + need > max)
            return used > 0 ? (ssize_t)used : -1;
        used += put_id(out + used, job->first_id + ++stream->row);
        used = (size_t)(put_cells(job, out + used, cells, count) - out);
        stream->at = next;
    }
    return (ssize_t)used;
}
