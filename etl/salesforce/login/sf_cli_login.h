/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_SF_CLI_LOGIN_H
#define ETL_SALESFORCE_LOGIN_SF_CLI_LOGIN_H

#include "salesforce/login/oauth_login.h"

/*
 * The session that Salesforce's own command line, `sf`, holds for an org
 * (salesforce.md, "Signing in"). Since 2.136.8 `sf org display` hides the
 * token, and `sf org auth show-access-token` tells it; both are asked with
 * --json, each for at most a minute. `sf` renews what is spent.
 */
bool sf_cli_login(const struct org *org, struct oauth_token *token,
                  struct error *err);

#endif
