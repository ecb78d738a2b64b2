/* SPDX-License-Identifier: Apache-2.0 */
#include "http/download_attempt.h"

#include "base/file.h"
#include "base/mem.h"
#include "http/http_failure.h"
#include "http/retry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 30000
#define STALL_TIMEOUT_MS 120000
#define BUFFER_SIZE 131072L

static bool
is_http(const struct download_attempt *fetching)
{
    return fetching->url.scheme == HTTP_SCHEME_HTTP;
}

static uint64_t
size_limit(const struct download_attempt *fetching)
{
    return fetching->download->size_limit ? fetching->download->size_limit
                                          : DOWNLOAD_SIZE_LIMIT;
}

/* "bytes 100-199/200" */
static void
take_range(struct download_attempt *fetching, struct slice value)
{
    static const char unit[] = "bytes ";
    size_t len = sizeof unit - 1;
    uint64_t begin, size;
    if (!slice_begins(value, unit)) {
        return;
    }
    struct slice rest = {value.ptr + len, value.len - len};
    const char *dash = memchr(rest.ptr, '-', rest.len);
    const char *slash = memchr(rest.ptr, '/', rest.len);
    if (dash == NULL || slash == NULL || slash < dash) {
        return;
    }
    if (slice_to_u64((struct slice){rest.ptr, (size_t)(dash - rest.ptr)},
                     &begin) &&
        begin <= INT64_MAX) {
        fetching->range_begin = (int64_t)begin;
    }
    struct slice total = {slash + 1, (size_t)(rest.ptr + rest.len - slash) - 1};
    if (slice_to_u64(total, &size) && size <= INT64_MAX) {
        fetching->now.size = (int64_t)size; /* not the length of the rest */
    }
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *cookie)
{
    struct download_attempt *fetching = cookie;
    struct slice line = {bytes, size * count}, value;
    uint64_t seconds;
    if (slice_begins(line, "HTTP/")) {
        fetching->now = (struct download_version){.size = -1};
        fetching->range_begin = -1;
    }
    download_version_header(&fetching->now, line);
    if (download_version_value(line, "Content-Range", &value)) {
        take_range(fetching, value);
    }
    if (download_version_value(line, "Retry-After", &value) &&
        slice_to_u64(value, &seconds)) {
        fetching->answer.retry_after_ms = seconds < RETRY_AFTER_LIMIT_MS / 1000
                                              ? (int64_t)seconds * 1000
                                              : RETRY_AFTER_LIMIT_MS;
    }
    return size * count;
}

/* Where the server speaks no HTTP: its file's size and time of change. */
static void
take_file_facts(struct download_attempt *fetching)
{
    curl_off_t left = -1, changed = -1;
    curl_easy_getinfo(fetching->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                      &left);
    curl_easy_getinfo(fetching->easy, CURLINFO_FILETIME_T, &changed);
    fetching->now.size = left < 0 ? -1 : (int64_t)left + (int64_t)fetching->had;
    snprintf(fetching->now.modified, sizeof fetching->now.modified, "%lld",
             (long long)changed);
}

bool
download_attempt_anew(struct download_attempt *fetching)
{
    fetching->have = 0;
    return (ftruncate(fetching->fd, 0) == 0 &&
            lseek(fetching->fd, 0, SEEK_SET) == 0) ||
           error_set_errno(&fetching->error, "cannot write '%s'",
                           fetching->download->path);
}

/* Before the first byte: whether it goes behind what is there. */
static bool
begin_bytes(struct download_attempt *fetching)
{
    long status = 0;
    fetching->began = true;
    if (is_http(fetching)) {
        curl_easy_getinfo(fetching->easy, CURLINFO_RESPONSE_CODE, &status);
        if (status == 206) {
            fetching->is_other =
                fetching->range_begin != (int64_t)fetching->have;
            return !fetching->is_other;
        }
        if (status < 200 || status >= 300) {
            fetching->is_over = true; /* a page that tells of an error */
            return true;
        }
    } else {
        take_file_facts(fetching);
        if (fetching->had > 0) {
            fetching->is_other =
                !download_version_equals(&fetching->now, &fetching->kept);
            return !fetching->is_other;
        }
    }
    if (!download_attempt_anew(fetching)) {
        return false;
    }
    fetching->kept = fetching->now;
    download_version_write(&fetching->kept, fetching->download->path);
    return true;
}

static size_t
on_bytes(char *bytes, size_t size, size_t count, void *cookie)
{
    struct download_attempt *fetching = cookie;
    size_t len = size * count;
    if (!fetching->began && !begin_bytes(fetching)) {
        return 0;
    }
    if (fetching->is_over) {
        return len;
    }
    if (len > size_limit(fetching) - fetching->have) {
        error_set(&fetching->error, ERROR_INPUT, 0,
                  "'%s' is larger than the %llu bytes that are fetched at most",
                  fetching->download->url,
                  (unsigned long long)size_limit(fetching));
        return 0;
    }
    if (!file_write_all(fetching->fd, bytes, len)) {
        error_set_errno(&fetching->error, "cannot write '%s'",
                        fetching->download->path);
        return 0;
    }
    fetching->have += len;
    return len;
}

