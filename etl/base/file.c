/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define WINDOW_SIZE ((size_t)128 * 1024)
#define FOLDER_DEPTH_LIMIT 16

bool
file_write_all(int fd, const void *bytes, size_t len)
{
    const char *next = bytes;
    while (len > 0) {
        ssize_t written = write(fd, next, len);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            next += written;
            len -= (size_t)written;
        }
    }
    return true;
}

static ssize_t
read_some(int fd, void *bytes, size_t size)
{
    ssize_t got;
    do {
        got = read(fd, bytes, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

ssize_t
file_read_all(int fd, void *bytes, size_t len)
{
    size_t total = 0;
    while (total < len) {
        ssize_t got = read_some(fd, (char *)bytes + total, len - total);
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        total += (size_t)got;
    }
    return (ssize_t)total;
}

ssize_t
file_read_at(int fd, void *bytes, size_t len, uint64_t offset)
{
    size_t total = 0;
    while (total < len) {
        ssize_t got = pread(fd, (char *)bytes + total, len - total,
                            (off_t)(offset + total));
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        total += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)total;
}

bool
file_read_whole(const char *path, size_t limit, struct buffer *buffer,
                struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    ssize_t got = 0;
    size_t total = 0;
    do {
        /* One byte more than may be, and no more: the buffer may be small. */
        size_t left = limit - total;
        size_t size = left < WINDOW_SIZE ? left + 1 : WINDOW_SIZE;
        char *end = buffer_reserve(buffer, size);
        got = end ? read_some(fd, end, size) : 0;
        if (got > 0) {
            buffer->len += (size_t)got;
            total += (size_t)got;
        }
    } while (got > 0 && total <= limit && !buffer->overflowed);
    if (got < 0) {
        error_set_errno(err, "cannot read '%s'", path);
    }
    close(fd);
    if (total > limit || buffer->overflowed) {
        return error_set(err, ERROR_CONFIG, 0, "'%s' is larger than %zu bytes",
                         path, limit);
    }
    return got == 0;
}

bool
file_replace(const char *path, struct slice bytes, struct error *err)
{
    struct file_writer writer = {.fd = -1};
    bool done = file_writer_open(&writer, path, err) &&
                file_writer_write(&writer, bytes.ptr, bytes.len, err) &&
                file_writer_commit(&writer, err);
    file_writer_close(&writer);
    return done;
}

bool
file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

uint64_t
file_size(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
}

bool
file_make_folders(const char *path, struct error *err)
{
    char *part = mem_strdup(path);
    bool done = true;
    for (char *slash = part + 1; done; slash++) {
        char ended = *slash;
        if (ended != '/' && ended != '\0') {
            continue;
        }
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            done = error_set_errno(err, "cannot create the folder '%s'", part);
        }
        *slash = ended;
        if (ended == '\0') {
            break;
        }
    }
    free(part);
    struct stat about;
    if (done && (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))) {
        errno = ENOTDIR;
        return error_set_errno(err, "cannot create the folder '%s'", path);
    }
    return done;
}

bool
file_sync_folder(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (!done) {
        error_set_errno(err, "cannot sync the folder '%s'", path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

static bool
remove_tree(const char *path, int depth, struct error *err)
{
    if (unlink(path) == 0 || errno == ENOENT) {
        return true;
    }
    DIR *folder = depth < FOLDER_DEPTH_LIMIT ? opendir(path) : NULL;
    if (folder == NULL) {
        return error_set_errno(err, "cannot remove '%s'", path);
    }
    bool done = true;
    struct dirent *entry;
    while (done && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0) {
            char *inner = mem_printf("%s/%s", path, entry->d_name);
            done = remove_tree(inner, depth + 1, err);
            free(inner);
        }
    }
    closedir(folder);
    if (done && rmdir(path) != 0) {
        return error_set_errno(err, "cannot remove '%s'", path);
    }
    return done;
}

bool
file_remove_tree(const char *path, struct error *err)
{
    return remove_tree(path, 0, err);
}

uint64_t
file_free_bytes(const char *path)
{
    struct statvfs about;
    if (statvfs(path, &about) != 0) {
        return UINT64_MAX;
    }
    return (uint64_t)about.f_bavail * about.f_frsize;
}

static bool
sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    struct slice folder = slash == NULL
                              ? slice_of(".")
                              : (struct slice){path, (size_t)(slash - path)};
    char *name = slice_dup(folder.len ? folder : slice_of("/"));
    bool done = file_sync_folder(name, err);
    free(name);
    return done;
}

static bool
open_writer(struct file_writer *writer, const char *path, bool aside, int flags,
            struct error *err)
{
    *writer = (struct file_writer){.fd = -1, .size = WINDOW_SIZE};
    writer->path = mem_strdup(path);
    writer->written_path =
        aside ? mem_printf("%s.part", path) : mem_strdup(path);
    writer->fd = open(writer->written_path,
                      O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (writer->fd < 0) {
        error_set_errno(err, "cannot create '%s'", writer->written_path);
        file_writer_close(writer);
        return false;
    }
    writer->bytes = mem_alloc(writer->size);
    return true;
}

bool
file_writer_open(struct file_writer *writer, const char *path,
                 struct error *err)
{
    return open_writer(writer, path, true, O_TRUNC, err);
}

bool
file_writer_open_append(struct file_writer *writer, const char *path,
                        uint64_t size, struct error *err)
{
    if (!open_writer(writer, path, false, 0, err)) {
        return false;
    }
    if (ftruncate(writer->fd, (off_t)size) != 0 ||
        lseek(writer->fd, (off_t)size, SEEK_SET) < 0) {
        error_set_errno(err, "cannot cut '%s'", path);
        file_writer_close(writer);
        return false;
    }
    writer->offset = size;
    if (size == 0 && !sync_folder_of(path, err)) {
        file_writer_close(writer);
        return false;
    }
    return true;
}

bool
file_writer_flush(struct file_writer *writer, struct error *err)
{
    if (!file_write_all(writer->fd, writer->bytes, writer->len)) {
        return error_set_errno(err, "cannot write '%s'", writer->written_path);
    }
    writer->len = 0;
    return true;
}

bool
file_writer_write(struct file_writer *writer, const void *bytes, size_t len,
                  struct error *err)
{
    if (len > writer->size - writer->len) {
        if (!file_writer_flush(writer, err)) {
            return false;
        }
        if (len >= writer->size) {
            if (!file_write_all(writer->fd, bytes, len)) {
                return error_set_errno(err, "cannot write '%s'",
                                       writer->written_path);
            }
            writer->offset += len;
            return true;
        }
    }
    if (len > 0) {
        memcpy(writer->bytes + writer->len, bytes, len);
    }
    writer->len += len;
    writer->offset += len;
    return true;
}

bool
file_writer_sync(struct file_writer *writer, struct error *err)
{
    if (!file_writer_flush(writer, err)) {
        return false;
    }
    if (fsync(writer->fd) != 0) {
        return error_set_errno(err, "cannot sync '%s'", writer->written_path);
    }
    return true;
}

bool
file_writer_commit(struct file_writer *writer, struct error *err)
{
    if (!file_writer_sync(writer, err)) {
        return false;
    }
    if (strcmp(writer->path, writer->written_path) != 0) {
        if (rename(writer->written_path, writer->path) != 0) {
            return error_set_errno(err, "cannot rename '%s'",
                                   writer->written_path);
        }
        free(writer->written_path);
        writer->written_path = mem_strdup(writer->path);
    }
    bool done = sync_folder_of(writer->path, err);
    file_writer_close(writer);
    return done;
}

void
file_writer_close(struct file_writer *writer)
{
    if (writer->path != NULL && writer->fd >= 0) {
        close(writer->fd);
        if (strcmp(writer->path, writer->written_path) != 0) {
            unlink(writer->written_path);
        }
    }
    free(writer->path);
    free(writer->written_path);
    free(writer->bytes);
    *writer = (struct file_writer){.fd = -1};
}

bool
file_reader_open(struct file_reader *reader, const char *path,
                 struct error *err)
{
    *reader = (struct file_reader){.fd = -1};
    reader->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    reader->path = mem_strdup(path);
    reader->size = WINDOW_SIZE;
    reader->bytes = mem_alloc(reader->size);
    return true;
}

/* Reads once more behind the bytes that are held; the count, -1 for failure. */
static ssize_t
fill(struct file_reader *reader, struct error *err)
{
    ssize_t got = read_some(reader->fd, reader->bytes + reader->end,
                            reader->size - reader->end);
    if (got < 0) {
        error_set_errno(err, "cannot read '%s'", reader->path);
    } else {
        reader->end += (size_t)got;
    }
    return got;
}

static void
make_room(struct file_reader *reader, size_t len)
{
    size_t held = reader->end - reader->begin;
    memmove(reader->bytes, reader->bytes + reader->begin, held);
    reader->begin = 0;
    reader->end = held;
    if (reader->size < len) {
        reader->bytes = mem_realloc(reader->bytes, len);
        reader->size = len;
    }
}

enum file_status
file_reader_take(struct file_reader *reader, size_t len, struct slice *bytes,
                 struct error *err)
{
    if (reader->end - reader->begin < len) {
        make_room(reader, len);
    }
    while (reader->end - reader->begin < len) {
        ssize_t got = fill(reader, err);
        if (got < 0) {
            return FILE_FAILED;
        }
        if (got == 0 && reader->begin == reader->end) {
            return FILE_END;
        }
        if (got == 0) {
            error_set(err, ERROR_SYSTEM, 0, "'%s' is cut short", reader->path);
            return FILE_FAILED;
        }
    }
    *bytes = (struct slice){reader->bytes + reader->begin, len};
    reader->begin += len;
    reader->offset += len;
    return FILE_BYTES;
}

enum file_status
file_reader_next(struct file_reader *reader, struct slice *bytes,
                 struct error *err)
{
    if (reader->begin == reader->end) {
        reader->begin = reader->end = 0;
        ssize_t got = fill(reader, err);
        if (got <= 0) {
            return got < 0 ? FILE_FAILED : FILE_END;
        }
    }
    size_t len = reader->end - reader->begin;
    *bytes = (struct slice){reader->bytes + reader->begin, len};
    reader->begin = reader->end;
    reader->offset += len;
    return FILE_BYTES;
}

void
file_reader_close(struct file_reader *reader)
{
    if (reader->path != NULL && reader->fd >= 0) {
        close(reader->fd);
    }
    free(reader->path);
    free(reader->bytes);
    *reader = (struct file_reader){.fd = -1};
}
