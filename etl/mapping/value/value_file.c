/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
refuse(struct value_fault *fault, const char *code, struct slice text)
{
    *fault = (struct value_fault){code, text};
    return false;
}

static bool
is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    bool is_root = len == 1;
    return strncmp(path, folder, len) == 0 &&
           (is_root || path[len] == '/' || path[len] == '\0');
}

/* The size is judged now, for a chunk of rows is written much later. */
static bool
check_file(const char *path, struct arena *arena, struct value_fault *fault)
{
    struct stat status;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0) {
        return refuse(
            fault, "file-unreadable",
            arena_printf(arena, "can't be read: %s", strerror(errno)));
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse(fault, "file-unreadable", SLICE_LITERAL("is no file"));
    }
    if (status.st_size == 0) {
        return refuse(fault, "file-unreadable",
                      SLICE_LITERAL("is an empty file, which the org does not "
                                    "take"));
    }
    if ((uint64_t)status.st_size > VALUE_FILE_LIMIT) {
        return refuse(fault, "file-size",
                      arena_printf(arena,
                                   "has %lld bytes, a call takes files of %llu",
                                   (long long)status.st_size,
                                   (unsigned long long)VALUE_FILE_LIMIT));
    }
    return true;
}

bool
value_file_find(const char *folder, struct slice text, struct arena *arena,
                struct slice *out, struct value_fault *fault)
{
    char resolved[PATH_MAX];
    if (text.len >= PATH_MAX || memchr(text.ptr, '\0', text.len) != NULL) {
        return refuse(fault, "file-unreadable", SLICE_LITERAL("is no path"));
    }
    struct slice path =
        arena_printf(arena, "%s/%.*s%c", folder, SLICE_ARGS(text), '\0');
    if (text.ptr[0] == '/') {
        return refuse(fault, "file-outside",
                      SLICE_LITERAL("is an absolute path; files are named from "
                                    "their folder on"));
    }
    if (realpath(path.ptr, resolved) == NULL) {
        return refuse(
            fault, "file-unreadable",
            arena_printf(arena, "can't be read: %s", strerror(errno)));
    }
    if (!is_below(resolved, folder)) {
        return refuse(fault, "file-outside",
                      SLICE_LITERAL("leads out of the folder of the files"));
    }
    *out = arena_copy(arena, slice_of(resolved));
    return check_file(resolved, arena, fault);
}
