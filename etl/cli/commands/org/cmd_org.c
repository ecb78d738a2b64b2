/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "cli/commands/org/org_describe.h"
#include "cli/commands/org/org_login.h"
#include "cli/options.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "salesforce/describe.h"
#include "salesforce/limits.h"
#include "salesforce/upload_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALLBACK_WIDTH 80
#define CONFIG_LIMIT ((size_t)1 << 20)

/* One `sfetl org WORD`. Fills json (an object) where --format json asks for
 * it, else prints. */
struct org_call {
    const struct options *options;
    const char *name; /* the operand behind the word; NULL: none */
    struct orgs orgs;
    const struct org *org;
    struct http_client *http;
    struct session session;
    json_t *json; /* NULL: for people */
};

struct org_word {
    const char *name;
    bool (*run)(struct org_call *call, struct error *err);
    bool names_org; /* the operand is an org; else the object to describe */
};

static const char *
auth_name(enum org_auth auth)
{
    static const char *const names[] = {
        [ORG_AUTH_JWT] = "jwt",
        [ORG_AUTH_CLIENT_CREDENTIALS] = "client_credentials",
        [ORG_AUTH_ACCESS_TOKEN] = "access_token",
        [ORG_AUTH_REFRESH_TOKEN] = "refresh_token",
        [ORG_AUTH_PASSWORD] = "password",
        [ORG_AUTH_SF_CLI] = "sf_cli",
        [ORG_AUTH_SOAP] = "soap",
    };
    return names[auth];
}

static const char *
org_url(const struct org *org)
{
    return org->instance_url != NULL ? org->instance_url
           : org->login_url != NULL  ? org->login_url
                                     : "";
}

static bool
list_orgs(struct org_call *call, struct error *err)
{
    static const struct grid_column columns[] = {{"org", false, 0},
                                                 {"auth", false, 0},
                                                 {"user", false, 0},
                                                 {"url", false, 0},
                                                 {"", false, 0}};
    (void)err;
    const struct orgs *orgs = &call->orgs;
    struct grid grid;
    json_t *list = json_array();
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < orgs->count; i++) {
        const struct org *org = &orgs->orgs[i];
        bool is_default = orgs->default_org != NULL &&
                          strcmp(orgs->default_org, org->name) == 0;
        grid_put(&grid, slice_of(org->name));
        grid_put(&grid, slice_of(auth_name(org->auth)));
        grid_put(&grid, slice_of(org->username));
        grid_put(&grid, slice_of(org_url(org)));
        grid_put(&grid, slice_of(is_default ? "default" : ""));
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:s?,s:s,s:s,s:b}", "name", org->name,
                            "auth", auth_name(org->auth), "username",
                            org->username, "url", org_url(org), "api_version",
                            org->api_version, "default", is_default));
    }
    if (call->json == NULL && orgs->count > 0) {
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    } else if (call->json == NULL) {
        printf("no org is configured in '%s'; 'man 5 sfetl-orgs' shows how, "
               "and 'sfetl rehearsal start' makes one to try\n",
               orgs->path ? orgs->path : "orgs.yaml");
    } else {
        json_object_set(call->json, "orgs", list);
    }
    json_decref(list);
    grid_close(&grid);
    return true;
}

static bool
sign_in(struct org_call *call, struct error *err)
{
    const char *name = call->name ? call->name : call->options->run.org;
    call->org = credentials_org(&call->orgs, name, err);
    if (call->org == NULL) {
        return false;
    }
    const struct http_options options = {.proxy = call->org->proxy,
                                         .no_proxy = call->org->no_proxy,
                                         .ca_file = call->org->ca_file};
    call->http = http_client_new(&options, err);
    return call->http != NULL &&
           session_open(&call->session, call->org, call->http, err);
}

/* A line, or a member of the JSON. */
static void
tell(struct org_call *call, const char *name, const char *text)
{
    if (call->json != NULL) {
        json_object_set_new(call->json, name, talk_json_text(slice_of(text)));
    } else {
        printf("%-18s%s\n", name, text);
    }
}

static bool
enter(struct org_call *call, struct error *err)
{
    if (!sign_in(call, err)) {
        return false;
    }
    tell(call, "org", call->org->name);
    tell(call, "auth", auth_name(call->org->auth));
    tell(call, "instance", call->session.instance_url);
    return true;
}

