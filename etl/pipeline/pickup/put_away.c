/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pickup/put_away.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/pickup/pickup_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_TRIED 100000 /* a name that often taken is a mistake */

struct moving {
    struct ledger *ledger;
    const struct pickup *pickup;
    struct arena arena;
    size_t moved, left;    /* left: they had changed */
    const char *last_left; /* NULL: none */
    struct error *err;
};

/* The n-th name to try: as it is, then with 2, 3 … behind it. */
static char *
place_of(const struct moving *moving, const struct pickup_file *file, int n)
{
    const char *folder = moving->pickup->archive;
    return n == 1 ? mem_printf("%s/%s", folder, file->name)
                  : mem_printf("%s/%s.%d", folder, file->name, n);
}

static char *
key_of(const struct pickup_file *file)
{
    return mem_printf("archived:%s", file->path);
}

static bool
remember(struct moving *moving, const struct pickup_file *file,
         const char *place)
{
    char *key = key_of(file);
    bool done = ledger_set(moving->ledger, key, slice_of(place), moving->err);
    free(key);
    return done;
}

/* NULL: none was chosen yet; or, with the error set, it can't be read. */
static const char *
recall(struct moving *moving, const struct pickup_file *file)
{
    char *key = key_of(file);
    struct slice place = {0};
    (void)ledger_get(moving->ledger, key, &moving->arena, &place, moving->err);
    free(key);
    return place.ptr ? arena_strdup(&moving->arena, place) : NULL;
}

static bool
sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash == NULL
            ? mem_strdup(".")
            : slice_dup((struct slice){path, (size_t)(slash - path) + 1});
    bool done = file_sync_folder(folder, err);
    free(folder);
    return done;
}

static bool
make_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slice_dup((struct slice){path, (size_t)(slash - path)});
    bool done = file_make_folders(folder, err);
    free(folder);
    return done;
}

/* Never over another: false with EEXIST. Some file systems can't promise that
 * and rename in one; there it is looked at first. */
static bool
rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return false;
    }
    if (file_exists(to)) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

static bool
copy_bytes(int in, int out)
{
    enum { WINDOW = 1 << 16 };
    char *bytes = mem_alloc(WINDOW);
    ssize_t got;
    bool done = true;
    while (done && (got = file_read_all(in, bytes, WINDOW)) != 0) {
        done = got > 0 && file_write_all(out, bytes, (size_t)got);
    }
    free(bytes);
    return done && fsync(out) == 0;
}

/* With the time of its last write; false with errno. */
static bool
copy_to(const char *from, const char *part)
{
    struct stat about;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1
                     : open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                            S_IRUSR | S_IWUSR);
    bool done = out >= 0 && fstat(in, &about) == 0 && copy_bytes(in, out);
    if (done) {
        const struct timespec times[] = {about.st_atim, about.st_mtim};
        done =
            fchmod(out, about.st_mode & 0777) == 0 && futimens(out, times) == 0;
    }
    int cause = errno;
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    errno = cause;
    return done;
}

/* To another file system: copied, whole and synced, before it is removed. */
static bool
move_across(const struct pickup_file *file, const char *to)
{
    char *part = mem_printf("%s.part", to);
    struct error ignored = {0};
    bool done = copy_to(file->path, part) && pickup_is_same(file, file->path) &&
                rename_new(part, to) && sync_folder_of(to, &ignored) &&
                unlink(file->path) == 0;
    int cause = errno;
    if (!done) {
        unlink(part);
    }
    free(part);
    errno = cause;
    return done;
}

static void
leave(struct moving *moving, const struct pickup_file *file)
{
    log_warning("'%s' is not the file any more that was read: it stays",
                file->path);
    moving->left++;
    moving->last_left = file->path;
}

/* What another program put there in the last moment goes back. */
static bool
check_moved(struct moving *moving, const struct pickup_file *file,
            const char *to)
{
    if (pickup_is_same(file, to)) {
        moving->moved++;
        return true;
    }
    if (rename_new(to, file->path)) {
        leave(moving, file);
        return true;
    }
    return error_set_errno(moving->err, "cannot put '%s' back as '%s'", to,
                           file->path);
}

