/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_MOVED_ROWS_H
#define ETL_STAGE_ORDER_MOVED_ROWS_H

#include "base/file.h"
#include "model/row_index.h"

/*
 * A file of staged rows that are on their way into other chunks: their bytes
 * and index entries, written one after the other, then read from anywhere. It
 * is of no use after the process: what it is made of stays until the new
 * chunks are recorded.
 */
struct moved_rows {
    char *path;
    struct file_writer writer;
    int fd; /* that it is read by */
    struct buffer record;
};

/* Borrows nothing. A zeroed one with fds of -1 may be closed. */
#define MOVED_ROWS_NONE ((struct moved_rows){.writer = {.fd = -1}, .fd = -1})
bool moved_rows_open(struct moved_rows *rows, const char *run_folder,
                     const char *load_name, struct error *err);
/* *offset: by which it is read back. */
bool moved_rows_add(struct moved_rows *rows,
                    const struct row_index_entry *entry, struct slice record,
                    uint64_t *offset, struct error *err);
/* Nothing is added after this. */
bool moved_rows_finish(struct moved_rows *rows, struct error *err);
/* The record is borrowed until the next call. */
bool moved_rows_read(struct moved_rows *rows, uint64_t offset,
                     struct row_index_entry *entry, struct slice *record,
                     struct error *err);
/* Removes the file. */
void moved_rows_close(struct moved_rows *rows);

#endif
