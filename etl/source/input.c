/* SPDX-License-Identifier: Apache-2.0 */
#include "source/input.h"

#include "base/file.h"
#include "base/mem.h"
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
#define UTF16_PROBE_SIZE 256

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
open_file(struct input *input, const char *path, struct error *err)
{
    if (strcmp(path, "-") == 0) {
        input->name = mem_strdup("standard input");
        input->fd = dup(STDIN_FILENO);
    } else {
        input->name = mem_strdup(path);
        input->fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    struct stat about;
    if (input->fd < 0 && errno == ENOENT) {
        return tell_missing(path, err);
    }
    if (input->fd < 0 || fstat(input->fd, &about) != 0) {
        return error_set(err, ERROR_INPUT, errno,
                         "cannot read the source '%s': %s", input->name,
                         strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return error_set(err, ERROR_INPUT, EISDIR,
                         "the source '%s' is a folder; name a file in it",
                         input->name);
    }
    input->size = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    return true;
}

static bool
begins(const struct input *input, const char *bytes, size_t len)
{
    return input->end - input->begin >= len &&
           memcmp(input->bytes + input->begin, bytes, len) == 0;
}

/* Each second byte is zero, the first of them at from. */
static bool
looks_wide(const struct input *input, size_t from)
{
    size_t len = input->end < UTF16_PROBE_SIZE ? input->end : UTF16_PROBE_SIZE;
    for (size_t i = 0; i < len; i++) {
        if ((input->bytes[i] == '\0') != (i % 2 == from)) {
            return false;
        }
    }
    return len >= 4;
}

/* What the first bytes say the input is, when it is nothing we read. */
static const char *
foreign_form(const struct input *input, const char **help)
{
    *help = "unpack it first";
    if (begins(input, "\x1f\x8b", 2)) {
        return "gzip";
    }
    if (begins(input, "PK\x03\x04", 4)) {
        return "a zip archive or an Excel workbook";
    }
    *help = "convert it to UTF-8 first";
    if (begins(input, "\xff\xfe\0\0", 4) || begins(input, "\0\0\xfe\xff", 4)) {
        return "UTF-32";
    }
    if (begins(input, "\xff\xfe", 2) || begins(input, "\xfe\xff", 2) ||
        looks_wide(input, 0) || looks_wide(input, 1)) {
        return "UTF-16";
    }
    return NULL;
}

static bool
check_form(struct input *input, struct error *err)
{
    const char *help;
    const char *form = foreign_form(input, &help);
    if (form != NULL) {
        return error_set(err, ERROR_INPUT, 0,
                         "the source '%s' is %s, which this version does not "
                         "read; %s [source-form]",
                         input->name, form, help);
    }
    if (begins(input, "\xef\xbb\xbf", 3)) {
        input->has_bom = true;
        input_take(input, 3);
    }
    return true;
}

bool
input_open(struct input *input, const char *path, size_t window_size,
           int stop_fd, struct error *err)
{
    *input = (struct input){
        .fd = -1,
        .stop_fd = stop_fd,
        .window_size = window_size ? window_size : INPUT_WINDOW_SIZE,
    };
    if (!open_file(input, path, err)) {
        input_close(input);
        return false;
    }
    input->hash = XXH3_createState();
    bool done =
        input->hash != NULL && XXH3_128bits_reset(input->hash) == XXH_OK;
    if (!done) {
        error_set(err, ERROR_SYSTEM, ENOMEM, "out of memory");
    }
    while (done && !input->at_end && input->end < UTF16_PROBE_SIZE) {
        done = input_fill(input, err);
    }
    if (!done || !check_form(input, err)) {
        input_close(input);
        return false;
    }
    return true;
}

/* False with errno set; ECANCELED when the wait was ended. */
static bool
wait_readable(const struct input *input)
{
    struct pollfd fds[] = {{.fd = input->fd, .events = POLLIN},
                           {.fd = input->stop_fd, .events = POLLIN}};
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
read_pipe(const struct input *input, char *bytes, size_t len)
{
    size_t total = 0;
    while (total < len) {
        if (!wait_readable(input)) {
            return -1;
        }
        ssize_t got = read(input->fd, bytes + total, len - total);
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
tell_unread(const struct input *input, struct error *err)
{
    if (errno == ECANCELED) {
        return error_set(err, ERROR_CANCELLED, 0, "stopped");
    }
    return error_set(err, ERROR_INPUT, errno, "cannot read the source '%s': %s",
                     input->name, strerror(errno));
}

bool
input_fill(struct input *input, struct error *err)
{
    if (input->at_end) {
        return true;
    }
    size_t held = input->end - input->begin;
    if (held > 0 && input->begin > 0) {
        memmove(input->bytes, input->bytes + input->begin, held);
    }
    input->begin = 0;
    input->end = held;
    if (input->capacity < held + input->window_size) {
        input->capacity = 2 * held + input->window_size;
        input->bytes = mem_realloc(input->bytes, input->capacity);
    }
    char *window = input->bytes + held;
    ssize_t got = input->stop_fd > 0 && input->size == 0
                      ? read_pipe(input, window, input->window_size)
                      : file_read_all(input->fd, window, input->window_size);
    if (got < 0) {
        return tell_unread(input, err);
    }
    XXH3_128bits_update(input->hash, input->bytes + held, (size_t)got);
    input->hashed_bytes += (size_t)got;
    input->end += (size_t)got;
    input->at_end = (size_t)got < input->window_size;
    return true;
}

/* Bytes of a sequence by its first; 1 for what can't be one. */
static size_t
sequence_len(unsigned char lead)
{
    return lead < 0xc2   ? 1
           : lead < 0xe0 ? 2
           : lead < 0xf0 ? 3
           : lead < 0xf5 ? 4
                         : 1;
}

struct slice
input_text(const struct input *input)
{
    struct slice text = {input->bytes + input->begin,
                         input->end - input->begin};
    for (size_t back = 1; !input->at_end && back <= 3 && back <= text.len;
         back++) {
        unsigned char c = (unsigned char)text.ptr[text.len - back];
        if ((c & 0xc0) != 0x80) {
            text.len -= sequence_len(c) > back ? back : 0;
            break;
        }
    }
    return text;
}

void
input_take(struct input *input, size_t len)
{
    input->begin += len;
    input->offset += len;
}

void
input_hash(const struct input *input, uint64_t hash[2])
{
    XXH128_hash_t digest = XXH3_128bits_digest(input->hash);
    hash[0] = digest.high64;
    hash[1] = digest.low64;
}

void
input_close(struct input *input)
{
    if (input->fd >= 0) {
        close(input->fd);
    }
    XXH3_freeState(input->hash);
    free(input->name);
    free(input->bytes);
    *input = (struct input){.fd = -1};
}
