/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/control.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "rehearsal/api/api_query.h"
#include "rehearsal/jobs/job_engine.h"
#include "rehearsal/schema/schema_file.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAULTS_LIMIT ((size_t)4 << 20) /* bytes of a fault file */
#define KEY_LIMIT ((size_t)64 << 10)   /* bytes of a key file */

static char *
path_in(const char *dir, const char *name)
{
    return mem_printf("%s/%s", dir, name);
}

static bool
replace_in(const char *dir, const char *name, struct slice bytes,
           struct error *err)
{
    char *path = path_in(dir, name);
    bool fine = file_replace(path, bytes, err);
    free(path);
    return fine;
}

/* The text of a key in PEM, owned by the caller. */
static char *
pem_of(EVP_PKEY *key, bool private)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes, *text = NULL;
    bool fine = bio && (private ? PEM_write_bio_PrivateKey(bio, key, NULL, NULL,
                                                           0, NULL, NULL)
                                : PEM_write_bio_PUBKEY(bio, key));
    if (fine) {
        long len = BIO_get_mem_data(bio, &bytes);
        text = slice_dup((struct slice){bytes, (size_t)len});
    }
    BIO_free(bio);
    return text;
}

static EVP_PKEY *
read_key(const char *path, struct error *err)
{
    struct buffer text = {0};
    EVP_PKEY *key = NULL;
    if (file_read_whole(path, KEY_LIMIT, &text, err)) {
        BIO *bio = BIO_new_mem_buf(buffer_text(&text), (int)text.len);
        key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
        if (!key) {
            error_set(err, ERROR_CONFIG, 0, "'%s' is no private key", path);
        }
    }
    buffer_release(&text);
    return key;
}

/* The key pair, made at the first start. */
static bool
open_key(struct rehearsal *rehearsal, struct error *err)
{
    enum { KEY_BITS = 2048 };
    char *path = path_in(rehearsal->dir, "jwt-key.pem");
    EVP_PKEY *key = NULL;
    bool fine = true;
    if (file_exists(path)) {
        key = read_key(path, err);
    } else {
        key = EVP_RSA_gen(KEY_BITS);
        char *text = key ? pem_of(key, true) : NULL;
        fine =
            text ? file_replace(path, slice_of(text), err)
                 : error_set(err, ERROR_INTERNAL, 0, "cannot make a key pair");
        free(text);
    }
    rehearsal->jwt_public_key = key ? pem_of(key, false) : NULL;
    EVP_PKEY_free(key);
    free(path);
    return fine && rehearsal->jwt_public_key;
}

/* The refresh token, made at the first start. */
static bool
open_refresh_token(struct rehearsal *rehearsal, struct error *err)
{
    char *path = path_in(rehearsal->dir, "refresh-token");
    struct buffer text = {0};
    bool fine = true;
    if (!file_exists(path)) {
        buffer_printf(&text, "5Aep861%016llx%016llx%016llx",
                      (unsigned long long)clock_random(),
                      (unsigned long long)clock_random(),
                      (unsigned long long)clock_random());
        fine = file_replace(path, buffer_slice(&text), err);
    } else {
        fine = file_read_whole(path, KEY_LIMIT, &text, err);
    }
    rehearsal->refresh_token = slice_dup(slice_trim(buffer_slice(&text)));
    buffer_release(&text);
    free(path);
    return fine;
}

static bool
write_address(const struct rehearsal *rehearsal, struct error *err)
{
    char *key = path_in(rehearsal->dir, "jwt-key.pem");
    json_t *json = json_pack(
        "{s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "port",
        (int)http_server_port(rehearsal->server), "pid", (int)getpid(),
        "instance_url", rehearsal->instance_url, "client_id",
        REHEARSAL_CLIENT_ID, "client_secret", REHEARSAL_CLIENT_SECRET,
        "username", REHEARSAL_USERNAME, "password", REHEARSAL_PASSWORD,
        "private_key_file", key, "refresh_token", rehearsal->refresh_token,
        "started", (json_int_t)rehearsal->started_ms);
    char *text = json_dumps(json, JSON_INDENT(2));
    bool fine = replace_in(rehearsal->dir, "address.json", slice_of(text), err);
    free(text);
    json_decref(json);
    free(key);
    return fine;
}

/* A double-quoted YAML scalar. */
static void
append_yaml(struct buffer *out, const char *text)
{
    buffer_append_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            buffer_append_char(out, '\\');
        }
        buffer_append_char(out, *text);
    }
    buffer_append_char(out, '"');
}

static bool
write_orgs(const struct rehearsal *rehearsal, struct error *err)
{
    struct buffer text = {0};
    char *secret = path_in(rehearsal->dir, "client-secret");
    buffer_printf(&text,
                  "orgs:\n  rehearsal:\n    login_url: \"%s\"\n"
                  "    auth: client_credentials\n    client_id: %s\n"
                  "    client_secret_file: ",
                  rehearsal->instance_url, REHEARSAL_CLIENT_ID);
    append_yaml(&text, secret);
    buffer_append_text(&text, "\n    allow: [insert, update, upsert, delete, "
                              "hard_delete, undelete]\n");
    bool fine =
        replace_in(rehearsal->dir, "client-secret",
                   SLICE_LITERAL(REHEARSAL_CLIENT_SECRET "\n"), err) &&
        replace_in(rehearsal->dir, "orgs.yaml", buffer_slice(&text), err);
    buffer_release(&text);
    free(secret);
    return fine;
}

