/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/server/http_server.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* What the service does next, and what it saw. */
struct bench {
    struct http_server *server;
    struct http_spoil spoil;
    bool spool, refuse;
    uint64_t limit;
    char seen[256];
    uint64_t seen_size;
    bool too_large, broken;
};

static const char answer[] = "{\"answer\":42}";

static void
begin(void *cookie, struct exchange *exchange, uint64_t *limit_bytes,
      bool *spool, bool *inflate)
{
    struct bench *bench = cookie;
    (void)exchange;
    *limit_bytes = bench->limit;
    *spool = bench->spool;
    *inflate = true;
}

static void
serve(void *cookie, struct exchange *exchange, struct http_spoil *spoil)
{
    struct bench *bench = cookie;
    bench->seen_size = exchange->body_size;
    bench->too_large = exchange->body_too_large;
    bench->broken = exchange->body_broken;
    if (!exchange->spool_path) {
        snprintf(bench->seen, sizeof bench->seen, "%s %s %.*s",
                 exchange->method, exchange->uri,
                 SLICE_ARGS(buffer_slice(&exchange->body)));
    }
    *spoil = bench->spoil;
    exchange_answer_text(exchange, 200, "application/json", answer);
}

static bool
admit(void *cookie)
{
    return !((struct bench *)cookie)->refuse;
}

static int
setup(void **state)
{
    struct bench *bench = mem_zalloc(sizeof *bench);
    struct error err = {0};
    struct http_service service = {bench, begin, serve, admit};
    bench->limit = 1000;
    bench->server = http_server_start(0, &service, "/tmp", &err);
    *state = bench;
    return bench->server ? 0 : -1;
}

static int
teardown(void **state)
{
    struct bench *bench = *state;
    http_server_stop(bench->server);
    free(bench);
    return 0;
}

/* Sends the bytes and reads until the end; errno of the end in *ended. */
static size_t
talk(const struct bench *bench, const char *bytes, size_t len, char *reply,
     size_t size, int *ended)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(http_server_port(bench->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t got = 0;
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address),
                     0);
    send(fd, bytes, len, MSG_NOSIGNAL);
    *ended = 0;
    for (;;) {
        ssize_t step = recv(fd, reply + got, size - 1 - got, 0);
        if (step <= 0) {
            *ended = step < 0 ? errno : 0;
            break;
        }
        got += (size_t)step;
    }
    reply[got] = '\0';
    close(fd);
    return got;
}

#define GET_REQUEST                                                            \
    "GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static size_t
get(const struct bench *bench, char *reply, size_t size, int *ended)
{
    return talk(bench, GET_REQUEST, sizeof GET_REQUEST - 1, reply, size, ended);
}

static const char *
body_of(const char *reply)
{
    const char *end = strstr(reply, "\r\n\r\n");
    assert_non_null(end);
    return end + 4;
}

static void
test_answers(void **state)
{
    struct bench *bench = *state;
    char reply[4096];
    int ended;
    get(bench, reply, sizeof reply, &ended);
    assert_string_equal(body_of(reply), answer);
    assert_non_null(strstr(reply, "Content-Length: 13\r\n"));
    assert_string_equal(bench->seen, "GET /a%20b?c=d ");
}

static void
test_spoils(void **state)
{
    struct bench *bench = *state;
    char reply[4096];
    int ended;
    bench->spoil = (struct http_spoil){.spoiled = true, .lose = true};
    assert_int_equal(get(bench, reply, sizeof reply, &ended), 0);
    assert_int_equal(ended, ECONNRESET);
    bench->spoil =
        (struct http_spoil){.spoiled = true, .reset = true, .reset_at = 30};
    assert_int_equal(get(bench, reply, sizeof reply, &ended), 30);
    assert_int_equal(ended, ECONNRESET);
    bench->spoil =
        (struct http_spoil){.spoiled = true, .cut = true, .cut_at = 4};
    get(bench, reply, sizeof reply, &ended);
    assert_string_equal(body_of(reply), "{\"an");
    assert_non_null(strstr(reply, "Content-Length: 13\r\n"));
    bench->spoil.cut_is_declared = true;
    get(bench, reply, sizeof reply, &ended);
    assert_string_equal(body_of(reply), "{\"an");
    assert_non_null(strstr(reply, "Content-Length: 4\r\n"));
    bench->spoil = (struct http_spoil){.spoiled = true, .length_error = -3};
    get(bench, reply, sizeof reply, &ended);
    assert_non_null(strstr(reply, "Content-Length: 10\r\n"));
    assert_string_equal(body_of(reply), answer);
    bench->spoil = (struct http_spoil){.spoiled = true, .twice = true};
    get(bench, reply, sizeof reply, &ended);
    assert_non_null(strstr(body_of(reply), "HTTP/1.1 200 OK"));
    bench->spoil =
        (struct http_spoil){.spoiled = true, .drip_bytes = 7, .drip_ms = 1};
    get(bench, reply, sizeof reply, &ended);
    assert_string_equal(body_of(reply), answer);
}

static void
test_refuses(void **state)
{
    struct bench *bench = *state;
    char reply[256];
    int ended;
    bench->refuse = true;
    assert_int_equal(get(bench, reply, sizeof reply, &ended), 0);
}

static void
post(const struct bench *bench, const char *headers, const void *body,
     size_t len, char *reply, size_t size)
{
    char request[4096];
    int ended;
    int head = snprintf(request, sizeof request,
                        "POST /p HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        headers, len);
    memcpy(request + head, body, len);
    talk(bench, request, (size_t)head + len, reply, size, &ended);
}

static size_t
gzip(const char *text, size_t len, char *out, size_t size)
{
    z_stream stream = {0};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    char *copy = slice_dup((struct slice){text, len});
    stream.next_in = (Bytef *)copy;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t used = stream.total_out;
    deflateEnd(&stream);
    free(copy);
    return used;
}

static void
test_bodies(void **state)
{
    struct bench *bench = *state;
    char reply[4096], packed[256], zeros[1200] = {0};
    post(bench, "", "hello", 5, reply, sizeof reply);
    assert_string_equal(bench->seen, "POST /p hello");
    size_t len = gzip("hello", 5, packed, sizeof packed);
    post(bench, "Content-Encoding: gzip\r\n", packed, len, reply, sizeof reply);
    assert_string_equal(bench->seen, "POST /p hello");
    post(bench, "Content-Encoding: gzip\r\n", "no gzip", 7, reply,
         sizeof reply);
    assert_true(bench->broken);
    /* A small body that grows past the limit. */
    len = gzip(zeros, sizeof zeros, packed, sizeof packed);
    post(bench, "Content-Encoding: gzip\r\n", packed, len, reply, sizeof reply);
    assert_true(bench->too_large);
    bench->spool = true;
    post(bench, "", "hello", 5, reply, sizeof reply);
    assert_int_equal(bench->seen_size, 5);
    assert_false(bench->too_large || bench->broken);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spoils, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bodies, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
