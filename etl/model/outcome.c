/* SPDX-License-Identifier: Apache-2.0 */
#include "model/outcome.h"

/* What stands before the id, code and message of each entry. */
struct entry_head {
    uint64_t row;
    uint32_t message_len;
    uint16_t code_len;
    uint8_t id_len;
    uint8_t fate; /* CREATED_BIT on top */
};
_Static_assert(sizeof(struct entry_head) == 16, "no padding in the file");

#define CREATED_BIT 0x80
#define CODE_LIMIT 1000 /* bytes; the longest code known has 60 */

static bool
open_failed_or_ready(struct outcome_writer *writer, bool opened)
{
    if (!opened) {
        writer->file = (struct file_writer){.fd = -1};
    }
    return opened;
}

bool
outcome_writer_open(struct outcome_writer *writer, const char *path,
                    struct error *err)
{
    *writer = (struct outcome_writer){0};
    return open_failed_or_ready(writer,
                                file_writer_open(&writer->file, path, err));
}

bool
outcome_writer_open_append(struct outcome_writer *writer, const char *path,
                           uint64_t size, struct error *err)
{
    *writer = (struct outcome_writer){0};
    return open_failed_or_ready(
        writer, file_writer_open_append(&writer->file, path, size, err));
}

bool
outcome_writer_sync(struct outcome_writer *writer, uint64_t *size,
                    struct error *err)
{
    if (!file_writer_sync(&writer->file, err)) {
        return false;
    }
    *size = writer->file.offset;
    return true;
}

/* Cut at the limit, and never inside a UTF-8 sequence. */
static struct slice
cut(struct slice text, size_t limit)
{
    if (text.len <= limit) {
        return text;
    }
    size_t len = limit;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return (struct slice){text.ptr, len};
}

bool
outcome_writer_put(struct outcome_writer *writer, const struct outcome *outcome,
                   struct error *err)
{
    if (outcome->row <= writer->last_row) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "outcome of row %llu comes after row %llu",
                         (unsigned long long)outcome->row,
                         (unsigned long long)writer->last_row);
    }
    if (outcome->id.len > OUTCOME_ID_LIMIT) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "outcome of row %llu has an Id of %zu characters",
                         (unsigned long long)outcome->row, outcome->id.len);
    }
    struct slice code = cut(outcome->code, CODE_LIMIT);
    struct slice message = cut(outcome->message, OUTCOME_MESSAGE_LIMIT);
    struct entry_head head = {
        .row = outcome->row,
        .message_len = (uint32_t)message.len,
        .code_len = (uint16_t)code.len,
        .id_len = (uint8_t)outcome->id.len,
        .fate = (uint8_t)((unsigned)outcome->fate |
                          (outcome->created ? CREATED_BIT : 0)),
    };
    struct file_writer *file = &writer->file;
    if (!file_writer_write(file, &head, sizeof head, err) ||
        !file_writer_write(file, outcome->id.ptr, outcome->id.len, err) ||
        !file_writer_write(file, code.ptr, code.len, err) ||
        !file_writer_write(file, message.ptr, message.len, err)) {
        return false;
    }
    writer->last_row = outcome->row;
    writer->counts[outcome->fate]++;
    return true;
}

bool
outcome_writer_commit(struct outcome_writer *writer, struct error *err)
{
    return file_writer_commit(&writer->file, err);
}

void
outcome_writer_close(struct outcome_writer *writer)
{
    file_writer_close(&writer->file);
}

bool
outcome_reader_open(struct outcome_reader *reader, const char *path,
                    struct error *err)
{
    return file_reader_open(&reader->file, path, err);
}

static bool
head_is_sound(const struct entry_head *head)
{
    return head->row > 0 && head->id_len <= OUTCOME_ID_LIMIT &&
           head->code_len <= CODE_LIMIT &&
           head->message_len <= OUTCOME_MESSAGE_LIMIT &&
           (head->fate & ~CREATED_BIT) < OUTCOME_FATE_COUNT;
}

enum file_status
outcome_reader_next(struct outcome_reader *reader, struct outcome *outcome,
                    struct error *err)
{
    struct slice bytes;
    enum file_status status =
        file_reader_take(&reader->file, sizeof(struct entry_head), &bytes, err);
    if (status != FILE_BYTES) {
        return status;
    }
    struct entry_head head;
    memcpy(&head, bytes.ptr, sizeof head);
    if (!head_is_sound(&head)) {
        error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged before byte %llu",
                  reader->file.path, (unsigned long long)reader->file.offset);
        return FILE_FAILED;
    }
    size_t len = (size_t)head.id_len + head.code_len + head.message_len;
    bytes = (struct slice){"", 0};
    if (len > 0) {
        status = file_reader_take(&reader->file, len, &bytes, err);
    }
    if (status != FILE_BYTES) {
        error_set(err, ERROR_SYSTEM, 0, "'%s' is cut short", reader->file.path);
        return FILE_FAILED;
    }
    const char *code = bytes.ptr + head.id_len;
    *outcome = (struct outcome){
        .row = head.row,
        .fate = (enum outcome_fate)(head.fate & ~CREATED_BIT),
        .created = (head.fate & CREATED_BIT) != 0,
        .id = {bytes.ptr, head.id_len},
        .code = {code, head.code_len},
        .message = {code + head.code_len, head.message_len},
    };
    return FILE_BYTES;
}

void
outcome_reader_close(struct outcome_reader *reader)
{
    file_reader_close(&reader->file);
}
