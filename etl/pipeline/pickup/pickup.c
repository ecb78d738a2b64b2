/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pickup/pickup.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MAGIC "*?["

struct finding {
    struct pickup *pickup;
    const char *path;
    const struct run_options *options;
    size_t unmarked; /* files that match and have no marker yet */
};

static void
take_identity(struct pickup_file *file, const struct stat *about)
{
    file->size = (uint64_t)about->st_size;
    file->device = (uint64_t)about->st_dev;
    file->inode = (uint64_t)about->st_ino;
    file->changed_ns =
        (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
}

bool
pickup_is_same(const struct pickup_file *file, const char *path)
{
    struct stat about;
    struct pickup_file now = {0};
    if (stat(path, &about) != 0) {
        return false;
    }
    take_identity(&now, &about);
    return now.size == file->size && now.changed_ns == file->changed_ns;
}

static size_t
folder_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* Up to and with the last slash before the first sign of a pattern. */
static size_t
fixed_len(const char *pattern)
{
    size_t len = strcspn(pattern, MAGIC);
    while (len > 0 && pattern[len - 1] != '/') {
        len--;
    }
    return len;
}

/* "*" stands for the file's name; without one it is a name in its folder. */
static char *
marker_path(const char *path, const char *marker)
{
    size_t len = folder_len(path);
    const char *star = strchr(marker, '*');
    return star == NULL
               ? mem_printf("%.*s%s", (int)len, path, marker)
               : mem_printf("%.*s%.*s%s%s", (int)len, path,
                            (int)(star - marker), marker, path + len, star + 1);
}

/* What a pattern such as "in" + "/" + "*" matches besides. */
static bool
is_marker(const char *path, const char *marker)
{
    const char *name = path + folder_len(path);
    const char *star = strchr(marker, '*');
    if (star == NULL) {
        return strcmp(name, marker) == 0;
    }
    size_t before = (size_t)(star - marker), behind = strlen(star + 1);
    size_t len = strlen(name);
    return len > before + behind && memcmp(name, marker, before) == 0 &&
           strcmp(name + len - behind, star + 1) == 0;
}

static void
append(struct arena *arena, struct pickup_list *list,
       const struct pickup_file *file)
{
    bool is_full = (list->count & (list->count - 1)) == 0; /* 0, 1, 2, 4 … */
    if (is_full) {
        struct pickup_file *grown = arena_array(
            arena, list->count ? 2 * list->count : 1, sizeof *grown);
        if (list->count > 0) {
            memcpy(grown, list->files, list->count * sizeof *grown);
        }
        list->files = grown;
    }
    list->files[list->count++] = *file;
}

static void
add_marker(struct finding *finding, const char *path, size_t name_at)
{
    struct pickup *pickup = finding->pickup;
    struct stat about;
    for (size_t i = 0; i < pickup->markers.count; i++) {
        if (strcmp(pickup->markers.files[i].path, path) == 0) {
            return; /* one for all the files of a folder */
        }
    }
    struct pickup_file marker = {
        .path = arena_strdup(&pickup->arena, slice_of(path))};
    marker.name = marker.path + name_at;
    if (stat(path, &about) == 0) {
        take_identity(&marker, &about);
        append(&pickup->arena, &pickup->markers, &marker);
    }
}

/* Only regular files; a folder or a marker that a pattern matches is none. */
static bool
take_file(struct finding *finding, const char *path, size_t name_at,
          struct error *err)
{
    struct pickup *pickup = finding->pickup;
    const char *marker = finding->options->marker;
    struct stat about;
    bool is_data = marker == NULL || !is_marker(path, marker);
    if (!is_data || stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        return true;
    }
    char *wanted = marker != NULL ? marker_path(path, marker) : NULL;
    bool ready = wanted == NULL || file_exists(wanted);
    finding->unmarked += !ready;
    free(wanted);
    if (!ready) {
        return true;
    }
    if (pickup->files.count == PICKUP_FILE_LIMIT) {
        return error_set(err, ERROR_INPUT, 0,
                         "more than %d files match '%s'; narrow the pattern, "
                         "or move what is loaded away with --archive",
                         PICKUP_FILE_LIMIT, finding->path);
    }
    struct pickup_file file = {
        .path = arena_strdup(&pickup->arena, slice_of(path))};
    file.name = file.path + name_at;
    take_identity(&file, &about);
    append(&pickup->arena, &pickup->files, &file);
    return true;
}

static int
compare_paths(const void *a, const void *b)
{
    const struct pickup_file *of_a = a, *of_b = b;
    return strcmp(of_a->path, of_b->path);
}

/* The last written; of two that are equally new the one whose name is last. */
static void
keep_newest(struct pickup *pickup)
{
    struct pickup_list *files = &pickup->files;
    size_t newest = 0;
    for (size_t i = 1; i < files->count; i++) {
        if (files->files[i].changed_ns >= files->files[newest].changed_ns) {
            newest = i;
        }
    }
    for (size_t i = 0; i < files->count; i++) {
        if (i != newest) {
            append(&pickup->arena, &pickup->older, &files->files[i]);
        }
    }
    files->files[0] = files->files[newest];
    files->count = 1;
}

static bool
tell_empty(struct finding *finding, const char *what, struct error *err)
{
    finding->pickup->is_empty = true;
    if (finding->unmarked > 0) {
        return error_set(err, ERROR_INPUT, 0,
                         "%zu file%s of '%s' %s there, without the marker "
                         "'%s' that says so [no-input]",
                         finding->unmarked, finding->unmarked == 1 ? "" : "s",
                         finding->path, finding->unmarked == 1 ? "is" : "are",
                         finding->options->marker);
    }
    return error_set(err, ERROR_INPUT, 0, "%s '%s' [no-input]", what,
                     finding->path);
}

/* A folder that is not there is a mistake, not an empty one. */
static bool
check_folder(const char *path, size_t len, struct error *err)
{
    char *folder =
        len == 0 ? mem_strdup(".") : slice_dup((struct slice){path, len});
    struct stat about;
    bool there = stat(folder, &about) == 0 && S_ISDIR(about.st_mode);
    if (!there) {
        error_set(err, ERROR_INPUT, ENOENT,
                  "the folder '%s' of the source '%s' does not exist", folder,
                  path);
    }
    free(folder);
    return there;
}

static bool
find_pattern(struct finding *finding, struct error *err)
{
    struct pickup *pickup = finding->pickup;
    glob_t found = {0};
    size_t fixed = fixed_len(finding->path);
    pickup->kind = PICKUP_PATTERN;
    if (!check_folder(finding->path, fixed, err)) {
        return false;
    }
    int code = glob(finding->path, GLOB_ERR | GLOB_NOSORT, NULL, &found);
    bool done = code == 0 || code == GLOB_NOMATCH ||
                error_set(err, ERROR_INPUT, errno, "cannot look for '%s': %s",
                          finding->path, strerror(errno));
    for (size_t i = 0; done && code == 0 && i < found.gl_pathc; i++) {
        done = take_file(finding, found.gl_pathv[i], fixed, err);
    }
    globfree(&found);
    if (done && pickup->files.count == 0) {
        return tell_empty(finding, "no file matches", err);
    }
    if (done) {
        /* Not the locale's order, nor the folder's: the same everywhere. */
        qsort(pickup->files.files, pickup->files.count,
              sizeof *pickup->files.files, compare_paths);
    }
    if (done && finding->options->newest) {
        keep_newest(pickup);
    }
    return done;
}

static bool
find_file(struct finding *finding, struct error *err)
{
    const struct run_options *options = finding->options;
    const char *path = finding->path;
    finding->pickup->kind = PICKUP_FILE;
    if (options->marker == NULL && options->archive == NULL) {
        /* Also a pipe; whether it can be read the source says. */
        struct stat about;
        return stat(path, &about) != 0 || !S_ISREG(about.st_mode) ||
               take_file(finding, path, folder_len(path), err);
    }
    if (!check_folder(path, folder_len(path), err) ||
        !take_file(finding, path, folder_len(path), err)) {
        return false;
    }
    return finding->pickup->files.count > 0 ||
           tell_empty(finding, "there is no file", err);
}

static bool
refuse(const char *option, const char *why, const char *path, struct error *err)
{
    return error_set(err, ERROR_USAGE, 0, "'--%s' %s, and the source is '%s'",
                     option, why, path);
}

static bool
check_options(const struct finding *finding, struct error *err)
{
    const struct run_options *options = finding->options;
    enum pickup_kind kind = finding->pickup->kind;
    const char *marker = options->marker;
    if (options->newest && kind != PICKUP_PATTERN) {
        return refuse("newest", "chooses among the files of a pattern",
                      finding->path, err);
    }
    if (marker != NULL && kind == PICKUP_INPUT) {
        return refuse("marker", "stands beside a file", "standard input", err);
    }
    if (options->archive != NULL &&
        (kind == PICKUP_INPUT || kind == PICKUP_ADDRESS)) {
        return refuse("archive", "moves files of this machine", finding->path,
                      err);
    }
    if (marker != NULL && (marker[0] == '\0' || strcmp(marker, "*") == 0 ||
                           strchr(marker, '/') != NULL ||
                           strchr(marker, '*') != strrchr(marker, '*'))) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--marker' can't be '%s'; it is a file's name, with "
                         "one * for that of the source, as in '*.done'",
                         marker);
    }
    return true;
}

