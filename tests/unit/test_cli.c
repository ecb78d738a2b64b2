/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "base/buffer.h"
#include "cli/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* What a command printed. */
struct heard {
    char out[65536], err[8192];
    int code;
};

static void
read_back(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void
call(struct heard *heard, const char *a, const char *b)
{
    char *argv[] = {(char[]){"sfetl"}, strdup(a), b ? strdup(b) : NULL, NULL};
    FILE *out = tmpfile(), *err = tmpfile();
    fflush(stdout);
    int kept_out = dup(STDOUT_FILENO), kept_err = dup(STDERR_FILENO);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    heard->code = cli_main(b ? 3 : 2, argv);
    fflush(stdout);
    dup2(kept_out, STDOUT_FILENO);
    dup2(kept_err, STDERR_FILENO);
    close(kept_out);
    close(kept_err);
    read_back(out, heard->out, sizeof heard->out);
    read_back(err, heard->err, sizeof heard->err);
    free(argv[1]);
    free(argv[2]);
}

static void
expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void
says_its_version(void **state)
{
    (void)state;
    struct heard heard;
    call(&heard, "--version", NULL);
    assert_int_equal(heard.code, 0);
    assert_string_equal(heard.out, "sfetl " PACKAGE_VERSION "\n");
    assert_string_equal(heard.err, "");
}

static void
helps_with_every_command(void **state)
{
    (void)state;
    struct heard heard;
    call(&heard, "help", NULL);
    assert_int_equal(heard.code, 0);
    const struct command *command;
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        struct heard one;
        expect(heard.out, command->summary);
        call(&one, "help", command->name);
        assert_int_equal(one.code, 0);
        expect(one.out, command->operands);
        for (const char *line = one.out; *line != '\0';) {
            size_t len = strcspn(line, "\n");
            assert_true(len <= 80);
            line += len + 1;
        }
    }
}

static void
the_same_help_by_option(void **state)
{
    (void)state;
    struct heard by_command, by_option;
    call(&by_command, "help", "run");
    call(&by_option, "run", "--help");
    assert_string_equal(by_command.out, by_option.out);
    assert_int_equal(by_option.code, 0);
}

static void
knows_what_was_meant(void **state)
{
    (void)state;
    struct heard heard;
    call(&heard, "rnu", NULL);
    assert_int_equal(heard.code, 2);
    expect(heard.err, "there is no command 'rnu'; did you mean 'run'?");
    assert_string_equal(heard.out, "");
    call(&heard, "doctor", NULL);
    assert_int_equal(heard.code, 2);
    expect(heard.err, "this version of sfetl does not have the command "
                      "'doctor'");
    call(&heard, "--org", "x");
    assert_int_equal(heard.code, 2);
    expect(heard.err, "the command comes first");
    call(&heard, "help", "chek");
    assert_int_equal(heard.code, 2);
    expect(heard.err, "did you mean 'check'?");
}

static void
completes_in_three_shells(void **state)
{
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < 3; i++) {
        struct heard heard;
        call(&heard, "completion", shells[i]);
        assert_int_equal(heard.code, 0);
        expect(heard.out, "chunk-bytes");
        expect(heard.out, "rehearsal");
    }
    struct heard heard;
    call(&heard, "completion", "tcsh");
    assert_int_equal(heard.code, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_its_version),
        cmocka_unit_test(helps_with_every_command),
        cmocka_unit_test(the_same_help_by_option),
        cmocka_unit_test(knows_what_was_meant),
        cmocka_unit_test(completes_in_three_shells),
    };
    cmocka_run_group_tests(tests, NULL, NULL);
    return 0;
}
