/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST /* next_in takes what is read only */

#include "rehearsal/server/http_answer.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    WINDOW_SIZE = 64 * 1024,
    GZIP_FROM = 512,          /* bytes of an answer that are worth it */
    SEND_PATIENCE_MS = 120000 /* a client that takes no byte for so long */
};

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

static bool
send_well(struct exchange *exchange)
{
    struct MHD_Response *response =
        wants_gzip(exchange) ? gzip_response(exchange) : NULL;
    if (!response) {
        response = plain_response(exchange);
    }
    if (!response) {
        return false;
    }
    if (exchange->content_type) {
        MHD_add_response_header(response, "Content-Type",
                                exchange->content_type);
    }
    for (size_t i = 0; i < exchange->header_count; i++) {
        MHD_add_response_header(response, exchange->headers[i].name,
                                exchange->headers[i].value);
    }
    bool queued = MHD_queue_response(exchange->connection, exchange->status,
                                     response) == MHD_YES;
    MHD_destroy_response(response);
    return queued;
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
send_slowly(struct http_server *server, int fd, struct slice bytes,
            const struct http_spoil *spoil)
{
    size_t step = spoil->drip_bytes ? spoil->drip_bytes : bytes.len;
    while (bytes.len > 0) {
        size_t len = bytes.len < step ? bytes.len : step;
        if (http_server_is_stopping(server) ||
            !send_all(fd, (struct slice){bytes.ptr, len})) {
            return false;
        }
        bytes.ptr += len;
        bytes.len -= len;
        if (bytes.len > 0 && spoil->drip_ms > 0) {
            http_server_pause(server, spoil->drip_ms);
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
static bool
send_spoiled(struct http_server *server, struct exchange *exchange,
             const struct http_spoil *spoil)
{
    int fd = MHD_get_connection_info(exchange->connection,
                                     MHD_CONNECTION_INFO_CONNECTION_FD)
                 ->connect_fd;
    struct body body;
    if (spoil->lose || !open_body(exchange, &body)) {
        reset_connection(fd);
        return false;
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
        if (send_slowly(server, fd, first, spoil)) {
            send_slowly(server, fd, sent, spoil);
        }
    }
    if (spoil->reset) {
        reset_connection(fd);
    }
    buffer_release(&head);
    close_body(&body);
    return false;
}

bool
http_answer_send(struct http_server *server, struct exchange *exchange,
                 const struct http_spoil *spoil)
{
    return spoil->spoiled ? send_spoiled(server, exchange, spoil)
                          : send_well(exchange);
}
