/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_oauth.h"

#include "base/clock.h"
#include "base/log.h"
#include "rehearsal/soap/soap_request.h"

#include <inttypes.h>
#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

/* An assertion may live so long at most (salesforce.md). */
#define ASSERTION_SECONDS 180
#define TOKEN_RANDOM 96

static const char grant_jwt[] = "urn:ietf:params:oauth:grant-type:jwt-bearer";

static void
refuse(struct exchange *exchange, const char *error, const char *description)
{
    exchange_answer_json(exchange, 400,
                         json_pack("{s:s, s:s}", "error", error,
                                   "error_description", description));
}

const char *
api_oauth_open_session(struct rehearsal *rehearsal, struct arena *arena)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                  "stuvwxyz0123456789._";
    char random[TOKEN_RANDOM + 1] = {0};
    for (int i = 0; i < TOKEN_RANDOM; i++) {
        random[i] = letters[clock_random() % 64];
    }
    const char *token =
        arena_printf(arena, "%.15s!%s", store_org_id(rehearsal->store), random)
            .ptr;
    struct fault_settings settings = faults_settings(rehearsal->faults);
    char until[24];
    int len = snprintf(until, sizeof until, "%" PRId64,
                       faults_now_ms(rehearsal->faults) +
                           settings.session_seconds * 1000);
    struct error err = {0};
    if (!store_put_item(rehearsal->store, "session", token,
                        (struct slice){until, (size_t)len}, &err)) {
        log_error("%s", err.text);
        return NULL;
    }
    return token;
}

bool
api_oauth_session_is_live(struct rehearsal *rehearsal, const char *token)
{
    struct arena arena = {0};
    struct slice until = {0};
    struct error err = {0};
    uint64_t ms = 0;
    bool live = store_get_item(rehearsal->store, "session", token, &arena,
                               &until, &err) &&
                until.ptr && slice_to_u64(until, &ms) &&
                (int64_t)ms > faults_now_ms(rehearsal->faults);
    arena_release(&arena);
    return live;
}

/* The token behind "Bearer " or "OAuth "; NULL when the header has neither. */
static const char *
bearer(const char *header)
{
    if (strncasecmp(header, "Bearer ", 7) == 0) {
        return header + 7;
    }
    return strncasecmp(header, "OAuth ", 6) == 0 ? header + 6 : NULL;
}

static bool
looks_like_jwt(const char *token)
{
    const char *dot = strchr(token, '.');
    return !strchr(token, '!') && dot && strchr(dot + 1, '.');
}

bool
api_oauth_check(struct rehearsal *rehearsal, struct exchange *exchange)
{
    const char *header = exchange_header(exchange, "Authorization");
    const char *token = header ? bearer(header) : NULL;
    if (header && !token) {
        exchange_answer_error(exchange, 401, "INVALID_AUTH_HEADER",
                              "INVALID_HEADER_TYPE");
        return false;
    }
    if (token && api_oauth_session_is_live(rehearsal, token)) {
        return true;
    }
    if (token && looks_like_jwt(token)) {
        exchange_answer_error(exchange, 401, "INVALID_AUTH_HEADER",
                              "INVALID_JWT_FORMAT");
    } else {
        exchange_answer_error(exchange, 401, "INVALID_SESSION_ID",
                              "Session expired or invalid");
    }
    return false;
}

void
api_oauth_expire(struct rehearsal *rehearsal, struct exchange *exchange)
{
    const char *header = exchange_header(exchange, "Authorization");
    const char *token =
        header ? bearer(header) : exchange_header(exchange, "X-SFDC-Session");
    if (!token) {
        token = soap_request_peek_session(exchange);
    }
    struct error err = {0};
    if (token && !store_put_item(rehearsal->store, "session", token,
                                 (struct slice){0}, &err)) {
        log_error("%s", err.text);
    }
}

/* Base64 of HMAC-SHA256 over id and time, keyed by the client's secret. */
static void
sign(const char *id, const char *issued_at, char text[64])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char signed_text[256];
    int size = snprintf(signed_text, sizeof signed_text, "%s%s", id, issued_at);
    HMAC(EVP_sha256(), REHEARSAL_CLIENT_SECRET,
         sizeof REHEARSAL_CLIENT_SECRET - 1, (const unsigned char *)signed_text,
         (size_t)size, digest, &len);
    EVP_EncodeBlock((unsigned char *)text, digest, (int)len);
}

