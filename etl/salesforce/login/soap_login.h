/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_SOAP_LOGIN_H
#define ETL_SALESFORCE_LOGIN_SOAP_LOGIN_H

#include "salesforce/login/oauth_login.h"

/*
 * SOAP login (salesforce.md, "Signing in"): user name, and password followed
 * by the security token, without a connected app. Orgs of today have it off
 * unless asked, and it ends with API version 64.0: later versions sign in by
 * that one and work on with their own. ERROR_AUTH when the org refuses, with
 * what helps. Nothing of what is sent or received is logged.
 */
bool soap_login(const struct org *org, struct http_client *http,
                struct oauth_token *token, struct error *err);

#endif
