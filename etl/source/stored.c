/* SPDX-License-Identifier: Apache-2.0 */
#include "source/stored.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/suggest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define NEIGHBOURS_LIMIT 1000 /* files looked at for "did you mean" */

/* A missing file: the nearest name in its folder may be meant. */
static bool
tell_missing(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *folder = slash == NULL
                       ? mem_strdup(".")
                       : slice_dup((struct slice){path, (size_t)(slash - path) +
                                                            (slash == path)});
    char *names[NEIGHBOURS_LIMIT];
    size_t count = 0;
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && count < NEIGHBOURS_LIMIT &&
           (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            names[count++] = mem_strdup(entry->d_name);
        }
    }
    char phrase[SUGGEST_SIZE];
    error_set(err, ERROR_INPUT, ENOENT, "the source '%s' does not exist%s",
              path,
              suggest_phrase(phrase, slice_of(base), (const char *const *)names,
                             count));
    if (dir != NULL) {
        closedir(dir);
    }
    while (count > 0) {
        free(names[--count]);
    }
    free(folder);
    return false;
}

static bool
open_file(struct stored *stored, const char *path, struct error *err)
{
    if (strcmp(path, "-") == 0) {
        stored->name = mem_strdup("standard input");
        stored->fd = dup(STDIN_FILENO);
    } else {
        stored->name = mem_strdup(path);
        stored->fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    struct stat about;
    if (stored->fd < 0 && errno == ENOENT) {
        return tell_missing(path, err);
    }
    if (stored->fd < 0 || fstat(stored->fd, &about) != 0) {
        return error_set(err, ERROR_INPUT, errno,
                         "cannot read the source '%s': %s", stored->name,
                         strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return error_set(err, ERROR_INPUT, EISDIR,
                         "the source '%s' is a folder; name a file in it",
                         stored->name);
    }
    stored->size = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    stored->changed = about.st_mtim;
    return true;
}

bool
stored_open(struct stored *stored, const char *path, int stop_fd,
            struct error *err)
{
    *stored = (struct stored){.fd = -1, .stop_fd = stop_fd};
    if (!open_file(stored, path, err)) {
        stored_close(stored);
        return false;
    }
    stored->hash = XXH3_createState();
    if (stored->hash == NULL || XXH3_128bits_reset(stored->hash) != XXH_OK) {
        stored_close(stored);
        return error_set(err, ERROR_SYSTEM, ENOMEM, "out of memory");
    }
    return true;
}

/* False with errno set; ECANCELED when the wait was ended. */
static bool
wait_readable(const struct stored *stored)
{
    struct pollfd fds[] = {{.fd = stored->fd, .events = POLLIN},
                           {.fd = stored->stop_fd, .events = POLLIN}};
    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    if (fds[1].revents != 0) {
        errno = ECANCELED;
        return false;
    }
    return true;
}

/* As file_read_all, but from a pipe, which may have nothing for hours. */
static ssize_t
read_pipe(const struct stored *stored, char *bytes, size_t len)
{
    size_t total = 0;
    while (total < len) {
        if (!wait_readable(stored)) {
            return -1;
        }
        ssize_t got = read(stored->fd, bytes + total, len - total);
        if (got < 0 && errno != EINTR && errno != EAGAIN) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        total += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)total;
}

static bool
tell_unread(const struct stored *stored, struct error *err)
{
    if (errno == ECANCELED) {
        return error_set(err, ERROR_CANCELLED, 0, "stopped");
    }
    return error_set(err, ERROR_INPUT, errno, "cannot read the source '%s': %s",
                     stored->name, strerror(errno));
}

/* At the end of a file: whoever wrote it had finished before it was opened. */
static bool
check_settled(const struct stored *stored, struct error *err)
{
    struct stat about;
    if (stored->size == 0 || fstat(stored->fd, &about) != 0) {
        return true; /* a pipe */
    }
    bool same = (uint64_t)about.st_size == stored->size &&
                stored->hashed_bytes == stored->size &&
                about.st_mtim.tv_sec == stored->changed.tv_sec &&
                about.st_mtim.tv_nsec == stored->changed.tv_nsec;
    return same || error_set(err, ERROR_INPUT, 0,
                             "'%s' changed while it was read: it is still "
                             "being written; have it renamed into place when "
                             "it is whole, or wait for a marker file with "
                             "--marker [source-changed]",
                             stored->name);
}

bool
stored_read(struct stored *stored, char *bytes, size_t len, size_t *got,
            struct error *err)
{
    ssize_t read_len = stored->stop_fd > 0 && stored->size == 0
                           ? read_pipe(stored, bytes, len)
                           : file_read_all(stored->fd, bytes, len);
    if (read_len < 0) {
        return tell_unread(stored, err);
    }
    *got = (size_t)read_len;
    XXH3_128bits_update(stored->hash, bytes, *got);
    stored->hashed_bytes += *got;
    return *got == len || check_settled(stored, err);
}

void
stored_hash(const struct stored *stored, uint64_t hash[2])
{
    XXH128_hash_t digest = XXH3_128bits_digest(stored->hash);
    hash[0] = digest.high64;
    hash[1] = digest.low64;
}

void
stored_close(struct stored *stored)
{
    if (stored->fd >= 0) {
        close(stored->fd);
    }
    XXH3_freeState(stored->hash);
    free(stored->name);
    *stored = (struct stored){.fd = -1};
}