static bool
is_configured(const struct org_call *call, const char *name)
{
    for (size_t i = 0; i < call->orgs.count; i++) {
        if (strcmp(call->orgs.orgs[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The new file is tried aside, and takes its place when the sign-in works. */
static bool
try_entry(struct org_call *call, const struct org_login *entry,
          const char *path, struct error *err)
{
    struct buffer before = {.limit = CONFIG_LIMIT * 2}, after = {0};
    char *aside = mem_printf("%s.new", path);
    bool done = (!file_exists(path) ||
                 file_read_whole(path, CONFIG_LIMIT, &before, err)) &&
                org_login_merge(entry, call->name, buffer_slice(&before),
                                &after, err) &&
                org_login_keep(entry, err) &&
                file_replace(aside, buffer_slice(&after), err);
    credentials_release(&call->orgs);
    done = done && credentials_load(&call->orgs, aside, err) &&
           enter(call, err) && file_replace(path, buffer_slice(&after), err);
    if (!done) {
        org_login_drop(entry);
    }
    struct error ignored = {0};
    file_remove_tree(aside, &ignored);
    free(aside);
    buffer_release(&before);
    buffer_release(&after);
    return done;
}

static bool
make_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) {
        return true;
    }
    char *folder = slice_dup((struct slice){path, (size_t)(slash - path)});
    bool done = file_make_folders(folder, err);
    free(folder);
    return done;
}

/* Of an org that is not configured yet. */
static bool
walk_through(struct org_call *call, struct error *err)
{
    struct org_login entry = {.secret = NULL};
    bool asked = false;
    if (strpbrk(call->name, "/ \"':#{}[],&*!|>%@`\\") != NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' makes no name of an org; use letters, digits, "
                         "'-' and '_'",
                         call->name);
    }
    char *path = mem_strdup(call->orgs.path);
    bool done = org_login_ask(&entry, call->name, path, &asked, err);
    if (!asked) {
        error_clear(err);
        credentials_org(&call->orgs, call->name, err);
    }
    done =
        done && make_folder_of(path, err) && try_entry(call, &entry, path, err);
    if (done) {
        tell(call, "outcome", "signed in; the org is in orgs.yaml now");
        tell(call, "file", path);
    }
    org_login_release(&entry);
    free(path);
    return done;
}

static bool
login(struct org_call *call, struct error *err)
{
    if (call->name != NULL && !is_configured(call, call->name) &&
        strcmp(call->name, "rehearsal") != 0 && call->orgs.path != NULL) {
        return walk_through(call, err);
    }
    if (!enter(call, err)) {
        return false;
    }
    tell(call, "outcome",
         "signed in; nothing is kept, each run signs in by itself");
    return true;
}

static void
tell_left(struct org_call *call, const char *name, const char *label,
          int64_t left, int64_t most)
{
    if (call->json != NULL) {
        json_object_set_new(
            call->json, name,
            json_pack("{s:o,s:o}", "left",
                      left >= 0 ? json_integer(left) : json_null(), "of",
                      most >= 0 ? json_integer(most) : json_null()));
        return;
    }
    char a[FIGURE_SIZE], b[FIGURE_SIZE];
    if (left < 0 || most < 0) {
        printf("%-18snot stated by the org\n", label);
    } else {
        printf("%-18s%s of %s left\n", label, figure_count(a, (uint64_t)left),
               figure_count(b, (uint64_t)most));
    }
}

static bool
tell_limits(struct org_call *call, struct error *err)
{
    struct limits limits;
    if (!limits_get(&call->session, &limits, err)) {
        return false;
    }
    tell_left(call, "api_calls", "API calls", limits.api_calls_left,
              limits.api_calls_max);
    tell_left(call, "bulk_batches", "Bulk batches", limits.bulk_batches_left,
              limits.bulk_batches_max);
    tell_left(call, "bulk_query_jobs", "Bulk query jobs",
              limits.bulk_query_jobs_left, limits.bulk_query_jobs_max);
    tell_left(call, "storage_mb", "data storage, MB", limits.storage_mb_left,
              limits.storage_mb_max);
    return true;
}

static bool
show_limits(struct org_call *call, struct error *err)
{
    return sign_in(call, err) && tell_limits(call, err);
}

/* Asks with a job that can touch no record: also shows that jobs may be made.
 */
static bool
tell_compression(struct org_call *call, struct error *err)
{
    bool takes_gzip;
    if (!upload_probe_ask(&call->session, &takes_gzip, err)) {
        return false;
    }
    if (call->json != NULL) {
        json_object_set_new(call->json, "takes_gzip", json_boolean(takes_gzip));
    } else {
        printf("%-18s%s\n", "gzip uploads",
               takes_gzip ? "taken; remembered for upload_compression: auto"
                          : "not taken");
    }
    return true;
}

static bool
tell_objects(struct org_call *call, struct error *err)
{
    struct arena arena = {0};
    const char **names;
    size_t count = 0;
    bool done = describe_global(&call->session, &arena, &names, &count, err);
    if (done && call->json != NULL) {
        json_object_set_new(call->json, "objects",
                            json_integer((json_int_t)count));
    } else if (done) {
        printf("%-18s%zu\n", "objects", count);
    }
    arena_release(&arena);
    return done;
}

/* What a run needs: to sign in, limits, metadata, and Bulk jobs. */
static bool
test(struct org_call *call, struct error *err)
{
    if (!enter(call, err)) {
        return false;
    }
    tell(call, "api_version", call->org->api_version);
    if (!tell_limits(call, err) || !tell_objects(call, err) ||
        !tell_compression(call, err)) {
        return false;
    }
    tell(call, "outcome", "the org can be used");
    return true;
}

static bool
list_objects(struct org_call *call, struct error *err)
{
    struct arena arena = {0};
    const char **names;
    size_t count = 0;
    bool done = describe_global(&call->session, &arena, &names, &count, err);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_string(names[i]));
        if (call->json == NULL) {
            printf("%s\n", names[i]);
        }
    }
    if (call->json != NULL) {
        json_object_set(call->json, "objects", list);
    }
    json_decref(list);
    arena_release(&arena);
    return done;
}

