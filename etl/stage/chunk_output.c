/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_output.h"

#include "model/csv_writer.h"

#include <stdlib.h>

static bool
open_csv(struct chunk_output *output, const char *path,
         struct compressor *compressor, struct error *err)
{
    output->compressed = NULL;
    if (compressor == NULL) {
        return file_writer_open(&output->plain, path, err);
    }
    output->compressed = compressor_begin(compressor, path, err);
    return output->compressed != NULL;
}

bool
chunk_output_open(struct chunk_output *output, const char *run_folder,
                  const char *load_name, const struct chunk *chunk,
                  struct compressor *compressor, struct error *err)
{
    char *csv_path = chunk_path(run_folder, load_name, chunk, CHUNK_CSV);
    char *index_path = chunk_path(run_folder, load_name, chunk, CHUNK_INDEX);
    output->plain = (struct file_writer){.fd = -1};
    output->index = (struct row_index_writer){.file = {.fd = -1}};
    output->written = 0;
    output->is_open = true;
    bool done = open_csv(output, csv_path, compressor, err) &&
                row_index_writer_open(&output->index, index_path, err);
    free(csv_path);
    free(index_path);
    return done;
}

bool
chunk_output_flush(struct chunk_output *output, struct error *err)
{
    output->written += output->block.len;
    if (output->compressed != NULL) {
        compressor_write(output->compressed, &output->block);
        return true;
    }
    bool done = file_writer_write(&output->plain, output->block.bytes,
                                  output->block.len, err);
    buffer_reset(&output->block);
    return done;
}

bool
chunk_output_commit(struct chunk_output *output, struct error *err)
{
    bool done =
        chunk_output_flush(output, err) &&
        (output->compressed ? compressor_commit(output->compressed, err)
                            : file_writer_commit(&output->plain, err)) &&
        row_index_writer_commit(&output->index, err);
    compressor_end(output->compressed);
    output->compressed = NULL;
    if (done) {
        output->is_open = false;
    }
    return done;
}

void
chunk_output_close(struct chunk_output *output)
{
    if (output->is_open) {
        compressor_end(output->compressed);
        file_writer_close(&output->plain);
        row_index_writer_close(&output->index);
    }
    buffer_release(&output->block);
    *output = (struct chunk_output){0};
}

void
chunk_output_header(struct buffer *block, const struct load *load)
{
    for (size_t i = 0; i < load->column_count; i++) {
        if (i > 0) {
            buffer_append_char(block, ',');
        }
        csv_writer_cell(block, slice_of(load->columns[i].name));
    }
    buffer_append_char(block, '\n');
}
