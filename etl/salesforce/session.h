/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SESSION_H
#define ETL_SALESFORCE_SESSION_H

#include "http/http_client.h"
#include "salesforce/login/credentials.h"

/*
 * A signed-in org: where its instance is and the token to use there. Renewed
 * when the org says that the token is spent, once; a token that is refused
 * right after is ERROR_AUTH. The token is never logged and is wiped on close.
 */
struct session {
    const struct org *org;
    struct http_client *http; /* borrowed */
    char *instance_url;       /* owned, without a slash at the end */
    char *token;              /* owned */
    char *authorization;      /* "Bearer …", owned */
    uint64_t renewals;
};

bool session_open(struct session *session, const struct org *org,
                  struct http_client *http, struct error *err);
/*
 * The org's id (15 characters, "00D…"): it stands in the token before the
 * "!". Empty when the token has another form. Borrowed from the session.
 */
struct slice session_org_id(const struct session *session);
bool session_renew(struct session *session, struct error *err);
void session_close(struct session *session);

/* True when the answer says that the session is spent (401,
 * INVALID_SESSION_ID, INVALID_AUTH_HEADER). */
bool session_is_spent(const struct http_answer *answer);

/*
 * One call in the session: retried as http_client_call does, and repeated once
 * with a new token. An answer of 300 and more is an error, told by api_fault.
 */
bool session_call(struct session *session, struct http_request *request,
                  struct http_answer *answer, struct error *err);

/* "/services/data/v64.0" before path, on the instance. */
void session_set_url(const struct session *session,
                     struct http_request *request, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
