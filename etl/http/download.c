/* SPDX-License-Identifier: Apache-2.0 */
#include "http/download.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/download_attempt.h"
#include "http/http_client.h"
#include "http/retry.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define STOP_POLL_MS 250
/* So much in one attempt is progress: the count of attempts begins anew. */
#define PROGRESS_BYTES ((uint64_t)1 << 20)
#define FRESH_STARTS 5 /* a file that changes that often is being written */

static bool
open_file(struct download_attempt *attempt, struct error *err)
{
    const char *path = attempt->download->path;
    struct stat about;
    attempt->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (attempt->fd < 0 || fstat(attempt->fd, &about) != 0 ||
        lseek(attempt->fd, 0, SEEK_END) < 0) {
        return error_set_errno(err, "cannot write '%s'", path);
    }
    attempt->have = (uint64_t)about.st_size;
    download_version_read(&attempt->kept, path);
    return true;
}

/* False when it was told to stop. */
static bool
wait_for(const struct download *download, int64_t wait_ms)
{
    int64_t end_ms = clock_monotonic_ms() + wait_ms;
    for (;;) {
        int64_t left_ms = end_ms - clock_monotonic_ms();
        if (download->stop != NULL && download->stop(download->stop_cookie)) {
            return false;
        }
        if (left_ms <= 0) {
            return true;
        }
        poll(NULL, 0, left_ms < STOP_POLL_MS ? (int)left_ms : STOP_POLL_MS);
    }
}

/* Whether to try again; else err is set. */
static bool
pause_after(struct download_attempt *attempt, struct retry *retry,
            struct error *err)
{
    int64_t wait_ms;
    const struct http_answer *answer = &attempt->answer;
    if (attempt->have >= attempt->had + PROGRESS_BYTES) {
        *retry = (struct retry){0};
    }
    if (answer->error.kind != ERROR_NETWORK ||
        !retry_next(retry, answer, &wait_ms)) {
        *err = answer->error;
        return error_add_context(err, "cannot fetch '%s'",
                                 attempt->download->url);
    }
    log_info("fetching '%s' goes on in %lld ms: %s", attempt->download->url,
             (long long)wait_ms, answer->error.text);
    return wait_for(attempt->download, wait_ms) ||
           error_set(err, ERROR_CANCELLED, 0, "stopped");
}

static bool
begin_anew(struct download_attempt *attempt, unsigned *starts,
           struct error *err)
{
    if (++*starts > FRESH_STARTS) {
        return error_set(err, ERROR_INPUT, 0,
                         "'%s' changes while it is fetched: it is still being "
                         "written [source-changed]",
                         attempt->download->url);
    }
    if (!download_attempt_anew(attempt)) {
        *err = attempt->error;
        return false;
    }
    return true;
}

static enum download_status
fetch(struct download_attempt *attempt, struct error *err)
{
    struct retry retry = {0};
    unsigned starts = 0;
    bool going = true;
    while (going) {
        switch (download_attempt_make(attempt)) {
        case DOWNLOAD_END_WHOLE:
            return fsync(attempt->fd) == 0 ||
                           error_set_errno(err, "cannot write '%s'",
                                           attempt->download->path)
                       ? DOWNLOAD_WHOLE
                       : DOWNLOAD_FAILED;
        case DOWNLOAD_END_MISSING:
            return DOWNLOAD_MISSING;
        case DOWNLOAD_END_AGAIN:
            going = pause_after(attempt, &retry, err);
            break;
        case DOWNLOAD_END_ANEW:
            going = begin_anew(attempt, &starts, err);
            break;
        case DOWNLOAD_END_FAILED:
            *err = attempt->error;
            going = false;
            break;
        }
    }
    return DOWNLOAD_FAILED;
}

void
download_remove(const char *path)
{
    char *version = mem_printf("%s.version", path);
    unlink(version);
    unlink(path);
    free(version);
}

enum download_status
download_file(const struct download *download, uint64_t *size,
              struct error *err)
{
    struct download_attempt *attempt = mem_zalloc(sizeof *attempt);
    attempt->download = download;
    attempt->fd = -1;
    enum download_status status = DOWNLOAD_FAILED;
    http_client_begin();
    if (http_url_check_file(download->url, &attempt->url, err) &&
        open_file(attempt, err)) {
        status = fetch(attempt, err);
    }
    *size = attempt->have;
    if (attempt->fd >= 0) {
        close(attempt->fd);
    }
    if (status == DOWNLOAD_FAILED && attempt->have == 0) {
        download_remove(download->path); /* nothing to go on with */
    }
    free(attempt);
    return status;
}
