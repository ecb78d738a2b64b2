/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_CONNECTION_H
#define ETL_SALESFORCE_LOGIN_CONNECTION_H

#include "salesforce/login/org_entry.h"

/*
 * `connections:` of orgs.yaml: how to sign in where sources come from, by the
 * beginning of the address (sfetl-orgs(5)). A beginning ends at a slash of the
 * address, so that none of one host is used for another; the longest counts.
 */

/* One entry; errors name file, line and column. */
bool connection_read(struct org_reader *reader, struct connection *connection,
                     const struct yaml_pair *pair);
/* NULL: none is for this address. */
const struct connection *connection_find(const struct orgs *orgs,
                                         const char *url);

#endif
