/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export_file.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADER_LIMIT ((size_t)1 << 20)

/* A page on its way into the file. */
struct page_scan {
    struct export_file *file;
    struct buffer first; /* its first line, until that is whole */
    bool has_first;      /* it is, and was judged */
    bool in_quotes;
    char last;         /* byte */
    uint64_t rows;     /* lines that ended, the header left out */
    uint64_t commas;   /* between the cells of the line that is read */
    bool other_header; /* its first line is not the file's header */
};

bool
export_file_open(struct export_file *file, const char *path, uint64_t size,
                 uint64_t rows, struct slice header, struct error *err)
{
    *file = (struct export_file){
        .path = mem_strdup(path),
        .part_path = mem_printf("%s.part", path),
        .header.limit = HEADER_LIMIT,
        .rows = rows,
    };
    buffer_append_slice(&file->header, header);
    return file_writer_open_append(&file->part, file->part_path, size, err);
}

uint64_t
export_file_size(const struct export_file *file)
{
    return file->part.offset;
}

bool
export_file_put(struct export_file *file, const struct slice *cells,
                size_t count, struct error *err)
{
    bool is_header = file->header.len == 0;
    struct buffer *line = &file->line;
    buffer_reset(line);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(line, i > 0 ? ",\"" : "\"");
        struct slice rest = cells[i];
        const char *quote;
        while (rest.len > 0 &&
               (quote = memchr(rest.ptr, '"', rest.len)) != NULL) {
            size_t len = (size_t)(quote - rest.ptr) + 1;
            buffer_append(line, rest.ptr, len);
            buffer_append_char(line, '"');
            rest = (struct slice){rest.ptr + len, rest.len - len};
        }
        buffer_append_slice(line, rest);
        buffer_append_char(line, '"');
    }
    buffer_append_char(line, '\n');
    if (is_header) {
        buffer_append_slice(&file->header, buffer_slice(line));
    }
    file->rows += !is_header;
    if (line->overflowed || file->header.overflowed) {
        return error_set(err, ERROR_REMOTE, 0,
                         "a record of the query is too long for a line");
    }
    return file_writer_write(&file->part, line->bytes, line->len, err);
}

/*
 * The rows that end in these bytes. A quote toggles, a doubled one twice, so
 * one bit of state tells a line end in a cell from one behind a row.
 */
static uint64_t
count_rows(struct page_scan *scan, struct slice bytes)
{
    uint64_t rows = 0, commas = scan->commas;
    uint64_t outside = !scan->in_quotes;
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        outside ^= c == '"';
        uint64_t ends = (c == '\n') & outside;
        rows += ends;
        commas = (commas + ((c == ',') & outside)) & (ends - 1);
    }
    scan->in_quotes = !outside;
    scan->commas = commas;
    if (bytes.len > 0) {
        scan->last = bytes.ptr[bytes.len - 1];
    }
    return rows;
}

/* The first line is the file's header, is to become it, or is a row of a page
 * that has none. */
static bool
judge_first(struct page_scan *scan, struct error *err)
{
    struct export_file *file = scan->file;
    struct slice line = buffer_slice(&scan->first);
    scan->has_first = true;
    if (file->header.len > 0 &&
        slice_equals(line, buffer_slice(&file->header))) {
        return true;
    }
    if (file->header.len == 0) {
        buffer_append_slice(&file->header, line);
    } else {
        scan->other_header = true;
        scan->rows++;
    }
    return file_writer_write(&file->part, line.ptr, line.len, err);
}

/* How many of the bytes belong to the first line. */
static size_t
take_first(struct page_scan *scan, struct slice bytes)
{
    size_t len = 0;
    bool ended = false;
    while (len < bytes.len && !ended) {
        struct slice one = {bytes.ptr + len, 1};
        ended = count_rows(scan, one) > 0;
        len++;
    }
    buffer_append(&scan->first, bytes.ptr, len);
    return len;
}

