/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST /* next_in takes what is read only */

#include "rehearsal/http_server.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    WINDOW_SIZE = 64 * 1024,
    GZIP_FROM = 512,           /* bytes of an answer that are worth it */
    IDLE_SECONDS = 300,        /* of a connection, then it is closed */
    SEND_PATIENCE_MS = 120000, /* a client that takes no byte for so long */
    HEAD_MEMORY = 128 * 1024,  /* room for an over-long URI to be refused */
    CONNECTION_LIMIT = 500
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_service service;
    char *spool_folder;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool stopping;
};

/* What the server adds to an exchange; the exchange comes first. */
struct visit {
    struct exchange exchange;
    struct http_server *server;
    uint64_t limit;
    bool spool, inflate;
    int spool_fd; /* -1: none */
    z_stream gunzip;
};

static const char *
lookup_header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                       name);
}

static void *
open_visit(void *cookie, const char *uri, struct MHD_Connection *connection)
{
    struct visit *visit = mem_zalloc(sizeof *visit);
    struct exchange *exchange = &visit->exchange;
    visit->server = cookie;
    visit->spool_fd = -1;
    exchange->connection = connection;
    exchange->lookup = lookup_header;
    exchange->uri = arena_strdup(&exchange->arena, slice_of(uri));
    exchange->path = arena_strdup(
        &exchange->arena,
        (struct slice){exchange->uri, strcspn(exchange->uri, "?")});
    exchange->body.limit = HTTP_SERVER_BODY_LIMIT;
    return visit;
}

static void
close_visit(void *cookie, struct MHD_Connection *connection, void **state,
            enum MHD_RequestTerminationCode code)
{
    (void)cookie;
    (void)connection;
    (void)code;
    struct visit *visit = *state;
    if (!visit) {
        return;
    }
    if (visit->inflate) {
        inflateEnd(&visit->gunzip);
    }
    if (visit->spool_fd >= 0) {
        close(visit->spool_fd);
    }
    exchange_release(&visit->exchange);
    free(visit);
    *state = NULL;
}

static void
open_spool(struct visit *visit)
{
    char *path = mem_printf("%s/upload-XXXXXX", visit->server->spool_folder);
    visit->spool_fd = mkostemp(path, O_CLOEXEC);
    if (visit->spool_fd < 0) {
        log_error("cannot create '%s'", path);
        free(path);
        visit->exchange.body_broken = true;
        return;
    }
    visit->exchange.spool_path = path;
}

static void
begin_body(struct visit *visit, const char *method)
{
    struct exchange *exchange = &visit->exchange;
    exchange->method = arena_strdup(&exchange->arena, slice_of(method));
    visit->limit = HTTP_SERVER_BODY_LIMIT;
    visit->inflate = true;
    visit->server->service.begin(visit->server->service.cookie, exchange,
                                 &visit->limit, &visit->spool, &visit->inflate);
    const char *coding = exchange_header(exchange, "Content-Encoding");
    if (visit->inflate) {
        visit->inflate = coding && strcmp(coding, "gzip") == 0 &&
                         inflateInit2(&visit->gunzip, 15 + 16) == Z_OK;
    }
    if (visit->spool) {
        open_spool(visit);
    }
}

static void
keep_bytes(struct visit *visit, const char *bytes, size_t len)
{
    struct exchange *exchange = &visit->exchange;
    exchange->body_size += len;
    if (exchange->body_size > visit->limit) {
        exchange->body_too_large = true;
    }
    if (exchange->body_too_large || exchange->body_broken) {
        return;
    }
    bool kept = visit->spool ? file_write_all(visit->spool_fd, bytes, len)
                             : buffer_append(&exchange->body, bytes, len);
    exchange->body_broken = !kept;
}

static void
take_bytes(struct visit *visit, const char *bytes, size_t len)
{
    if (!visit->inflate) {
        keep_bytes(visit, bytes, len);
        return;
    }
    char window[WINDOW_SIZE];
    visit->gunzip.next_in = (const Bytef *)bytes;
    visit->gunzip.avail_in = (uInt)len;
    while (!visit->exchange.body_broken && !visit->exchange.body_too_large) {
        visit->gunzip.next_out = (Bytef *)window;
        visit->gunzip.avail_out = sizeof window;
        int state = inflate(&visit->gunzip, Z_NO_FLUSH);
        keep_bytes(visit, window, sizeof window - visit->gunzip.avail_out);
        if (state == Z_STREAM_END && visit->gunzip.avail_in > 0) {
            inflateReset(&visit->gunzip);
        } else if (state == Z_STREAM_END || state == Z_BUF_ERROR) {
            return;
        } else if (state != Z_OK) {
            visit->exchange.body_broken = true;
        }
    }
}

/* An answer's body, wherever it lies. */
struct body {
    struct slice bytes;
    void *map;
};