static int
on_progress(void *cookie, curl_off_t all, curl_off_t now, curl_off_t up_all,
            curl_off_t up_now)
{
    const struct download *download =
        ((struct download_attempt *)cookie)->download;
    (void)all;
    (void)now;
    (void)up_all;
    (void)up_now;
    return download->stop != NULL && download->stop(download->stop_cookie);
}

static void
set_common(struct download_attempt *fetching)
{
    CURL *easy = fetching->easy;
    const struct download *download = fetching->download;
    int64_t stall_ms = download->stall_timeout_ms ? download->stall_timeout_ms
                                                  : STALL_TIMEOUT_MS;
    curl_easy_setopt(easy, CURLOPT_URL, download->url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetching->text);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetching);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, fetching);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                     (long)((stall_ms + 999) / 1000));
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sfetl/" PACKAGE_VERSION);
    if (fetching->url.is_loopback) {
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    } else if (download->proxy != NULL) {
        curl_easy_setopt(easy, CURLOPT_PROXY, download->proxy);
    }
    if (download->no_proxy != NULL) {
        curl_easy_setopt(easy, CURLOPT_NOPROXY, download->no_proxy);
    }
    if (download->username != NULL) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, download->username);
    }
    if (download->password != NULL) {
        curl_easy_setopt(easy, CURLOPT_PASSWORD, download->password);
    }
}

static void
set_tls(struct download_attempt *fetching)
{
    CURL *easy = fetching->easy;
    if (fetching->download->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, fetching->download->ca_file);
    }
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
}

/* Without known hosts libcurl would take any key. */
static void
set_ssh(struct download_attempt *fetching)
{
    CURL *easy = fetching->easy;
    const struct download *download = fetching->download;
    long ways = download->private_key_file != NULL
                    ? CURLSSH_AUTH_PUBLICKEY
                    : CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD;
    curl_easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, download->known_hosts_file);
    curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, ways);
    if (download->private_key_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE,
                         download->private_key_file);
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD,
                         download->passphrase ? download->passphrase : "");
    }
}

static bool
add_header(struct download_attempt *fetching, const char *name,
           const char *value)
{
    char *line = mem_printf("%s: %s", name, value);
    struct curl_slist *grown = curl_slist_append(fetching->headers, line);
    free(line);
    if (grown == NULL) {
        return error_set(&fetching->error, ERROR_SYSTEM, 0, "out of memory");
    }
    fetching->headers = grown;
    return true;
}

/* Only the rest, and that only when the file is still the same. */
static bool
set_begin(struct download_attempt *fetching)
{
    CURL *easy = fetching->easy;
    const char *proof = download_version_proof(&fetching->kept);
    if (is_http(fetching) && proof == NULL && fetching->have > 0 &&
        !download_attempt_anew(fetching)) {
        return false;
    }
    fetching->had = fetching->have;
    if (fetching->had == 0) {
        return true;
    }
    if (!is_http(fetching)) {
        curl_easy_setopt(easy, CURLOPT_RESUME_FROM_LARGE,
                         (curl_off_t)fetching->had);
        return true;
    }
    char range[32];
    snprintf(range, sizeof range, "bytes=%llu-",
             (unsigned long long)fetching->had);
    return add_header(fetching, "Range", range) &&
           add_header(fetching, "If-Range", proof);
}

static bool
set_http(struct download_attempt *fetching)
{
    CURL *easy = fetching->easy;
    const struct download *download = fetching->download;
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetching);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (download->token != NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, download->token);
    } else if (download->username != NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    }
    return true;
}

static bool
prepare(struct download_attempt *fetching)
{
    fetching->began = fetching->is_other = fetching->is_over = false;
    fetching->range_begin = -1;
    fetching->now = (struct download_version){.size = -1};
    fetching->answer = (struct http_answer){.retry_after_ms = -1};
    fetching->text[0] = '\0';
    fetching->easy = curl_easy_init();
    if (fetching->easy == NULL) {
        return error_set(&fetching->error, ERROR_SYSTEM, 0, "out of memory");
    }
    set_common(fetching);
    if (fetching->url.scheme == HTTP_SCHEME_SFTP) {
        set_ssh(fetching);
    } else {
        set_tls(fetching);
    }
    curl_easy_setopt(fetching->easy, CURLOPT_FILETIME, 1L);
    bool done =
        set_begin(fetching) && (!is_http(fetching) || set_http(fetching));
    curl_easy_setopt(fetching->easy, CURLOPT_HTTPHEADER, fetching->headers);
    return done;
}

static bool
refuse(struct download_attempt *fetching, const char *what, const char *help)
{
    return error_set(&fetching->error, ERROR_INPUT, 0,
                     "'%s' %s; %s [source-refused]", fetching->download->url,
                     what, help);
}

