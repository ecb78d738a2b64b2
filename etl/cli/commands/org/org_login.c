/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands/org/org_login.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "salesforce/login/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_SIZE 4096
#define ENTRY_LIMIT ((size_t)64 * 1024)
#define FILE_LIMIT ((size_t)4 << 20)

enum question { ASK_URL, ASK_TEXT, ASK_SECRET };

struct asked_key {
    const char *key;
    enum question question;
    const char *text;
};

struct way {
    const char *auth, *what;
    struct asked_key keys[6];
};

#define URL_KEY                                                                \
    {                                                                          \
        "login_url", ASK_URL,                                                  \
            "where to sign in: production, sandbox, or the org's own address"  \
    }
#define USER_KEY                                                               \
    {                                                                          \
        "username", ASK_TEXT, "user name"                                      \
    }
#define CLIENT_KEY                                                             \
    {                                                                          \
        "client_id", ASK_TEXT, "consumer key of the connected app"             \
    }

static const struct way ways[] = {
    {"jwt",
     "a key pair; nothing to type, nothing that expires",
     {URL_KEY,
      USER_KEY,
      CLIENT_KEY,
      {"private_key", ASK_SECRET, "private key (PEM)"}}},
    {"client_credentials",
     "the connected app's own user",
     {URL_KEY, CLIENT_KEY, {"client_secret", ASK_SECRET, "consumer secret"}}},
    {"refresh_token",
     "a token that another program got",
     {URL_KEY, CLIENT_KEY, {"refresh_token", ASK_SECRET, "refresh token"}}},
    {"password",
     "user name and password of OAuth",
     {URL_KEY,
      USER_KEY,
      CLIENT_KEY,
      {"client_secret", ASK_SECRET, "consumer secret"},
      {"password", ASK_SECRET, "password, with the security token behind it"}}},
    {"soap",
     "user name and password of the SOAP API; ends with API 64.0",
     {URL_KEY,
      USER_KEY,
      {"password", ASK_SECRET, "password, with the security token behind it"}}},
    {"access_token",
     "a token from elsewhere; it ends and is not renewed",
     {{"instance_url", ASK_URL, "address of the org"},
      {"access_token", ASK_SECRET, "access token"}}},
    {"sf_cli",
     "the session of Salesforce's command line, sf",
     {{"target_org", ASK_TEXT, "name of the org in sf"}}},
};
#define WAY_COUNT (sizeof ways / sizeof *ways)

static void
echo(bool on)
{
    struct termios state;
    if (tcgetattr(STDIN_FILENO, &state) == 0) {
        state.c_lflag =
            on ? state.c_lflag | ECHO : state.c_lflag & ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &state);
    }
}

/* A line without its end; false at the end of the input. */
static bool
read_line(const char *prompt, bool is_hidden, char answer[ANSWER_SIZE])
{
    fprintf(stderr, "%s: ", prompt);
    fflush(stderr);
    if (is_hidden) {
        echo(false);
    }
    bool got = fgets(answer, ANSWER_SIZE, stdin) != NULL;
    if (is_hidden) {
        echo(true);
        fputc('\n', stderr);
    }
    if (got) {
        answer[strcspn(answer, "\r\n")] = '\0';
    }
    return got;
}

static bool
ended(const char *what, struct error *err)
{
    return error_set(err, ERROR_USAGE, 0,
                     "the answers end before '%s'; nothing was written", what);
}

/* "key: \"value\"" */
static bool
put(struct org_login *login, const char *key, const char *suffix,
    const char *value, struct error *err)
{
    buffer_printf(&login->entry, "%s%s: \"", key, suffix);
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ') {
            return error_set(err, ERROR_USAGE, 0,
                             "'%s' holds a control character", key);
        }
        if (*c == '"' || *c == '\\') {
            buffer_append_char(&login->entry, '\\');
        }
        buffer_append_char(&login->entry, *c);
    }
    buffer_append_text(&login->entry, "\"\n");
    return true;
}