static bool
open_body(const struct exchange *exchange, struct body *body)
{
    *body = (struct body){.bytes = buffer_slice(&exchange->answer)};
    if (!exchange->answer_path) {
        return true;
    }
    int fd = open(exchange->answer_path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    body->bytes = (struct slice){"", (size_t)status.st_size};
    if (status.st_size > 0) {
        body->map =
            mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        body->bytes.ptr = body->map;
    }
    close(fd);
    if (body->map == MAP_FAILED) {
        body->map = NULL;
        return false;
    }
    return true;
}

static void
close_body(struct body *body)
{
    if (body->map) {
        munmap(body->map, body->bytes.len);
    }
}

/* A body that is compressed while it is sent. */
struct gzip_stream {
    struct body body;
    z_stream deflate;
    bool finished;
};

static ssize_t
read_gzip(void *cookie, uint64_t position, char *out, size_t size)
{
    (void)position;
    struct gzip_stream *stream = cookie;
    if (stream->finished) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    stream->deflate.next_out = (Bytef *)out;
    stream->deflate.avail_out = (uInt)size;
    while (!stream->finished && stream->deflate.avail_out > 0) {
        int state = deflate(&stream->deflate, Z_FINISH);
        if (state == Z_STREAM_END) {
            stream->finished = true;
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
    }
    return (ssize_t)(size - stream->deflate.avail_out);
}

static void
free_gzip(void *cookie)
{
    struct gzip_stream *stream = cookie;
    deflateEnd(&stream->deflate);
    close_body(&stream->body);
    free(stream);
}

/* Files that are larger than what zlib counts at once are sent as they are. */
static struct MHD_Response *
gzip_response(struct exchange *exchange)
{
    struct gzip_stream *stream = mem_zalloc(sizeof *stream);
    if (!open_body(exchange, &stream->body) ||
        stream->body.bytes.len > UINT32_MAX ||
        deflateInit2(&stream->deflate, 1, Z_DEFLATED, 15 + 16, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        close_body(&stream->body);
        free(stream);
        return NULL;
    }
    stream->deflate.next_in = (const Bytef *)stream->body.bytes.ptr;
    stream->deflate.avail_in = (uInt)stream->body.bytes.len;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, WINDOW_SIZE, read_gzip, stream, free_gzip);
    if (response) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    }
    return response;
}

static struct MHD_Response *
plain_response(struct exchange *exchange)
{
    if (!exchange->answer_path) {
        return MHD_create_response_from_buffer(exchange->answer.len,
                                               exchange->answer.bytes,
                                               MHD_RESPMEM_PERSISTENT);
    }
    int fd = open(exchange->answer_path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)status.st_size, fd);
}

static bool
wants_gzip(const struct exchange *exchange)
{
    const char *accepted = exchange_header(exchange, "Accept-Encoding");
    uint64_t size = exchange->answer_path ? file_size(exchange->answer_path)
                                          : exchange->answer.len;
    return accepted && strstr(accepted, "gzip") && size >= GZIP_FROM;
}

static enum MHD_Result
send_well(struct exchange *exchange)
{
    struct MHD_Response *response =
        wants_gzip(exchange) ? gzip_response(exchange) : NULL;
    if (!response) {
        response = plain_response(exchange);
    }
    if (!response) {
        return MHD_NO;
    }
    if (exchange->content_type) {
        MHD_add_response_header(response, "Content-Type",
                                exchange->content_type);
    }
    for (size_t i = 0; i < exchange->header_count; i++) {
        MHD_add_response_header(response, exchange->headers[i].name,
                                exchange->headers[i].value);
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

void
http_server_pause(struct http_server *server, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&server->lock);
    while (!server->stopping &&
           pthread_cond_timedwait(&server->stopped, &server->lock, &until) !=
               ETIMEDOUT) {
    }
    pthread_mutex_unlock(&server->lock);
}

static bool
send_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.ptr += sent;
            bytes.len -= (size_t)sent;
            continue;
        }
        struct pollfd waited = {.fd = fd, .events = POLLOUT};
        if ((errno != EAGAIN && errno != EINTR) ||
            poll(&waited, 1, SEND_PATIENCE_MS) == 0) {
            return false;
        }
    }
    return true;
}

static bool
send_slowly(struct visit *visit, int fd, struct slice bytes,
            const struct http_spoil *spoil)
{
    size_t step = spoil->drip_bytes ? spoil->drip_bytes : bytes.len;
    while (bytes.len > 0) {
        size_t len = bytes.len < step ? bytes.len : step;
        if (visit->server->stopping ||
            !send_all(fd, (struct slice){bytes.ptr, len})) {
            return false;
        }
        bytes.ptr += len;
        bytes.len -= len;
        if (bytes.len > 0 && spoil->drip_ms > 0) {
            http_server_pause(visit->server, spoil->drip_ms);
        }
    }
    return true;
}

/* Sends RST at once: what close does is MHD's affair, which may say FIN. */
static void
reset_connection(int fd)
{
    for (int i = 0, waiting = 1; i < 200 && waiting > 0; i++) {
        if (ioctl(fd, SIOCOUTQ, &waiting) != 0) {
            break;
        }
        if (waiting > 0) {
            poll(NULL, 0, 5);
        }
    }
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    connect(fd, &nowhere, sizeof nowhere);
}

