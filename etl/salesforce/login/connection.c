/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/connection.h"

#include "http/http_url.h"

#include <stddef.h>

struct connection_key {
    const char *name;
    size_t offset; /* of a const char * in struct connection */
    bool is_path;
};

#define KEY(name, member, is_path)                                             \
    {                                                                          \
        name, offsetof(struct connection, member), is_path                     \
    }

static const struct connection_key keys[] = {
    KEY("username", username, false),
    KEY("password_file", password.file, true),
    KEY("password_env", password.env, false),
    KEY("password_command", password.command, false),
    KEY("token_file", token.file, true),
    KEY("token_env", token.env, false),
    KEY("token_command", token.command, false),
    KEY("private_key_file", private_key_file, true),
    KEY("passphrase_file", passphrase.file, true),
    KEY("passphrase_env", passphrase.env, false),
    KEY("passphrase_command", passphrase.command, false),
    KEY("known_hosts_file", known_hosts_file, true),
    KEY("ca_file", ca_file, true),
    KEY("proxy", proxy, false),
    KEY("no_proxy", no_proxy, false),
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

static bool
read_key(struct org_reader *reader, struct connection *connection,
         const struct yaml_pair *pair)
{
    const char *names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++) {
        names[i] = keys[i].name;
        if (!slice_is(pair->key->text, keys[i].name)) {
            continue;
        }
        const char *text = org_entry_text(reader, pair);
        if (text != NULL && keys[i].is_path) {
            text = org_entry_path(reader, text);
        }
        *(const char **)(void *)((char *)connection + keys[i].offset) = text;
        return text != NULL;
    }
    bool is_secret = slice_is(pair->key->text, "password") ||
                     slice_is(pair->key->text, "token") ||
                     slice_is(pair->key->text, "passphrase");
    if (is_secret) {
        return org_entry_fail(reader, pair->key,
                              "a secret does not stand in this file; name "
                              "'%.*s_file', '%.*s_env' or '%.*s_command'",
                              SLICE_ARGS(pair->key->text),
                              SLICE_ARGS(pair->key->text),
                              SLICE_ARGS(pair->key->text));
    }
    return org_entry_unknown_key(reader, pair->key, names, KEY_COUNT);
}

static bool
is_given(const struct secret_source *secret)
{
    return secret->file != NULL || secret->env != NULL ||
           secret->command != NULL;
}

static bool
is_twice(const struct secret_source *secret)
{
    return (secret->file != NULL) + (secret->env != NULL) +
               (secret->command != NULL) >
           1;
}

static bool
begins_with(const char *url, const char *scheme)
{
    return strncmp(url, scheme, strlen(scheme)) == 0;
}

/* What is not used there is a mistake: it would be thought to protect. */
static bool
check(struct org_reader *reader, const struct connection *connection,
      const struct yaml_pair *pair)
{
    bool is_ssh = begins_with(connection->begins, "sftp:");
    bool has_key = connection->private_key_file != NULL;
    if (is_twice(&connection->password) || is_twice(&connection->token) ||
        is_twice(&connection->passphrase)) {
        return org_entry_fail(reader, pair->key,
                              "a secret comes from a file, a variable or a "
                              "command; give one of them");
    }
    if (!is_ssh && (has_key || connection->known_hosts_file != NULL ||
                    is_given(&connection->passphrase))) {
        return org_entry_fail(reader, pair->key,
                              "'private_key_file', 'passphrase_…' and "
                              "'known_hosts_file' are for sftp:// only");
    }
    if (!begins_with(connection->begins, "http") &&
        is_given(&connection->token)) {
        return org_entry_fail(reader, pair->key,
                              "'token_…' is for https:// only");
    }
    if (is_ssh && connection->ca_file != NULL) {
        return org_entry_fail(reader, pair->key,
                              "'ca_file' is not for sftp://, where "
                              "'known_hosts_file' says whom to trust");
    }
    if (is_given(&connection->passphrase) && !has_key) {
        return org_entry_fail(reader, pair->key,
                              "'passphrase_…' opens a 'private_key_file', and "
                              "none is named");
    }
    if (connection->username == NULL &&
        (has_key || is_given(&connection->password))) {
        return org_entry_fail(reader, pair->key,
                              "the key 'username' is missing");
    }
    if (is_given(&connection->token) && connection->username != NULL) {
        return org_entry_fail(reader, pair->key,
                              "'token_…' and 'username' are two ways to sign "
                              "in; give one of them");
    }
    return true;
}

bool
connection_read(struct org_reader *reader, struct connection *connection,
                const struct yaml_pair *pair)
{
    struct http_url parts;
    struct error cause = {0};
    *connection = (struct connection){
        .begins = arena_strdup(reader->arena, pair->key->text)};
    if (!http_url_check_file(connection->begins, &parts, &cause)) {
        return org_entry_fail(reader, pair->key, "%s", cause.text);
    }
    if (pair->value->kind != YAML_MAP) {
        return org_entry_fail(reader, pair->value,
                              "a connection wants a map, as in "
                              "{ username: sfetl }");
    }
    for (size_t i = 0; i < pair->value->count; i++) {
        if (!read_key(reader, connection, &pair->value->pairs[i])) {
            return false;
        }
    }
    return check(reader, connection, pair);
}

const struct connection *
connection_find(const struct orgs *orgs, const char *url)
{
    const struct connection *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < orgs->connection_count; i++) {
        const struct connection *connection = &orgs->connections[i];
        size_t len = strlen(connection->begins);
        bool fits = strncmp(url, connection->begins, len) == 0 &&
                    (connection->begins[len - 1] == '/' || url[len] == '/' ||
                     url[len] == '?' || url[len] == '\0');
        if (fits && len > longest) {
            found = connection;
            longest = len;
        }
    }
    return found;
}
