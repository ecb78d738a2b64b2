/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Loaded into sfetl by LD_PRELOAD: makes the n-th call of a kind fail, kills
 * the process there, or cuts its power there: everything that was written and
 * not synced is undone before the kill, as a disk would forget it.
 *
 *   FAULT_MODE   count | fail | kill | powercut | every (that call and all
 *                after it fail) | back (from that call on the clock is a day
 *                behind)
 *   FAULT_KIND   write fsync rename open read connect malloc, or all (of these
 *                but malloc and read); disk (bytes and names that a full disk
 *                has no room for), create (what a read-only disk refuses)
 *   FAULT_AT     the 1-based index of the call
 *   FAULT_ERRNO  what fails with (28, ENOSPC, unless told)
 *   FAULT_FOLDER only files below it are forgotten by a power cut
 *   FAULT_COUNT  a file that gets the number of calls at exit
 *
 * What a power cut undoes: bytes written and not synced; a file's new length;
 * a created, renamed or removed name whose folder was not synced since.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UNDO_LIMIT 65536

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

enum undo_kind { UNDO_BYTES, UNDO_SIZE, UNDO_CREATE, UNDO_RENAME, UNDO_REMOVE };

struct undo {
    enum undo_kind kind;
    bool synced;
    ino_t inode;
    off_t offset, size;
    char *bytes;
    size_t len;
    char path[PATH_MAX / 8], other[PATH_MAX / 8];
    int keep_fd; /* of a removed or overwritten file */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct undo *undos;
static size_t undo_count;
static unsigned long calls;
static bool ready;
static __thread bool inside; /* our own calls are not counted */
static char mode, kind[16], folder[PATH_MAX];
static unsigned long fault_at;
static int fault_errno = ENOSPC;

static void *
next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define REAL(type, name, ...)                                                  \
    static type (*real)(__VA_ARGS__);                                          \
    if (real == NULL) {                                                        \
        void *found = next(name);                                              \
        memcpy(&real, &found, sizeof real);                                    \
    }

static void
enter(void)
{
    inside = true;
    pthread_mutex_lock(&mutex);
}

static void
leave(void)
{
    pthread_mutex_unlock(&mutex);
    inside = false;
}

__attribute__((constructor)) static void
start(void)
{
    const char *text = getenv("FAULT_MODE");
    mode = text ? text[0] : 0;
    text = getenv("FAULT_KIND");
    snprintf(kind, sizeof kind, "%s", text ? text : "all");
    text = getenv("FAULT_AT");
    fault_at = text ? strtoul(text, NULL, 10) : 0;
    text = getenv("FAULT_ERRNO");
    fault_errno = text ? (int)strtol(text, NULL, 10) : ENOSPC;
    text = getenv("FAULT_FOLDER");
    snprintf(folder, sizeof folder, "%s", text ? text : "/nonexistent");
    if (mode == 'p') {
        undos = __libc_calloc(UNDO_LIMIT, sizeof *undos);
    }
    ready = mode != 0;
}

__attribute__((destructor)) static void
stop(void)
{
    const char *path = getenv("FAULT_COUNT");
    if (path != NULL && ready) {
        ready = false;
        FILE *file = fopen(path, "w");
        if (file != NULL) {
            fprintf(file, "%lu\n", calls);
            fclose(file);
        }
    }
}

static void
undo_one(const struct undo *undo)
{
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)
    int fd;
    switch (undo->kind) {
    case UNDO_BYTES:
        fd = open(undo->path, O_WRONLY | O_CLOEXEC);
        if (fd >= 0) {
            ssize_t put = real(fd, undo->bytes, undo->len, undo->offset);
            (void)put;
            close(fd);
        }
        break;
    case UNDO_SIZE:
        if (truncate(undo->path, undo->size) != 0) {
            break;
        }
        break;
    case UNDO_CREATE:
        unlink(undo->path);
        break;
    case UNDO_RENAME:
        if (rename(undo->other, undo->path) != 0) {
            break;
        }
        if (undo->keep_fd >= 0) {
            fd = open(undo->other, O_WRONLY | O_CREAT | O_TRUNC, 0600);
            char block[65536];
            off_t at = 0;
            ssize_t got;
            while ((got = pread(undo->keep_fd, block, sizeof block, at)) > 0) {
                ssize_t put = real(fd, block, (size_t)got, at);
                (void)put;
                at += got;
            }
            close(fd);
        }
        break;
    case UNDO_REMOVE: {
        fd = open(undo->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        char block[65536];
        off_t at = 0;
        ssize_t got;
        while (fd >= 0 &&
               (got = pread(undo->keep_fd, block, sizeof block, at)) > 0) {
            ssize_t put = real(fd, block, (size_t)got, at);
            (void)put;
            at += got;
        }
        break;
    }
    }
}

static void
strike(void)
{
    ready = false;
    if (mode == 'p') {
        for (size_t i = undo_count; i-- > 0;) {
            if (!undos[i].synced) {
                undo_one(&undos[i]);
            }
        }
    }
    kill(getpid(), SIGKILL);
    pause();
}

/* Counts a call; true when it is the one that fails. */
static bool
is_hit(const char *of)
{
    if (!ready || inside) {
        return false;
    }
    bool all = strcmp(kind, "all") == 0 && strcmp(of, "malloc") != 0 &&
               strcmp(of, "read") != 0 && strcmp(of, "disk") != 0 &&
               strcmp(of, "create") != 0;
    if (!all && strcmp(kind, of) != 0) {
        return false;
    }
    unsigned long now = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (mode == 'e' && now >= fault_at) {
        errno = fault_errno;
        return true;
    }
    if (mode == 'c' || mode == 'e' || mode == 'b' || now != fault_at) {
        return false;
    }
    if (mode == 'f') {
        errno = fault_errno;
        return true;
    }
    enter();
    strike();
    return true;
}

static bool
is_disk_hit(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && is_hit("disk");
}

static bool
path_of(int fd, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, size - 1);
    if (len <= 0) {
        return false;
    }
    path[len] = '\0';
    return strncmp(path, folder, strlen(folder)) == 0;
}