static bool
is_same_folder(const char *folder, const char *path)
{
    size_t len = folder_len(path);
    char *other =
        len == 0 ? mem_strdup(".") : slice_dup((struct slice){path, len});
    struct stat a, b;
    bool same = stat(folder, &a) == 0 && stat(other, &b) == 0 &&
                a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    free(other);
    return same;
}

/* It must be another folder, or the files would be found there again. */
static bool
find_archive(struct finding *finding, struct error *err)
{
    struct pickup *pickup = finding->pickup;
    const char *folder = finding->options->archive;
    if (folder == NULL) {
        return true;
    }
    if (!file_make_folders(folder, err)) {
        return error_add_context(err, "--archive");
    }
    for (size_t i = 0; i < pickup->files.count; i++) {
        if (is_same_folder(folder, pickup->files.files[i].path)) {
            return error_set(err, ERROR_USAGE, 0,
                             "'--archive' names the folder of the source file "
                             "'%s', where it would be found again; name "
                             "another",
                             pickup->files.files[i].path);
        }
    }
    char *absolute = realpath(folder, NULL);
    pickup->archive =
        arena_strdup(&pickup->arena, slice_of(absolute ? absolute : folder));
    free(absolute);
    return true;
}

static void
find_markers(struct finding *finding)
{
    const struct pickup *pickup = finding->pickup;
    const char *marker = finding->options->marker;
    for (size_t i = 0; marker != NULL && i < pickup->files.count; i++) {
        const struct pickup_file *file = &pickup->files.files[i];
        char *path = marker_path(file->path, marker);
        add_marker(finding, path, (size_t)(file->name - file->path));
        free(path);
    }
}

