/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/query.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "scripted_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define REPLIES 4

struct fixture {
    struct scripted_server *server;
    char *texts[REPLIES];
    size_t count;
    struct org org;
    struct session session;
    struct buffer seen; /* "value|value\n" a record, "-" for none */
    struct error err;
};

static bool
note_record(void *cookie, const struct slice *values, struct error *err)
{
    struct fixture *f = cookie;
    (void)err;
    for (size_t i = 0; i < 2; i++) {
        if (values[i].ptr == NULL) {
            buffer_append_char(&f->seen, '-');
        }
        buffer_append_slice(&f->seen, values[i]);
        buffer_append_char(&f->seen, i == 0 ? '|' : '\n');
    }
    return true;
}

/* Asks for key and value with these pages as answers. */
static bool
ask(struct fixture *f, const char *key, const char *value,
    const char *const *pages, size_t count)
{
    struct script_reply replies[REPLIES];
    *f = (struct fixture){.count = count};
    for (size_t i = 0; i < count; i++) {
        f->texts[i] = mem_printf("HTTP/1.1 200 OK\r\n"
                                 "Content-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen(pages[i]), pages[i]);
        replies[i] =
            (struct script_reply){.bytes = f->texts[i], .end = SCRIPT_KEEP};
    }
    f->server = scripted_server_start(replies, count);
    f->org = (struct org){
        .name = "ci", .api_version = "64.0", .auth = ORG_AUTH_ACCESS_TOKEN};
    f->session = (struct session){
        .org = &f->org,
        .http = http_client_new(&(struct http_options){0}, &f->err),
        .instance_url = mem_strdup(scripted_server_url(f->server)),
        .token = mem_strdup("t"),
        .authorization = mem_strdup("Bearer t"),
    };
    const struct slice fields[] = {slice_of(key), slice_of(value)};
    const struct query query = {
        .session = &f->session,
        .soql = SLICE_LITERAL("SELECT Id, Name FROM Account WHERE Name = 'ä'"),
        .fields = fields,
        .field_count = 2,
        .on_record = note_record,
        .cookie = f,
    };
    return query_run(&query, &f->err);
}

static void
release(struct fixture *f)
{
    http_client_free(f->session.http);
    f->session.http = NULL;
    session_close(&f->session);
    scripted_server_stop(f->server);
    for (size_t i = 0; i < f->count; i++) {
        free(f->texts[i]);
    }
    buffer_release(&f->seen);
}

static void
pages_are_followed(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "{\"done\":false,\"nextRecordsUrl\":"
        "\"/services/data/v64.0/query/01gA-2000\",\"records\":["
        "{\"attributes\":{},\"Id\":\"1\",\"Owner\":{\"Name\":\"Ann\"}},"
        "{\"Id\":2,\"Owner\":null}]}",
        "{\"done\":true,\"records\":[{\"Id\":true,\"Owner\":{\"Name\":1.5}}]}"};
    struct fixture f;
    assert_true(ask(&f, "id", "owner.name", pages, 2));
    assert_string_equal(buffer_text(&f.seen), "1|Ann\n2|-\ntrue|1.5\n");
    assert_non_null(strstr(scripted_server_request(f.server, 0),
                           "/services/data/v64.0/query?q=SELECT%20Id"));
    assert_non_null(strstr(scripted_server_request(f.server, 0), "%C3%A4"));
    assert_non_null(strstr(scripted_server_request(f.server, 1),
                           "GET /services/data/v64.0/query/01gA-2000 "));
    release(&f);
}

static void
what_is_no_answer_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *page;
        enum error_kind kind;
        const char *text;
    } cases[] = {
        {"{\"done\":true,\"records\":[{\"Id\":\"1\"}]}", ERROR_CONFIG,
         "have no field 'Name'"},
        {"{\"done\":true,\"records\":[{\"Id\":\"1\",\"Name\":{}}]}",
         ERROR_CONFIG, "have no field 'Name'"},
        {"{\"done\":true,\"records\":[7]}", ERROR_CONFIG, "have no field 'Id'"},
        {"{\"done\":true}", ERROR_NETWORK, "holds no records"},
        {"{\"done\":false,\"records\":[]}", ERROR_NETWORK, "not the last page"},
        {"{\"records\":[],\"nextRecordsUrl\":\"http://evil.example/\"}",
         ERROR_NETWORK, "no next page"},
        {"{\"records\":[],\"nextRecordsUrl\":\"/services/data/../x\"}",
         ERROR_NETWORK, "no next page"},
        {"{\"records\":[],\"nextRecordsUrl\":\"/services/data/?q=1\"}",
         ERROR_NETWORK, "no next page"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        assert_false(ask(&f, "Id", "Name", &cases[i].page, 1));
        assert_int_equal(f.err.kind, cases[i].kind);
        if (strstr(f.err.text, cases[i].text) == NULL) {
            fail_msg("case %zu: %s", i, f.err.text);
        }
        release(&f);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_followed),
        cmocka_unit_test(what_is_no_answer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
