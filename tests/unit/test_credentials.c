/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scratch.h"

static const char whole[] =
    "default: production\n"
    "runs_dir: runs\n"
    "orgs:\n"
    "  production:\n"
    "    login_url: https://example.my.salesforce.com/\n"
    "    auth: jwt\n"
    "    username: loader@example.com\n"
    "    client_id: 3MVG9\n"
    "    private_key_file: keys/production.pem\n"
    "    api_version: \"63.0\"\n"
    "    limits: { parallel_jobs: 8 }\n"
    "    upload_compression: gzip\n"
    "    allow: [insert, delete]\n"
    "  ci:\n"
    "    instance_url: http://127.0.0.1:8080\n"
    "    auth: access_token\n"
    "    access_token_env: SFETL_TEST_TOKEN\n"
    "  box:\n"
    "    auth: client_credentials\n"
    "    login_url: https://box.my.salesforce.com\n"
    "    client_id: x\n"
    "    client_secret_command: printf 'one\\ntwo'\n"
    "    proxy: http://proxy:3128\n"
    "    no_proxy: localhost\n"
    "    ca_file: /etc/ca.pem\n";

/* An empty home, so that nobody's own files are read. */
static int
set_up(void **state)
{
    if (scratch_make(state) != 0) {
        return -1;
    }
    char *home = realpath(*state, NULL);
    setenv("HOME", home, 1);
    free(home);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("SFETL_CONFIG");
    return 0;
}

static char *
write_orgs(void **state, const char *text)
{
    struct error err = {0};
    char *path = scratch_path(state, "orgs.yaml");
    assert_true(file_replace(path, slice_of(text), &err));
    return path;
}

static void
test_every_key_is_read(void **state)
{
    struct orgs orgs;
    struct error err = {0};
    char *path = write_orgs(state, whole);
    assert_true(credentials_load(&orgs, path, &err));
    const struct org *org = credentials_org(&orgs, NULL, &err);
    assert_non_null(org);
    assert_string_equal(org->name, "production");
    assert_string_equal(org->login_url, "https://example.my.salesforce.com");
    assert_string_equal(org->username, "loader@example.com");
    assert_string_equal(org->api_version, "63.0");
    assert_int_equal(org->parallel_jobs, 8);
    assert_true(org->gzip_uploads && org->allow_insert && org->allow_delete);
    assert_false(org->allow_upsert || org->allow_hard_delete);
    char *key = scratch_path(state, "keys/production.pem");
    assert_string_equal(org->private_key.file, key);
    free(key);
    char *runs = scratch_path(state, "runs");
    assert_string_equal(orgs.runs_dir, runs);
    free(runs);
    org = credentials_org(&orgs, "ci", &err);
    assert_int_equal(org->auth, ORG_AUTH_ACCESS_TOKEN);
    assert_string_equal(org->instance_url, "http://127.0.0.1:8080");
    assert_string_equal(org->api_version, "64.0");
    assert_true(org->allow_insert && org->allow_update && org->allow_upsert);
    assert_false(org->allow_delete || org->allow_undelete);
    org = credentials_org(&orgs, "box", &err);
    assert_string_equal(org->proxy, "http://proxy:3128");
    assert_string_equal(org->ca_file, "/etc/ca.pem");
    char *secret = credentials_secret(&org->client_secret, "secret", &err);
    assert_string_equal(secret, "one");
    credentials_wipe(secret);
    secret = credentials_secret_text(&org->client_secret, "secret", &err);
    assert_string_equal(secret, "one\ntwo");
    credentials_wipe(secret);
    assert_null(credentials_org(&orgs, "prodution", &err));
    assert_non_null(strstr(err.text, "did you mean 'production'?"));
    credentials_release(&orgs);
    free(path);
}

#define ORG(keys) "orgs:\n  a:\n" keys
#define TOKEN_ORG(keys)                                                        \
    ORG("    auth: access_token\n    access_token_env: X\n"                    \
        "    instance_url: https://a.example\n" keys)

