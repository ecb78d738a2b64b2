/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_FILE_H
#define ETL_BASE_FILE_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdint.h>
#include <sys/types.h>

/*
 * Files that appear whole: written aside under "PATH.part", synced, renamed,
 * and their folder synced. All are created 0600, folders 0700. Short writes
 * and EINTR are handled here and nowhere else.
 */

/* False with errno set. */
bool file_write_all(int fd, const void *bytes, size_t len);
/* Until len bytes are read or the input ends; how many, -1 with errno set. */
ssize_t file_read_all(int fd, void *bytes, size_t len);
/* The same from an offset; the file's own position stays. */
ssize_t file_read_at(int fd, void *bytes, size_t len, uint64_t offset);

/* The whole file, refused when larger than limit. Appends to buffer. */
bool file_read_whole(const char *path, size_t limit, struct buffer *buffer,
                     struct error *err);

/* Writes aside, syncs, renames. */
bool file_replace(const char *path, struct slice bytes, struct error *err);

bool file_exists(const char *path);
/* Size in bytes; 0 when it can't be asked. */
uint64_t file_size(const char *path);
/* With its parents; an existing folder is fine. */
bool file_make_folders(const char *path, struct error *err);
bool file_sync_folder(const char *path, struct error *err);
/* Removes a file or a whole folder; a missing one is fine. */
bool file_remove_tree(const char *path, struct error *err);
/* Bytes free for this user on the file system that holds path. */
uint64_t file_free_bytes(const char *path);

/* Buffered writing. After a failure each call fails the same way. */
struct file_writer {
    char *path, *written_path; /* owned; they differ until the commit */
    char *bytes;               /* the window, owned */
    size_t len, size;
    uint64_t offset; /* of the file's end, what is in the window included */
    int fd;          /* -1: closed */
};

/* Aside, to be committed. */
bool file_writer_open(struct file_writer *writer, const char *path,
                      struct error *err);
/* In place, created when missing, cut to its first size bytes; with 0 its name
 * is durable, too. */
bool file_writer_open_append(struct file_writer *writer, const char *path,
                             uint64_t size, struct error *err);
bool file_writer_write(struct file_writer *writer, const void *bytes,
                       size_t len, struct error *err);
/* The window to the kernel. */
bool file_writer_flush(struct file_writer *writer, struct error *err);
/* And from there to the disk. */
bool file_writer_sync(struct file_writer *writer, struct error *err);
/* Flush, sync, rename when aside, sync the folder, close. */
bool file_writer_commit(struct file_writer *writer, struct error *err);
/* Drops what was not committed; a closed or zeroed writer is fine. */
void file_writer_close(struct file_writer *writer);

/* Buffered reading in one direction. */
struct file_reader {
    char *path;
    char *bytes;
    size_t begin, end, size;
    uint64_t offset; /* of the next byte to be taken */
    int fd;
};

enum file_status { FILE_BYTES, FILE_END, FILE_FAILED };

bool file_reader_open(struct file_reader *reader, const char *path,
                      struct error *err);
/*
 * The next len bytes, borrowed until the next call. FILE_END only where the
 * file ends before the first of them; an end inside them is a failure
 * (ERROR_SYSTEM, "is cut short").
 */
enum file_status file_reader_take(struct file_reader *reader, size_t len,
                                  struct slice *bytes, struct error *err);
/* Whatever is there, at least a byte, borrowed until the next call. */
enum file_status file_reader_next(struct file_reader *reader,
                                  struct slice *bytes, struct error *err);
void file_reader_close(struct file_reader *reader);

#endif