static bool
take_bytes(struct page_scan *scan, struct slice bytes, struct error *err)
{
    if (!scan->has_first) {
        size_t len = take_first(scan, bytes);
        bytes = (struct slice){bytes.ptr + len, bytes.len - len};
        bool ended = scan->last == '\n' && !scan->in_quotes;
        if (ended && !judge_first(scan, err)) {
            return false;
        }
    }
    scan->rows += count_rows(scan, bytes);
    return bytes.len == 0 ||
           file_writer_write(&scan->file->part, bytes.ptr, bytes.len, err);
}

static bool
read_page(struct page_scan *scan, const char *page_path, struct error *err)
{
    struct file_reader reader;
    struct slice bytes;
    bool done = file_reader_open(&reader, page_path, err);
    enum file_status status = FILE_END;
    while (done &&
           (status = file_reader_next(&reader, &bytes, err)) == FILE_BYTES) {
        done = take_bytes(scan, bytes, err) && !scan->first.overflowed;
    }
    file_reader_close(&reader);
    return err->kind == ERROR_NONE;
}

/* The last line lacks its line end and nothing else. */
static bool
mend_end(struct page_scan *scan, struct error *err)
{
    struct page_scan header = {0};
    struct slice line = buffer_slice(&scan->file->header);
    if (scan->last != '"' || scan->in_quotes) {
        return true;
    }
    if (!scan->has_first) {
        buffer_append_char(&scan->first, '\n');
        scan->last = '\n';
        return judge_first(scan, err);
    }
    line.len--;
    count_rows(&header, line);
    if (header.commas != scan->commas) {
        return true;
    }
    scan->last = '\n';
    scan->rows++;
    return file_writer_write(&scan->file->part, "\n", 1, err);
}

static bool
is_whole(const struct page_scan *scan, int64_t announced)
{
    bool ended = scan->last == '\0' ||
                 (scan->last == '\n' && !scan->in_quotes && scan->has_first);
    bool counted = announced >= 0 ? scan->rows == (uint64_t)announced
                                  : !scan->other_header;
    return ended && counted;
}

/* Nothing of the page stays. */
static bool
take_back(struct export_file *file, uint64_t size, size_t header_len,
          struct error *err)
{
    file_writer_close(&file->part);
    file->header.len = header_len;
    return file_writer_open_append(&file->part, file->part_path, size, err);
}

enum export_page
export_file_append(struct export_file *file, const char *page_path,
                   int64_t announced, struct error *err)
{
    struct page_scan scan = {.file = file, .first.limit = HEADER_LIMIT};
    uint64_t size = export_file_size(file);
    size_t header_len = file->header.len;
    bool done = (!file_exists(page_path) || read_page(&scan, page_path, err)) &&
                mend_end(&scan, err);
    buffer_release(&scan.first);
    if (!done) {
        return EXPORT_PAGE_FAILED;
    }
    if (is_whole(&scan, announced)) {
        file->rows += scan.rows;
        return EXPORT_PAGE_TAKEN;
    }
    if (!file_writer_flush(&file->part, err) ||
        !take_back(file, size, header_len, err)) {
        return EXPORT_PAGE_FAILED;
    }
    return EXPORT_PAGE_CUT;
}

bool
export_file_sync(struct export_file *file, struct error *err)
{
    return file_writer_sync(&file->part, err);
}

bool
export_file_commit(struct export_file *file, struct error *err)
{
    if (!file_writer_sync(&file->part, err)) {
        return false;
    }
    file_writer_close(&file->part);
    if (rename(file->part_path, file->path) != 0) {
        return error_set_errno(err, "cannot rename '%s' to '%s'",
                               file->part_path, file->path);
    }
    const char *slash = strrchr(file->path, '/');
    char *folder =
        slash == NULL
            ? mem_strdup(".")
            : slice_dup((struct slice){
                  file->path,
                  slash == file->path ? 1 : (size_t)(slash - file->path)});
    bool done = file_sync_folder(folder, err);
    free(folder);
    return done;
}

void
export_file_close(struct export_file *file)
{
    file_writer_close(&file->part);
    buffer_release(&file->header);
    buffer_release(&file->line);
    free(file->path);
    free(file->part_path);
    *file = (struct export_file){0};
}
