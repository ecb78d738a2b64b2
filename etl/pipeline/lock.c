/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lock.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"
#include "pipeline/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define HOLDER_LIMIT 512

/* A file name of letters, digits and "._-" only. */
static char *
lock_path(const char *mapping_name, const char *instance, struct error *err)
{
    char *state = run_folder_state_home(err);
    if (state == NULL) {
        return NULL;
    }
    char *folder = mem_printf("%s/locks", state);
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
    free(state);
    return path;
}

static void
tell_holder(const char *path, struct error *err)
{
    struct buffer holder = {.limit = HOLDER_LIMIT};
    struct error ignored = {0};
    file_read_whole(path, HOLDER_LIMIT / 2, &holder, &ignored);
    struct slice text = slice_trim(buffer_slice(&holder));
    error_set(err, ERROR_LOCKED, 0,
              "another run of this mapping and org is at work: %.*s; wait for "
              "it, or stop it with a signal",
              (int)(text.len > 200 ? 200 : text.len), text.ptr);
    buffer_release(&holder);
}

bool
lock_take(struct lock *lock, const char *mapping_name, const char *instance,
          struct error *err)
{
    lock->fd = -1;
    char *path = lock_path(mapping_name, instance, err);
    if (path == NULL) {
        return false;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(err, "cannot open the lock '%s'", path);
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            tell_holder(path, err);
        } else {
            error_set_errno(err, "cannot lock '%s'", path);
        }
        close(fd);
        fd = -1;
    }
    free(path);
    lock->fd = fd;
    return fd >= 0;
}

void
lock_tell(const struct lock *lock, const char *run_folder)
{
    char host[128] = "";
    gethostname(host, sizeof host - 1);
    char *holder = mem_printf("process %ld on %s, run %s\n", (long)getpid(),
                              host, run_folder);
    if (ftruncate(lock->fd, 0) == 0 && lseek(lock->fd, 0, SEEK_SET) == 0) {
        file_write_all(lock->fd, holder, slice_of(holder).len);
    }
    free(holder);
}

void
lock_release(struct lock *lock)
{
    if (lock->fd >= 0) {
        close(lock->fd);
    }
    lock->fd = -1;
}
