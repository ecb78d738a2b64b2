/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/session.h"

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/describe.h"
#include "salesforce/limits.h"
#include "salesforce/login/oauth_login.h"
#include "salesforce/upload_probe.h"
#include "scratch.h"
#include "scripted_server.h"

#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

#define REPLIES 24

struct fixture {
    struct script_reply replies[REPLIES];
    char *texts[REPLIES];
    size_t count;
    struct scripted_server *server;
    struct http_client *http;
    struct org org;
    struct session session;
    struct error err;
};

static uint64_t
no_jitter(void)
{
    return 0;
}

/* Adds a reply; %s in body is not for printf. */
static void
reply_with(struct fixture *f, int status, const char *type, const char *body)
{
    char *text = mem_printf("HTTP/1.1 %d X\r\nContent-Type: %s\r\n"
                            "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                            "Content-Length: %zu\r\n\r\n%s",
                            status, type, strlen(body), body);
    f->texts[f->count] = text;
    f->replies[f->count++] =
        (struct script_reply){.bytes = text, .end = SCRIPT_KEEP};
}

static void
reply(struct fixture *f, int status, const char *body)
{
    reply_with(f, status, "application/json;charset=UTF-8", body);
}

/* After the replies are given. */
static void
start(struct fixture *f)
{
    f->server = scripted_server_start(f->replies, f->count);
    f->http = http_client_new(&(struct http_options){0}, &f->err);
    f->org.name = "ci";
    f->org.api_version = "64.0";
    f->org.client_id = "3MVG9";
    f->org.login_url = scripted_server_url(f->server);
    f->org.instance_url = f->org.login_url;
}

static void
stop(struct fixture *f)
{
    session_close(&f->session);
    http_client_free(f->http);
    scripted_server_stop(f->server);
    for (size_t i = 0; i < f->count; i++) {
        free(f->texts[i]);
    }
}

/* The instance is never called in these, so any address does. */
#define TOKEN(token)                                                           \
    "{\"access_token\":\"" token "\",\"instance_url\":"                        \
    "\"https://inst.example/\",\"token_type\":\"Bearer\"}"

static bool
sign_in(struct fixture *f, enum org_auth auth)
{
    f->org.auth = auth;
    f->err = (struct error){0};
    return session_open(&f->session, &f->org, f->http, &f->err);
}

static void
test_client_credentials(void **state)
{
    (void)state;
    struct fixture f = {.count = 0};
    reply(&f, 200, TOKEN("00D!x"));
    start(&f);
    f.org.client_secret.command = "echo 's3 cret&'";
    assert_true(sign_in(&f, ORG_AUTH_CLIENT_CREDENTIALS));
    assert_string_equal(f.session.instance_url, "https://inst.example");
    assert_string_equal(f.session.authorization, "Bearer 00D!x");
    const char *request = scripted_server_request(f.server, 0);
    assert_non_null(strstr(request, "POST /services/oauth2/token HTTP/1.1"));
    assert_non_null(
        strstr(request, "Content-Type: application/x-www-form-urlencoded"));
    assert_non_null(strstr(request,
                           "\r\n\r\ngrant_type=client_credentials&"
                           "client_id=3MVG9&client_secret=s3%20cret%26"));
    stop(&f);
}