static void
grant(struct rehearsal *rehearsal, struct exchange *exchange,
      const char *refresh_token)
{
    const char *token = api_oauth_open_session(rehearsal, &exchange->arena);
    if (!token) {
        exchange_answer_error(exchange, 500, "UNKNOWN_EXCEPTION",
                              "An unexpected error occurred.");
        return;
    }
    char issued_at[24], signature[64];
    snprintf(issued_at, sizeof issued_at, "%" PRId64,
             faults_now_ms(rehearsal->faults));
    const char *id =
        arena_printf(&exchange->arena, "%s/id/%s/%s", rehearsal->instance_url,
                     store_org_id(rehearsal->store),
                     store_user_id(rehearsal->store))
            .ptr;
    sign(id, issued_at, signature);
    json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "access_token",
                               token, "instance_url", rehearsal->instance_url,
                               "id", id, "token_type", "Bearer", "issued_at",
                               issued_at, "signature", signature);
    if (refresh_token) {
        json_object_set_new(answer, "refresh_token",
                            json_string(refresh_token));
    }
    json_object_set_new(answer, "scope", json_string("api refresh_token"));
    exchange_answer_json(exchange, 200, answer);
}

static bool
check_client(struct exchange *exchange, bool secret_is_required)
{
    const char *id = exchange_form_field(exchange, "client_id");
    const char *secret = exchange_form_field(exchange, "client_secret");
    if (!id || strcmp(id, REHEARSAL_CLIENT_ID) != 0) {
        refuse(exchange, "invalid_client_id", "client identifier invalid");
        return false;
    }
    if (!secret ? secret_is_required
                : strcmp(secret, REHEARSAL_CLIENT_SECRET) != 0) {
        refuse(exchange, "invalid_client", "invalid client credentials");
        return false;
    }
    return true;
}

static bool
is_audience(const char *text)
{
    return text && (strcmp(text, "https://login.salesforce.com") == 0 ||
                    strcmp(text, "https://test.salesforce.com") == 0);
}

/* The claims, after the signature. False: refused. */
static bool
check_claims(struct rehearsal *rehearsal, struct exchange *exchange, jwt_t *jwt)
{
    const char *issuer = jwt_get_grant(jwt, "iss");
    const char *user = jwt_get_grant(jwt, "sub");
    int64_t now = faults_now_ms(rehearsal->faults) / 1000;
    int64_t expiry = jwt_get_grant_int(jwt, "exp");
    if (!issuer || strcmp(issuer, REHEARSAL_CLIENT_ID) != 0) {
        refuse(exchange, "invalid_client_id", "client identifier invalid");
    } else if (!is_audience(jwt_get_grant(jwt, "aud"))) {
        refuse(exchange, "invalid_grant", "audience is invalid");
    } else if (expiry <= now) {
        refuse(exchange, "invalid_grant", "expired authorization code");
    } else if (expiry > now + ASSERTION_SECONDS) {
        refuse(exchange, "invalid_grant", "invalid assertion");
    } else if (!user || strcasecmp(user, REHEARSAL_USERNAME) != 0) {
        refuse(exchange, "invalid_grant", "user hasn't approved this consumer");
    } else {
        return true;
    }
    return false;
}

static void
grant_by_jwt(struct rehearsal *rehearsal, struct exchange *exchange)
{
    const char *assertion = exchange_form_field(exchange, "assertion");
    jwt_t *jwt = NULL;
    const char *pem = rehearsal->jwt_public_key;
    bool signed_well = assertion &&
                       jwt_decode(&jwt, assertion, (const unsigned char *)pem,
                                  (int)strlen(pem)) == 0 &&
                       jwt_get_alg(jwt) == JWT_ALG_RS256;
    if (!signed_well) {
        refuse(exchange, "invalid_grant", "invalid assertion");
    } else if (check_claims(rehearsal, exchange, jwt)) {
        grant(rehearsal, exchange, NULL);
    }
    jwt_free(jwt);
}

