/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_answer.h"

#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define OPEN                                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "             \
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "             \
    "xmlns=\"urn:partner.soap.sforce.com\" "                                   \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"                 \
    "<soapenv:Body><upsertResponse>"
#define CLOSE "</upsertResponse></soapenv:Body></soapenv:Envelope>"
#define GOOD                                                                   \
    "<result><created>true</created><id>001Re0000000001IAA</id>"               \
    "<success>true</success></result>"
#define ERROR                                                                  \
    "<errors><fields>Name</fields><fields>Fax</fields><message>a: b &amp; "    \
    "c</message><statusCode>CODE_A</statusCode></errors>"
#define BAD(errors)                                                            \
    "<result>" errors "<id "                                                   \
    "xsi:nil=\"true\"/><success>false</success></result>"

static bool
is_taken(const char *body, size_t count)
{
    struct error err = {0};
    struct save_results results;
    bool taken = soap_answer_results(slice_of(body), count, &results, &err);
    assert_int_equal(err.kind, taken ? ERROR_NONE : ERROR_NETWORK);
    arena_release(&results.arena);
    return taken;
}

static void
only_whole_answers_are_taken(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "<",
        "<html><body>Down</body></html>",
        "{\"success\":true}",
        OPEN CLOSE,
        OPEN GOOD GOOD CLOSE,
        OPEN GOOD,
        OPEN GOOD "</upsertResponse></soapenv:Body>",
        OPEN GOOD CLOSE "<more/>",
        OPEN GOOD "</upsertResponse><upsertResponse>" CLOSE,
        OPEN "<result><id>001Re0000000001IAA</id></result>" CLOSE,
        OPEN "<result><success>true</success></result>" CLOSE,
        OPEN "<result><id>short</id><success>true</success></result>" CLOSE,
        OPEN "<result><id>001Re0000000001IAA</id><success>yes</success>"
             "</result>" CLOSE,
        OPEN BAD("") CLOSE,
        OPEN BAD("<errors><message>m</message></errors>") CLOSE,
        OPEN BAD("<errors><message>m</message><statusCode>a b</statusCode>"
                 "</errors>") CLOSE,
        OPEN "<result>" ERROR "<id>001Re0000000001IAA</id><success>true"
             "</success></result>" CLOSE,
        "<!DOCTYPE a [<!ENTITY b \"c\">]>" GOOD,
        "<?xml version=\"1.0\"?><!DOCTYPE Envelope SYSTEM \"file:///x\">" GOOD,
        "\xFE\xFF<",
        OPEN "<result>&b;</result>" CLOSE,
    };
    assert_true(is_taken(OPEN GOOD CLOSE, 1));
    assert_true(is_taken("\xEF\xBB\xBF" OPEN GOOD CLOSE "\n", 1));
    assert_true(is_taken(OPEN GOOD "<!-- > -->" BAD(ERROR) CLOSE, 2));
    assert_false(is_taken(OPEN GOOD CLOSE, 2));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (is_taken(bad[i], 1)) {
            fail_msg("taken: %s", bad[i]);
        }
    }
}

static void
results_are_read_in_order(void **state)
{
    (void)state;
    struct error err = {0};
    struct save_results results;
    assert_true(soap_answer_results(
        slice_of(OPEN GOOD BAD(ERROR "<errors><message>zwei</message>"
                                     "<statusCode>CODE_B</statusCode>"
                                     "</errors>") CLOSE),
        2, &results, &err));
    assert_true(results.items[0].success && results.items[0].created);
    assert_true(slice_is(results.items[0].id, "001Re0000000001IAA"));
    assert_int_equal(results.items[0].message.len, 0);
    assert_false(results.items[1].success || results.items[1].created);
    assert_int_equal(results.items[1].id.len, 0);
    assert_true(slice_is(results.items[1].code, "CODE_A"));
    assert_true(slice_is(results.items[1].message,
                         "CODE_A:a: b & c:Name,Fax --; CODE_B:zwei:--"));
    arena_release(&results.arena);
}

#define FAULT(code, text, detail)                                              \
    "<soapenv:Envelope "                                                       \
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "             \
    "xmlns:sf=\"urn:fault.partner.soap.sforce.com\"><soapenv:Body>"            \
    "<soapenv:Fault><faultcode>" code "</faultcode><faultstring>" text         \
    "</faultstring>" detail "</soapenv:Fault></soapenv:Body>"                  \
    "</soapenv:Envelope>"

static void
check_fault(const char *body, const char *code, const char *message)
{
    char told_code[80], told[400];
    assert_true(soap_answer_fault(slice_of(body), told_code, sizeof told_code,
                                  told, sizeof told));
    assert_string_equal(told_code, code);
    assert_string_equal(told, message);
    assert_false(is_taken(body, 0));
}