static void
test_refusals_say_what_helps(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body, *want;
        enum error_kind kind;
    } cases[] = {
        {400,
         "{\"error\":\"invalid_grant\",\"error_description\":"
         "\"user hasn't approved this consumer\"}",
         "pre-authorized", ERROR_AUTH},
        {400, "{\"error\":\"invalid_client\"}", "client_secret", ERROR_AUTH},
        {400, "{\"error\":\"unsupported_grant_type\"}", "My Domain",
         ERROR_AUTH},
        {400, "{\"error\":\"inactive_user\"}", "not active", ERROR_AUTH},
        {404, "<html>no</html>", "check 'login_url'", ERROR_AUTH},
        {302, "", "check 'login_url'", ERROR_AUTH},
        {200, "<html>sign in</html>", "not what Salesforce sends",
         ERROR_NETWORK},
        {200, "{}", "holds no token", ERROR_NETWORK},
        {200, TOKEN("a b"), "holds no token", ERROR_NETWORK},
        {200, TOKEN("a\\r\\nX: y"), "holds no token", ERROR_NETWORK},
        {200,
         "{\"access_token\":\"x\",\"instance_url\":\"http://evil.example\"}",
         "instance_url", ERROR_CONFIG},
    };
    struct fixture f = {.count = 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reply(&f, cases[i].status, cases[i].body);
    }
    start(&f);
    f.org.client_secret.command = "echo s3cret";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(sign_in(&f, ORG_AUTH_CLIENT_CREDENTIALS));
        assert_int_equal(f.err.kind, cases[i].kind);
        if (strstr(f.err.text, cases[i].want) == NULL) {
            fail_msg("'%s' lacks '%s'", f.err.text, cases[i].want);
        }
        assert_null(strstr(f.err.text, "s3cret"));
        assert_non_null(strstr(f.err.text, "'ci'"));
    }
    stop(&f);
}

static int64_t
year_2026(void)
{
    return INT64_C(1767225600000) + 240000; /* four minutes past */
}

static char *
make_key(char **public_pem)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    BIO *private_bio = BIO_new(BIO_s_mem()), *public_bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(private_bio, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_PUBKEY(public_bio, key);
    char *bytes;
    long len = BIO_get_mem_data(private_bio, &bytes);
    char *pem = slice_dup((struct slice){bytes, (size_t)len});
    len = BIO_get_mem_data(public_bio, &bytes);
    *public_pem = slice_dup((struct slice){bytes, (size_t)len});
    BIO_free(private_bio);
    BIO_free(public_bio);
    EVP_PKEY_free(key);
    return pem;
}

static void
check_assertion(const char *request, const char *public_pem)
{
    static const char begin[] =
        "\r\n\r\ngrant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3A"
        "jwt-bearer&assertion=";
    const char *assertion = strstr(request, begin);
    assert_non_null(assertion);
    jwt_t *jwt = NULL;
    assert_int_equal(jwt_decode(&jwt, assertion + strlen(begin),
                                (const unsigned char *)public_pem,
                                (int)strlen(public_pem)),
                     0);
    assert_int_equal(jwt_get_alg(jwt), JWT_ALG_RS256);
    assert_string_equal(jwt_get_grant(jwt, "iss"), "3MVG9");
    assert_string_equal(jwt_get_grant(jwt, "sub"), "loader@example.com");
    assert_string_equal(jwt_get_grant(jwt, "aud"),
                        "https://login.salesforce.com");
    long ahead = jwt_get_grant_int(jwt, "exp") - (long)(year_2026() / 1000);
    assert_true(ahead > 60 && ahead <= 180);
    jwt_free(jwt);
}

static void
test_jwt_bearer(void **state)
{
    struct fixture f = {.count = 0};
    char *public_pem;
    char *pem = make_key(&public_pem);
    char *path = scratch_path(state, "key.pem");
    assert_true(file_replace(path, slice_of(pem), &f.err));
    clock_replace(
        (struct clock_source){.random = no_jitter, .wall_ms = year_2026});
    reply(&f, 200, TOKEN("tok"));
    reply(&f, 400,
          "{\"error\":\"invalid_grant\",\"error_description\":"
          "\"expired authorization code\"}");
    start(&f);
    f.org.username = "loader@example.com";
    f.org.private_key.file = path;
    assert_true(sign_in(&f, ORG_AUTH_JWT));
    check_assertion(scripted_server_request(f.server, 0), public_pem);
    session_close(&f.session);
    assert_false(sign_in(&f, ORG_AUTH_JWT));
    assert_non_null(strstr(f.err.text, "clock is 240 s ahead of the org's"));
    assert_true(file_replace(path, SLICE_LITERAL("no key"), &f.err));
    assert_false(sign_in(&f, ORG_AUTH_JWT));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    clock_replace((struct clock_source){.random = no_jitter});
    free(path);
    free(pem);
    free(public_pem);
    stop(&f);
}

