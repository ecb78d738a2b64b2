/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include "cli/options.h"
#include "cli/screen/paragraph.h"
#include "cli/talk.h"

#include <string.h>

#define HELP_INDENT 30 /* where the texts of options begin */

static void
print_lines(FILE *stream, const char *lines)
{
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        fprintf(stream, "  %.*s\n", (int)len, lines);
        lines += len + (lines[len] == '\n');
    }
}

void
help_print(FILE *stream)
{
    fputs("sfetl loads CSV files into Salesforce.\n\n"
          "Usage: sfetl COMMAND [OPTIONS] [OPERANDS]\n\nExamples:\n"
          "  sfetl check mappings/customers.yaml --org rehearsal\n"
          "  sfetl run mappings/customers.yaml --org rehearsal\n\n"
          "Commands:\n",
          stream);
    const struct command *command;
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        fprintf(stream, "  %-12s%s\n", command->name, command->summary);
    }
    fputs("\n'sfetl help COMMAND' and 'man sfetl-COMMAND' explain a command; "
          "'man sfetl' and\n'man 5 sfetl-mapping' the whole. 'sfetl --version' "
          "prints the version.\n",
          stream);
}

static void
print_option(const struct option_spec *spec, FILE *stream)
{
    char letter[] = {'-', spec->letter, ',', ' ', '\0'};
    int len = fprintf(stream, "  %s--%s%s%s", spec->letter ? letter : "",
                      spec->name, spec->argument ? " " : "",
                      spec->argument ? spec->argument : "");
    if (len + 2 > HELP_INDENT) {
        fprintf(stream, "\n%*s", HELP_INDENT, "");
    } else {
        fprintf(stream, "%*s", HELP_INDENT - len, "");
    }
    paragraph_print(stream, spec->help, HELP_INDENT, HELP_INDENT);
}

void
help_print_command(const struct command *command, FILE *stream)
{
    fprintf(stream, "Usage: sfetl %s ", command->name);
    bool has_options = false;
    const struct option_spec *spec;
    for (size_t i = 0; (spec = options_at(i)) != NULL; i++) {
        has_options = has_options || (spec->commands & command->bit) != 0;
    }
    fprintf(stream, "%s%s\n\n", has_options ? "[OPTIONS] " : "",
            command->operands);
    paragraph_print(stream, command->about, 0, 0);
    fputs("\nExamples:\n", stream);
    print_lines(stream, command->examples);
    if (has_options) {
        fputs("\nOptions:\n", stream);
    }
    for (size_t i = 0; (spec = options_at(i)) != NULL; i++) {
        if ((spec->commands & command->bit) != 0) {
            print_option(spec, stream);
        }
    }
}

int
help_main(const struct options *options)
{
    if (options->operand_count == 0) {
        help_print(stdout);
        return 0;
    }
    const char *name = options->operands[0];
    const struct command *command = commands_find(name);
    if (command != NULL) {
        help_print_command(command, stdout);
        return 0;
    }
    struct error err = {0};
    char phrase[COMMANDS_PHRASE_SIZE];
    error_set(&err, ERROR_USAGE, 0, "there is no command '%s'%s", name,
              commands_is_later(name) ? " in this version of sfetl"
                                      : commands_suggest(name, phrase));
    return talk_error(&err);
}
