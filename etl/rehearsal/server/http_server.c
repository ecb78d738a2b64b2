/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST /* next_in takes what is read only */

#include "rehearsal/server/http_server.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "rehearsal/server/http_answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum {
    WINDOW_SIZE = 64 * 1024,
    IDLE_SECONDS = 300,       /* of a connection, then it is closed */
    HEAD_MEMORY = 128 * 1024, /* room for an over-long URI to be refused */
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

bool
http_server_is_stopping(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool stopping = server->stopping;
    pthread_mutex_unlock(&server->lock);
    return stopping;
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
    return http_answer_send(server, exchange, &spoil) ? MHD_YES : MHD_NO;
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