static void
test_audiences(void **state)
{
    (void)state;
    static const struct {
        const char *url, *audience;
    } cases[] = {
        {"https://login.salesforce.com", "https://login.salesforce.com"},
        {"https://acme.my.salesforce.com", "https://login.salesforce.com"},
        {"https://test.salesforce.com", "https://test.salesforce.com"},
        {"https://acme--uat.sandbox.my.salesforce.com",
         "https://test.salesforce.com"},
        {"https://acme--uat.my.salesforce.com", "https://test.salesforce.com"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct org org = {.login_url = cases[i].url};
        assert_string_equal(oauth_login_audience(&org), cases[i].audience);
    }
    const struct org org = {.login_url = "https://x", .audience = "https://y"};
    assert_string_equal(oauth_login_audience(&org), "https://y");
}

#define SPENT                                                                  \
    "[{\"message\":\"Session expired or invalid\",\"errorCode\":"              \
    "\"INVALID_SESSION_ID\"}]"

/* A token in a file that a sign-in script renews. */
static bool
open_by_token(struct fixture *f, const char *command)
{
    f->org.access_token.command = command;
    return sign_in(f, ORG_AUTH_ACCESS_TOKEN);
}

static bool
get(struct fixture *f, struct http_answer *answer)
{
    struct http_request request = {
        .name = "get", .method = "GET", .needs_session = true};
    session_set_url(&f->session, &request, "/x?%s", "y=1");
    f->err = (struct error){0};
    bool done = session_call(&f->session, &request, answer, &f->err);
    http_request_release(&request);
    return done;
}

static void
test_a_spent_session_is_renewed_once(void **state)
{
    (void)state;
    struct fixture f = {.count = 0};
    struct http_answer answer;
    reply(&f, 401, SPENT);
    reply(&f, 200, "{}");
    reply(&f, 401, SPENT);
    reply(&f, 401, SPENT);
    reply(&f, 401, SPENT);
    start(&f);
    assert_true(open_by_token(&f, "date +%N"));
    assert_true(get(&f, &answer));
    assert_int_equal(f.session.renewals, 1);
    const char *first = scripted_server_request(f.server, 0);
    const char *second = scripted_server_request(f.server, 1);
    assert_non_null(strstr(first, "GET /services/data/v64.0/x?y=1 "));
    assert_string_not_equal(strstr(first, "Bearer "),
                            strstr(second, "Bearer "));
    assert_false(get(&f, &answer));
    assert_int_equal(f.err.kind, ERROR_AUTH);
    session_close(&f.session);
    assert_true(open_by_token(&f, "echo same"));
    assert_false(get(&f, &answer));
    assert_int_equal(f.err.kind, ERROR_AUTH);
    assert_non_null(strstr(f.err.text, "the access token is spent"));
    assert_int_equal(scripted_server_count(f.server), 5);
    stop(&f);
}

static void
test_limits(void **state)
{
    (void)state;
    struct fixture f = {.count = 0};
    struct limits limits;
    reply(&f, 200,
          "{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14988},"
          "\"DailyBulkApiBatches\":{\"Max\":15000,\"Remaining\":7},"
          "\"DataStorageMB\":{\"Max\":\"x\"}}");
    reply(&f, 200, "[]");
    start(&f);
    assert_true(open_by_token(&f, "echo t"));
    assert_true(limits_get(&f.session, &limits, &f.err));
    assert_int_equal(limits.api_calls_max, 15000);
    assert_int_equal(limits.api_calls_left, 14988);
    assert_int_equal(limits.bulk_batches_left, 7);
    assert_int_equal(limits.storage_mb_max, -1);
    assert_int_equal(limits.bulk_query_jobs_left, -1);
    assert_true(limits_get(&f.session, &limits, &f.err));
    assert_int_equal(limits.api_calls_max, -1);
    stop(&f);
}

#define DESCRIBE                                                               \
    "{\"name\":\"Account\",\"label\":\"Account\",\"keyPrefix\":\"001\","       \
    "\"createable\":true,\"deletable\":true,\"fields\":["                      \
    "{\"name\":\"Name\",\"type\":\"string\",\"length\":255,"                   \
    "\"nillable\":false,\"createable\":true,\"referenceTo\":[]},"              \
    "{\"name\":\"OwnerId\",\"type\":\"reference\",\"relationshipName\":"       \
    "\"Owner\",\"referenceTo\":[\"Group\",\"User\"]},"                         \
    "{\"name\":\"Rating\",\"type\":\"picklist\",\"restrictedPicklist\":true,"  \
    "\"picklistValues\":[{\"value\":\"Hot\",\"active\":true},"                 \
    "{\"value\":\"Old\",\"active\":false},{\"value\":7}]},"                    \
    "{\"name\":\"X__c\",\"type\":\"hologram\",\"length\":-5,"                  \
    "\"precision\":1e300},7,{},{\"name\":\"NoType\"}]}"

static void
check_account(const struct schema *schema)
{
    const struct schema_object *object =
        schema_object(schema, SLICE_LITERAL("Account"));
    assert_non_null(object);
    assert_string_equal(object->key_prefix, "001");
    assert_int_equal(object->field_count, 4);
    assert_int_equal(object->fields[0].length, 255);
    assert_true(object->fields[0].createable && !object->fields[0].nillable);
    assert_true(object->fields[1].polymorphic);
    assert_string_equal(object->fields[1].relationship, "Owner");
    assert_int_equal(object->fields[2].picklist_count, 1);
    assert_string_equal(object->fields[2].picklist[0], "Hot");
    assert_int_equal(object->fields[3].type, FIELD_OTHER);
    assert_int_equal(object->fields[3].length, 0);
}

static void
test_describe_and_its_cache(void **state)
{
    (void)state;
    struct fixture f = {.count = 0};
    struct schema schema = {0}, saved = {0};
    struct slice name = SLICE_LITERAL("Account");
    reply(&f, 200, DESCRIBE);
    start(&f);
    assert_true(open_by_token(&f, "echo t"));
    assert_false(describe_saved_object("ci", NULL, name, &saved, &f.err));
    assert_int_equal(f.err.kind, ERROR_NONE);
    assert_true(describe_object(&f.session, name, &schema, &f.err));
    check_account(&schema);
    const char *request = scripted_server_request(f.server, 0);
    assert_non_null(
        strstr(request, "GET /services/data/v64.0/sobjects/Account/describe "));
    assert_true(describe_saved_object("ci", NULL, name, &saved, &f.err));
    check_account(&saved);
    assert_false(describe_saved_object("ci", NULL, SLICE_LITERAL("../x"),
                                       &saved, &f.err));
    assert_int_equal(f.err.kind, ERROR_NONE);
    schema_release(&schema);
    schema_release(&saved);
    stop(&f);
}

static void
test_unknown_objects(void **state)
{
    (void)state;
    static const char global[] =
        "{\"sobjects\":[{\"name\":\"Contact\"},{\"name\":\"Account\"},7]}";
    struct fixture f = {.count = 0};
    struct schema schema = {0};
    reply(&f, 404,
          "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"The requested resource "
          "does not exist\"}]");
    reply(&f, 200, global);
    reply(&f, 200, DESCRIBE); /* the org takes any case */
    reply(&f, 200, global);
    reply(&f, 200, "<html>");
    start(&f);
    assert_true(open_by_token(&f, "echo t"));
    assert_false(
        describe_object(&f.session, SLICE_LITERAL("Acount"), &schema, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    assert_non_null(strstr(f.err.text, "did you mean 'Account'?"));
    f.err = (struct error){0};
    assert_false(
        describe_object(&f.session, SLICE_LITERAL("account"), &schema, &f.err));
    assert_non_null(strstr(f.err.text, "did you mean 'Account'?"));
    f.err = (struct error){0};
    assert_false(
        describe_object(&f.session, SLICE_LITERAL("A/b"), &schema, &f.err));
    assert_int_equal(f.err.kind, ERROR_CONFIG);
    f.err = (struct error){0};
    assert_false(
        describe_object(&f.session, SLICE_LITERAL("Contact"), &schema, &f.err));
    assert_int_equal(f.err.kind, ERROR_NETWORK);
    schema_release(&schema);
    stop(&f);
}

#define CANARY_JOB(state, more)                                                \
    "{\"id\":\"7505e000003qrstAAA\",\"state\":\"" state "\"" more "}"

static void
probe(const char *last, bool want)
{
    struct fixture f = {.count = 0};
    bool takes_gzip = !want;
    reply(&f, 200, CANARY_JOB("Open", ""));
    reply(&f, 201, "");
    reply(&f, 200, CANARY_JOB("UploadComplete", ""));
    reply(&f, 200, last);
    reply(&f, 400, "[]"); /* abort */
    reply(&f, 204, "");   /* delete */
    start(&f);
    assert_true(open_by_token(&f, "echo t"));
    assert_true(upload_probe_ask(&f.session, &takes_gzip, &f.err));
    assert_int_equal(takes_gzip, want);
    assert_int_equal(upload_probe_known("ci"), want);
    const char *upload = scripted_server_request(f.server, 1);
    assert_non_null(strstr(upload, "Content-Encoding: gzip\r\n"));
    assert_non_null(
        strstr(scripted_server_request(f.server, 5), "DELETE /services"));
    stop(&f);
}

static void
test_the_canary_tells_whether_gzip_works(void **state)
{
    (void)state;
    assert_false(upload_probe_known("ci"));
    probe(CANARY_JOB("Failed", ",\"errorMessage\":\"InvalidBatch : Field name "
                               "not found : sfetl_upload_canary_c59f__c\""),
          true);
    probe(CANARY_JOB("Failed", ",\"errorMessage\":\"InvalidBatch : Field name "
                               "not found : \\u001f\""),
          false);
    struct fixture f = {.count = 0};
    bool takes_gzip = true;
    reply(&f, 200, CANARY_JOB("Open", ""));
    reply(&f, 415, "[{\"errorCode\":\"UNSUPPORTED\",\"message\":\"x\"}]");
    reply(&f, 200, CANARY_JOB("Aborted", ""));
    reply(&f, 204, "");
    start(&f);
    assert_true(open_by_token(&f, "echo t"));
    assert_true(upload_probe_ask(&f.session, &takes_gzip, &f.err));
    assert_false(takes_gzip);
    stop(&f);
}

static int
set_up(void **state)
{
    if (scratch_make(state) != 0) {
        return -1;
    }
    char *home = realpath(*state, NULL);
    setenv("XDG_STATE_HOME", home, 1);
    free(home);
    return 0;
}

int
main(void)
{
    signal(SIGPIPE, SIG_IGN);
    clock_replace((struct clock_source){.random = no_jitter});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_credentials),
        cmocka_unit_test(test_refusals_say_what_helps),
        cmocka_unit_test(test_jwt_bearer),
        cmocka_unit_test(test_audiences),
        cmocka_unit_test(test_a_spent_session_is_renewed_once),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_describe_and_its_cache),
        cmocka_unit_test(test_unknown_objects),
        cmocka_unit_test(test_the_canary_tells_whether_gzip_works),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_drop);
}
