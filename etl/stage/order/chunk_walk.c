/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/chunk_walk.h"

#include "model/chunk.h"
#include "stage/chunk_reader.h"

#include <stdlib.h>

static bool
walk_chunk(struct row_index_reader *index, struct chunk_reader *csv,
           chunk_walk_fn *each, void *cookie, struct error *err)
{
    struct row_index_entry entry;
    struct slice record;
    /* The header first. */
    enum file_status status = FILE_BYTES,
                     csv_status = chunk_reader_next(csv, &record, err);
    while (csv_status == FILE_BYTES && status == FILE_BYTES) {
        status = row_index_reader_next(index, &entry, err);
        csv_status = status == FILE_FAILED
                         ? FILE_FAILED
                         : chunk_reader_next(csv, &record, err);
        if (status == FILE_BYTES && csv_status == FILE_BYTES &&
            !each(cookie, &entry, record, err)) {
            return false;
        }
    }
    if (status == FILE_FAILED || csv_status == FILE_FAILED) {
        return false;
    }
    return (status == FILE_END && csv_status == FILE_END) ||
           error_set(err, ERROR_INTERNAL, 0,
                     "'%s' and its index do not fit together", csv->path);
}

bool
chunk_walk_each(const struct chunk_walk *walk, chunk_walk_fn *each,
                void *cookie, struct error *err)
{
    bool done = true;
    for (uint32_t i = 1; done && i <= walk->chunk_count; i++) {
        const struct chunk chunk = {.number = i, .gzip = walk->gzip};
        const char *name = walk->load->name;
        char *index_path =
            chunk_path(walk->run_folder, name, &chunk, CHUNK_INDEX);
        char *csv_path = chunk_path(walk->run_folder, name, &chunk, CHUNK_CSV);
        struct row_index_reader index = {.file = {.fd = -1}};
        struct chunk_reader csv = {0};
        done = row_index_reader_open(&index, index_path, err) &&
               chunk_reader_open(&csv, csv_path, err) &&
               walk_chunk(&index, &csv, each, cookie, err);
        row_index_reader_close(&index);
        chunk_reader_close(&csv);
        free(index_path);
        free(csv_path);
    }
    return done;
}
