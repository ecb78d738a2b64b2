/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_client.h"

#include "base/clock.h"
#include "scratch.h"
#include "scripted_server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <zlib.h>

#include <cmocka.h>

#define REPLY(text, how)                                                       \
    {                                                                          \
        .bytes = (text), .end = (how)                                          \
    }
#define OK_HEAD "HTTP/1.1 200 OK\r\n"
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct fixture {
    struct scripted_server *server;
    struct http_client *client;
    struct http_request request;
    struct http_answer answer;
    struct error err;
};

static uint64_t
no_jitter(void)
{
    return 0;
}

static void
open_fixture(struct fixture *f, const struct script_reply *replies,
             size_t count, struct http_options options)
{
    *f = (struct fixture){.request = {.method = "GET", .name = "test"}};
    f->server = scripted_server_start(replies, count);
    f->client = http_client_new(&options, &f->err);
    assert_non_null(f->client);
    http_request_set_url(&f->request, "%s/path",
                         scripted_server_url(f->server));
}

static void
close_fixture(struct fixture *f)
{
    http_client_free(f->client);
    scripted_server_stop(f->server);
    http_request_release(&f->request);
}

static bool
call(struct fixture *f)
{
    f->err = (struct error){0};
    return http_client_call(f->client, &f->request, NULL, &f->answer, &f->err);
}

/* One try, without the repeats of http_client_call. */
static void
call_once(struct fixture *f)
{
    f->err = (struct error){0};
    assert_true(http_client_start(f->client, &f->request, NULL, f, &f->err));
    assert_ptr_equal(http_client_next(f->client, 20000, &f->answer), f);
}

static void
assert_body(const struct fixture *f, const char *want)
{
    assert_int_equal(f->answer.body.len, strlen(want));
    assert_memory_equal(f->answer.body.ptr, want, strlen(want));
}

static void
test_an_answer_is_read_whole(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY("HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD
              "Content-Type: Application/JSON; charset=UTF-8\r\n"
              "sforce-limit-info: api-usage=18/5000\r\nSforce-Locator: MTAw\r\n"
              "Date: Thu, 01 Jan 1970 00:01:00 GMT\r\nRetry-After: 7\r\n"
              "Content-Length: 2\r\n\r\n{}",
              SCRIPT_KEEP)};
    struct fixture f;
    open_fixture(&f, replies, 1, (struct http_options){0});
    http_request_add_header(&f.request, "X-Ours", "1");
    struct http_answer *answer = &f.answer;
    assert_true(http_client_call(f.client, &f.request, "Bearer secret", answer,
                                 &f.err));
    assert_int_equal(answer->status, 200);
    assert_body(&f, "{}");
    assert_string_equal(answer->content_type, "application/json");
    assert_string_equal(answer->limit_info, "api-usage=18/5000");
    assert_string_equal(answer->locator, "MTAw");
    assert_int_equal(answer->date_ms, 60000);
    assert_int_equal(answer->retry_after_ms, 7000);
    assert_true(answer->was_sent);
    assert_true(answer->sent_bytes > 50 && answer->received_bytes > 50);
    const char *request = scripted_server_request(f.server, 0);
    assert_non_null(strstr(request, "GET /path HTTP/1.1\r\n"));
    assert_non_null(strstr(request, "Authorization: Bearer secret\r\n"));
    assert_non_null(strstr(request, "User-Agent: sfetl/"));
    assert_non_null(strstr(request, "Accept-Encoding: gzip, deflate\r\n"));
    assert_non_null(strstr(request, "X-Ours: 1\r\n"));
    assert_null(strstr(request, "Content-Type"));
    close_fixture(&f);
}