static bool
ask_url(struct org_login *login, const struct asked_key *key, struct error *err)
{
    char answer[ANSWER_SIZE];
    if (!read_line(key->text, false, answer)) {
        return ended(key->key, err);
    }
    const char *url =
        strcmp(answer, "production") == 0 ? "https://login.salesforce.com"
        : strcmp(answer, "sandbox") == 0  ? "https://test.salesforce.com"
                                          : answer;
    const char *scheme = strstr(url, "://") == NULL ? "https://" : "";
    char *whole = mem_printf("%s%s", scheme, url);
    bool done = put(login, key->key, "", whole, err);
    free(whole);
    return done;
}

static bool
ask_text(struct org_login *login, const struct asked_key *key,
         struct error *err)
{
    char answer[ANSWER_SIZE];
    return (read_line(key->text, false, answer) && answer[0] != '\0')
               ? put(login, key->key, "", answer, err)
               : ended(key->key, err);
}

/* Kept in a file of its own beside orgs.yaml. */
static bool
type_secret(struct org_login *login, const struct asked_key *key,
            const char *name, const char *orgs_path, struct error *err)
{
    char answer[ANSWER_SIZE];
    char *prompt = mem_printf("%s (not shown)", key->text);
    bool got = read_line(prompt, true, answer) && answer[0] != '\0';
    free(prompt);
    if (!got) {
        return ended(key->key, err);
    }
    if (login->secret != NULL) {
        explicit_bzero(answer, sizeof answer);
        return error_set(err, ERROR_USAGE, 0,
                         "only one secret can be typed; give '%s' as a file, "
                         "a variable or a command",
                         key->key);
    }
    const char *slash = strrchr(orgs_path, '/');
    int folder = slash != NULL ? (int)(slash - orgs_path) + 1 : 0;
    login->secret = mem_strdup(answer);
    login->secret_path =
        mem_printf("%.*s%s.%s", folder, orgs_path, name, key->key);
    explicit_bzero(answer, sizeof answer);
    const char *shown = strrchr(login->secret_path, '/');
    return put(login, key->key, "_file",
               shown != NULL ? shown + 1 : login->secret_path, err);
}

static bool
ask_secret(struct org_login *login, const struct asked_key *key,
           const char *name, const char *orgs_path, struct error *err)
{
    char answer[ANSWER_SIZE];
    char *prompt = mem_printf("%s: a file's path, env:VARIABLE, command:LINE, "
                              "or nothing to type it",
                              key->text);
    bool got = read_line(prompt, false, answer);
    free(prompt);
    if (!got) {
        return ended(key->key, err);
    }
    if (answer[0] == '\0') {
        return type_secret(login, key, name, orgs_path, err);
    }
    if (strncmp(answer, "env:", 4) == 0) {
        return put(login, key->key, "_env", answer + 4, err);
    }
    if (strncmp(answer, "command:", 8) == 0) {
        return put(login, key->key, "_command", answer + 8, err);
    }
    char *path = realpath(answer, NULL);
    bool done = path != NULL ? put(login, key->key, "_file", path, err)
                             : error_set(err, ERROR_CONFIG, 0,
                                         "there is no file '%s'", answer);
    free(path);
    return done;
}

static const struct way *
ask_way(bool *asked, struct error *err)
{
    char answer[ANSWER_SIZE];
    const char *names[WAY_COUNT];
    for (size_t i = 0; i < WAY_COUNT; i++) {
        fprintf(stderr, "  %-20s%s\n", ways[i].auth, ways[i].what);
        names[i] = ways[i].auth;
    }
    *asked = read_line("how to sign in (jwt)", false, answer);
    if (!*asked) {
        return NULL;
    }
    for (size_t i = 0; i < WAY_COUNT; i++) {
        if (strcmp(answer[0] != '\0' ? answer : "jwt", names[i]) == 0) {
            return &ways[i];
        }
    }
    char phrase[SUGGEST_SIZE];
    error_set(err, ERROR_USAGE, 0, "there is no way '%.40s' to sign in%s",
              answer,
              suggest_phrase(phrase, slice_of(answer), names, WAY_COUNT));
    return NULL;
}