static struct undo *
add_undo(enum undo_kind what, const char *path)
{
    if (undo_count == UNDO_LIMIT) {
        return NULL;
    }
    struct undo *undo = &undos[undo_count++];
    *undo = (struct undo){.kind = what, .keep_fd = -1};
    snprintf(undo->path, sizeof undo->path, "%s", path);
    return undo;
}

/* Before bytes are written: what stands there now, and the length. */
static void
remember_write(int fd, off_t offset, size_t len)
{
    char path[PATH_MAX];
    struct stat about;
    if (mode != 'p' || !ready || fstat(fd, &about) != 0 ||
        !S_ISREG(about.st_mode) || !path_of(fd, path, sizeof path)) {
        return;
    }
    enter();
    struct undo *undo = add_undo(UNDO_BYTES, path);
    size_t held = offset < about.st_size ? (size_t)(about.st_size - offset) : 0;
    held = held < len ? held : len;
    if (undo != NULL) {
        undo->inode = about.st_ino;
        undo->offset = offset;
        undo->bytes = __libc_malloc(held + 1);
        int other = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t got = other >= 0 ? pread(other, undo->bytes, held, offset) : 0;
        undo->len = got > 0 ? (size_t)got : 0;
        if (other >= 0) {
            close(other);
        }
    }
    if (offset + (off_t)len > about.st_size &&
        (undo = add_undo(UNDO_SIZE, path)) != NULL) {
        undo->inode = about.st_ino;
        undo->size = about.st_size;
    }
    leave();
}

static void
mark_synced(int fd)
{
    char path[PATH_MAX];
    struct stat about;
    if (mode != 'p' || !ready || fstat(fd, &about) != 0 ||
        !path_of(fd, path, sizeof path)) {
        return;
    }
    size_t len = strlen(path);
    enter();
    for (size_t i = 0; i < undo_count; i++) {
        struct undo *undo = &undos[i];
        bool names = undo->kind >= UNDO_CREATE;
        if (S_ISDIR(about.st_mode)) {
            const char *slash = strrchr(undo->path, '/');
            undo->synced |= names && slash != NULL &&
                            (size_t)(slash - undo->path) == len &&
                            memcmp(undo->path, path, len) == 0;
        } else {
            undo->synced |= !names && undo->inode == about.st_ino;
        }
    }
    leave();
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
    REAL(ssize_t, "write", int, const void *, size_t)
    if (is_hit("write") || is_disk_hit(fd)) {
        return -1;
    }
    remember_write(fd, lseek(fd, 0, SEEK_CUR), len);
    return real(fd, bytes, len);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
    if (is_hit("write") || is_disk_hit(fd)) {
        return -1;
    }
    remember_write(fd, offset, len);
    return real(fd, bytes, len, offset);
}