static void
test_a_cut_answer_is_no_answer(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY(OK_HEAD "Content-Length: 10\r\n\r\nabc", SCRIPT_CLOSE),
        REPLY(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
              SCRIPT_CLOSE),
        REPLY(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
              SCRIPT_CLOSE),
        REPLY("HTTP/1.1 200 OK\r\nContent-Le", SCRIPT_CLOSE),
        REPLY(NULL, SCRIPT_CLOSE),
        REPLY(NULL, SCRIPT_RESET),
        REPLY("SSH-2.0-OpenSSH\r\n", SCRIPT_CLOSE),
    };
    struct fixture f;
    open_fixture(&f, replies, COUNT(replies), (struct http_options){0});
    f.request.repeat = HTTP_REPEAT_NEVER;
    for (size_t i = 0; i < COUNT(replies); i++) {
        call_once(&f);
        assert_int_equal(f.answer.status, 0);
        assert_int_equal(f.answer.error.kind, ERROR_NETWORK);
        assert_non_null(strstr(f.answer.error.text, "127.0.0.1:"));
        assert_true(f.answer.was_sent);
    }
    assert_int_equal(scripted_server_count(f.server), COUNT(replies));
    close_fixture(&f);
}

static size_t
gzip(const char *text, size_t len, char *to, size_t size)
{
    z_stream stream = {0};
    deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    char *input = mem_alloc(len);
    memcpy(input, text, len);
    stream.next_in = (Bytef *)input;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)to;
    stream.avail_out = (uInt)size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    free(input);
    return size - stream.avail_out;
}

static struct script_reply
gzip_reply(char *bytes, size_t size, const char *body, size_t len, size_t cut)
{
    char packed[8192];
    size_t packed_len = gzip(body, len, packed, sizeof packed) - cut;
    int head = snprintf(bytes, size,
                        OK_HEAD "Content-Encoding: gzip\r\n"
                                "Content-Length: %zu\r\n\r\n",
                        packed_len);
    memcpy(bytes + head, packed, packed_len);
    return (struct script_reply){bytes, (size_t)head + packed_len, SCRIPT_KEEP};
}

static void
test_gzip_is_read_and_bounded(void **state)
{
    (void)state;
    char bytes[4][8192];
    char *zeros = mem_zalloc(1 << 20);
    const struct script_reply replies[] = {
        gzip_reply(bytes[0], sizeof bytes[0], "hello hello", 11, 0),
        gzip_reply(bytes[1], sizeof bytes[1], "hello hello", 11, 4),
        gzip_reply(bytes[2], sizeof bytes[2], zeros, 1 << 20, 0),
        REPLY(OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
              SCRIPT_KEEP),
        REPLY(OK_HEAD "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
              SCRIPT_KEEP),
    };
    struct fixture f;
    open_fixture(&f, replies, COUNT(replies), (struct http_options){0});
    f.request.answer_limit = 1000;
    call_once(&f);
    assert_int_equal(f.answer.status, 200);
    assert_body(&f, "hello hello");
    call_once(&f);
    assert_int_equal(f.answer.error.kind, ERROR_NETWORK);
    assert_non_null(strstr(f.answer.error.text, "end early"));
    call_once(&f);
    assert_int_equal(f.answer.error.kind, ERROR_REMOTE);
    assert_non_null(strstr(f.answer.error.text, "larger than 1000 bytes"));
    call_once(&f);
    assert_int_equal(f.answer.error.kind, ERROR_NETWORK);
    call_once(&f);
    assert_non_null(strstr(f.answer.error.text, "'br'"));
    free(zeros);
    close_fixture(&f);
}