bool
org_login_ask(struct org_login *login, const char *name, const char *orgs_path,
              bool *asked, struct error *err)
{
    *login = (struct org_login){.entry.limit = ENTRY_LIMIT};
    fprintf(stderr, "'%s' is not in '%s' yet.\n", name, orgs_path);
    const struct way *way = ask_way(asked, err);
    bool going = way != NULL && put(login, "auth", "", way->auth, err);
    for (size_t i = 0; going && way->keys[i].key != NULL; i++) {
        const struct asked_key *key = &way->keys[i];
        switch (key->question) {
        case ASK_URL:
            going = ask_url(login, key, err);
            break;
        case ASK_TEXT:
            going = ask_text(login, key, err);
            break;
        case ASK_SECRET:
            going = ask_secret(login, key, name, orgs_path, err);
            break;
        }
    }
    return going;
}

/* Blanks before the first entry below 'orgs:', 2 where there is none. */
static size_t
indent_of(struct slice text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t blanks = 0;
        while (at + blanks < text.len && text.ptr[at + blanks] == ' ') {
            blanks++;
        }
        char c = at + blanks < text.len ? text.ptr[at + blanks] : '\n';
        if (c != '\n' && c != '\r' && c != '#') {
            return blanks > 0 ? blanks : 2;
        }
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        at = end != NULL ? (size_t)(end - text.ptr) + 1 : text.len;
    }
    return 2;
}

static void
put_entry(const struct org_login *login, const char *name, size_t indent,
          struct buffer *after)
{
    struct slice rest = buffer_slice(&login->entry);
    buffer_printf(after, "%*s%s:\n", (int)indent, "", name);
    while (rest.len > 0) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = (size_t)(end - rest.ptr) + 1;
        buffer_printf(after, "%*s", (int)(indent * 2), "");
        buffer_append(after, rest.ptr, len);
        rest = (struct slice){rest.ptr + len, rest.len - len};
    }
}

/* Behind the line "orgs:" at the beginning of a line; 0: there is none. */
static size_t
behind_orgs(struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        size_t len =
            end != NULL ? (size_t)(end - text.ptr) - at : text.len - at;
        struct slice line = slice_trim((struct slice){text.ptr + at, len});
        bool is_key = slice_begins((struct slice){text.ptr + at, len}, "orgs:");
        bool is_open = line.len == 5 || (line.len > 6 && line.ptr[6] == '#');
        at += len + (end != NULL);
        if (is_key && is_open) {
            return at;
        }
    }
    return 0;
}

bool
org_login_merge(const struct org_login *login, const char *name,
                struct slice before, struct buffer *after, struct error *err)
{
    size_t at = behind_orgs(before);
    after->limit = FILE_LIMIT;
    if (slice_trim(before).len == 0) {
        buffer_printf(after, "default: \"%s\"\norgs:\n", name);
        put_entry(login, name, 2, after);
    } else if (at > 0) {
        struct slice rest = {before.ptr + at, before.len - at};
        buffer_append(after, before.ptr, at);
        buffer_append_text(after, before.ptr[at - 1] == '\n' ? "" : "\n");
        put_entry(login, name, indent_of(rest), after);
        buffer_append_slice(after, rest);
    } else {
        return error_set(err, ERROR_CONFIG, 0,
                         "no line 'orgs:' was found where the entry could go; "
                         "add it by hand ('man sfetl-orgs')");
    }
    return true;
}

bool
org_login_keep(const struct org_login *login, struct error *err)
{
    return login->secret == NULL ||
           file_replace(login->secret_path, slice_of(login->secret), err);
}

void
org_login_drop(const struct org_login *login)
{
    struct error ignored = {0};
    if (login->secret_path != NULL) {
        file_remove_tree(login->secret_path, &ignored);
    }
}

void
org_login_release(struct org_login *login)
{
    buffer_release(&login->entry);
    credentials_wipe(login->secret);
    free(login->secret_path);
    *login = (struct org_login){0};
}
