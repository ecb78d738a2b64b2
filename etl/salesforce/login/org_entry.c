/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/org_entry.h"

#include "base/suggest.h"
#include "http/http_url.h"
#include "salesforce/api_limits.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define NAME_LIMIT 80

/* Which kinds of sign-in use a key. */
#define FOR_JWT (1U << ORG_AUTH_JWT)
#define FOR_CLIENT (1U << ORG_AUTH_CLIENT_CREDENTIALS)
#define FOR_TOKEN (1U << ORG_AUTH_ACCESS_TOKEN)
#define FOR_REFRESH (1U << ORG_AUTH_REFRESH_TOKEN)
#define FOR_PASSWORD (1U << ORG_AUTH_PASSWORD)
#define FOR_CLI (1U << ORG_AUTH_SF_CLI)
#define FOR_SOAP (1U << ORG_AUTH_SOAP)
#define FOR_OAUTH (FOR_JWT | FOR_CLIENT | FOR_REFRESH | FOR_PASSWORD)
#define FOR_SECRET (FOR_CLIENT | FOR_REFRESH | FOR_PASSWORD)
#define FOR_USER (FOR_PASSWORD | FOR_SOAP)
#define FOR_LOGIN (FOR_OAUTH | FOR_SOAP)
#define FOR_ALL (FOR_LOGIN | FOR_TOKEN | FOR_CLI)

enum value_shape { SHAPE_TEXT, SHAPE_URL, SHAPE_PATH };

struct text_key {
    const char *name;
    size_t offset; /* of a const char * in struct org */
    enum value_shape shape;
    unsigned used_by, needed_by;
};

#define KEY(name, member, ...)                                                 \
    {                                                                          \
        name, offsetof(struct org, member), __VA_ARGS__                        \
    }

static const struct text_key text_keys[] = {
    KEY("login_url", login_url, SHAPE_URL, FOR_LOGIN, FOR_LOGIN),
    KEY("instance_url", instance_url, SHAPE_URL, FOR_TOKEN, FOR_TOKEN),
    KEY("username", username, SHAPE_TEXT, FOR_JWT | FOR_USER,
        FOR_JWT | FOR_USER),
    KEY("client_id", client_id, SHAPE_TEXT, FOR_OAUTH, FOR_OAUTH),
    KEY("target_org", target_org, SHAPE_TEXT, FOR_CLI, FOR_CLI),
    KEY("audience", audience, SHAPE_TEXT, FOR_JWT, 0),
    KEY("api_version", api_version, SHAPE_TEXT, FOR_ALL, 0),
    KEY("proxy", proxy, SHAPE_TEXT, FOR_ALL, 0),
    KEY("no_proxy", no_proxy, SHAPE_TEXT, FOR_ALL, 0),
    KEY("ca_file", ca_file, SHAPE_PATH, FOR_ALL, 0),
    KEY("client_secret_file", client_secret.file, SHAPE_PATH, FOR_SECRET, 0),
    KEY("client_secret_env", client_secret.env, SHAPE_TEXT, FOR_SECRET, 0),
    KEY("client_secret_command", client_secret.command, SHAPE_TEXT, FOR_SECRET,
        0),
    KEY("private_key_file", private_key.file, SHAPE_PATH, FOR_JWT, 0),
    KEY("private_key_env", private_key.env, SHAPE_TEXT, FOR_JWT, 0),
    KEY("private_key_command", private_key.command, SHAPE_TEXT, FOR_JWT, 0),
    KEY("access_token_file", access_token.file, SHAPE_PATH, FOR_TOKEN, 0),
    KEY("access_token_env", access_token.env, SHAPE_TEXT, FOR_TOKEN, 0),
    KEY("access_token_command", access_token.command, SHAPE_TEXT, FOR_TOKEN, 0),
    KEY("refresh_token_file", refresh_token.file, SHAPE_PATH, FOR_REFRESH, 0),
    KEY("refresh_token_env", refresh_token.env, SHAPE_TEXT, FOR_REFRESH, 0),
    KEY("refresh_token_command", refresh_token.command, SHAPE_TEXT, FOR_REFRESH,
        0),
    KEY("password_file", password.file, SHAPE_PATH, FOR_USER, 0),
    KEY("password_env", password.env, SHAPE_TEXT, FOR_USER, 0),
    KEY("password_command", password.command, SHAPE_TEXT, FOR_USER, 0),
};
#define TEXT_KEY_COUNT (sizeof text_keys / sizeof *text_keys)