static void
test_a_file_appears_whole_or_not(void **state)
{
    static const struct script_reply replies[] = {
        REPLY(OK_HEAD "Content-Length: 10\r\n\r\nabc", SCRIPT_CLOSE),
        REPLY("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone",
              SCRIPT_KEEP),
        REPLY(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                      "2\r\nde\r\n0\r\n\r\n",
              SCRIPT_KEEP),
        REPLY(OK_HEAD "Content-Length: 0\r\n\r\n", SCRIPT_KEEP),
    };
    struct fixture f;
    open_fixture(&f, replies, COUNT(replies), (struct http_options){0});
    char *path = scratch_path(state, "answer.csv");
    char *part = mem_printf("%s.part", path);
    f.request.answer_path = path;
    call_once(&f);
    assert_int_equal(f.answer.status, 0);
    call_once(&f);
    assert_int_equal(f.answer.status, 404);
    assert_body(&f, "gone");
    assert_false(file_exists(path));
    call_once(&f);
    assert_int_equal(f.answer.status, 200);
    assert_int_equal(f.answer.body_size, 5);
    assert_int_equal(f.answer.body.len, 0);
    struct buffer got = {0};
    assert_true(file_read_whole(path, 100, &got, &f.err));
    assert_string_equal(buffer_text(&got), "abcde");
    buffer_release(&got);
    call_once(&f);
    assert_int_equal(f.answer.status, 200);
    assert_int_equal(file_size(path), 0);
    close_fixture(&f);
    assert_false(file_exists(part));
    f.request.answer_path = NULL;
    free(part);
    free(path);
}

static void
test_a_file_is_uploaded_as_it_is(void **state)
{
    static const struct script_reply replies[] = {REPLY(
        "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", SCRIPT_KEEP)};
    struct fixture f;
    open_fixture(&f, replies, 1, (struct http_options){0});
    char *path = scratch_path(state, "chunk.csv");
    size_t size = 300000;
    char *bytes = mem_alloc(size);
    memset(bytes, 'x', size);
    assert_true(file_replace(path, (struct slice){bytes, size}, &f.err));
    f.request.method = "PUT";
    f.request.body_path = path;
    http_request_add_header(&f.request, "Content-Type", "text/csv");
    assert_true(call(&f));
    assert_int_equal(f.answer.status, 201);
    const char *request = scripted_server_request(f.server, 0);
    assert_non_null(strstr(request, "PUT /path HTTP/1.1\r\n"));
    assert_non_null(strstr(request, "Content-Length: 300000\r\n"));
    assert_non_null(strstr(request, "Content-Type: text/csv\r\n"));
    assert_null(strstr(request, "Expect"));
    assert_int_equal(strlen(strstr(request, "\r\n\r\n") + 4), size);
    f.request.body_path = "/nonexistent/chunk.csv";
    assert_false(call(&f));
    assert_int_equal(f.err.kind, ERROR_SYSTEM);
    free(bytes);
    free(path);
    close_fixture(&f);
}

static void
test_a_body_in_memory_is_sent(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY("HTTP/1.1 204 No Content\r\n\r\n", SCRIPT_KEEP),
        REPLY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SCRIPT_KEEP)};
    struct fixture f;
    open_fixture(&f, replies, 2, (struct http_options){0});
    f.request.method = "PATCH";
    f.request.body = SLICE_LITERAL("{\"state\":\"Aborted\"}");
    http_request_add_header(&f.request, "Content-Type", "application/json");
    assert_true(call(&f));
    assert_int_equal(f.answer.status, 204);
    const char *request = scripted_server_request(f.server, 0);
    assert_non_null(strstr(request, "PATCH /path"));
    assert_non_null(strstr(request, "\r\n\r\n{\"state\":\"Aborted\"}"));
    f.request.method = "POST";
    f.request.body = (struct slice){0};
    assert_true(call(&f));
    assert_non_null(
        strstr(scripted_server_request(f.server, 1), "Content-Length: 0\r\n"));
    close_fixture(&f);
}

static void
test_a_busy_org_is_asked_again(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY("HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\n<p>", SCRIPT_KEEP),
        REPLY(NULL, SCRIPT_RESET),
        REPLY(OK_HEAD "Content-Length: 2\r\n\r\nok", SCRIPT_KEEP),
    };
    struct fixture f;
    open_fixture(&f, replies, COUNT(replies), (struct http_options){0});
    assert_true(call(&f));
    assert_int_equal(f.answer.status, 200);
    assert_int_equal(scripted_server_count(f.server), 3);
    assert_int_equal(http_client_totals(f.client).requests, 3);
    close_fixture(&f);
}