static void
test_mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *yaml, *want;
    } cases[] = {
        {"orgz: {}\n", ":1:1: unknown key 'orgz'; did you mean 'orgs'?"},
        {"keep_runs: 90d\n", ":1:1: 'keep_runs' is not in this version"},
        {"connections: []\n", "'connections' wants a map"},
        {"- a\n", "a map with 'orgs' is expected"},
        {"orgs: [a]\n", ":1:7: 'orgs' wants a map"},
        {"orgs: { a: 1 }\n", "wants a map with 'auth'"},
        {"orgs: { ../a: {auth: jwt} }\n", "an org's name holds"},
        {"orgs: { \"\": {auth: jwt} }\n", "an org's name holds"},
        {ORG("    auth: jwz\n"), ":3:11: unknown auth 'jwz'; did you mean"},
        {ORG("    auth: soap\n"), "auth 'soap' needs 'login_url'"},
        {ORG("    auth: soap\n    username: u\n    password_env: P\n"
             "    client_id: x\n    login_url: https://x.example\n"),
         "auth 'soap' does not use 'client_id'"},
        {ORG("    auth: sf_cli\n"), "auth 'sf_cli' needs 'target_org'"},
        {ORG("    auth: sf_cli\n    target_org: a b\n"), "'target_org' wants"},
        {ORG("    auth: sf_cli\n    target_org: $(id)\n"),
         "'target_org' wants"},
        {ORG("    auth: sf_cli\n    target_org: --all\n"),
         "'target_org' wants"},
        {ORG("    auth: sf_cli\n    target_org: a\n    client_id: x\n"),
         "auth 'sf_cli' does not use 'client_id'"},
        {ORG("    auth: refresh_token\n    client_id: x\n"
             "    login_url: https://x.example\n"),
         "auth 'refresh_token' needs one of 'refresh_token_file'"},
        {ORG("    auth: refresh_token\n    client_id: x\n"
             "    refresh_token_env: R\n    client_secret_env: A\n"
             "    client_secret_file: B\n"
             "    login_url: https://x.example\n"),
         "auth 'refresh_token' takes one of 'client_secret_file'"},
        {ORG("    auth: password\n    client_id: x\n    username: u\n"
             "    password_env: P\n    login_url: https://x.example\n"),
         "auth 'password' needs one of 'client_secret_file'"},
        {ORG("    auth: jwt\n    login_url: ftp://x\n"), ":4:16: 'ftp://x'"},
        {ORG("    auth: jwt\n    login_url: http://x.example\n"),
         "http:// is accepted for loopback addresses only"},
        {ORG("    auth: jwt\n    login_url: https://x.example\n"),
         "auth 'jwt' needs 'username'"},
        {TOKEN_ORG("    username: x\n"),
         "auth 'access_token' does not use 'username'"},
        {TOKEN_ORG("    access_token_file: x\n"), "needs one of"},
        {TOKEN_ORG("    acess_token_env: x\n"),
         "did you mean 'access_token_env'?"},
        {TOKEN_ORG("    access_token: x\n"), "unknown key 'access_token'"},
        {TOKEN_ORG("    api_version: 64\n"), "api_version '64' is none"},
        {TOKEN_ORG("    api_version: \"30.0\"\n"), "the lowest is \"31.0\""},
        {TOKEN_ORG("    proxy: http://u:p@x\n"), "do not belong in this file"},
        {TOKEN_ORG("    limits: { parallel_jobs: 0 }\n"), "from 1 to 25"},
        {TOKEN_ORG("    limits: { daily_api_calls: 120% }\n"),
         "'daily_api_calls' wants a number, or a share"},
        {TOKEN_ORG("    limits: { daily_api_calls: 0 }\n"),
         "'daily_api_calls' wants a number, or a share"},
        {TOKEN_ORG("    limits: { paralel_jobs: 1 }\n"),
         "did you mean 'parallel_jobs'?"},
        {TOKEN_ORG("    upload_compression: zip\n"),
         "wants none, auto or gzip"},
        {TOKEN_ORG("    allow: [merge]\n"), ":6:13: 'merge' is no operation"},
        {TOKEN_ORG("    allow: all\n"), "'allow' wants a list"},
        {TOKEN_ORG("    ca_file:\n"), "'ca_file' wants a text"},
        {TOKEN_ORG("    no_proxy: \"a\\0b\"\n"), "wants a text"},
        {"orgs: {\n", "orgs.yaml:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orgs orgs;
        struct error err = {0};
        char *path = write_orgs(state, cases[i].yaml);
        assert_false(credentials_load(&orgs, path, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (strstr(err.text, cases[i].want) == NULL) {
            fail_msg("'%s' lacks '%s'", err.text, cases[i].want);
        }
        free(path);
    }
}

static void
test_a_missing_file(void **state)
{
    (void)state;
    struct orgs orgs;
    struct error err = {0};
    assert_false(credentials_load(&orgs, "/nonexistent/orgs.yaml", &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    err = (struct error){0};
    assert_true(credentials_load(&orgs, NULL, &err)); /* the default place */
    assert_int_equal(orgs.count, 0);
    assert_null(credentials_org(&orgs, NULL, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    err = (struct error){0};
    assert_null(credentials_org(&orgs, "rehearsal", &err));
    assert_non_null(strstr(err.text, "sfetl rehearsal start"));
    credentials_release(&orgs);
    setenv("SFETL_CONFIG", "/nonexistent/orgs.yaml", 1);
    err = (struct error){0};
    assert_false(credentials_load(&orgs, NULL, &err));
    unsetenv("SFETL_CONFIG");
}

static void
test_the_rehearsal_org_is_found(void **state)
{
    struct orgs orgs;
    struct error err = {0};
    char *folder = scratch_path(state, ".local/state/sfetl/rehearsal");
    char *path = mem_printf("%s/orgs.yaml", folder);
    assert_true(file_make_folders(folder, &err));
    assert_true(file_replace(
        path,
        SLICE_LITERAL("default: rehearsal\n"
                      "orgs:\n  rehearsal:\n    auth: client_credentials\n"
                      "    login_url: http://127.0.0.1:1\n    client_id: r\n"
                      "    client_secret_file: secret\n"),
        &err));
    assert_true(credentials_load(&orgs, NULL, &err));
    const struct org *org = credentials_org(&orgs, "rehearsal", &err);
    assert_non_null(org);
    char *home = realpath(*state, NULL);
    char *secret = mem_printf("%s/.local/state/sfetl/rehearsal/secret", home);
    assert_string_equal(org->client_secret.file, secret);
    free(secret);
    free(home);
    assert_null(orgs.default_org);
    credentials_release(&orgs);
    assert_true(file_replace(path, SLICE_LITERAL("orgs: ["), &err));
    assert_true(credentials_load(&orgs, NULL, &err)); /* told, not fatal */
    assert_int_equal(orgs.count, 0);
    credentials_release(&orgs);
    free(path);
    free(folder);
}

static void
test_what_was_found_out_about_gzip(void **state)
{
    struct orgs orgs;
    struct error err = {0};
    char *path = write_orgs(state, TOKEN_ORG("    upload_compression: auto\n"));
    assert_true(credentials_load(&orgs, path, &err));
    assert_false(orgs.orgs[0].gzip_uploads);
    credentials_release(&orgs);
    char *folder = scratch_path(state, ".local/state/sfetl/orgs/a");
    char *memory = mem_printf("%s/upload_compression", folder);
    assert_true(file_make_folders(folder, &err));
    assert_true(file_replace(memory, SLICE_LITERAL("gzip\n"), &err));
    assert_true(credentials_load(&orgs, path, &err));
    assert_true(orgs.orgs[0].gzip_uploads && orgs.orgs[0].auto_gzip);
    credentials_release(&orgs);
    free(memory);
    free(folder);
    free(path);
}

static bool
secret_fails(struct secret_source source, const char *want)
{
    struct error err = {0};
    char *secret = credentials_secret(&source, "client_secret", &err);
    bool fails = secret == NULL && err.kind == ERROR_CONFIG &&
                 strstr(err.text, want) != NULL;
    if (!fails) {
        print_message("%s\n", err.text);
    }
    credentials_wipe(secret);
    return fails;
}

static void
test_secrets_come_from_safe_places(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "secret");
    assert_true(file_replace(path, SLICE_LITERAL("s3cret\r\nmore\n"), &err));
    const struct secret_source file = {.file = path};
    char *secret = credentials_secret(&file, "client_secret", &err);
    assert_string_equal(secret, "s3cret");
    credentials_wipe(secret);
    assert_int_equal(chmod(path, 0640), 0);
    assert_true(secret_fails(file, "[secret-exposed]"));
    assert_int_equal(chmod(path, 0604), 0);
    assert_true(secret_fails(file, "[secret-exposed]"));
    assert_true(secret_fails((struct secret_source){.file = "/nonexistent"},
                             "cannot open"));
    assert_true(
        secret_fails((struct secret_source){.file = *state}, "is no file"));
    setenv("SFETL_TEST_TOKEN", "t0ken", 1);
    const struct secret_source env = {.env = "SFETL_TEST_TOKEN"};
    secret = credentials_secret(&env, "access_token", &err);
    assert_string_equal(secret, "t0ken");
    credentials_wipe(secret);
    setenv("SFETL_TEST_TOKEN", "", 1);
    assert_true(secret_fails(env, "it is empty"));
    unsetenv("SFETL_TEST_TOKEN");
    assert_true(secret_fails(env, "no variable"));
    free(path);
}

static void
test_secrets_of_commands(void **state)
{
    (void)state;
    struct error err = {0};
    struct secret_source source = {.command = "cat; echo a b; echo c"};
    char *secret = credentials_secret(&source, "x", &err);
    assert_string_equal(secret, "a b"); /* standard input is empty */
    credentials_wipe(secret);
    source.command = "echo secret; exit 3";
    assert_true(secret_fails(source, "failed (status 3)"));
    source.command = "kill -9 $$";
    assert_true(secret_fails(source, "failed (status 137)"));
    source.command = "true";
    assert_true(secret_fails(source, "it is empty"));
    source.command = "yes";
    assert_true(secret_fails(source, "output can't be had"));
    credentials_wipe(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_is_read),
        cmocka_unit_test(test_mistakes_are_told_with_their_place),
        cmocka_unit_test(test_a_missing_file),
        cmocka_unit_test(test_the_rehearsal_org_is_found),
        cmocka_unit_test(test_what_was_found_out_about_gzip),
        cmocka_unit_test(test_secrets_come_from_safe_places),
        cmocka_unit_test(test_secrets_of_commands),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_drop);
}