static const char *const auth_names[] = {
    [ORG_AUTH_JWT] = "jwt",
    [ORG_AUTH_CLIENT_CREDENTIALS] = "client_credentials",
    [ORG_AUTH_ACCESS_TOKEN] = "access_token",
    [ORG_AUTH_REFRESH_TOKEN] = "refresh_token",
    [ORG_AUTH_PASSWORD] = "password",
    [ORG_AUTH_SF_CLI] = "sf_cli",
    [ORG_AUTH_SOAP] = "soap",
};
#define AUTH_COUNT (sizeof auth_names / sizeof *auth_names)

bool
org_entry_fail(struct org_reader *reader, const struct yaml_node *at,
               const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(reader->err, ERROR_CONFIG, 0, "%s:%d:%d: %s", reader->path,
                     at->line, at->column, text);
}

bool
org_entry_unknown_key(struct org_reader *reader, const struct yaml_node *key,
                      const char *const *known, size_t count)
{
    char suggestion[SUGGEST_SIZE];
    return org_entry_fail(reader, key, "unknown key '%.*s'%s [unknown-key]",
                          SLICE_ARGS(key->text),
                          suggest_phrase(suggestion, key->text, known, count));
}

const char *
org_entry_text(struct org_reader *reader, const struct yaml_pair *pair)
{
    const struct yaml_node *value = pair->value;
    if (value->kind != YAML_TEXT || value->text.len == 0 ||
        memchr(value->text.ptr, '\0', value->text.len) != NULL) {
        org_entry_fail(reader, value, "'%.*s' wants a text",
                       SLICE_ARGS(pair->key->text));
        return NULL;
    }
    return arena_strdup(reader->arena, value->text);
}

const char *
org_entry_path(struct org_reader *reader, const char *path)
{
    if (path[0] == '/') {
        return path;
    }
    struct slice joined =
        arena_printf(reader->arena, "%s%s", reader->folder, path);
    return arena_strdup(reader->arena, joined);
}

static const char *
url_of(struct org_reader *reader, const struct yaml_node *at, const char *text)
{
    struct http_url parts;
    struct error cause = {0};
    if (!http_url_check(text, &parts, &cause)) {
        org_entry_fail(reader, at, "%s", cause.text);
        return NULL;
    }
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '/') {
        len--;
    }
    return arena_strdup(reader->arena, (struct slice){text, len});
}

static bool
read_text_key(struct org_reader *reader, struct org *org,
              const struct text_key *key, const struct yaml_pair *pair)
{
    const char *text = org_entry_text(reader, pair);
    if (text != NULL && key->shape == SHAPE_PATH) {
        text = org_entry_path(reader, text);
    } else if (text != NULL && key->shape == SHAPE_URL) {
        text = url_of(reader, pair->value, text);
    }
    *(const char **)(void *)((char *)org + key->offset) = text;
    return text != NULL;
}

static bool
read_auth(struct org_reader *reader, struct org *org,
          const struct yaml_pair *pair)
{
    struct slice name = pair->value->text;
    for (size_t i = 0; i < AUTH_COUNT; i++) {
        if (slice_is(name, auth_names[i])) {
            org->auth = (enum org_auth)i;
            return true;
        }
    }
    char suggestion[SUGGEST_SIZE];
    return org_entry_fail(
        reader, pair->value, "unknown auth '%.*s'%s", SLICE_ARGS(name),
        suggest_phrase(suggestion, name, auth_names, AUTH_COUNT));
}

/* "20%" of the org's own limit, or "5000". */
static bool
read_daily_calls(struct org_reader *reader, struct org *org,
                 const struct yaml_node *value)
{
    struct slice text = value->text;
    uint64_t number = 0;
    bool is_share = text.len > 0 && text.ptr[text.len - 1] == '%';
    text.len -= is_share;
    if (value->kind != YAML_TEXT || !slice_to_u64(text, &number) ||
        number == 0 || (is_share && number > 100)) {
        return org_entry_fail(reader, value,
                              "'daily_api_calls' wants a number, or a share "
                              "of the org's limit such as 20%%");
    }
    org->daily_calls = is_share ? 0 : number;
    org->daily_calls_percent = is_share ? (unsigned)number : 0;
    return true;
}

