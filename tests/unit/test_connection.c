/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/connection.h"

#include "http/http_url.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool
load(void **state, struct orgs *orgs, const char *text, struct error *err)
{
    char *path = scratch_path(state, "orgs.yaml");
    assert_true(file_replace(path, slice_of(text), err));
    bool done = credentials_load(orgs, path, err);
    free(path);
    return done;
}

static void
the_longest_beginning_counts(void **state)
{
    struct error err = {0};
    struct orgs orgs;
    assert_true(load(state, &orgs,
                     "connections:\n"
                     "  https://erp.example.com: { username: all,\n"
                     "    password_env: A }\n"
                     "  https://erp.example.com/out/: { token_file: t }\n"
                     "  sftp://erp.example.com:2222/: { username: ssh,\n"
                     "    private_key_file: /k, known_hosts_file: hosts }\n",
                     &err));
    static const struct {
        const char *url, *begins;
    } cases[] = {
        {"https://erp.example.com/out/a.csv", "https://erp.example.com/out/"},
        {"https://erp.example.com/outer/a.csv", "https://erp.example.com"},
        {"https://erp.example.com?a", "https://erp.example.com"},
        {"https://erp.example.com.evil.org/a.csv", NULL},
        {"https://erp.example.com:444/a.csv", NULL},
        {"sftp://erp.example.com:2222/a.csv", "sftp://erp.example.com:2222/"},
        {"sftp://erp.example.com/a.csv", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct connection *found = connection_find(&orgs, cases[i].url);
        assert_int_equal(found != NULL, cases[i].begins != NULL);
        if (found != NULL) {
            assert_string_equal(found->begins, cases[i].begins);
        }
    }
    const struct connection *ssh =
        connection_find(&orgs, "sftp://erp.example.com:2222/a.csv");
    assert_string_equal(ssh->private_key_file, "/k");
    assert_non_null(strstr(ssh->known_hosts_file, "/hosts"));
    credentials_release(&orgs);
}

static void
a_wrong_entry_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"connections: [a]\n", ":1:14: 'connections' wants a map"},
        {"connections: { http://erp.example.com/: {} }\n", "not encrypted"},
        {"connections: { \"https://a:b@c.example/\": {} }\n",
         "user or password"},
        {"connections: { https://c.example/: yes }\n", "wants a map"},
        {"connections: { https://c.example/: { usrname: a } }\n",
         "did you mean 'username'? [unknown-key]"},
        {"connections: { https://c.example/: { password: a } }\n",
         "a secret does not stand in this file"},
        {"connections: { https://c.example/: { known_hosts_file: a } }\n",
         "for sftp:// only"},
        {"connections: { sftp://c.example/: { ca_file: a } }\n",
         "not for sftp://"},
        {"connections: { sftp://c.example/: { token_env: a } }\n",
         "for https:// only"},
        {"connections: { sftp://c.example/: { private_key_file: a } }\n",
         "'username' is missing"},
        {"connections: { https://c.example/: { username: a, token_env: b } }\n",
         "two ways to sign in"},
        {"connections: { https://c.example/: { username: a, password_env: b, "
         "password_file: c } }\n",
         "give one of them"},
        {"connections: { sftp://c.example/: { passphrase_env: b } }\n",
         "opens a 'private_key_file'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error err = {0};
        struct orgs orgs;
        assert_false(load(state, &orgs, wrong[i].text, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, "orgs.yaml:1:"));
        assert_non_null(strstr(err.text, wrong[i].said));
    }
}

static void
addresses_of_files_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool good;
    } cases[] = {
        {"https://a.example/x.csv", true},
        {"sftp://a.example/~/x..csv", true},
        {"ftps://a.example/.x/y", true},
        {"http://127.0.0.1:80/x", true},
        {"http://a.example/x", false},
        {"ftp://a.example/x", false},
        {"scp://a.example/x", false},
        {"sftp://a.example/out/../x", false},
        {"sftp://a.example/out/%2E./x", false},
        {"sftp://a.example/..", false},
        {"sftp://u@a.example/x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_url parts;
        struct error err = {0};
        assert_int_equal(http_url_check_file(cases[i].url, &parts, &err),
                         cases[i].good);
    }
    static const struct {
        const char *url, *name;
    } names[] = {
        {"https://a.example/out/x.csv?sig=1/2", "x.csv"},
        {"https://a.example/out/", "download"},
        {"https://a.example/a%2Fb%20c.csv", "b_c.csv"},
        {"https://a.example/.x", "_x"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *name = http_url_file_name(names[i].url);
        assert_string_equal(name, names[i].name);
        free(name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_beginning_counts),
        cmocka_unit_test(a_wrong_entry_is_told_with_its_place),
        cmocka_unit_test(addresses_of_files_are_checked),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
