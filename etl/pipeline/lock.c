/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lock.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"
#include "salesforce/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_LIMIT ((size_t)8192)
#define HOLDER "holder: "
#define LAST_RUN "last: "

/* A file name of letters, digits and "._-" only. */
static char *
lock_path(const char *mapping_name, const char *instance, struct error *err)
{
    char *folder = state_folder_path("locks", err);
    if (folder == NULL) {
        return NULL;
    }
    char *name = mem_printf("%s@%s", mapping_name, instance);
    for (char *c = name; *c != '\0'; c++) {
        bool kept = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' ||
                    *c == '_' || *c == '@';
        *c = kept ? *c : '_';
    }
    char *path = file_make_folders(folder, err)
                     ? mem_printf("%s/%.200s.lock", folder, name)
                     : NULL;
    free(name);
    free(folder);
    return path;
}

/* The first line of the file behind its name; "" when it is not there. What
 * follows the first may be the end of an older, longer text. On the heap. */
static char *
read_line(const char *path, const char *name)
{
    struct buffer text = {.limit = FILE_LIMIT * 2};
    struct error ignored = {0};
    file_read_whole(path, FILE_LIMIT, &text, &ignored);
    char *found = NULL;
    const char *next = buffer_text(&text);
    size_t name_len = strlen(name);
    while (found == NULL && *next != '\0') {
        size_t len = strcspn(next, "\n");
        if (len >= name_len && memcmp(next, name, name_len) == 0) {
            found = slice_dup((struct slice){next + name_len, len - name_len});
        }
        next += len + (next[len] == '\n');
    }
    buffer_release(&text);
    return found ? found : mem_strdup("");
}

static int
open_locked(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(err, "cannot open the lock '%s'", path);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    if (errno == EWOULDBLOCK) {
        char *holder = read_line(path, HOLDER);
        error_set(err, ERROR_LOCKED, 0,
                  "another run of this mapping and org is at work: %s; wait "
                  "for it, or end it with a signal [locked]",
                  holder);
        free(holder);
    } else {
        error_set_errno(err, "cannot lock '%s'", path);
    }
    close(fd);
    return -1;
}

/* A new lock file outlives a power cut: it says which run was the last. */
static bool
sync_folder(struct error *err)
{
    char *folder = state_folder_path("locks", err);
    bool done = folder != NULL && file_sync_folder(folder, err);
    free(folder);
    return done;
}

bool
lock_take(struct lock *lock, const char *mapping_name, const char *instance,
          struct error *err)
{
    *lock = LOCK_NONE;
    char *path = lock_path(mapping_name, instance, err);
    if (path == NULL) {
        return false;
    }
    lock->fd = open_locked(path, err);
    if (lock->fd >= 0) {
        lock->last_run = read_line(path, LAST_RUN);
    }
    free(path);
    return lock->fd >= 0 && sync_folder(err);
}

bool
lock_take_folder(struct lock *lock, const char *run_folder, struct error *err)
{
    char *path = mem_printf("%s/run.log", run_folder);
    lock->folder_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool done =
        lock->folder_fd >= 0 && flock(lock->folder_fd, LOCK_EX | LOCK_NB) == 0;
    if (!done && lock->folder_fd >= 0 && errno == EWOULDBLOCK) {
        error_set(err, ERROR_LOCKED, 0,
                  "another process, perhaps on another machine, is at work on "
                  "the run '%s'; wait for it, or end it with a signal "
                  "[locked]",
                  run_folder);
    } else if (!done) {
        error_set_errno(err, "cannot lock '%s'", path);
    }
    free(path);
    return done;
}

/*
 * The new text is written over the old one, which is cut behind it afterwards:
 * a kill in between leaves the new text with a tail, never none.
 */
bool
lock_tell(const struct lock *lock, const char *run_folder, const char *last_run,
          struct error *err)
{
    char host[128] = "";
    gethostname(host, sizeof host - 1);
    char *text =
        mem_printf(HOLDER "process %ld on %s, run %s\n" LAST_RUN "%s\n",
                   (long)getpid(), host, run_folder, last_run);
    size_t len = strlen(text);
    bool done = lseek(lock->fd, 0, SEEK_SET) == 0 &&
                file_write_all(lock->fd, text, len) &&
                ftruncate(lock->fd, (off_t)len) == 0 && fsync(lock->fd) == 0;
    free(text);
    return done ||
           error_set_errno(err, "cannot write the lock of '%s'", run_folder);
}

void
lock_release(struct lock *lock)
{
    if (lock->fd >= 0) {
        close(lock->fd);
    }
    if (lock->folder_fd >= 0) {
        close(lock->folder_fd);
    }
    free(lock->last_run);
    *lock = LOCK_NONE;
}
