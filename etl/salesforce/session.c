/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/session.h"

#include "base/log.h"
#include "base/mem.h"
#include "salesforce/api_fault.h"
#include "salesforce/login/oauth_login.h"
#include "salesforce/login/sf_cli_login.h"
#include "salesforce/login/soap_login.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORG_ID_SIZE 15

static void
drop_token(struct session *session)
{
    credentials_wipe(session->token);
    credentials_wipe(session->authorization);
    session->token = session->authorization = NULL;
}

/* Takes both. */
static void
set_token(struct session *session, char *token, char *instance_url)
{
    drop_token(session);
    free(session->instance_url);
    session->token = token;
    session->authorization = mem_printf("Bearer %s", token);
    session->instance_url = instance_url;
}

static bool
read_access_token(struct session *session, struct error *err)
{
    const struct org *org = session->org;
    char *token = credentials_secret(&org->access_token, "access_token", err);
    if (token == NULL) {
        return error_add_context(err, "org '%s'", org->name);
    }
    if (!oauth_login_is_token(token)) {
        credentials_wipe(token);
        return error_set(err, ERROR_CONFIG, 0,
                         "org '%s': access_token holds characters that no "
                         "token has",
                         org->name);
    }
    set_token(session, token, mem_strdup(org->instance_url));
    return true;
}

static bool
ask_token(struct session *session, struct oauth_token *token, struct error *err)
{
    switch (session->org->auth) {
    case ORG_AUTH_SF_CLI:
        return sf_cli_login(session->org, token, err);
    case ORG_AUTH_SOAP:
        return soap_login(session->org, session->http, token, err);
    default:
        return oauth_login(session->org, session->http, token, err);
    }
}

static bool
sign_in(struct session *session, struct error *err)
{
    if (session->org->auth == ORG_AUTH_ACCESS_TOKEN) {
        return read_access_token(session, err);
    }
    struct oauth_token token = {0};
    if (!ask_token(session, &token, err)) {
        return false;
    }
    set_token(session, token.token, token.instance_url);
    log_debug("signed in to org '%s' at %s", session->org->name,
              session->instance_url);
    return true;
}

bool
session_open(struct session *session, const struct org *org,
             struct http_client *http, struct error *err)
{
    *session = (struct session){.org = org, .http = http};
    return sign_in(session, err);
}

bool
session_renew(struct session *session, struct error *err)
{
    char *spent = session->token ? mem_strdup(session->token) : NULL;
    bool done = sign_in(session, err);
    if (done && session->org->auth == ORG_AUTH_ACCESS_TOKEN && spent != NULL &&
        strcmp(spent, session->token) == 0) {
        done = error_set(err, ERROR_AUTH, 0,
                         "org '%s': the access token is spent; get a new one, "
                         "or use auth 'jwt', which renews itself",
                         session->org->name);
    }
    credentials_wipe(spent);
    session->renewals += done;
    return done;
}

void
session_close(struct session *session)
{
    drop_token(session);
    free(session->instance_url);
    *session = (struct session){0};
}

bool
session_is_spent(const struct http_answer *answer)
{
    if (answer->status == 401) {
        return true;
    }
    if (answer->status < 400 || answer->status >= 500) {
        return false;
    }
    struct api_fault fault;
    api_fault_read(answer, &fault);
    return strcmp(fault.code, "INVALID_SESSION_ID") == 0 ||
           strcmp(fault.code, "INVALID_AUTH_HEADER") == 0;
}

bool
session_call(struct session *session, struct http_request *request,
             struct http_answer *answer, struct error *err)
{
    for (int tries = 0;; tries++) {
        const char *authorization =
            request->needs_session ? session->authorization : NULL;
        if (!http_client_call(session->http, request, authorization, answer,
                              err)) {
            return error_add_context(err, "org '%s'", session->org->name);
        }
        if (tries > 0 || !request->needs_session || !session_is_spent(answer)) {
            break;
        }
        if (!session_renew(session, err)) {
            return false;
        }
    }
    if (answer->status >= 300 && answer->status != 304) {
        api_fault_set_error(answer, request->name, err);
        return error_add_context(err, "org '%s'", session->org->name);
    }
    return true;
}

void
session_set_url(const struct session *session, struct http_request *request,
                const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *path = mem_alloc((size_t)len + 1);
    vsnprintf(path, (size_t)len + 1, format, args);
    va_end(args);
    http_request_set_url(request, "%s/services/data/v%s%s",
                         session->instance_url, session->org->api_version,
                         path);
    free(path);
}

struct slice
session_org_id(const struct session *session)
{
    const char *mark = strchr(session->token, '!');
    struct slice id = {session->token,
                       mark != NULL ? (size_t)(mark - session->token) : 0};
    return id.len >= ORG_ID_SIZE && slice_begins(id, "00D")
               ? (struct slice){id.ptr, ORG_ID_SIZE}
               : (struct slice){"", 0};
}
