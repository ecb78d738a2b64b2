/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/row_writer.h"

#include "model/csv_writer.h"

static bool
put_cells(struct row_writer *writer, uint64_t row, uint64_t line,
          const struct slice *cells, size_t count, struct error *err)
{
    size_t added = count < writer->added_count ? count : writer->added_count;
    buffer_reset(&writer->line);
    csv_writer_cells(&writer->line, cells + added, count - added);
    const struct row_file_entry entry = {row, line,
                                         buffer_slice(&writer->line)};
    return row_file_writer_put(&writer->file, &entry, err);
}

bool
row_writer_open(struct row_writer *writer, const char *path, uint64_t size,
                const struct columns *columns, struct error *err)
{
    *writer = (struct row_writer){
        .line = {.limit = SIZE_MAX}, /* the source bounds its rows */
        .added_count = columns->added_count,
    };
    return row_file_writer_open(&writer->file, path, size, err) &&
           (size > 0 ||
            put_cells(writer, 0, 0, columns->names, columns->count, err));
}

bool
row_writer_put(struct row_writer *writer, const struct record *record,
               struct error *err)
{
    return put_cells(writer, record->row, record->line, record->fields,
                     record->field_count, err);
}

uint64_t
row_writer_size(const struct row_writer *writer)
{
    return writer->file.file.offset;
}

bool
row_writer_sync(struct row_writer *writer, struct error *err)
{
    uint64_t size;
    return row_file_writer_sync(&writer->file, &size, err);
}

void
row_writer_close(struct row_writer *writer)
{
    row_file_writer_close(&writer->file);
    buffer_release(&writer->line);
}
