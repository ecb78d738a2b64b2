/* SPDX-License-Identifier: Apache-2.0 */
#include "http/download_version.h"

#include "base/file.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_LIMIT ((size_t)4096)

bool
download_version_value(struct slice line, const char *name, struct slice *value)
{
    size_t len = strlen(name);
    if (line.len <= len || line.ptr[len] != ':' ||
        !slice_is_nocase((struct slice){line.ptr, len}, name)) {
        return false;
    }
    *value = (struct slice){line.ptr + len + 1, line.len - len - 1};
    while (value->len > 0 && (*value->ptr == ' ' || *value->ptr == '\t')) {
        value->ptr++;
        value->len--;
    }
    while (value->len > 0 && (unsigned char)value->ptr[value->len - 1] <= ' ') {
        value->len--;
    }
    return true;
}

/* One that is too long to be kept, or holds signs of control, is none. */
static void
copy(char *to, size_t size, struct slice value)
{
    to[0] = '\0';
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] < ' ') {
            return;
        }
    }
    if (value.len < size) {
        memcpy(to, value.ptr, value.len);
        to[value.len] = '\0';
    }
}

void
download_version_header(struct download_version *version, struct slice line)
{
    struct slice value;
    uint64_t size;
    if (download_version_value(line, "ETag", &value)) {
        copy(version->etag, sizeof version->etag,
             slice_begins(value, "W/") ? (struct slice){"", 0} : value);
    } else if (download_version_value(line, "Last-Modified", &value)) {
        copy(version->modified, sizeof version->modified, value);
    } else if (download_version_value(line, "Content-Length", &value) &&
               slice_to_u64(value, &size) && size <= INT64_MAX &&
               version->size < 0) {
        version->size = (int64_t)size;
    }
}

const char *
download_version_proof(const struct download_version *version)
{
    return version->etag[0] != '\0'       ? version->etag
           : version->modified[0] != '\0' ? version->modified
                                          : NULL;
}

bool
download_version_equals(const struct download_version *a,
                        const struct download_version *b)
{
    return a->size == b->size && strcmp(a->modified, b->modified) == 0 &&
           strcmp(a->etag, b->etag) == 0;
}

void
download_version_read(struct download_version *version, const char *path)
{
    struct buffer text = {0};
    struct error ignored = {0};
    char *own = mem_printf("%s.version", path);
    *version = (struct download_version){.size = -1};
    if (file_exists(own) && file_read_whole(own, FILE_LIMIT, &text, &ignored)) {
        struct slice left = buffer_slice(&text);
        struct slice lines[3] = {{"", 0}, {"", 0}, {"", 0}};
        for (size_t i = 0; i < 3 && left.len > 0; i++) {
            const char *end = memchr(left.ptr, '\n', left.len);
            size_t len = end ? (size_t)(end - left.ptr) : left.len;
            lines[i] = (struct slice){left.ptr, len};
            left.ptr += len + (end != NULL);
            left.len -= len + (end != NULL);
        }
        uint64_t size;
        if (slice_to_u64(lines[2], &size) && size <= INT64_MAX) {
            version->size = (int64_t)size;
        }
        copy(version->etag, sizeof version->etag, lines[0]);
        copy(version->modified, sizeof version->modified, lines[1]);
    }
    buffer_release(&text);
    free(own);
}

void
download_version_write(const struct download_version *version, const char *path)
{
    struct error ignored = {0};
    char *own = mem_printf("%s.version", path);
    char *text = mem_printf("%s\n%s\n%lld\n", version->etag, version->modified,
                            (long long)version->size);
    (void)file_replace(own, slice_of(text), &ignored);
    free(text);
    free(own);
}