static void
faults_are_read(void **state)
{
    (void)state;
    char code[80], message[400];
    check_fault(FAULT("sf:INVALID_LOGIN", "INVALID_LOGIN: no",
                      "<detail><sf:LoginFault><sf:exceptionCode>INVALID_LOGIN"
                      "</sf:exceptionCode><sf:exceptionMessage>no &lt;way&gt;"
                      "</sf:exceptionMessage></sf:LoginFault></detail>"),
                "INVALID_LOGIN", "no <way>");
    check_fault(FAULT("sf:A_B", "A_B: two\nlines ", ""), "A_B", "two lines");
    check_fault(FAULT("soapenv:Client", "Element x invalid", ""), "Client",
                "Element x invalid");
    assert_false(
        soap_answer_fault(slice_of(OPEN GOOD CLOSE), code, 80, message, 400));
    assert_false(
        soap_answer_fault(slice_of("<html/>"), code, 80, message, 400));
}

static void
logins_are_read(void **state)
{
    (void)state;
    struct soap_answer answer;
    soap_answer_read(
        slice_of(
            OPEN
            "<result><serverUrl>https://a.example/services/Soap/u/"
            "64.0/00Dx</serverUrl><sessionId>00Dx!AQ</sessionId>"
            "<userInfo><sessionId>no</sessionId></userInfo></result>" CLOSE),
        1, &answer);
    assert_int_equal(answer.kind, SOAP_RESULTS);
    assert_true(slice_is(answer.session_id, "00Dx!AQ"));
    assert_true(slice_begins(answer.server_url, "https://a.example/services"));
    arena_release(&answer.results.arena);
}

/* What a hostile answer may try, in bounded time and memory. */
static void
bombs_are_refused(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, OPEN);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_append_text(&text, "<a>");
    }
    assert_false(is_taken(buffer_text(&text), 1)); /* deep */
    buffer_reset(&text);
    buffer_append_text(&text, OPEN "<a");
    for (unsigned i = 0; i < 100000; i++) {
        buffer_printf(&text, " b%u=''", i);
    }
    buffer_append_text(&text, "/>" GOOD CLOSE);
    assert_false(is_taken(buffer_text(&text), 1)); /* attributes */
    buffer_reset(&text);
    buffer_append_text(&text, OPEN);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_append_text(&text, GOOD);
    }
    buffer_append_text(&text, CLOSE);
    assert_false(is_taken(buffer_text(&text), 200)); /* more than asked */
    buffer_reset(&text);
    buffer_append_text(&text, OPEN "<result><errors><message>");
    for (unsigned i = 0; i < 100000; i++) {
        buffer_append_text(&text, "\xC3\xA4");
    }
    buffer_append_text(&text, "</message><statusCode>A</statusCode></errors>"
                              "<id/><success>false</success></result>" CLOSE);
    struct save_results results;
    struct error err = {0};
    assert_true(soap_answer_results(buffer_slice(&text), 1, &results, &err));
    struct slice message = results.items[0].message; /* cut at a character */
    assert_true(message.len < 70000);
    assert_int_equal(slice_utf8_valid_len(message), message.len);
    arena_release(&results.arena);
    buffer_release(&text);
}

/* Answers of real orgs, where they lie beside the tree. */
static void
recorded_answers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum soap_kind kind;
        size_t count;
        bool success;
        const char *code;
    } cases[] = {
        {"cumulusci-create-result-error", SOAP_RESULTS, 1, false,
         "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"},
        {"upsert-response-with-limit-header", SOAP_RESULTS, 1, true, ""},
        {"v28-create-response", SOAP_RESULTS, 1, true, ""},
        {"v28-create-response-failure", SOAP_RESULTS, 1, false,
         "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"},
        {"v28-update-response-failure", SOAP_RESULTS, 1, false,
         "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"},
        {"v28-upsert-response", SOAP_RESULTS, 2, true, ""},
        {"v24-login-error", SOAP_FAULT, 0, false, "INVALID_LOGIN"},
        {"fault-invalid-session-with-hash", SOAP_FAULT, 0, false,
         "INVALID_SESSION_ID"},
        {"fault-mutual-authentication", SOAP_FAULT, 0, false,
         "MUTUAL_AUTHENTICATION_FAILED"},
    };
    const char *top = getenv("srcdir");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = mem_printf("%s/../shared/data/recorded/soap/%s.xml",
                                top ? top : ".", cases[i].name);
        struct buffer text = {0};
        struct error err = {0};
        struct soap_answer answer;
        bool there = file_read_whole(path, 100000, &text, &err);
        free(path);
        if (!there) {
            print_message("# no %s beside the tree\n", cases[i].name);
            continue;
        }
        soap_answer_read(buffer_slice(&text), 9, &answer);
        assert_int_equal(answer.kind, cases[i].kind);
        assert_int_equal(answer.results.count, cases[i].count);
        assert_true(answer.is_sound);
        if (cases[i].kind == SOAP_FAULT) {
            assert_true(slice_is(answer.code, cases[i].code));
        } else {
            assert_int_equal(answer.results.items[0].success, cases[i].success);
            assert_true(slice_is(answer.results.items[0].code, cases[i].code));
        }
        arena_release(&answer.results.arena);
        buffer_release(&text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_whole_answers_are_taken),
        cmocka_unit_test(results_are_read_in_order),
        cmocka_unit_test(faults_are_read),
        cmocka_unit_test(logins_are_read),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(recorded_answers_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