int
ftruncate64(int fd, off64_t size)
{
    REAL(int, "ftruncate64", int, off64_t)
    char path[PATH_MAX];
    struct stat about;
    if (is_hit("write")) {
        return -1;
    }
    if (mode == 'p' && ready && fstat(fd, &about) == 0 &&
        path_of(fd, path, sizeof path)) {
        remember_write(fd, size,
                       about.st_size > size ? (size_t)(about.st_size - size)
                                            : 0);
    }
    return real(fd, size);
}

int
ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

int
fsync(int fd)
{
    REAL(int, "fsync", int)
    if (is_hit("fsync")) {
        return -1;
    }
    mark_synced(fd);
    return real(fd);
}

int
fdatasync(int fd)
{
    REAL(int, "fdatasync", int)
    if (is_hit("fsync")) {
        return -1;
    }
    mark_synced(fd);
    return real(fd);
}

int
rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *)
    if (is_hit("rename") || is_hit("create")) {
        return -1;
    }
    char path[PATH_MAX];
    if (mode == 'p' && ready && realpath(from, path) != NULL &&
        strncmp(path, folder, strlen(folder)) == 0) {
        enter();
        struct undo *undo = add_undo(UNDO_RENAME, path);
        if (undo != NULL) {
            char *slash = strrchr(path, '/');
            const char *name = strrchr(to, '/');
            snprintf(undo->other, sizeof undo->other, "%.*s/%s",
                     (int)(slash - path), path, name ? name + 1 : to);
            undo->keep_fd = open(to, O_RDONLY | O_CLOEXEC);
        }
        leave();
    }
    return real(from, to);
}

int
unlink(const char *name)
{
    REAL(int, "unlink", const char *)
    if (is_hit("rename")) {
        return -1;
    }
    char path[PATH_MAX];
    if (mode == 'p' && ready && realpath(name, path) != NULL &&
        strncmp(path, folder, strlen(folder)) == 0) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) {
            enter();
            struct undo *undo = add_undo(UNDO_REMOVE, path);
            if (undo != NULL) {
                undo->keep_fd = fd;
            }
            leave();
        }
    }
    return real(name);
}

int
mkdir(const char *path, mode_t bits)
{
    REAL(int, "mkdir", const char *, mode_t)
    struct stat about;
    if (stat(path, &about) != 0 &&
        (is_hit("rename") || is_hit("disk") || is_hit("create"))) {
        return -1;
    }
    return real(path, bits);
}

int
clock_gettime(clockid_t id, struct timespec *now)
{
    REAL(int, "clock_gettime", clockid_t, struct timespec *)
    int result = real(id, now);
    if (mode == 'b' && ready && id == CLOCK_REALTIME &&
        __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) >= fault_at) {
        now->tv_sec -= (time_t)24 * 60 * 60;
    }
    return result;
}

int
open64(const char *path, int flags, ...)
{
    REAL(int, "open64", const char *, int, ...)
    va_list args;
    va_start(args, flags);
    mode_t bits = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    struct stat about;
    bool creates = (flags & O_CREAT) && stat(path, &about) != 0;
    bool is_folder_file = strncmp(path, "/dev", 4) != 0;
    if (is_hit("open") || (creates && is_hit("disk")) ||
        (is_folder_file && (flags & (O_CREAT | O_WRONLY | O_RDWR)) &&
         is_hit("create"))) {
        return -1;
    }
    bool cuts = mode == 'p' && ready && (flags & O_TRUNC) && !creates;
    if (cuts) {
        int old = real(path, O_RDWR | O_CLOEXEC);
        if (old >= 0) {
            remember_write(old, 0, (size_t)lseek(old, 0, SEEK_END));
            close(old);
        }
    }
    int fd = real(path, flags, bits);
    char full[PATH_MAX];
    if (creates && fd >= 0 && mode == 'p' && ready &&
        path_of(fd, full, sizeof full)) {
        enter();
        add_undo(UNDO_CREATE, full);
        leave();
    }
    return fd;
}

int
open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t bits = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open64(path, flags, bits);
}

ssize_t
read(int fd, void *bytes, size_t len)
{
    REAL(ssize_t, "read", int, void *, size_t)
    return is_hit("read") ? -1 : real(fd, bytes, len);
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
    REAL(int, "connect", int, const struct sockaddr *, socklen_t)
    return is_hit("connect") ? -1 : real(fd, address, len);
}

void *
malloc(size_t size)
{
    return is_hit("malloc") ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return is_hit("malloc") ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
    return is_hit("malloc") ? NULL : __libc_realloc(old, size);
}
