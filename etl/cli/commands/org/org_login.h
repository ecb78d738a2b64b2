/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_COMMANDS_ORG_ORG_LOGIN_H
#define ETL_CLI_COMMANDS_ORG_ORG_LOGIN_H

#include "base/buffer.h"
#include "base/error.h"

/*
 * `sfetl org login NAME` of an org that orgs.yaml does not have: questions on
 * standard error, answers a line each on standard input, and an entry made of
 * them. A secret is never part of the entry: it stays in a file, a variable or
 * a command that is named, or is typed without echo and kept in a file of its
 * own beside orgs.yaml that only the user can read.
 */
struct org_login {
    struct buffer entry; /* YAML, the org's name first, without indent */
    char *secret_path;   /* a file that was made; owned; NULL: none */
    char *secret;        /* to be written there; wiped */
};

/* *asked: false when standard input ended before the first answer. */
bool org_login_ask(struct org_login *login, const char *name,
                   const char *orgs_path, bool *asked, struct error *err);
/* The text of orgs.yaml with the entry, all else as it was; a file that does
 * not exist yet is begun, with the org as its default. */
bool org_login_merge(const struct org_login *login, const char *name,
                     struct slice before, struct buffer *after,
                     struct error *err);
/* Writes the typed secret, readable to the user alone. */
bool org_login_keep(const struct org_login *login, struct error *err);
/* The sign-in did not work: what was typed does not stay. */
void org_login_drop(const struct org_login *login);
void org_login_release(struct org_login *login);

#endif
