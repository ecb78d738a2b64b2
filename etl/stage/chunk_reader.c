/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_reader.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#define WINDOW_SIZE ((size_t)64 * 1024)

bool
chunk_reader_open(struct chunk_reader *reader, const char *path,
                  struct error *err)
{
    *reader = (struct chunk_reader){
        .record = {.limit = SIZE_MAX}}; /* a chunk bounds its records */
    reader->file = gzopen(path, "rbe"); /* reads plain files as well */
    if (reader->file == NULL) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    reader->path = mem_strdup(path);
    reader->window = mem_alloc(WINDOW_SIZE);
    return true;
}

static enum file_status
fill(struct chunk_reader *reader, struct error *err)
{
    errno = 0;
    int got = gzread(reader->file, reader->window, (unsigned)WINDOW_SIZE);
    if (got < 0) {
        error_set_errno(err, "cannot read '%s'", reader->path);
        return FILE_FAILED;
    }
    reader->next = 0;
    reader->end = (size_t)got;
    return got == 0 ? FILE_END : FILE_BYTES;
}

/* Appends what the window has of the record; true when that ends it. */
static bool
take_window(struct chunk_reader *reader, bool *quoted)
{
    const char *begin = reader->window + reader->next;
    const char *end = reader->window + reader->end, *at = begin;
    bool ended = false;
    while (at < end && !ended) {
        char c = *at++;
        *quoted ^= c == '"';
        ended = c == '\n' && !*quoted;
    }
    reader->next += (size_t)(at - begin);
    buffer_append(&reader->record, begin, (size_t)(at - begin));
    return ended;
}

enum file_status
chunk_reader_next(struct chunk_reader *reader, struct slice *record,
                  struct error *err)
{
    bool quoted = false, ended = false;
    buffer_reset(&reader->record);
    while (!ended) {
        enum file_status status =
            reader->next < reader->end ? FILE_BYTES : fill(reader, err);
        if (status == FILE_END && reader->record.len > 0) {
            error_set(err, ERROR_SYSTEM, 0, "'%s' is cut short", reader->path);
            return FILE_FAILED;
        }
        if (status != FILE_BYTES) {
            return status;
        }
        ended = take_window(reader, &quoted);
    }
    *record = buffer_slice(&reader->record);
    return FILE_BYTES;
}

void
chunk_reader_close(struct chunk_reader *reader)
{
    if (reader->file != NULL) {
        gzclose_r(reader->file);
    }
    free(reader->path);
    free(reader->window);
    buffer_release(&reader->record);
    *reader = (struct chunk_reader){0};
}