static void
write_head(const struct exchange *exchange, uint64_t declared,
           struct buffer *head)
{
    buffer_printf(head, "HTTP/1.1 %u %s\r\n", exchange->status,
                  MHD_get_reason_phrase_for(exchange->status));
    if (exchange->content_type) {
        buffer_printf(head, "Content-Type: %s\r\n", exchange->content_type);
    }
    for (size_t i = 0; i < exchange->header_count; i++) {
        buffer_printf(head, "%s: %s\r\n", exchange->headers[i].name,
                      exchange->headers[i].value);
    }
    buffer_printf(head, "Content-Length: %llu\r\n\r\n",
                  (unsigned long long)declared);
}

/*
 * Past MHD, straight to the socket, for MHD would not send what is wrong.
 * Ends the connection.
 */
static enum MHD_Result
send_spoiled(struct visit *visit, const struct http_spoil *spoil)
{
    struct exchange *exchange = &visit->exchange;
    int fd = MHD_get_connection_info(exchange->connection,
                                     MHD_CONNECTION_INFO_CONNECTION_FD)
                 ->connect_fd;
    struct body body;
    if (spoil->lose || !open_body(exchange, &body)) {
        reset_connection(fd);
        return MHD_NO;
    }
    uint64_t declared = body.bytes.len;
    struct slice sent = body.bytes;
    if (spoil->cut && spoil->cut_at < sent.len) {
        sent.len = (size_t)spoil->cut_at;
        declared = spoil->cut_is_declared ? sent.len : declared;
    }
    int64_t wrong = (int64_t)declared + spoil->length_error;
    struct buffer head = {0};
    write_head(exchange, wrong < 0 ? 0 : (uint64_t)wrong, &head);
    struct slice first = buffer_slice(&head);
    if (spoil->reset) {
        first.len =
            spoil->reset_at < first.len ? (size_t)spoil->reset_at : first.len;
        uint64_t left = spoil->reset_at - first.len;
        sent.len = left < sent.len ? (size_t)left : sent.len;
    }
    for (int i = 0; i < (spoil->twice ? 2 : 1); i++) {
        if (send_slowly(visit, fd, first, spoil)) {
            send_slowly(visit, fd, sent, spoil);
        }
    }
    if (spoil->reset) {
        reset_connection(fd);
    }
    buffer_release(&head);
    close_body(&body);
    return MHD_NO;
}

static enum MHD_Result
finish(struct visit *visit)
{
    struct http_server *server = visit->server;
    struct exchange *exchange = &visit->exchange;
    struct http_spoil spoil = {0};
    if (visit->spool_fd >= 0) {
        close(visit->spool_fd);
        visit->spool_fd = -1;
    }
    server->service.serve(server->service.cookie, exchange, &spoil);
    if (exchange->answer.overflowed) {
        log_error("the answer to %s %s is too large", exchange->method,
                  exchange->path);
        return MHD_NO;
    }
    if (spoil.stall_ms > 0) {
        http_server_pause(server, spoil.stall_ms);
    }
    return spoil.spoiled ? send_spoiled(visit, &spoil) : send_well(exchange);
}

static enum MHD_Result
handle(void *cookie, struct MHD_Connection *connection, const char *url,
       const char *method, const char *version, const char *data, size_t *size,
       void **state)
{
    (void)cookie;
    (void)connection;
    (void)url;
    (void)version;
    struct visit *visit = *state;
    if (!visit->exchange.method) {
        begin_body(visit, method);
        return MHD_YES;
    }
    if (*size > 0) {
        take_bytes(visit, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return finish(visit);
}

static enum MHD_Result
admit(void *cookie, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    const struct http_service *service = cookie;
    return service->admit(service->cookie) ? MHD_YES : MHD_NO;
}

/* Paths are decoded part by part, after they have been split. */
static size_t
leave_encoded(void *cookie, struct MHD_Connection *connection, char *text)
{
    (void)cookie;
    (void)connection;
    return strlen(text);
}

static void
free_server(struct http_server *server)
{
    pthread_cond_destroy(&server->stopped);
    pthread_mutex_destroy(&server->lock);
    free(server->spool_folder);
    free(server);
}

struct http_server *
http_server_start(uint16_t port, const struct http_service *service,
                  const char *spool_folder, struct error *err)
{
    struct http_server *server = mem_zalloc(sizeof *server);
    server->service = *service;
    server->spool_folder = mem_strdup(spool_folder);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->stopped, NULL);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    server->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
            MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK | MHD_USE_ITC,
        port, admit, &server->service, handle, server, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, open_visit,
        server, MHD_OPTION_NOTIFY_COMPLETED, close_visit, server,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, server,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!server->daemon) {
        error_set(err, ERROR_SYSTEM, errno,
                  "cannot listen on 127.0.0.1:%u; is the port in use?", port);
        free_server(server);
        return NULL;
    }
    return server;
}

uint16_t
http_server_port(const struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void
http_server_stop(struct http_server *server)
{
    if (!server) {
        return;
    }
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_broadcast(&server->stopped);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}