static bool
open_schema(struct rehearsal *rehearsal, const struct control_options *options,
            struct error *err)
{
    rehearsal->schema = org_schema_new();
    for (size_t i = 0; i < options->schema_count; i++) {
        if (!schema_file_add(rehearsal->schema, options->schemas[i], err)) {
            return false;
        }
    }
    return true;
}

static bool
open_faults(struct rehearsal *rehearsal, const struct control_options *options,
            struct error *err)
{
    struct buffer text = {0};
    rehearsal->faults = faults_new(options->latency_ms);
    bool fine =
        !options->faults_path ||
        (file_read_whole(options->faults_path, FAULTS_LIMIT, &text, err) &&
         faults_load(rehearsal->faults, buffer_slice(&text),
                     options->faults_path, err));
    buffer_release(&text);
    return fine;
}

/* Everything behind the server. */
static bool
open_org(struct rehearsal *rehearsal, const struct control_options *options,
         struct error *err)
{
    /* Locks outlive their slice by what a slice takes in Salesforce's time. */
    int64_t lock_ms = options->latency_ms / 10;
    rehearsal->dir = mem_strdup(options->dir);
    rehearsal->jobs_dir = path_in(options->dir, "jobs");
    rehearsal->started_ms = clock_wall_ms();
    if (!file_make_folders(rehearsal->jobs_dir, err) ||
        !open_key(rehearsal, err) || !open_refresh_token(rehearsal, err) ||
        !open_faults(rehearsal, options, err) ||
        !open_schema(rehearsal, options, err)) {
        return false;
    }
    rehearsal->store = store_open(
        rehearsal->schema,
        &(struct store_options){.folder = options->dir, .lock_ms = lock_ms},
        err);
    if (!rehearsal->store) {
        return false;
    }
    rehearsal->cursors = api_query_open();
    rehearsal->jobs = job_engine_open(rehearsal, err);
    return rehearsal->jobs != NULL;
}

struct rehearsal *
control_open(const struct control_options *options, struct error *err)
{
    struct rehearsal *rehearsal = mem_zalloc(sizeof *rehearsal);
    if (open_org(rehearsal, options, err)) {
        struct http_service service = router_service(rehearsal);
        rehearsal->server = http_server_start(options->port, &service,
                                              rehearsal->jobs_dir, err);
    }
    if (rehearsal->server) {
        rehearsal->instance_url = mem_printf(
            "http://127.0.0.1:%u", http_server_port(rehearsal->server));
    }
    if (!rehearsal->server || !write_orgs(rehearsal, err) ||
        !write_address(rehearsal, err)) {
        control_close(rehearsal);
        return NULL;
    }
    atomic_store(&rehearsal->is_ready, true);
    return rehearsal;
}

void
control_close(struct rehearsal *rehearsal)
{
    if (!rehearsal) {
        return;
    }
    /* Jobs end first: a request may wait for one. */
    job_engine_stop(rehearsal->jobs);
    http_server_stop(rehearsal->server);
    job_engine_close(rehearsal->jobs);
    api_query_close(rehearsal->cursors);
    store_close(rehearsal->store);
    org_schema_free(rehearsal->schema);
    faults_free(rehearsal->faults);
    free(rehearsal->dir);
    free(rehearsal->jobs_dir);
    free(rehearsal->instance_url);
    free(rehearsal->jwt_public_key);
    free(rehearsal->refresh_token);
    free(rehearsal);
}

bool
control_reset(const char *dir, struct error *err)
{
    static const char *const names[] = {"jobs", "commits.jsonl", "org.db-wal",
                                        "org.db-shm", "org.db"};
    bool fine = true;
    for (size_t i = 0; i < sizeof names / sizeof *names && fine; i++) {
        char *path = path_in(dir, names[i]);
        fine = file_remove_tree(path, err);
        free(path);
    }
    return fine;
}

static void
serve_status(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct store *store = rehearsal->store;
    exchange_answer_json(
        exchange, 200,
        json_pack("{s:i, s:s, s:I, s:I, s:I, s:I}", "pid", (int)getpid(),
                  "instance_url", rehearsal->instance_url, "started",
                  (json_int_t)rehearsal->started_ms, "api_calls",
                  (json_int_t)store_counted(store, STORE_API_CALLS),
                  "bulk_batches",
                  (json_int_t)store_counted(store, STORE_BULK_BATCHES),
                  "faults_fired", (json_int_t)faults_fired(rehearsal->faults)));
}

static void
serve_faults(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct error err = {0};
    if (faults_load(rehearsal->faults, buffer_slice(&exchange->body), "faults",
                    &err)) {
        exchange_answer_empty(exchange, 204);
    } else {
        exchange_answer_error(exchange, 400, "INVALID_FAULTS", "%s", err.text);
    }
}

const struct route control_routes[] = {
    {"rehearsal.status", "GET", "/rehearsal/status", serve_status,
     ROUTE_CONTROL},
    {"rehearsal.faults", "POST", "/rehearsal/faults", serve_faults,
     ROUTE_CONTROL},
    {0},
};
