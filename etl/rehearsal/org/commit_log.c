/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/commit_log.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL_FIRST_BYTES ((size_t)64 << 10)
#define SEQ_HEAD "{\"seq\":"

/* The number behind {"seq": at the start of a line; 0 when it is none. */
static uint64_t
seq_of_line(struct slice line)
{
    size_t head = sizeof SEQ_HEAD - 1, len = head;
    uint64_t seq = 0;
    if (!slice_begins(line, SEQ_HEAD))
        return 0;
    while (len < line.len && line.ptr[len] >= '0' && line.ptr[len] <= '9')
        len++;
    slice_to_u64((struct slice){line.ptr + head, len - head}, &seq);
    return seq;
}

static bool
read_at(int fd, char *bytes, size_t len, off_t offset)
{
    while (len) {
        ssize_t got = pread(fd, bytes, len, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        bytes += got;
        len -= (size_t)got;
        offset += got;
    }
    return true;
}

/* The last whole line's number, and how many bytes are whole lines. False
 * with errno set. */
static bool
find_end(int fd, off_t size, uint64_t *seq, off_t *whole)
{
    *seq = 0;
    *whole = 0;
    for (size_t window = TAIL_FIRST_BYTES;; window *= 2) {
        size_t len = (off_t)window < size ? window : (size_t)size;
        char *bytes = mem_alloc(len ? len : 1);
        off_t start = size - (off_t)len;
        if (!read_at(fd, bytes, len, start)) {
            free(bytes);
            return false;
        }
        char *last = memrchr(bytes, '\n', len);
        char *before =
            last ? memrchr(bytes, '\n', (size_t)(last - bytes)) : NULL;
        bool found = last && (before || start == 0);
        if (found) {
            char *line = before ? before + 1 : bytes;
            *seq = seq_of_line((struct slice){line, (size_t)(last - line)});
            *whole = start + (last - bytes) + 1;
        }
        free(bytes);
        if (found || start == 0)
            return true;
    }
}

/* From the first line past seq. */
static struct slice
lines_after(struct slice lines, uint64_t seq)
{
    while (lines.len && seq_of_line(lines) <= seq) {
        const char *end = memchr(lines.ptr, '\n', lines.len);
        size_t passed = end ? (size_t)(end - lines.ptr) + 1 : lines.len;
        lines = (struct slice){lines.ptr + passed, lines.len - passed};
    }
    return lines;
}

/* All of it or nothing; false with errno set. */
static bool
append(struct commit_log *log, struct slice lines)
{
    struct stat info;
    if (fstat(log->fd, &info) != 0)
        return false;
    if (file_write_all(log->fd, lines.ptr, lines.len))
        return true;
    int saved = errno;
    if (ftruncate(log->fd, info.st_size) != 0)
        log_warning("cannot cut '%s' back", log->path);
    errno = saved;
    return false;
}

static bool
catch_up(struct commit_log *log, struct store_link *link, struct error *err)
{
    sqlite3_stmt *since = store_link_statement(link, STORE_SQL_LOG_SINCE, err);
    if (!since)
        return false;
    sqlite3_bind_int64(since, 1, (int64_t)log->file_seq);
    enum store_step step;
    while ((step = store_link_step(link, since, err)) == STORE_ROW) {
        struct slice lines =
            lines_after(store_link_bytes(since, 1), log->file_seq);
        if (!append(log, lines)) {
            error_set_errno(err, "cannot write '%s'", log->path);
            break;
        }
        log->file_seq = (uint64_t)sqlite3_column_int64(since, 0);
    }
    sqlite3_reset(since);
    return step == STORE_DONE;
}

static bool
read_last(struct commit_log *log, struct store_link *link, struct error *err)
{
    sqlite3_stmt *last = store_link_statement(link, STORE_SQL_LOG_LAST, err);
    if (!last || store_link_step(link, last, err) != STORE_ROW)
        return false;
    log->seq = log->stored_seq = (uint64_t)sqlite3_column_int64(last, 0);
    sqlite3_reset(last);
    return true;
}

bool
commit_log_open(struct commit_log *log, const char *path,
                struct store_link *link, struct error *err)
{
    *log = (struct commit_log){.path = mem_strdup(path)};
    struct stat info;
    off_t whole = 0;
    log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log->fd < 0 || fstat(log->fd, &info) != 0 ||
        !find_end(log->fd, info.st_size, &log->file_seq, &whole)) {
        error_set_errno(err, "cannot read '%s'", path);
        goto failed;
    }
    if (!read_last(log, link, err))
        goto failed;
    /* A file of another org, or one ahead of a machine that lost power. */
    if (log->file_seq > log->stored_seq)
        whole = 0;
    if (whole == 0)
        log->file_seq = 0;
    if (ftruncate(log->fd, whole) != 0) {
        error_set_errno(err, "cannot write '%s'", path);
        goto failed;
    }
    if (catch_up(log, link, err))
        return true;
failed:
    commit_log_close(log);
    return false;
}

void
commit_log_close(struct commit_log *log)
{
    if (log->path && log->fd >= 0)
        close(log->fd);
    free(log->path);
    buffer_release(&log->lines);
    *log = (struct commit_log){.fd = -1};
}

struct buffer *
commit_log_begin(struct commit_log *log)
{
    buffer_printf(&log->lines, SEQ_HEAD "%llu,",
                  (unsigned long long)++log->seq);
    return &log->lines;
}

bool
commit_log_store(struct commit_log *log, struct store_link *link,
                 struct error *err)
{
    if (log->seq == log->stored_seq)
        return true;
    if (log->lines.overflowed)
        return error_set(err, ERROR_LIMIT, 0,
                         "the commit log of one transaction is too large");
    sqlite3_stmt *put = store_link_statement(link, STORE_SQL_LOG_PUT, err);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, (int64_t)log->seq);
    store_link_bind(put, 2, buffer_slice(&log->lines));
    return store_link_finish(link, put, err);
}

void
commit_log_follow(struct commit_log *log, struct store_link *link)
{
    bool is_next = log->file_seq == log->stored_seq;
    log->stored_seq = log->seq;
    struct error err = {0};
    if (is_next && append(log, buffer_slice(&log->lines)))
        log->file_seq = log->seq;
    else if (!catch_up(log, link, &err))
        log_warning("%s; it will be caught up", err.text);
    buffer_reset(&log->lines);
}

void
commit_log_drop(struct commit_log *log)
{
    log->seq = log->stored_seq;
    buffer_reset(&log->lines);
}