static enum download_end
judge_status(struct download_attempt *fetching, long status)
{
    char what[64];
    fetching->answer.status = status;
    if (status == 200 || status == 206) {
        return DOWNLOAD_END_WHOLE;
    }
    if (status == 404 || status == 410) {
        return DOWNLOAD_END_MISSING;
    }
    if (status == 416) {
        return DOWNLOAD_END_ANEW;
    }
    snprintf(what, sizeof what, "answers with status %ld", status);
    if (retry_is_transient(&fetching->answer)) {
        error_set(&fetching->answer.error, ERROR_NETWORK, 0, "'%s' %s",
                  fetching->download->url, what);
        return DOWNLOAD_END_AGAIN;
    }
    if (status == 401 || status == 403) {
        refuse(fetching, what,
               "see how 'connections' in orgs.yaml signs in there");
    } else if (status >= 300 && status < 400) {
        refuse(fetching, what,
               "redirects are not followed: name the address it leads to");
    } else {
        refuse(fetching, what, "no file can be had from it");
    }
    return DOWNLOAD_END_FAILED;
}

/* Those that SSH and FTP have; DOWNLOAD_END_AGAIN: some other. */
static enum download_end
judge_file_code(struct download_attempt *fetching, CURLcode code)
{
    switch (code) {
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_FTP_COULDNT_RETR_FILE:
        return DOWNLOAD_END_MISSING;
    case CURLE_BAD_DOWNLOAD_RESUME:
    case CURLE_RANGE_ERROR:
    case CURLE_FTP_COULDNT_USE_REST:
        return DOWNLOAD_END_ANEW;
    case CURLE_LOGIN_DENIED:
        refuse(fetching, "refuses the sign-in",
               "see the user, key and password in 'connections' of orgs.yaml");
        return DOWNLOAD_END_FAILED;
    case CURLE_REMOTE_ACCESS_DENIED:
        refuse(fetching, "may not be read",
               "its owner must let this user read it");
        return DOWNLOAD_END_FAILED;
    case CURLE_PEER_FAILED_VERIFICATION:
        if (fetching->url.scheme == HTTP_SCHEME_SFTP) {
            error_set(&fetching->error, ERROR_INPUT, 0,
                      "the key of the host '%s' is not the one in '%s', or "
                      "not there; compare it with its owner's, then add it, as "
                      "'ssh-keyscan' prints it [unknown-host]",
                      fetching->url.host, fetching->download->known_hosts_file);
            return DOWNLOAD_END_FAILED;
        }
        return DOWNLOAD_END_AGAIN;
    case CURLE_UNSUPPORTED_PROTOCOL:
        error_set(&fetching->error, ERROR_CONFIG, 0,
                  "the libcurl of this machine can't fetch '%s'",
                  fetching->download->url);
        return DOWNLOAD_END_FAILED;
    default:
        return DOWNLOAD_END_AGAIN;
    }
}

static enum download_end
judge_failure(struct download_attempt *fetching, CURLcode code)
{
    if (fetching->error.kind != ERROR_NONE) {
        return DOWNLOAD_END_FAILED;
    }
    if (fetching->is_other) {
        return DOWNLOAD_END_ANEW;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        error_set(&fetching->error, ERROR_CANCELLED, 0, "stopped");
        return DOWNLOAD_END_FAILED;
    }
    enum download_end end = judge_file_code(fetching, code);
    if (end != DOWNLOAD_END_AGAIN) {
        return end;
    }
    const struct http_failure failure = {
        .code = code,
        .easy = fetching->easy,
        .host = fetching->url.host,
        .text = fetching->text,
        .ca_file = fetching->download->ca_file,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .stall_timeout_ms = fetching->download->stall_timeout_ms
                                ? fetching->download->stall_timeout_ms
                                : STALL_TIMEOUT_MS,
        .was_sent = fetching->began,
    };
    http_failure_set(&failure, &fetching->answer.error);
    return DOWNLOAD_END_AGAIN;
}

/* An empty file has no first byte. */
static enum download_end
finish(struct download_attempt *fetching, CURLcode code)
{
    if (code != CURLE_OK) {
        return judge_failure(fetching, code);
    }
    if (!fetching->began && !begin_bytes(fetching)) {
        return fetching->is_other ? DOWNLOAD_END_ANEW : DOWNLOAD_END_FAILED;
    }
    if (!is_http(fetching)) {
        return DOWNLOAD_END_WHOLE;
    }
    long status = 0;
    curl_easy_getinfo(fetching->easy, CURLINFO_RESPONSE_CODE, &status);
    return judge_status(fetching, status);
}

enum download_end
download_attempt_make(struct download_attempt *fetching)
{
    enum download_end end = DOWNLOAD_END_FAILED;
    if (prepare(fetching)) {
        end = finish(fetching, curl_easy_perform(fetching->easy));
    }
    curl_easy_cleanup(fetching->easy);
    curl_slist_free_all(fetching->headers);
    fetching->easy = NULL;
    fetching->headers = NULL;
    return end;
}
