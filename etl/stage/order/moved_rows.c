/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/moved_rows.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define AHEAD 1024 /* bytes read at once: most rows whole */

/* What stands before a row's bytes. */
struct head {
    struct row_index_entry entry;
    uint64_t len;
};

bool
moved_rows_open(struct moved_rows *rows, const char *run_folder,
                const char *load_name, struct error *err)
{
    *rows = MOVED_ROWS_NONE;
    rows->record.limit = SIZE_MAX; /* a chunk bounds its records */
    rows->path = mem_printf("%s/rows/%s.moving", run_folder, load_name);
    return file_writer_open_append(&rows->writer, rows->path, 0, err);
}

bool
moved_rows_add(struct moved_rows *rows, const struct row_index_entry *entry,
               struct slice record, uint64_t *offset, struct error *err)
{
    const struct head head = {*entry, record.len};
    *offset = rows->writer.offset;
    return file_writer_write(&rows->writer, &head, sizeof head, err) &&
           file_writer_write(&rows->writer, record.ptr, record.len, err);
}

bool
moved_rows_finish(struct moved_rows *rows, struct error *err)
{
    if (!file_writer_flush(&rows->writer, err)) {
        return false;
    }
    rows->fd = open(rows->path, O_RDONLY | O_CLOEXEC);
    return rows->fd >= 0 ||
           error_set_errno(err, "cannot open '%s'", rows->path);
}

bool
moved_rows_read(struct moved_rows *rows, uint64_t offset,
                struct row_index_entry *entry, struct slice *record,
                struct error *err)
{
    struct head head;
    buffer_reset(&rows->record);
    char *bytes = buffer_reserve(&rows->record, AHEAD);
    ssize_t got =
        bytes == NULL ? -1 : file_read_at(rows->fd, bytes, AHEAD, offset);
    bool done = got >= (ssize_t)sizeof head;
    if (done) {
        memcpy(&head, bytes, sizeof head);
        size_t size = sizeof head + head.len, have = (size_t)got;
        if (size > have) {
            rows->record.len = have;
            bytes = buffer_reserve(&rows->record, size - have);
            done = bytes != NULL &&
                   file_read_at(rows->fd, bytes, size - have, offset + have) ==
                       (ssize_t)(size - have);
        }
        *entry = head.entry;
        *record = (struct slice){rows->record.bytes + sizeof head, head.len};
    }
    return done || error_set_errno(err, "cannot read '%s'", rows->path);
}

void
moved_rows_close(struct moved_rows *rows)
{
    struct error ignored = {0};
    file_writer_close(&rows->writer);
    if (rows->fd >= 0) {
        close(rows->fd);
    }
    if (rows->path != NULL) {
        file_remove_tree(rows->path, &ignored);
    }
    free(rows->path);
    buffer_release(&rows->record);
    *rows = MOVED_ROWS_NONE;
}
