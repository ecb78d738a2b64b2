/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_server.h"

#include "base/buffer.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS 64
#define CONNECTIONS 64
#define TURN_MS 20

struct connection {
    struct scripted_server *server;
    pthread_t thread;
    int fd;
};

struct scripted_server {
    const struct script_reply *replies;
    size_t reply_count;
    int fd;
    char url[64];
    pthread_t thread;
    pthread_mutex_t mutex;
    char *requests[REQUESTS];
    size_t request_count;
    struct connection connections[CONNECTIONS];
    size_t connection_count;
    atomic_bool stopping;
};

/* False when it ended or the server stops. */
static bool
read_more(struct connection *connection, struct buffer *request)
{
    struct pollfd ready = {.fd = connection->fd, .events = POLLIN};
    while (poll(&ready, 1, TURN_MS) == 0) {
        if (connection->server->stopping) {
            return false;
        }
    }
    char *end = buffer_reserve(request, 65536);
    ssize_t got = recv(connection->fd, end, 65536, 0);
    if (got > 0) {
        request->len += (size_t)got;
    }
    return got > 0;
}

static size_t
wanted_size(struct buffer *request)
{
    const char *text = buffer_text(request);
    const char *head_end = strstr(text, "\r\n\r\n");
    if (head_end == NULL) {
        return 0;
    }
    size_t head = (size_t)(head_end - text) + 4;
    const char *length = strcasestr(text, "\r\nContent-Length:");
    if (length == NULL || length > head_end) {
        return head;
    }
    return head + strtoul(length + 17, NULL, 10);
}

static bool
read_request(struct connection *connection)
{
    struct scripted_server *server = connection->server;
    struct buffer request = {0};
    size_t wanted = 0;
    while (wanted == 0 || request.len < wanted) {
        if (!read_more(connection, &request)) {
            buffer_release(&request);
            return false;
        }
        wanted = wanted_size(&request);
    }
    buffer_text(&request);
    pthread_mutex_lock(&server->mutex);
    assert(server->request_count < REQUESTS);
    server->requests[server->request_count] = request.bytes;
    pthread_mutex_unlock(&server->mutex);
    return true;
}

static struct script_reply
next_reply(struct scripted_server *server)
{
    pthread_mutex_lock(&server->mutex);
    size_t index = server->request_count++;
    pthread_mutex_unlock(&server->mutex);
    return index < server->reply_count
               ? server->replies[index]
               : (struct script_reply){.end = SCRIPT_CLOSE};
}

static void
send_reply(struct connection *connection, const struct script_reply *reply)
{
    const char *next = reply->bytes;
    size_t left = reply->len ? reply->len : next ? strlen(next) : 0;
    while (left > 0) {
        ssize_t sent = send(connection->fd, next, left, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        next += sent;
        left -= (size_t)sent;
    }
}

static void *
serve(void *cookie)
{
    struct connection *connection = cookie;
    enum script_end end = SCRIPT_KEEP;
    while (end == SCRIPT_KEEP && read_request(connection)) {
        struct script_reply reply = next_reply(connection->server);
        send_reply(connection, &reply);
        end = reply.end;
    }
    while (end == SCRIPT_STALL && !connection->server->stopping) {
        usleep(TURN_MS * 1000);
    }
    if (end == SCRIPT_RESET) {
        struct linger linger = {.l_onoff = 1, .l_linger = 0};
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &linger,
                   sizeof linger);
    }
    close(connection->fd);
    return NULL;
}

static void *
accept_all(void *cookie)
{
    struct scripted_server *server = cookie;
    struct pollfd ready = {.fd = server->fd, .events = POLLIN};
    while (!server->stopping) {
        if (poll(&ready, 1, TURN_MS) <= 0) {
            continue;
        }
        assert(server->connection_count < CONNECTIONS);
        struct connection *connection =
            &server->connections[server->connection_count];
        connection->server = server;
        connection->fd = accept(server->fd, NULL, NULL);
        if (connection->fd >= 0 &&
            pthread_create(&connection->thread, NULL, serve, connection) == 0) {
            server->connection_count++;
        }
    }
    return NULL;
}

struct scripted_server *
scripted_server_start(const struct script_reply *replies, size_t count)
{
    struct scripted_server *server = mem_zalloc(sizeof *server);
    server->replies = replies;
    server->reply_count = count;
    pthread_mutex_init(&server->mutex, NULL);
    server->fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof address;
    int failed = bind(server->fd, (struct sockaddr *)&address, len);
    failed |= listen(server->fd, 64);
    failed |= getsockname(server->fd, (struct sockaddr *)&address, &len);
    assert(!failed);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u",
             (unsigned)ntohs(address.sin_port));
    failed = pthread_create(&server->thread, NULL, accept_all, server);
    assert(!failed);
    (void)failed;
    return server;
}

const char *
scripted_server_url(const struct scripted_server *server)
{
    return server->url;
}

size_t
scripted_server_count(struct scripted_server *server)
{
    pthread_mutex_lock(&server->mutex);
    size_t count = server->request_count;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

const char *
scripted_server_request(struct scripted_server *server, size_t index)
{
    pthread_mutex_lock(&server->mutex);
    const char *request =
        index < server->request_count ? server->requests[index] : "";
    pthread_mutex_unlock(&server->mutex);
    return request;
}

void
scripted_server_stop(struct scripted_server *server)
{
    server->stopping = true;
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->connection_count; i++) {
        pthread_join(server->connections[i].thread, NULL);
    }
    for (size_t i = 0; i < server->request_count; i++) {
        free(server->requests[i]);
    }
    close(server->fd);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}
