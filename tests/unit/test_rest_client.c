/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/rest_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOOD "{\"id\":\"001Re0000000001IAA\",\"success\":true,\"errors\":[]}"

static bool
is_taken(const char *answer, size_t count)
{
    struct error err = {0};
    json_t *list = rest_client_parse(slice_of(answer), count, &err);
    bool taken = list != NULL;
    assert_int_equal(err.kind, taken ? ERROR_NONE : ERROR_NETWORK);
    json_decref(list);
    return taken;
}

static void
only_whole_answers_are_taken(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "null",
        "<html>",
        "{}",
        GOOD,
        "[]",
        "[" GOOD "," GOOD "]",
        "[" GOOD,
        "[null]",
        "[{}]",
        "[{\"success\":true}]",
        "[{\"id\":\"short\",\"success\":true}]",
        "[{\"id\":\"001Re00000000'1IAA\",\"success\":true}]",
        "[{\"id\":7,\"success\":true}]",
        "[{\"id\":\"001Re0000000001IAA\",\"success\":\"true\"}]",
        "[{\"success\":false}]",
        "[{\"success\":false,\"errors\":[]}]",
        "[{\"success\":false,\"errors\":{}}]",
        "[{\"success\":false,\"errors\":[7]}]",
        "[{\"success\":false,\"errors\":[{\"statusCode\":\"A\"}]}]",
        "[{\"success\":false,\"errors\":[{\"statusCode\":\"a b\","
        "\"message\":\"m\"}]}]",
        "[{\"id\":\"x\",\"success\":false,\"errors\":[{\"statusCode\":\"A\","
        "\"message\":\"m\"}]}]",
    };
    assert_true(is_taken("[" GOOD "]", 1));
    assert_true(is_taken("[" GOOD "," GOOD "]", 2));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(is_taken(bad[i], 1));
    }
}

static void
check_message(const char *errors, const char *want)
{
    struct error err = {0};
    struct buffer message = {0};
    struct save_result result;
    char text[600];
    snprintf(text, sizeof text, "[{\"success\":false,\"errors\":%s}]", errors);
    json_t *list = rest_client_parse(slice_of(text), 1, &err);
    assert_non_null(list);
    rest_client_read(json_array_get(list, 0), &result, &message);
    assert_false(result.success);
    assert_int_equal(result.id.len, 0);
    assert_true(slice_is(result.code, "CODE_A"));
    assert_string_equal(buffer_text(&message), want);
    json_decref(list);
    buffer_release(&message);
}

static void
errors_read_as_bulk_spells_them(void **state)
{
    (void)state;
    check_message("[{\"statusCode\":\"CODE_A\",\"message\":\"a: b\","
                  "\"fields\":[\"Name\",\"Age__c\"]}]",
                  "CODE_A:a: b:Name,Age__c --");
    check_message("[{\"statusCode\":\"CODE_A\",\"message\":\"m\"}]",
                  "CODE_A:m:--");
    check_message("[{\"statusCode\":\"CODE_A\",\"message\":\"m\","
                  "\"fields\":[]},{\"statusCode\":\"B\",\"message\":\"n\"},7]",
                  "CODE_A:m:--; B:n:--");
}

static void
requests_go_where_they_should(void **state)
{
    (void)state;
    struct org org = {.api_version = "64.0"};
    char url[] = "https://x.example";
    struct session session = {.org = &org, .instance_url = url};
    struct load load = {.object = "Account",
                        .operation = OPERATION_UPSERT,
                        .external_id = "ERP_Id__c",
                        .assignment_rule = "01Q000000000001"};
    struct http_request request = {0};
    rest_client_send(&request, &session, &load, slice_of("{}"));
    assert_string_equal(request.method, "PATCH");
    assert_string_equal(request.url,
                        "https://x.example/services/data/v64.0/composite/"
                        "sobjects/Account/ERP_Id__c");
    assert_int_equal(request.repeat, HTTP_REPEAT_SAFE);
    assert_string_equal(request.headers[1].name, "Sforce-Auto-Assign");
    load.operation = OPERATION_INSERT;
    load.assignment_rule = NULL;
    rest_client_send(&request, &session, &load, slice_of("{}"));
    assert_string_equal(request.method, "POST");
    assert_int_equal(request.repeat, HTTP_REPEAT_NEVER);
    load.operation = OPERATION_DELETE;
    rest_client_send(&request, &session, &load, slice_of("001,0&2"));
    assert_string_equal(request.url,
                        "https://x.example/services/data/v64.0/composite/"
                        "sobjects?ids=001%2C0%262&allOrNone=false");
    assert_null(request.body.ptr);
    assert_false(rest_client_knows(OPERATION_HARD_DELETE));
    assert_false(rest_client_knows(OPERATION_UNDELETE));
    assert_false(rest_client_may_repeat(OPERATION_INSERT));
    assert_true(rest_client_may_repeat(OPERATION_UPDATE));
    http_request_release(&request);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_whole_answers_are_taken),
        cmocka_unit_test(errors_read_as_bulk_spells_them),
        cmocka_unit_test(requests_go_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