static void
test_what_must_not_be_repeated_is_sent_once(void **state)
{
    (void)state;
    /* The second request goes out on the kept connection and dies there, the
     * case that curl would repeat by itself. */
    static const struct script_reply replies[] = {
        REPLY(OK_HEAD "Content-Length: 0\r\n\r\n", SCRIPT_KEEP),
        REPLY(NULL, SCRIPT_CLOSE),
        REPLY("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", SCRIPT_KEEP),
    };
    struct fixture f;
    open_fixture(&f, replies, COUNT(replies), (struct http_options){0});
    f.request.repeat = HTTP_REPEAT_NEVER;
    f.request.method = "POST";
    assert_true(call(&f));
    assert_false(call(&f));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_true(f.answer.was_sent);
    assert_int_equal(scripted_server_count(f.server), 2);
    assert_true(call(&f));
    assert_int_equal(f.answer.status, 503);
    assert_int_equal(scripted_server_count(f.server), 3);
    close_fixture(&f);
}

static void
test_a_stall_ends(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY(OK_HEAD "Content-Length: 10\r\n\r\nabc", SCRIPT_STALL)};
    struct fixture f;
    open_fixture(&f, replies, 1,
                 (struct http_options){.stall_timeout_ms = 1000});
    call_once(&f);
    assert_int_equal(f.answer.status, 0);
    assert_int_equal(f.answer.error.kind, ERROR_NETWORK);
    assert_non_null(strstr(f.answer.error.text, "for 1 s"));
    close_fixture(&f);
}

static void
test_nobody_listens(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, NULL, 0, (struct http_options){0});
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof address;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    http_request_set_url(&f.request, "http://127.0.0.1:%u/",
                         (unsigned)ntohs(address.sin_port));
    f.request.repeat = HTTP_REPEAT_NEVER;
    assert_false(call(&f));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    assert_non_null(strstr(f.err.text, "Connection refused"));
    assert_false(f.answer.was_sent);
    close(fd);
    close_fixture(&f);
}

static void
test_addresses_that_may_not_be_called(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "ftp://127.0.0.1/",
        "https://user:secret@example.com/",
        "nonsense",
        "",
        "http://128.0.0.1/",
        "file:///etc/passwd",
    };
    struct fixture f;
    open_fixture(&f, NULL, 0, (struct http_options){0});
    for (size_t i = 0; i < COUNT(urls); i++) {
        f.request.url = urls[i];
        assert_false(call(&f));
        assert_int_equal(f.err.kind, ERROR_CONFIG);
        assert_null(strstr(f.err.text, "secret"));
    }
    http_request_set_url(&f.request, "%s/", scripted_server_url(f.server));
    http_request_add_header(&f.request, "X-Bad", "a\r\nX-Worse: b");
    assert_false(call(&f));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    close_fixture(&f);
}

static void
test_a_redirect_is_an_answer(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {
        REPLY("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
              "Content-Length: 0\r\n\r\n",
              SCRIPT_KEEP)};
    struct fixture f;
    open_fixture(&f, replies, 1, (struct http_options){0});
    assert_true(call(&f));
    assert_int_equal(f.answer.status, 302);
    close_fixture(&f);
}

static bool
is_asked_twice(void *cookie)
{
    int *asked = cookie;
    return ++*asked > 1;
}

static void
test_a_call_can_be_stopped(void **state)
{
    (void)state;
    static const struct script_reply replies[] = {REPLY(NULL, SCRIPT_STALL)};
    struct fixture f;
    int asked = 0;
    open_fixture(
        &f, replies, 1,
        (struct http_options){.stop = is_asked_twice, .stop_cookie = &asked});
    assert_false(call(&f));
    assert_int_equal(f.err.kind, ERROR_CANCELLED);
    assert_int_equal(http_client_active(f.client), 0);
    close_fixture(&f);
}

