/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_transfer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "http/http_failure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ours: answers that go into memory are small unless the request says
 * otherwise. */
#define ANSWER_LIMIT_DEFAULT ((uint64_t)16 << 20)
#define TRANSFER_BUFFER_SIZE 131072L
#define CONNECT_TIMEOUT_MS 30000
#define STALL_TIMEOUT_MS 120000
/* A call without a file ends by then, however slowly its bytes drip. */
#define SMALL_CALL_TIMEOUT_MS 600000L

static size_t
on_header(char *bytes, size_t size, size_t count, void *cookie)
{
    struct http_transfer *transfer = cookie;
    size_t len = size * count;
    bool done = http_headers_read(&transfer->head, &transfer->answer,
                                  (struct slice){bytes, len}, &transfer->error);
    return done ? len : 0;
}

/* Only a good answer goes into the file; an error is read by whoever asked. */
static bool
begin_body(struct http_transfer *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    bool to_file = status >= 200 && status < 300;
    const struct http_request *request = transfer->request;
    uint64_t limit = request->answer_limit && to_file ? request->answer_limit
                                                      : ANSWER_LIMIT_DEFAULT;
    transfer->body_begun = true;
    return http_body_begin(&transfer->body,
                           to_file ? request->answer_path : NULL, limit,
                           transfer->head.encoding, &transfer->error);
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *cookie)
{
    struct http_transfer *transfer = cookie;
    size_t len = size * count;
    bool done = (transfer->body_begun || begin_body(transfer)) &&
                http_body_write(&transfer->body, bytes, len, &transfer->error);
    return done ? len : 0;
}

static size_t
on_upload(char *bytes, size_t size, size_t count, void *cookie)
{
    struct http_transfer *transfer = cookie;
    size_t room = size * count;
    if (room > transfer->upload_left) {
        room = (size_t)transfer->upload_left;
    }
    if (room == 0) {
        return 0;
    }
    ssize_t got;
    do {
        got = read(transfer->upload_fd, bytes, room);
    } while (got < 0 && errno == EINTR);
    const char *path = transfer->request->body_path;
    if (got < 0) {
        error_set_errno(&transfer->error, "cannot read '%s'", path);
    } else if (got == 0) {
        error_set(&transfer->error, ERROR_SYSTEM, 0,
                  "'%s' became shorter while it was sent", path);
    }
    if (got <= 0) {
        return CURL_READFUNC_ABORT;
    }
    transfer->upload_left -= (uint64_t)got;
    return (size_t)got;
}

static int
on_seek(void *cookie, curl_off_t offset, int origin)
{
    struct http_transfer *transfer = cookie;
    off_t before = lseek(transfer->upload_fd, 0, SEEK_CUR);
    if (origin != SEEK_SET || before < 0 ||
        lseek(transfer->upload_fd, offset, SEEK_SET) < 0) {
        return CURL_SEEKFUNC_FAIL;
    }
    transfer->upload_left += (uint64_t)(before - offset);
    return CURL_SEEKFUNC_OK;
}

/*
 * The connection stands and the request is about to leave. curl sends a
 * request again by itself when a kept connection turns out to be dead: for a
 * call that must not be made twice that is a lost answer like any other.
 */
static int
on_send(void *cookie, char *local_address, char *remote_address, int local_port,
        int remote_port)
{
    (void)local_address;
    (void)remote_address;
    (void)local_port;
    (void)remote_port;
    struct http_transfer *transfer = cookie;
    transfer->sends++;
    if (transfer->sends > 1 && transfer->request->repeat == HTTP_REPEAT_NEVER) {
        error_set(&transfer->error, ERROR_NETWORK, 0,
                  "'%s' closed the connection without an answer",
                  transfer->url.host);
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

static bool
add_header(struct http_transfer *transfer, const char *name, const char *value,
           struct error *err)
{
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' && *c != '\t') {
            return error_set(err, ERROR_CONFIG, 0,
                             "the header '%s' would hold a control character",
                             name);
        }
    }
    char *line = mem_printf(value[0] ? "%s: %s" : "%s:", name, value);
    struct curl_slist *grown = curl_slist_append(transfer->headers, line);
    explicit_bzero(line, strlen(line));
    free(line);
    if (grown == NULL) {
        return error_set(err, ERROR_SYSTEM, 0, "out of memory");
    }
    transfer->headers = grown;
    return true;
}

static bool
add_headers(struct http_transfer *transfer, const char *authorization,
            struct error *err)
{
    const struct http_request *request = transfer->request;
    bool done = add_header(transfer, "Accept-Encoding", "gzip, deflate", err);
    /* A header without a value is one that curl does not send. */
    done = done && add_header(transfer, "Expect", "", err);
    bool typed = false;
    for (size_t i = 0; done && i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        typed = typed || strcasecmp(header->name, "Content-Type") == 0;
        done = add_header(transfer, header->name, header->value, err);
    }
    if (done && !typed) {
        done = add_header(transfer, "Content-Type", "", err);
    }
    if (done && authorization != NULL) {
        done = add_header(transfer, "Authorization", authorization, err);
    }
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    return done;
}