static void
grant_by_password(struct rehearsal *rehearsal, struct exchange *exchange)
{
    const char *user = exchange_form_field(exchange, "username");
    const char *password = exchange_form_field(exchange, "password");
    if (!user || strcasecmp(user, REHEARSAL_USERNAME) != 0 || !password ||
        strcmp(password, REHEARSAL_PASSWORD) != 0) {
        refuse(exchange, "invalid_grant", "authentication failure");
    } else if (check_client(exchange, true)) {
        grant(rehearsal, exchange, NULL);
    }
}

static void
grant_by_refresh(struct rehearsal *rehearsal, struct exchange *exchange)
{
    const char *token = exchange_form_field(exchange, "refresh_token");
    if (!check_client(exchange, false)) {
        return;
    }
    if (!token || strcmp(token, rehearsal->refresh_token) != 0) {
        refuse(exchange, "invalid_grant", "expired access/refresh token");
    } else {
        grant(rehearsal, exchange, NULL);
    }
}

static void
serve_token(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct fault *fault)
{
    (void)fault;
    const char *type = exchange_form_field(exchange, "grant_type");
    if (type && strcmp(type, grant_jwt) == 0) {
        grant_by_jwt(rehearsal, exchange);
    } else if (type && strcmp(type, "password") == 0) {
        grant_by_password(rehearsal, exchange);
    } else if (type && strcmp(type, "refresh_token") == 0) {
        grant_by_refresh(rehearsal, exchange);
    } else if (type && strcmp(type, "client_credentials") == 0) {
        if (check_client(exchange, true)) {
            grant(rehearsal, exchange, NULL);
        }
    } else {
        refuse(exchange, "unsupported_grant_type", "grant type not supported");
    }
}

static void
serve_revoke(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    const char *token = exchange_form_field(exchange, "token");
    struct error err = {0};
    if (!token || !api_oauth_session_is_live(rehearsal, token)) {
        refuse(exchange, "unsupported_token_type",
               "this token type is not supported");
    } else if (store_put_item(rehearsal->store, "session", token,
                              (struct slice){0}, &err)) {
        exchange_answer_empty(exchange, 200);
    } else {
        refuse(exchange, "server_error", "the store failed");
    }
}

/* Both of /services/oauth2/userinfo and the identity URL. */
static void
serve_userinfo(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct fault *fault)
{
    (void)fault;
    const char *org = store_org_id(rehearsal->store);
    const char *user = store_user_id(rehearsal->store);
    const char *url = rehearsal->instance_url;
    const char *id =
        arena_printf(&exchange->arena, "%s/id/%s/%s", url, org, user).ptr;
    struct arena *arena = &exchange->arena;
    json_t *urls = json_pack(
        "{s:s, s:s, s:s, s:s, s:s}", "rest",
        arena_printf(arena, "%s/services/data/v{version}/", url).ptr,
        "sobjects",
        arena_printf(arena, "%s/services/data/v{version}/sobjects/", url).ptr,
        "query",
        arena_printf(arena, "%s/services/data/v{version}/query/", url).ptr,
        "partner",
        arena_printf(arena, "%s/services/Soap/u/{version}/%.15s", url, org).ptr,
        "custom_domain", url);
    json_t *answer = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, "
        "s:s, s:b, s:o}",
        "sub", id, "user_id", user, "organization_id", org,
        "preferred_username", REHEARSAL_USERNAME, "nickname", "loader", "name",
        "Rehearsal Loader", "email", REHEARSAL_USERNAME, "email_verified", 1,
        "given_name", "Rehearsal", "family_name", "Loader", "zoneinfo", "UTC",
        "locale", "en_US", "language", "en_US", "user_type", "STANDARD",
        "active", 1, "urls", urls);
    exchange_answer_json(exchange, 200, answer);
}

const struct route api_oauth_routes[] = {
    {"oauth.token", "POST", "/services/oauth2/token", serve_token, ROUTE_OPEN},
    {"oauth.revoke", "POST", "/services/oauth2/revoke", serve_revoke,
     ROUTE_OPEN},
    {"oauth.userinfo", "GET", "/services/oauth2/userinfo", serve_userinfo, 0},
    {"oauth.identity", "GET", "/id/*/*", serve_userinfo, 0},
    {0},
};