static bool
save_object(struct org_call *call, const char *name, struct error *err)
{
    if (strpbrk(name, "/.") != NULL) {
        return error_set(err, ERROR_REMOTE, 0,
                         "the org calls the object '%s', which makes no file "
                         "name",
                         name);
    }
    const char *folder = call->options->save_dir;
    char *path = mem_printf("%s/%s.json", folder, name);
    bool done = file_make_folders(folder, err) &&
                org_describe_save(&call->session, name, path, err);
    if (done) {
        tell(call, "saved", path);
    }
    free(path);
    return done;
}

static bool
describe(struct org_call *call, struct error *err)
{
    const char *name = call->name;
    call->name = NULL; /* it is the object: the org comes from --org */
    if (!sign_in(call, err)) {
        return false;
    }
    if (name == NULL) {
        return list_objects(call, err);
    }
    struct schema schema = {0};
    bool done = describe_object(&call->session, slice_of(name), &schema, err);
    if (done) {
        const struct schema_object *object =
            schema_object(&schema, slice_of(name));
        if (call->options->save_dir == NULL) {
            org_describe_show(object, call->json);
        } else {
            done = save_object(call, object->name, err);
        }
    }
    schema_release(&schema);
    return done;
}

static const struct org_word words[] = {
    {"list", list_orgs, false},    {"login", login, true},
    {"test", test, true},          {"describe", describe, false},
    {"limits", show_limits, true},
};
#define WORD_COUNT (sizeof words / sizeof words[0])

static const struct org_word *
find_word(const char *name, struct error *err)
{
    const char *names[WORD_COUNT];
    for (size_t i = 0; i < WORD_COUNT; i++) {
        names[i] = words[i].name;
        if (strcmp(words[i].name, name) == 0) {
            return &words[i];
        }
    }
    char phrase[SUGGEST_SIZE];
    error_set(err, ERROR_USAGE, 0, "there is no 'org %s'%s", name,
              suggest_phrase(phrase, slice_of(name), names, WORD_COUNT));
    return NULL;
}

static bool
check_arguments(const struct org_word *word, const struct options *options,
                struct error *err)
{
    bool has_name = options->operand_count > 1;
    bool is_describe = word->run == describe;
    if (has_name && word->run == list_orgs) {
        return error_set(err, ERROR_USAGE, 0, "'org list' takes no operand");
    }
    if (has_name && word->names_org && options->run.org != NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "the org is named twice, as '%s' and by --org '%s'",
                         options->operands[1], options->run.org);
    }
    if (options->save_dir != NULL && (!is_describe || !has_name)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--save' goes with 'org describe OBJECT'");
    }
    return true;
}

static bool
run_word(struct org_call *call, struct error *err)
{
    const struct options *options = call->options;
    const struct org_word *word = find_word(options->operands[0], err);
    if (word == NULL || !check_arguments(word, options, err)) {
        return false;
    }
    call->name = options->operand_count > 1 ? options->operands[1] : NULL;
    return credentials_load(&call->orgs, options->run.config_path, err) &&
           word->run(call, err);
}

int
cmd_org_main(const struct options *options)
{
    struct error err = {0};
    struct org_call call = {.options = options,
                            .json = options_wants_json(options) ? json_object()
                                                                : NULL};
    run_word(&call, &err);
    talk_error(&err);
    if (call.json != NULL) {
        json_object_set_new(call.json, "exit_code",
                            json_integer(error_exit_code(&err)));
        json_object_set_new(call.json, "error", talk_json_error(&err));
        talk_json_print(call.json);
    }
    session_close(&call.session);
    http_client_free(call.http);
    credentials_release(&call.orgs);
    return error_exit_code(&err);
}