static bool
set_upload(struct http_transfer *transfer, struct error *err)
{
    const char *path = transfer->request->body_path;
    transfer->upload_fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (transfer->upload_fd < 0 || fstat(transfer->upload_fd, &about) != 0) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    transfer->upload_left = (uint64_t)about.st_size;
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)about.st_size);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_upload);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, TRANSFER_BUFFER_SIZE);
    return true;
}

static bool
set_body(struct http_transfer *transfer, struct error *err)
{
    const struct http_request *request = transfer->request;
    CURL *easy = transfer->easy;
    if (request->body_path != NULL && !set_upload(transfer, err)) {
        return false;
    }
    bool has_body = request->body.ptr != NULL;
    if (request->body_path == NULL &&
        (has_body || strcmp(request->method, "POST") == 0)) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                         has_body ? request->body.ptr : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)request->body.len);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    return true;
}

static void
set_timeouts(struct http_transfer *transfer)
{
    const struct http_options *options = transfer->options;
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)options->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                     (long)((options->stall_timeout_ms + 999) / 1000));
    const struct http_request *request = transfer->request;
    if (request->body_path == NULL && request->answer_path == NULL) {
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, SMALL_CALL_TIMEOUT_MS);
    }
}

/* Loopback is never called through a proxy: http:// would carry the token. */
static void
set_route(struct http_transfer *transfer)
{
    const struct http_options *options = transfer->options;
    CURL *easy = transfer->easy;
    if (transfer->url.is_loopback) {
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    } else if (options->proxy != NULL) {
        curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy);
    }
    if (options->no_proxy != NULL) {
        curl_easy_setopt(easy, CURLOPT_NOPROXY, options->no_proxy);
    }
    if (options->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    }
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sfetl/" PACKAGE_VERSION);
    curl_easy_setopt(easy, CURLOPT_URL, transfer->request->url);
}

static void
set_callbacks(struct http_transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_text);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, TRANSFER_BUFFER_SIZE);
}

struct http_transfer *
http_transfer_new(const struct http_options *options,
                  struct http_request *request, const char *authorization,
                  struct error *err)
{
    struct http_transfer *transfer = mem_zalloc(sizeof *transfer);
    transfer->options = options;
    transfer->request = request;
    transfer->upload_fd = -1;
    transfer->answer.retry_after_ms = transfer->answer.date_ms = -1;
    transfer->started_ms = clock_monotonic_ms();
    bool done = http_url_check(request->url, &transfer->url, err);
    if (done) {
        transfer->easy = curl_easy_init();
        done = transfer->easy != NULL ||
               error_set(err, ERROR_SYSTEM, 0, "out of memory");
    }
    if (done) {
        set_callbacks(transfer);
        set_route(transfer);
        set_timeouts(transfer);
        done = set_body(transfer, err) &&
               add_headers(transfer, authorization, err);
    }
    if (!done) {
        http_transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

static void
set_failure(struct http_transfer *transfer, CURLcode code)
{
    struct http_answer *answer = &transfer->answer;
    answer->status = 0;
    answer->error = transfer->error;
    const struct http_failure failure = {
        .code = code,
        .easy = transfer->easy,
        .host = transfer->url.host,
        .text = transfer->curl_text,
        .ca_file = transfer->options->ca_file,
        .connect_timeout_ms = transfer->options->connect_timeout_ms,
        .stall_timeout_ms = transfer->options->stall_timeout_ms,
        .was_sent = answer->was_sent,
    };
    http_failure_set(&failure, &answer->error); /* the first error wins */
}

static void
count_bytes(struct http_transfer *transfer)
{
    long request = 0, headers = 0;
    curl_off_t up = 0, down = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request);
    curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &headers);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    transfer->answer.sent_bytes = (uint64_t)request + (uint64_t)up;
    transfer->answer.received_bytes = (uint64_t)headers + (uint64_t)down;
}

void
http_transfer_finish(struct http_transfer *transfer, CURLcode code)
{
    struct http_answer *answer = &transfer->answer;
    answer->was_sent = transfer->sends > 0;
    count_bytes(transfer);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &answer->status);
    if (code == CURLE_OK && !transfer->head.whole) {
        code = CURLE_GOT_NOTHING; /* cut inside the headers: curl takes it */
    }
    bool whole = code == CURLE_OK && transfer->error.kind == ERROR_NONE &&
                 (transfer->body_begun || begin_body(transfer)) &&
                 http_body_finish(&transfer->body, &transfer->error);
    if (!whole) {
        set_failure(transfer, code);
        return;
    }
    answer->body = buffer_slice(&transfer->body.memory);
    answer->body_size = transfer->body.size;
    http_headers_finish(&transfer->head, answer);
}

void
http_transfer_free(struct http_transfer *transfer)
{
    if (transfer == NULL) {
        return;
    }
    curl_easy_cleanup(transfer->easy);
    for (struct curl_slist *line = transfer->headers; line != NULL;
         line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(transfer->headers);
    http_body_release(&transfer->body);
    if (transfer->upload_fd >= 0) {
        close(transfer->upload_fd);
    }
    free(transfer);
}
