/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/soap_login.h"

#include "salesforce/api_fault.h"
#include "salesforce/api_limits.h"
#include "salesforce/soap/soap_answer.h"
#include "salesforce/soap/soap_envelope.h"

#include <stdlib.h>

#define BODY_LIMIT_BYTES ((size_t)64 * 1024)
#define ANSWER_LIMIT_BYTES ((size_t)64 * 1024)

static const struct {
    const char *code, *help;
} refusals[] = {
    {"INVALID_LOGIN", "; check 'username' and the password, which is followed "
                      "by the security token where this machine's address is "
                      "not trusted"},
    {"LOGIN_MUST_USE_SECURITY_TOKEN",
     "; the security token belongs at the password's end"},
    {"INVALID_OPERATION", "; switch SOAP login on in the org's Setup, or use "
                          "auth 'jwt', which does not end with API 64.0"},
    {"INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
     "; the password has expired: set a new one"},
    {"PASSWORD_LOCKOUT", "; the user is locked out for some minutes"},
    {"API_DISABLED_FOR_ORG", "; the org's edition has no API access"},
};

static bool
refused(const struct org *org, const struct http_answer *answer,
        struct error *err)
{
    struct api_fault fault;
    api_fault_read(answer, &fault);
    if (!fault.is_soap) {
        bool passes = answer->status >= 500 || answer->status == 429 ||
                      answer->status == 408;
        return error_set(err, passes ? ERROR_NETWORK : ERROR_AUTH, 0,
                         "org '%s': '%s' answered the sign-in with %s; check "
                         "'login_url'",
                         org->name, org->login_url, fault.message);
    }
    const char *help = "";
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(fault.code, refusals[i].code) == 0) {
            help = refusals[i].help;
        }
    }
    bool passes = strcmp(fault.code, "SERVER_UNAVAILABLE") == 0;
    return error_set(err, passes ? ERROR_NETWORK : ERROR_AUTH, 0,
                     "org '%s': sign-in refused: %s: %s%s", org->name,
                     fault.code, fault.message, help);
}

/* Text of a configuration may hold what XML can't. */
static bool
is_xml_text(const char *text)
{
    while (*text != '\0' && ((unsigned char)*text >= ' ' || *text == '\t')) {
        text++;
    }
    return *text == '\0' &&
           slice_utf8_valid_len(slice_of(text)) == strlen(text);
}

static bool
make_body(const struct org *org, struct buffer *body, struct error *err)
{
    char *password = credentials_secret(&org->password, "password", err);
    if (password == NULL) {
        return error_add_context(err, "org '%s'", org->name);
    }
    bool done = is_xml_text(password) && is_xml_text(org->username);
    if (done) {
        soap_envelope_begin(body, NULL, NULL);
        buffer_append_text(body, "<login>");
        soap_envelope_element(body, "username", slice_of(org->username));
        soap_envelope_element(body, "password", slice_of(password));
        buffer_append_text(body, "</login>");
        soap_envelope_end(body);
    } else {
        error_set(err, ERROR_CONFIG, 0,
                  "org '%s': username or password holds a control character "
                  "or is no UTF-8",
                  org->name);
    }
    credentials_wipe(password);
    return done;
}

/* "https://eu1.example/services/Soap/u/64.0/00D…": the instance is before it.
 */
static char *
instance_of(struct slice server_url)
{
    const char *end = server_url.len > 0
                          ? memmem(server_url.ptr, server_url.len, "/services/",
                                   strlen("/services/"))
                          : NULL;
    if (end != NULL) {
        server_url.len = (size_t)(end - server_url.ptr);
    }
    return slice_dup(server_url);
}

static bool
read_token(const struct org *org, const struct http_answer *answer,
           struct oauth_token *token, struct error *err)
{
    struct soap_answer soap;
    soap_answer_read(answer->body, 1, &soap);
    char *text = soap.session_id.len > 0 ? slice_dup(soap.session_id) : NULL;
    char *url = instance_of(soap.server_url);
    bool done = oauth_login_take(org, soap.kind == SOAP_RESULTS ? text : NULL,
                                 url, token, err);
    credentials_wipe(text);
    free(url);
    arena_release(&soap.results.arena);
    return done;
}

static void
set_request(const struct org *org, struct http_request *request,
            struct slice body)
{
    unsigned long version = strtoul(org->api_version, NULL, 10);
    request->name = "soap.login";
    request->method = "POST";
    request->body = body;
    request->answer_limit = ANSWER_LIMIT_BYTES;
    http_request_set_url(request, "%s/services/Soap/u/%lu.0", org->login_url,
                         version < SOAP_LOGIN_VERSION_HIGHEST
                             ? version
                             : (unsigned long)SOAP_LOGIN_VERSION_HIGHEST);
    http_request_add_header(request, "Content-Type", "text/xml; charset=UTF-8");
    http_request_add_header(request, "SOAPAction", "\"\"");
}

bool
soap_login(const struct org *org, struct http_client *http,
           struct oauth_token *token, struct error *err)
{
    /* One reservation, so that no copy of a secret stays behind. */
    struct buffer body = {.limit = BODY_LIMIT_BYTES};
    struct http_request request = {0};
    struct http_answer answer;
    buffer_reserve(&body, BODY_LIMIT_BYTES);
    bool done = make_body(org, &body, err);
    if (done) {
        set_request(org, &request, buffer_slice(&body));
        done = http_client_call(http, &request, NULL, &answer, err) ||
               error_add_context(err, "org '%s'", org->name);
    }
    if (done) {
        done = answer.status == 200 ? read_token(org, &answer, token, err)
                                    : refused(org, &answer, err);
    }
    http_request_release(&request);
    if (body.bytes != NULL) {
        explicit_bzero(body.bytes, body.capacity);
    }
    buffer_release(&body);
    return done;
}
