/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_CREDENTIALS_H
#define ETL_SALESFORCE_LOGIN_CREDENTIALS_H

#include "base/arena.h"
#include "base/error.h"

/*
 * orgs.yaml (product.md, "Orgs and secrets"; sfetl-orgs(5)). Read once; all
 * texts live in the arena; paths are absolute or relative to the current
 * folder, whatever they were relative to in the file (its own folder). Secrets
 * are not read here: credentials_secret reads one when it is needed, into
 * memory that the caller wipes. A secret's file that group or others can read
 * is refused.
 */
enum org_auth {
    ORG_AUTH_JWT,
    ORG_AUTH_CLIENT_CREDENTIALS,
    ORG_AUTH_ACCESS_TOKEN,
    ORG_AUTH_REFRESH_TOKEN,
    ORG_AUTH_PASSWORD,
    ORG_AUTH_SF_CLI,
    ORG_AUTH_SOAP,
};

struct secret_source {
    const char *file, *env, *command; /* at most one; all NULL: not given */
};

struct org {
    const char *name;
    enum org_auth auth;
    const char *login_url, *instance_url; /* without a slash at the end */
    const char *username, *client_id, *audience;
    const char *target_org; /* as the sf CLI knows it */
    struct secret_source client_secret, private_key, access_token;
    struct secret_source refresh_token, password;
    const char *api_version; /* "64.0" */
    const char *proxy, *no_proxy, *ca_file;
    unsigned parallel_jobs; /* 0: not given */
    /* API calls that loads may make in 24 hours: in number, or of the org's
     * own limit; 0: not given. */
    uint64_t daily_calls;
    unsigned daily_calls_percent;
    bool gzip_uploads; /* to be used; with 'auto' what was found out */
    bool auto_gzip;    /* upload_compression: auto */
    bool allow_delete, allow_hard_delete, allow_undelete;
    bool allow_insert, allow_update, allow_upsert;
};

/* How to sign in where sources come from (connection.h). */
struct connection {
    const char *begins; /* "sftp://erp.example.com/out/" */
    const char *username, *private_key_file, *known_hosts_file;
    const char *ca_file, *proxy, *no_proxy;
    struct secret_source password, token, passphrase;
};

struct orgs {
    struct arena arena;
    const char *path; /* of the file, even if missing; NULL: no home */
    const char *default_org;
    const char *runs_dir;
    struct org *orgs;
    size_t count;
    struct connection *connections;
    size_t connection_count;
};

/* path NULL: $SFETL_CONFIG, else $XDG_CONFIG_HOME/sfetl/orgs.yaml. A missing
 * default file is an empty list. The rehearsal org's own file is added as org
 * 'rehearsal' unless one of that name is configured. */
bool credentials_load(struct orgs *orgs, const char *path, struct error *err);
void credentials_release(struct orgs *orgs);
/* name NULL: the default. ERROR_CONFIG with "did you mean" when unknown. */
const struct org *credentials_org(const struct orgs *orgs, const char *name,
                                  struct error *err);
/* The first line, without its end, on the heap; free with credentials_wipe. */
char *credentials_secret(const struct secret_source *source, const char *what,
                         struct error *err);
/* All of it, also of a command's output: a PEM key has many lines. */
char *credentials_secret_text(const struct secret_source *source,
                              const char *what, struct error *err);
/* Overwrites and frees; NULL is fine. */
void credentials_wipe(char *secret);

#endif
