/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/oauth_login.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/http_url.h"
#include "salesforce/answer_json.h"
#include "salesforce/api_fault.h"

#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>

/* The org takes at most 3 minutes ahead; the rest is for clocks that differ. */
#define ASSERTION_SECONDS 120
#define SKEW_TOLD_MS 30000
#define TOKEN_LIMIT_BYTES 8192
#define BODY_LIMIT_BYTES ((size_t)512 * 1024)
#define ANSWER_LIMIT_BYTES ((size_t)64 * 1024)

bool
oauth_login_is_token(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (text[i] <= ' ' || text[i] > '~') {
            return false;
        }
    }
    return len > 0 && len <= TOKEN_LIMIT_BYTES;
}

const char *
oauth_login_audience(const struct org *org)
{
    if (org->audience != NULL) {
        return org->audience;
    }
    /* test.salesforce.com, NAME--BOX.sandbox.my.salesforce.com, and the older
     * NAME--BOX.my.salesforce.com */
    bool is_sandbox = strstr(org->login_url, "//test.") != NULL ||
                      strstr(org->login_url, ".sandbox.") != NULL ||
                      strstr(org->login_url, "--") != NULL;
    return is_sandbox ? "https://test.salesforce.com"
                      : "https://login.salesforce.com";
}

/* The body is one reservation, so that no copy of a secret stays behind. */
static void
add_field(struct buffer *body, const char *name, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    buffer_append_text(body, body->len > 0 ? "&" : "");
    buffer_append_text(body, name);
    buffer_append_char(body, '=');
    for (const char *c = value; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL;
        if (plain) {
            buffer_append_char(body, *c);
        } else {
            unsigned char byte = (unsigned char)*c;
            buffer_append_char(body, '%');
            buffer_append_char(body, digits[byte >> 4]);
            buffer_append_char(body, digits[byte & 15]);
        }
    }
}

/* NULL: the error is set. To be wiped and freed. */
static char *
sign(const struct org *org, const char *key, struct error *err)
{
    if (strstr(key, "ENCRYPTED") != NULL) {
        error_set(err, ERROR_CONFIG, 0,
                  "org '%s': private_key is protected by a passphrase; it "
                  "must be one without ('openssl pkey' removes it)",
                  org->name);
        return NULL;
    }
    jwt_t *jwt = NULL;
    long expires = (long)(clock_wall_ms() / 1000) + ASSERTION_SECONDS;
    bool done = jwt_new(&jwt) == 0 &&
                jwt_set_alg(jwt, JWT_ALG_RS256, (const unsigned char *)key,
                            (int)strlen(key)) == 0 &&
                jwt_add_grant(jwt, "iss", org->client_id) == 0 &&
                jwt_add_grant(jwt, "sub", org->username) == 0 &&
                jwt_add_grant(jwt, "aud", oauth_login_audience(org)) == 0 &&
                jwt_add_grant_int(jwt, "exp", expires) == 0;
    char *assertion = done ? jwt_encode_str(jwt) : NULL;
    jwt_free(jwt);
    if (assertion == NULL) {
        error_set(err, ERROR_CONFIG, 0,
                  "org '%s': private_key is no RSA key in PEM form", org->name);
    }
    return assertion;
}

static bool
make_jwt_body(const struct org *org, struct buffer *body, struct error *err)
{
    char *key = credentials_secret_text(&org->private_key, "private_key", err);
    char *assertion = key ? sign(org, key, err) : NULL;
    if (assertion != NULL) {
        add_field(body, "grant_type",
                  "urn:ietf:params:oauth:grant-type:jwt-bearer");
        add_field(body, "assertion", assertion);
    }
    bool done = assertion != NULL;
    credentials_wipe(assertion);
    credentials_wipe(key);
    return done;
}

/* The secret into the body; an optional one that is not given is left out. */
static bool
add_secret(struct buffer *body, const char *name,
           const struct secret_source *source, struct error *err)
{
    if (source->file == NULL && source->env == NULL &&
        source->command == NULL) {
        return true;
    }
    char *secret = credentials_secret(source, name, err);
    if (secret != NULL) {
        add_field(body, name, secret);
    }
    bool done = secret != NULL;
    credentials_wipe(secret);
    return done;
}

static bool
make_client_body(const struct org *org, struct buffer *body, struct error *err)
{
    add_field(body, "grant_type", "client_credentials");
    add_field(body, "client_id", org->client_id);
    return add_secret(body, "client_secret", &org->client_secret, err);
}

static bool
make_refresh_body(const struct org *org, struct buffer *body, struct error *err)
{
    add_field(body, "grant_type", "refresh_token");
    add_field(body, "client_id", org->client_id);
    return add_secret(body, "client_secret", &org->client_secret, err) &&
           add_secret(body, "refresh_token", &org->refresh_token, err);
}

/* The password is followed by the security token, where the org wants one. */
static bool
make_password_body(const struct org *org, struct buffer *body,
                   struct error *err)
{
    add_field(body, "grant_type", "password");
    add_field(body, "client_id", org->client_id);
    add_field(body, "username", org->username);
    return add_secret(body, "client_secret", &org->client_secret, err) &&
           add_secret(body, "password", &org->password, err);
}

static bool
make_body(const struct org *org, struct buffer *body, struct error *err)
{
    switch (org->auth) {
    case ORG_AUTH_JWT:
        return make_jwt_body(org, body, err);
    case ORG_AUTH_CLIENT_CREDENTIALS:
        return make_client_body(org, body, err);
    case ORG_AUTH_REFRESH_TOKEN:
        return make_refresh_body(org, body, err);
    case ORG_AUTH_PASSWORD:
        return make_password_body(org, body, err);
    case ORG_AUTH_ACCESS_TOKEN:
    case ORG_AUTH_SF_CLI:
    case ORG_AUTH_SOAP:
        break;
    }
    return error_set(err, ERROR_INTERNAL, 0, "org '%s': no OAuth flow",
                     org->name);
}

