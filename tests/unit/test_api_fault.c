/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/api_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct http_answer
answer_of(long status, const char *body)
{
    return (struct http_answer){.status = status, .body = slice_of(body)};
}

static void
test_each_shape_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *body, *code, *message;
    } cases[] = {
        {"[{\"message\":\"Session expired or invalid\",\"errorCode\":"
         "\"INVALID_SESSION_ID\"}]",
         "INVALID_SESSION_ID", "Session expired or invalid"},
        {"{\"error\":\"invalid_grant\",\"error_description\":\"no\\nway\"}",
         "invalid_grant", "no way"},
        {"{\"error\":\"invalid_client\"}", "invalid_client", ""},
        {"<html><body>502 Bad Gateway</body></html>", "",
         "status 502 with an HTML page"},
        {"", "", "status 502 without a body"},
        {"[]", "", "status 502 with an unknown body"},
        {"[\"/services/data/v64.0/x\"]", "", "status 502 with an unknown body"},
        {"[{\"errorCode\":7}]", "", "status 502 with an unknown body"},
        {"{\"error\":{\"error\":{}}}", "", "status 502 with an unknown body"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct api_fault fault;
        struct http_answer answer = answer_of(502, cases[i].body);
        api_fault_read(&answer, &fault);
        assert_string_equal(fault.code, cases[i].code);
        assert_string_equal(fault.message, cases[i].message);
    }
}

static void
test_long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    char body[2000] = "[{\"errorCode\":\"X\",\"message\":\"a";
    for (int i = 0; i < 400; i++) {
        strncat(body, "\xc3\xa9", 3);
    }
    strncat(body, "\"}]", 4);
    struct api_fault fault;
    struct http_answer answer = answer_of(400, body);
    api_fault_read(&answer, &fault);
    struct slice message = slice_of(fault.message);
    assert_true(message.len > 390 && message.len < sizeof fault.message);
    assert_int_equal(slice_utf8_valid_len(message), message.len);
}

static void
test_the_kind_says_what_may_be_done(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *code, *message;
        enum error_kind kind;
    } cases[] = {
        {401, "INVALID_SESSION_ID", "x", ERROR_AUTH},
        {401, "SOMETHING", "x", ERROR_AUTH},
        {400, "InvalidSessionId", "x", ERROR_AUTH},
        {403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.",
         ERROR_LIMIT},
        {403, "REQUEST_LIMIT_EXCEEDED",
         "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
         ERROR_NETWORK},
        {403, "REQUEST_LIMIT_EXCEEDED",
         "ConcurrentPerOrgLongTxn Limit exceeded.", ERROR_NETWORK},
        {400, "EXCEEDEDQUOTA", "x", ERROR_LIMIT},
        {400, "STORAGE_LIMIT_EXCEEDED", "x", ERROR_LIMIT},
        {403, "API_DISABLED_FOR_ORG", "x", ERROR_REMOTE},
        {400, "FeatureNotEnabled", "x", ERROR_REMOTE},
        {400, "INVALIDJOBSTATE", "x", ERROR_REMOTE},
        {503, "SERVER_UNAVAILABLE", "x", ERROR_NETWORK},
        {500, "UNKNOWN_EXCEPTION", "x", ERROR_NETWORK},
        {429, "", "x", ERROR_NETWORK},
        {302, "", "", ERROR_REMOTE},
        {404, "NOT_FOUND", "x", ERROR_REMOTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[300];
        snprintf(body, sizeof body,
                 "[{\"errorCode\":\"%s\",\"message\":\"%s\"}]", cases[i].code,
                 cases[i].message);
        struct http_answer answer = answer_of(cases[i].status, body);
        struct error err = {0};
        assert_false(api_fault_set_error(&answer, "close", &err));
        assert_int_equal(err.kind, cases[i].kind);
        assert_int_equal(strncmp(err.text, "close: ", 7), 0);
        assert_non_null(strstr(err.text, cases[i].code));
    }
}

static void
test_a_transport_error_is_passed_on(void **state)
{
    (void)state;
    struct http_answer answer = {.status = 0};
    error_set(&answer.error, ERROR_SYSTEM, 5, "disk");
    struct error err = {0};
    api_fault_set_error(&answer, "poll", &err);
    assert_int_equal(err.kind, ERROR_SYSTEM);
    assert_string_equal(err.text, "poll: disk");
}

static void
test_advice_about_rows(void **state)
{
    (void)state;
    static const struct {
        const char *code, *message;
        enum row_advice advice;
    } cases[] = {
        {"UNABLE_TO_LOCK_ROW", "", ROW_AGAIN},
        {"REQUEST_RUNNING_TOO_LONG", "", ROW_AGAIN},
        {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
         "trigger: first error: UNABLE_TO_LOCK_ROW, unable", ROW_AGAIN},
        {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger: no", ROW_NEVER},
        {"STORAGE_LIMIT_EXCEEDED", "", ROW_STOP},
        {"REQUIRED_FIELD_MISSING", "UNABLE_TO_LOCK_ROW", ROW_NEVER},
        {"", "", ROW_NEVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(api_fault_row_advice(slice_of(cases[i].code),
                                              slice_of(cases[i].message)),
                         cases[i].advice);
    }
}

static void
a_key_of_several_records_names_them(void **state)
{
    (void)state;
    struct api_fault fault;
    struct error err = {0};
    struct http_answer answer = {
        .status = 300,
        .body =
            SLICE_LITERAL("[\"/services/data/v64.0/sobjects/Contact/003A\","
                          "\"/services/data/v64.0/sobjects/Contact/003B\"]")};
    api_fault_read(&answer, &fault);
    assert_string_equal(fault.code, "DUPLICATE_EXTERNAL_ID");
    assert_string_equal(fault.message,
                        "more than one record found for external id field: "
                        "[003A, 003B]");
    assert_false(api_fault_set_error(&answer, "upsert", &err));
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_non_null(strstr(err.text, "make the key unique in the org"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_of_several_records_names_them),
        cmocka_unit_test(test_each_shape_is_read),
        cmocka_unit_test(test_long_texts_are_cut_at_a_character),
        cmocka_unit_test(test_the_kind_says_what_may_be_done),
        cmocka_unit_test(test_a_transport_error_is_passed_on),
        cmocka_unit_test(test_advice_about_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
