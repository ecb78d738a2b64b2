/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "base/log.h"
#include "base/mem.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/talk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2
#define EXIT_MACHINE 9

static int
unknown_command(const char *name)
{
    struct error err = {0};
    char phrase[COMMANDS_PHRASE_SIZE];
    if (name[0] == '-') {
        error_set(&err, ERROR_USAGE, 0,
                  "the command comes first, then its options: 'sfetl COMMAND "
                  "%s'; 'sfetl help' lists the commands",
                  name);
    } else if (commands_is_later(name)) {
        error_set(&err, ERROR_USAGE, 0,
                  "this version of sfetl does not have the command '%s' yet; "
                  "'sfetl help' lists those it has",
                  name);
    } else if (*commands_suggest(name, phrase) != '\0') {
        error_set(&err, ERROR_USAGE, 0, "there is no command '%s'%s", name,
                  phrase);
    } else {
        error_set(&err, ERROR_USAGE, 0,
                  "there is no command '%s'; 'sfetl help' lists the commands",
                  name);
    }
    return talk_error(&err);
}

static void
set_up(const struct options *options)
{
    if (options->no_color) {
        setenv("NO_COLOR", "1", 1);
    }
    log_show_json(strcmp(options->log_format, "json") == 0);
    log_show(options->verbose > 1    ? LOG_DEBUG
             : options->verbose == 1 ? LOG_INFO
             : options->quiet        ? LOG_ERROR
                                     : LOG_WARNING);
}

/* What was printed must have arrived, or the exit code would lie. */
static int
settle_output(int code)
{
    if ((fflush(stdout) != 0 || ferror(stdout)) && code <= 1) {
        log_error("cannot write standard output");
        return EXIT_MACHINE;
    }
    return code;
}

static int
run_command(const struct command *command, char **arguments)
{
    struct error err = {0};
    struct options options;
    int code;
    const char *const *argv = (const char *const *)arguments;
    if (!options_parse(&options, command, argv, &err)) {
        code = talk_error(&err);
    } else if (options.help) {
        help_print_command(command, stdout);
        code = 0;
    } else {
        set_up(&options);
        code = command->main(&options);
    }
    options_release(&options);
    return settle_output(code);
}

int
cli_main(int argc, char **argv)
{
    /* Its calls that fail for want of memory would go on with half a text. */
    json_set_alloc_funcs(mem_alloc, free);
    if (argc < 2) {
        help_print(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        printf("sfetl %s\n", PACKAGE_VERSION);
        return settle_output(0);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        name = "help";
    }
    const struct command *command = commands_find(name);
    return command == NULL ? unknown_command(name)
                           : run_command(command, argv + 2);
}