static bool
read_limits(struct org_reader *reader, struct org *org,
            const struct yaml_pair *pair)
{
    static const char *const known[] = {"parallel_jobs", "daily_api_calls"};
    if (pair->value->kind != YAML_MAP) {
        return org_entry_fail(reader, pair->value, "'limits' wants a map");
    }
    for (size_t i = 0; i < pair->value->count; i++) {
        const struct yaml_pair *limit = &pair->value->pairs[i];
        uint64_t number;
        if (slice_is(limit->key->text, "daily_api_calls")) {
            if (!read_daily_calls(reader, org, limit->value)) {
                return false;
            }
            continue;
        }
        if (!slice_is(limit->key->text, "parallel_jobs")) {
            return org_entry_unknown_key(reader, limit->key, known, 2);
        }
        if (limit->value->kind != YAML_TEXT ||
            !slice_to_u64(limit->value->text, &number) || number == 0 ||
            number > API_LONG_CALLS) {
            return org_entry_fail(reader, limit->value,
                                  "'parallel_jobs' wants a number from 1 to %d",
                                  API_LONG_CALLS);
        }
        org->parallel_jobs = (unsigned)number;
    }
    return true;
}

static bool
read_compression(struct org_reader *reader, struct org *org,
                 const struct yaml_pair *pair)
{
    struct slice value = pair->value->text;
    if (slice_is(value, "gzip")) {
        org->gzip_uploads = true;
    } else if (slice_is(value, "auto")) {
        org->auto_gzip = true;
    } else if (!slice_is(value, "none")) {
        return org_entry_fail(reader, pair->value,
                              "'upload_compression' wants none, auto or gzip");
    }
    return true;
}

static bool
read_allow(struct org_reader *reader, struct org *org,
           const struct yaml_pair *pair)
{
    const struct {
        const char *name;
        bool *flag;
    } operations[] = {
        {"insert", &org->allow_insert},
        {"update", &org->allow_update},
        {"upsert", &org->allow_upsert},
        {"delete", &org->allow_delete},
        {"hard_delete", &org->allow_hard_delete},
        {"undelete", &org->allow_undelete},
    };
    if (pair->value->kind != YAML_LIST) {
        return org_entry_fail(
            reader, pair->value,
            "'allow' wants a list such as [insert, update, upsert]");
    }
    org->allow_insert = org->allow_update = org->allow_upsert = false;
    for (size_t i = 0; i < pair->value->count; i++) {
        const struct yaml_node *item = pair->value->pairs[i].value;
        size_t j = 0;
        while (j < 6 && !slice_is(item->text, operations[j].name)) {
            j++;
        }
        if (j == 6) {
            return org_entry_fail(
                reader, item,
                "'%.*s' is no operation; insert, update, upsert, "
                "delete, hard_delete and undelete are",
                SLICE_ARGS(item->text));
        }
        *operations[j].flag = true;
    }
    return true;
}

struct other_key {
    const char *name;
    bool (*read)(struct org_reader *, struct org *, const struct yaml_pair *);
};
static const struct other_key other_keys[] = {
    {"auth", read_auth},
    {"limits", read_limits},
    {"upload_compression", read_compression},
    {"allow", read_allow},
};
#define OTHER_KEY_COUNT (sizeof other_keys / sizeof *other_keys)

static bool
read_org_key(struct org_reader *reader, struct org *org,
             const struct yaml_pair *pair)
{
    const char *known[TEXT_KEY_COUNT + OTHER_KEY_COUNT];
    for (size_t i = 0; i < OTHER_KEY_COUNT; i++) {
        if (slice_is(pair->key->text, other_keys[i].name)) {
            return other_keys[i].read(reader, org, pair);
        }
        known[i] = other_keys[i].name;
    }
    for (size_t i = 0; i < TEXT_KEY_COUNT; i++) {
        if (slice_is(pair->key->text, text_keys[i].name)) {
            return read_text_key(reader, org, &text_keys[i], pair);
        }
        known[OTHER_KEY_COUNT + i] = text_keys[i].name;
    }
    return org_entry_unknown_key(reader, pair->key, known,
                                 TEXT_KEY_COUNT + OTHER_KEY_COUNT);
}

static const char *
text_at(const struct org *org, const struct text_key *key)
{
    return *(const char *const *)(const void *)((const char *)org +
                                                key->offset);
}

static bool
check_keys_of_auth(struct org_reader *reader, const struct org *org,
                   const struct yaml_node *at)
{
    unsigned bit = 1U << org->auth;
    for (size_t i = 0; i < TEXT_KEY_COUNT; i++) {
        const struct text_key *key = &text_keys[i];
        const char *text = text_at(org, key);
        if (text == NULL && (key->needed_by & bit)) {
            return org_entry_fail(reader, at, "org '%s': auth '%s' needs '%s'",
                                  org->name, auth_names[org->auth], key->name);
        }
        if (text != NULL && !(key->used_by & bit)) {
            return org_entry_fail(
                reader, at, "org '%s': auth '%s' does not use '%s'; remove it",
                org->name, auth_names[org->auth], key->name);
        }
    }
    return true;
}

struct secret_rule {
    const char *name;
    size_t offset; /* of a struct secret_source in struct org */
    unsigned needed_by;
};