bool
pickup_find(struct pickup *pickup, const char *path,
            const struct run_options *options, struct error *err)
{
    struct finding finding = {pickup, path, options, 0};
    pickup->where = arena_strdup(&pickup->arena, slice_of(path));
    bool is_pattern = strpbrk(path, MAGIC) != NULL && !file_exists(path);
    pickup->kind = strcmp(path, "-") == 0        ? PICKUP_INPUT
                   : strstr(path, "://") != NULL ? PICKUP_ADDRESS
                   : is_pattern                  ? PICKUP_PATTERN
                                                 : PICKUP_FILE;
    if (!check_options(&finding, err)) {
        return false;
    }
    if (pickup->kind == PICKUP_INPUT || pickup->kind == PICKUP_ADDRESS) {
        return true;
    }
    bool done = pickup->kind == PICKUP_PATTERN ? find_pattern(&finding, err)
                                               : find_file(&finding, err);
    find_markers(&finding);
    return done && find_archive(&finding, err);
}

void
pickup_apply(struct pickup *pickup, struct source_spec *spec)
{
    if (pickup->kind != PICKUP_PATTERN && pickup->kind != PICKUP_ADDRESS) {
        return;
    }
    size_t count = pickup->files.count;
    pickup->parts = arena_array(&pickup->arena, count, sizeof *pickup->parts);
    for (size_t i = 0; i < count; i++) {
        pickup->parts[i] = (struct source_file){pickup->files.files[i].path,
                                                pickup->files.files[i].name};
    }
    spec->path = pickup->where;
    spec->files = pickup->parts;
    spec->file_count = count;
}

bool
pickup_check(const struct pickup *pickup, struct error *err)
{
    for (size_t i = 0; i < pickup->files.count; i++) {
        const struct pickup_file *file = &pickup->files.files[i];
        if (!pickup_is_same(file, file->path)) {
            return error_set(err, ERROR_INPUT, 0,
                             "'%s' is not the file any more that the run was "
                             "begun with; 'sfetl abort' closes that run, and a "
                             "new one loads what is there now [source-changed]",
                             file->path);
        }
    }
    return true;
}

const char *
pickup_words(struct pickup *pickup)
{
    const struct pickup_list *files = &pickup->files;
    struct slice text = {"", 0};
    if (pickup->kind == PICKUP_ADDRESS) {
        text = arena_printf(&pickup->arena, "fetched '%s': %llu bytes%c",
                            pickup->where,
                            (unsigned long long)files->files[0].size, '\0');
    } else if (pickup->older.count > 0) {
        text = arena_printf(&pickup->arena,
                            "reading '%s', the newest of the %zu files that "
                            "match '%s'%c",
                            files->files[0].path, pickup->older.count + 1,
                            pickup->where, '\0');
    } else if (pickup->kind == PICKUP_PATTERN) {
        text = arena_printf(&pickup->arena,
                            "reading %zu file%s that match%s "
                            "'%s'%c",
                            files->count, files->count == 1 ? "" : "s",
                            files->count == 1 ? "es" : "", pickup->where, '\0');
    }
    return text.ptr;
}

void
pickup_release(struct pickup *pickup)
{
    arena_release(&pickup->arena);
    *pickup = (struct pickup){0};
}