/* A killed run had copied it and not yet removed it. */
static bool
is_copied(const struct pickup_file *file, const char *place)
{
    return place != NULL && pickup_is_same(file, place) &&
           pickup_is_same(file, file->path);
}

enum attempt { MOVED, TAKEN, FAILED };

/* The name is in the ledger before the file has it. */
static enum attempt
try_place(struct moving *moving, const struct pickup_file *file, const char *to)
{
    struct error *err = moving->err;
    if (file_exists(to)) {
        return TAKEN;
    }
    if (!make_folder_of(to, err) || !remember(moving, file, to)) {
        return FAILED;
    }
    bool moved = rename_new(file->path, to);
    bool across = !moved && errno == EXDEV;
    if (across) {
        moved = move_across(file, to);
    }
    if (!moved && errno == EEXIST) {
        return TAKEN;
    }
    if (!moved) {
        error_set_errno(err, "cannot move '%s' to '%s'", file->path, to);
        return FAILED;
    }
    moving->moved += across;
    return (across || check_moved(moving, file, to)) &&
                   sync_folder_of(to, err) && sync_folder_of(file->path, err)
               ? MOVED
               : FAILED;
}

static bool
find_place(struct moving *moving, const struct pickup_file *file)
{
    enum attempt attempt = TAKEN;
    for (int n = 1; attempt == TAKEN && n <= NAMES_TRIED; n++) {
        char *to = place_of(moving, file, n);
        attempt = try_place(moving, file, to);
        free(to);
    }
    return attempt == MOVED || error_set(moving->err, ERROR_SYSTEM, EEXIST,
                                         "'%s' has no free name for '%s'",
                                         moving->pickup->archive, file->name);
}

static bool
move_one(struct moving *moving, const struct pickup_file *file)
{
    const char *place = recall(moving, file);
    if (moving->err->kind != ERROR_NONE) {
        return false;
    }
    if (pickup_is_same(file, file->path) && !is_copied(file, place)) {
        return find_place(moving, file);
    }
    if (place == NULL || !pickup_is_same(file, place)) {
        leave(moving, file);
        return true;
    }
    moving->moved++; /* by the process that was killed */
    return !pickup_is_same(file, file->path) || unlink(file->path) == 0 ||
           error_set_errno(moving->err, "cannot remove '%s'", file->path);
}

static bool
move_list(struct moving *moving, const struct pickup_list *list)
{
    bool done = true;
    for (size_t i = 0; done && i < list->count; i++) {
        done = move_one(moving, &list->files[i]);
    }
    return done;
}

/* Markers go last, and are not worth a word. */
static bool
move_all(struct moving *moving)
{
    const struct pickup *pickup = moving->pickup;
    bool done =
        move_list(moving, &pickup->files) && move_list(moving, &pickup->older);
    size_t moved = moving->moved, left = moving->left;
    done = done && move_list(moving, &pickup->markers);
    moving->moved = moved;
    moving->left = left;
    return done || error_add_context(moving->err, "--archive");
}

static void
tell(const struct run *run, const struct moving *moving)
{
    if (moving->moved > 0) {
        run_note(run, "moved %zu source file%s to '%s'", moving->moved,
                 moving->moved == 1 ? "" : "s", moving->pickup->archive);
    }
    if (moving->left > 0) {
        run_note(run, "%zu source file%s not moved, for %s changed since: '%s'",
                 moving->left, moving->left == 1 ? " is" : "s are",
                 moving->left == 1 ? "it has" : "they have", moving->last_left);
    }
}

bool
put_away_source(const struct run *run, struct error *err)
{
    struct pickup pickup = {0};
    struct moving moving = {
        .ledger = run->ledger, .pickup = &pickup, .err = err};
    bool done = pickup_record_read(run->ledger, &pickup, err);
    if (done && pickup.archive != NULL) {
        done = move_all(&moving);
        tell(run, &moving);
    }
    arena_release(&moving.arena);
    pickup_release(&pickup);
    return done;
}
