/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/requeue.h"

#include "base/file.h"
#include "base/mem.h"
#include "model/row_index.h"
#include "stage/chunk_reader.h"

#include <stdlib.h>

struct copying {
    const struct requeue *requeue;
    struct row_index index;
    struct chunk_reader reader;
    struct slice record; /* the line end included */
    struct buffer header;
    struct file_writer csv;
    struct row_index_writer index_writer;
    struct chunk *chunk; /* the open one; NULL: none */
    struct chunk *chunks;
    size_t chunk_count;
};

size_t
requeue_chunk_count(const struct requeue *requeue)
{
    return (requeue->row_count + requeue->chunk_rows - 1) / requeue->chunk_rows;
}

/* False with no error set: the end. */
static bool
read_record(struct copying *copying, struct error *err)
{
    return chunk_reader_next(&copying->reader, &copying->record, err) ==
           FILE_BYTES;
}

static char *
path_of(const struct copying *copying, const struct chunk *chunk,
        enum chunk_file file)
{
    return chunk_path(copying->requeue->run_folder,
                      copying->requeue->load->name, chunk, file);
}

static bool
open_chunk(struct copying *copying, struct error *err)
{
    const struct requeue *requeue = copying->requeue;
    struct chunk *chunk = &copying->chunks[copying->chunk_count];
    *chunk = (struct chunk){
        .load = requeue->from->load,
        .number = requeue->first_number + (uint32_t)copying->chunk_count,
        .wave = requeue->first_wave + (uint32_t)copying->chunk_count,
        .attempt = requeue->from->attempt + 1,
        .state = CHUNK_STAGED,
        .first_row = UINT64_MAX,
    };
    copying->chunk_count++;
    copying->chunk = chunk;
    char *csv_path = path_of(copying, chunk, CHUNK_CSV);
    char *index_path = path_of(copying, chunk, CHUNK_INDEX);
    bool done =
        file_writer_open(&copying->csv, csv_path, err) &&
        row_index_writer_open(&copying->index_writer, index_path, err) &&
        file_writer_write(&copying->csv, copying->header.bytes,
                          copying->header.len, err);
    free(csv_path);
    free(index_path);
    return done;
}

static bool
close_chunk(struct copying *copying, struct error *err)
{
    if (copying->chunk == NULL) {
        return true;
    }
    copying->chunk->bytes = copying->csv.offset;
    copying->chunk = NULL;
    return file_writer_commit(&copying->csv, err) &&
           row_index_writer_commit(&copying->index_writer, err);
}

static bool
copy_record(struct copying *copying, const struct row_index_entry *entry,
            struct error *err)
{
    if (copying->chunk != NULL &&
        copying->chunk->rows == copying->requeue->chunk_rows &&
        !close_chunk(copying, err)) {
        return false;
    }
    if (copying->chunk == NULL && !open_chunk(copying, err)) {
        return false;
    }
    struct chunk *chunk = copying->chunk;
    chunk->rows++;
    chunk->first_row =
        entry->row < chunk->first_row ? entry->row : chunk->first_row;
    chunk->last_row =
        entry->row > chunk->last_row ? entry->row : chunk->last_row;
    return file_writer_write(&copying->csv, copying->record.ptr,
                             copying->record.len, err) &&
           row_index_writer_put(&copying->index_writer, entry, err);
}

static int
compare_rows(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool
is_wanted(const struct requeue *requeue, uint64_t row)
{
    return bsearch(&row, requeue->rows, requeue->row_count, sizeof row,
                   compare_rows) != NULL;
}

static bool
copy_rows(struct copying *copying, struct error *err)
{
    const struct requeue *requeue = copying->requeue;
    size_t copied = 0;
    for (size_t i = 0; i < copying->index.count; i++) {
        if (!read_record(copying, err)) {
            break;
        }
        const struct row_index_entry *entry = &copying->index.entries[i];
        if (is_wanted(requeue, entry->row)) {
            copied++;
            if (!copy_record(copying, entry, err)) {
                return false;
            }
        }
    }
    if (err->kind == ERROR_NONE && copied != requeue->row_count) {
        error_set(err, ERROR_INTERNAL, 0,
                  "'%s' does not hold all rows that are to be sent again",
                  copying->reader.path);
    }
    return err->kind == ERROR_NONE && close_chunk(copying, err);
}

bool
requeue_write(const struct requeue *requeue, struct chunk *chunks,
              struct error *err)
{
    struct copying copying = {.requeue = requeue,
                              .chunks = chunks,
                              .csv.fd = -1,
                              .index_writer.file.fd = -1};
    char *csv_path = path_of(&copying, requeue->from, CHUNK_CSV);
    char *index_path = path_of(&copying, requeue->from, CHUNK_INDEX);
    bool done = row_index_open(&copying.index, index_path, err) &&
                chunk_reader_open(&copying.reader, csv_path, err) &&
                read_record(&copying, err);
    if (done) {
        buffer_append_slice(&copying.header, copying.record);
        done = copy_rows(&copying, err);
    } else if (err->kind == ERROR_NONE) {
        error_set(err, ERROR_INTERNAL, 0, "'%s' is empty", csv_path);
    }
    file_writer_close(&copying.csv);
    row_index_writer_close(&copying.index_writer);
    row_index_close(&copying.index);
    chunk_reader_close(&copying.reader);
    buffer_release(&copying.header);
    free(csv_path);
    free(index_path);
    return done;
}