static const struct secret_rule secret_rules[] = {
    KEY("private_key", private_key, FOR_JWT),
    KEY("client_secret", client_secret, FOR_CLIENT | FOR_PASSWORD),
    KEY("access_token", access_token, FOR_TOKEN),
    KEY("refresh_token", refresh_token, FOR_REFRESH),
    KEY("password", password, FOR_USER),
};

static bool
check_secrets(struct org_reader *reader, const struct org *org,
              const struct yaml_node *at)
{
    unsigned bit = 1U << org->auth;
    for (size_t i = 0; i < sizeof secret_rules / sizeof *secret_rules; i++) {
        const struct secret_rule *rule = &secret_rules[i];
        const struct secret_source *secret =
            (const void *)((const char *)org + rule->offset);
        int given = (secret->file != NULL) + (secret->env != NULL) +
                    (secret->command != NULL);
        if (given > 1 || (given == 0 && (rule->needed_by & bit))) {
            return org_entry_fail(
                reader, at,
                "org '%s': auth '%s' %s one of '%s_file', '%s_env' and "
                "'%s_command'",
                org->name, auth_names[org->auth],
                rule->needed_by & bit ? "needs" : "takes", rule->name,
                rule->name, rule->name);
        }
    }
    return true;
}

/* It stands in a command: a user name or an alias needs nothing else. */
static bool
check_target_org(struct org_reader *reader, const struct org *org,
                 const struct yaml_node *at)
{
    const char *text = org->target_org;
    size_t fits = 0;
    while (text != NULL && text[fits] != '\0' && fits < NAME_LIMIT &&
           (isalnum((unsigned char)text[fits]) ||
            strchr("@._+", text[fits]) != NULL ||
            (text[fits] == '-' && fits > 0))) {
        fits++;
    }
    return text == NULL || text[fits] == '\0' ||
           org_entry_fail(reader, at,
                          "org '%s': 'target_org' wants a user name or an "
                          "alias of the sf CLI: letters, digits and @ . _ + -",
                          org->name);
}

static bool
check_version(struct org_reader *reader, struct org *org,
              const struct yaml_node *at)
{
    if (org->api_version == NULL) {
        org->api_version = API_VERSION_DEFAULT;
        return true;
    }
    struct slice text = slice_of(org->api_version);
    uint64_t number = 0;
    bool shaped = text.len > 2 && text.len < 6 &&
                  slice_is((struct slice){text.ptr + text.len - 2, 2}, ".0") &&
                  slice_to_u64((struct slice){text.ptr, text.len - 2}, &number);
    if (!shaped || number < API_VERSION_LOWEST) {
        return org_entry_fail(
            reader, at,
            "org '%s': api_version '%s' is none; write \"%s\", the "
            "lowest is \"%d.0\"",
            org->name, org->api_version, API_VERSION_DEFAULT,
            API_VERSION_LOWEST);
    }
    return true;
}

static bool
check_proxy(struct org_reader *reader, const struct org *org,
            const struct yaml_node *at)
{
    if (org->proxy != NULL && strchr(org->proxy, '@') != NULL) {
        return org_entry_fail(
            reader, at,
            "org '%s': a proxy's user and password do not belong in "
            "this file; set https_proxy in the environment",
            org->name);
    }
    return true;
}

/* Names stand in paths of the state folder. */
static bool
is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                    (c == '.' && i > 0);
        if (!fits) {
            return false;
        }
    }
    return name.len > 0 && name.len <= NAME_LIMIT;
}

bool
org_entry_read(struct org_reader *reader, struct org *org,
               const struct yaml_pair *pair)
{
    const struct yaml_node *key = pair->key;
    if (!is_name(key->text)) {
        return org_entry_fail(
            reader, key,
            "an org's name holds letters, digits, '-', '_' and '.', "
            "at most %d",
            NAME_LIMIT);
    }
    *org = (struct org){.name = arena_strdup(reader->arena, key->text),
                        .allow_insert = true,
                        .allow_update = true,
                        .allow_upsert = true};
    if (pair->value->kind != YAML_MAP ||
        yaml_tree_get(pair->value, "auth") == NULL) {
        return org_entry_fail(reader, key, "org '%s' wants a map with 'auth'",
                              org->name);
    }
    for (size_t i = 0; i < pair->value->count; i++) {
        if (!read_org_key(reader, org, &pair->value->pairs[i])) {
            return false;
        }
    }
    return check_keys_of_auth(reader, org, key) &&
           check_secrets(reader, org, key) &&
           check_target_org(reader, org, key) &&
           check_version(reader, org, key) && check_proxy(reader, org, key);
}
