/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_file.h"

struct entry_head {
    uint64_t row, line;
    uint32_t len;
} __attribute__((packed)); /* 20 bytes: 4 of padding would be 4 MB a million */

bool
row_file_writer_open(struct row_file_writer *writer, const char *path,
                     uint64_t size, struct error *err)
{
    return file_writer_open_append(&writer->file, path, size, err);
}

bool
row_file_writer_put(struct row_file_writer *writer,
                    const struct row_file_entry *entry, struct error *err)
{
    if (entry->text.len > UINT32_MAX) {
        return error_set(err, ERROR_INPUT, 0,
                         "row %llu is larger than 4 GiB; lower 'max_row_bytes'",
                         (unsigned long long)entry->row);
    }
    struct entry_head head = {entry->row, entry->line,
                              (uint32_t)entry->text.len};
    return file_writer_write(&writer->file, &head, sizeof head, err) &&
           file_writer_write(&writer->file, entry->text.ptr, entry->text.len,
                             err);
}

bool
row_file_writer_sync(struct row_file_writer *writer, uint64_t *size,
                     struct error *err)
{
    if (!file_writer_sync(&writer->file, err)) {
        return false;
    }
    *size = writer->file.offset;
    return true;
}

void
row_file_writer_close(struct row_file_writer *writer)
{
    file_writer_close(&writer->file);
}

bool
row_file_reader_open(struct row_file_reader *reader, const char *path,
                     uint64_t limit, struct error *err)
{
    reader->limit = limit;
    return file_reader_open(&reader->file, path, err);
}

static enum file_status
cut_short(const struct row_file_reader *reader, struct error *err)
{
    error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged before byte %llu",
              reader->file.path, (unsigned long long)reader->file.offset);
    return FILE_FAILED;
}

enum file_status
row_file_reader_next(struct row_file_reader *reader,
                     struct row_file_entry *entry, struct error *err)
{
    struct file_reader *file = &reader->file;
    if (file->offset >= reader->limit) {
        return FILE_END;
    }
    struct entry_head head;
    struct slice bytes;
    enum file_status status = file_reader_take(file, sizeof head, &bytes, err);
    if (status != FILE_BYTES) {
        return status == FILE_END ? cut_short(reader, err) : status;
    }
    memcpy(&head, bytes.ptr, sizeof head);
    if (file->offset > reader->limit ||
        head.len > reader->limit - file->offset) {
        return cut_short(reader, err);
    }
    *entry = (struct row_file_entry){head.row, head.line, {"", 0}};
    if (head.len == 0) {
        return FILE_BYTES;
    }
    status = file_reader_take(file, head.len, &entry->text, err);
    return status == FILE_END ? cut_short(reader, err) : status;
}

void
row_file_reader_close(struct row_file_reader *reader)
{
    file_reader_close(&reader->file);
}
