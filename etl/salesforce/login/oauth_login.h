/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_OAUTH_LOGIN_H
#define ETL_SALESFORCE_LOGIN_OAUTH_LOGIN_H

#include "http/http_client.h"
#include "salesforce/login/credentials.h"

/*
 * Sign-in by OAuth 2.0 (salesforce.md, "Signing in"): JWT bearer (RS256),
 * client credentials, refresh token, username and password. ERROR_AUTH when the
 * org refuses, with what helps; ERROR_NETWORK when it can't be reached;
 * ERROR_CONFIG when a secret can't be had. Nothing of what is sent or received
 * is logged.
 */
struct oauth_token {
    char *token;        /* owned; credentials_wipe */
    char *instance_url; /* owned, without a slash at the end */
};

bool oauth_login(const struct org *org, struct http_client *http,
                 struct oauth_token *token, struct error *err);

/* What an answer says, checked: it comes from outside. NULL: not there. */
bool oauth_login_take(const struct org *org, const char *text, const char *url,
                      struct oauth_token *token, struct error *err);

/* The JWT's audience: what the org names, else production's or the sandboxes'
 * by the look of the login address. */
const char *oauth_login_audience(const struct org *org);

/* True for text that may stand in a header: visible ASCII, of bounded length.
 */
bool oauth_login_is_token(const char *text);

#endif
