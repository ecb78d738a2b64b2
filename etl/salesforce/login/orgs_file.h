/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_ORGS_FILE_H
#define ETL_SALESFORCE_LOGIN_ORGS_FILE_H

#include "salesforce/login/credentials.h"

/*
 * One orgs.yaml read and checked: each key known, each value of its shape,
 * what the kind of sign-in needs there and nothing that it does not use.
 * Errors name file, line and column.
 */
bool orgs_file_read(struct orgs *orgs, const char *path, struct error *err);

#endif