struct refusal {
    const char *code, *text; /* text NULL: any */
    const char *help;
};
static const struct refusal refusals[] = {
    {"invalid_grant", "approved this consumer",
     "; give the user's profile or permission set access to the connected app "
     "('Admin approved users are pre-authorized')"},
    {"invalid_grant", "audience",
     "; set 'audience' to https://login.salesforce.com or "
     "https://test.salesforce.com"},
    {"invalid_grant", "expired authorization code",
     "; this machine's clock may be wrong"},
    {"invalid_grant", "expired access/refresh token",
     "; the refresh token was revoked or is too old: authorize anew"},
    {"invalid_grant", "authentication failure",
     "; check 'username' and the password, which is followed by the security "
     "token where this machine's address is not trusted"},
    {"invalid_grant", NULL,
     "; check 'username', 'login_url' and the connected app's certificate"},
    {"invalid_app_access", NULL,
     "; the connected app does not let this user in"},
    {"invalid_client_id", NULL, "; check 'client_id'"},
    {"invalid_client", NULL, "; check 'client_id' and 'client_secret'"},
    {"unsupported_grant_type", NULL,
     "; switch this flow on in the connected app, and use the org's own "
     "address (My Domain) as 'login_url'"},
    {"invalid_request", "client credentials",
     "; switch the client credentials flow on in the connected app and name "
     "the user it runs as"},
    {"inactive_user", NULL, "; the user is not active"},
    {"rate_limit_exceeded", NULL, "; too many sign-ins, wait an hour"},
};

static const char *
help_for(const struct api_fault *fault)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *refusal = &refusals[i];
        if (strcmp(fault->code, refusal->code) == 0 &&
            (refusal->text == NULL ||
             strstr(fault->message, refusal->text) != NULL)) {
            return refusal->help;
        }
    }
    return "";
}

/* "; this machine's clock is 240 s ahead of the org's" when a JWT may have
 * been refused for it. */
static const char *
skew_phrase(const struct org *org, const struct http_answer *answer,
            char text[80])
{
    text[0] = '\0';
    int64_t skew_ms = clock_wall_ms() - answer->date_ms;
    if (org->auth == ORG_AUTH_JWT && answer->date_ms >= 0 &&
        (skew_ms > SKEW_TOLD_MS || skew_ms < -SKEW_TOLD_MS)) {
        snprintf(text, 80, "; this machine's clock is %lld s %s the org's",
                 (long long)(skew_ms > 0 ? skew_ms : -skew_ms) / 1000,
                 skew_ms > 0 ? "ahead of" : "behind");
    }
    return text;
}

static bool
refused(const struct org *org, const struct http_answer *answer,
        struct error *err)
{
    struct api_fault fault;
    api_fault_read(answer, &fault);
    if (fault.code[0] == '\0') {
        bool passes = answer->status >= 500 || answer->status == 429 ||
                      answer->status == 408;
        return error_set(err, passes ? ERROR_NETWORK : ERROR_AUTH, 0,
                         "org '%s': '%s' answered the sign-in with %s; check "
                         "'login_url'",
                         org->name, org->login_url, fault.message);
    }
    char skew[80];
    return error_set(err, ERROR_AUTH, 0,
                     "org '%s': sign-in refused: %s: %s%s%s", org->name,
                     fault.code, fault.message, help_for(&fault),
                     skew_phrase(org, answer, skew));
}

static char *
without_slash(const char *url)
{
    size_t len = strlen(url);
    while (len > 0 && url[len - 1] == '/') {
        len--;
    }
    return slice_dup((struct slice){url, len});
}

bool
oauth_login_take(const struct org *org, const char *text, const char *url,
                 struct oauth_token *token, struct error *err)
{
    struct http_url parts;
    if (text == NULL || url == NULL || !oauth_login_is_token(text)) {
        return error_set(err, ERROR_NETWORK, 0,
                         "org '%s': the answer to the sign-in holds no token",
                         org->name);
    }
    if (!http_url_check(url, &parts, err)) {
        return error_add_context(err, "org '%s': the org's own 'instance_url'",
                                 org->name);
    }
    token->token = mem_strdup(text);
    token->instance_url = without_slash(url);
    return true;
}

static bool
read_token(const struct org *org, const struct http_answer *answer,
           struct oauth_token *token, struct error *err)
{
    json_t *json = answer_json_parse(answer->body, "sign-in", err);
    if (json == NULL) {
        return error_add_context(err, "org '%s'", org->name);
    }
    bool done =
        oauth_login_take(org, answer_json_text(json, "access_token"),
                         answer_json_text(json, "instance_url"), token, err);
    json_decref(json);
    return done;
}

bool
oauth_login(const struct org *org, struct http_client *http,
            struct oauth_token *token, struct error *err)
{
    struct buffer body = {.limit = BODY_LIMIT_BYTES};
    struct http_request request = {0};
    struct http_answer answer;
    buffer_reserve(&body, BODY_LIMIT_BYTES);
    bool done = make_body(org, &body, err);
    if (done) {
        request.name = "oauth.token";
        request.method = "POST";
        request.body = buffer_slice(&body);
        request.answer_limit = ANSWER_LIMIT_BYTES;
        http_request_set_url(&request, "%s/services/oauth2/token",
                             org->login_url);
        http_request_add_header(&request, "Content-Type",
                                "application/x-www-form-urlencoded");
        http_request_add_header(&request, "Accept", "application/json");
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