static void
on_alarm(int number)
{
    (void)number;
}

static void *
wake_soon(void *client)
{
    usleep(20000);
    http_client_wake(client);
    return NULL;
}

static void
test_a_wait_can_be_ended(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, NULL, 0, (struct http_options){0});
    signal(SIGALRM, on_alarm);
    pthread_t thread;
    pthread_create(&thread, NULL, wake_soon, f.client);
    int64_t begin_ms = clock_monotonic_ms();
    assert_null(http_client_next(f.client, 10000, &f.answer));
    assert_true(clock_monotonic_ms() - begin_ms < 5000);
    pthread_join(thread, NULL);
    close_fixture(&f);
}

static void
test_many_are_in_flight_beside_a_call(void **state)
{
    (void)state;
    enum { MANY = 20 };
    struct script_reply replies[MANY + 1];
    for (size_t i = 0; i <= MANY; i++) {
        replies[i] = (struct script_reply)REPLY(
            OK_HEAD "Content-Length: 2\r\n\r\nok", SCRIPT_KEEP);
    }
    struct fixture f;
    open_fixture(&f, replies, MANY + 1, (struct http_options){0});
    struct http_request requests[MANY] = {0};
    bool seen[MANY] = {false};
    for (size_t i = 0; i < MANY; i++) {
        requests[i].method = "GET";
        requests[i].name = "many";
        http_request_set_url(&requests[i], "%s/%zu",
                             scripted_server_url(f.server), i);
        assert_true(
            http_client_start(f.client, &requests[i], NULL, &seen[i], &f.err));
    }
    assert_int_equal(http_client_active(f.client), MANY);
    assert_true(call(&f));
    assert_body(&f, "ok");
    for (size_t i = 0; i < MANY; i++) {
        bool *cookie = http_client_next(f.client, 10000, &f.answer);
        assert_non_null(cookie);
        assert_false(*cookie);
        *cookie = true;
        assert_body(&f, "ok");
    }
    assert_null(http_client_next(f.client, 0, &f.answer));
    for (size_t i = 0; i < MANY; i++) {
        http_request_release(&requests[i]);
    }
    close_fixture(&f);
}

static void
test_escape(void **state)
{
    (void)state;
    struct http_request request = {0};
    assert_string_equal(
        http_request_escape(&request, SLICE_LITERAL("a/b c\xc3\xa9~")),
        "a%2Fb%20c%C3%A9~");
    http_request_release(&request);
}

int
main(void)
{
    signal(SIGPIPE, SIG_IGN);
    clock_replace((struct clock_source){.random = no_jitter});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_is_read_whole),
        cmocka_unit_test(test_a_cut_answer_is_no_answer),
        cmocka_unit_test(test_gzip_is_read_and_bounded),
        cmocka_unit_test(test_a_file_appears_whole_or_not),
        cmocka_unit_test(test_a_file_is_uploaded_as_it_is),
        cmocka_unit_test(test_a_body_in_memory_is_sent),
        cmocka_unit_test(test_a_busy_org_is_asked_again),
        cmocka_unit_test(test_what_must_not_be_repeated_is_sent_once),
        cmocka_unit_test(test_a_stall_ends),
        cmocka_unit_test(test_nobody_listens),
        cmocka_unit_test(test_addresses_that_may_not_be_called),
        cmocka_unit_test(test_a_redirect_is_an_answer),
        cmocka_unit_test(test_a_call_can_be_stopped),
        cmocka_unit_test(test_a_wait_can_be_ended),
        cmocka_unit_test(test_many_are_in_flight_beside_a_call),
        cmocka_unit_test(test_escape),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
