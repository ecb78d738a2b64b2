/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"
#include "cli/talk.h"

#include <stdio.h>
#include <string.h>

/*
 * Completion scripts, written from the tables of commands and options. Every
 * option has a line of its own that names the command, so that a lint test can
 * hold them against help and man pages.
 */
struct shell {
    const char *name;
    void (*print)(void);
};

/* Calls each for the options of a command. */
static void
each_option(const struct command *command,
            void (*each)(const struct command *, const struct option_spec *))
{
    const struct option_spec *spec;
    for (size_t i = 0; (spec = options_at(i)) != NULL; i++) {
        if ((spec->commands & command->bit) != 0) {
            each(command, spec);
        }
    }
}

static bool
takes_folder(const struct option_spec *spec)
{
    return spec->argument != NULL && strcmp(spec->argument, "DIR") == 0;
}

static bool
takes_file(const struct option_spec *spec)
{
    return spec->argument != NULL && strncmp(spec->argument, "FILE", 4) == 0;
}

static void
print_words(const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        printf("%s%s", i > 0 ? " " : "", words[i]);
    }
}

static void
print_commands(void)
{
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        printf("%s%s", i > 0 ? " " : "", commands_at(i)->name);
    }
}

static void
bash_option(const struct command *command, const struct option_spec *spec)
{
    (void)command;
    printf("            words+=' --%s'\n", spec->name);
}

static void
bash_value(const struct command *command, const struct option_spec *spec)
{
    if (spec->choices != NULL) {
        printf("        %s:--%s) words='", command->name, spec->name);
        print_words(spec->choices);
        printf("' ;;\n");
    } else if (takes_file(spec) || takes_folder(spec)) {
        printf("        %s:--%s) files=1 ;;\n", command->name, spec->name);
    } else if (spec->argument != NULL) {
        printf("        %s:--%s) ;;\n", command->name, spec->name);
    }
}

static void
bash_command(const struct command *command)
{
    printf("        %s)\n", command->name);
    each_option(command, bash_option);
    if (command->words != NULL) {
        printf("            words+=' ");
        print_words(command->words);
        printf("'\n");
    } else if (command->bit == COMMAND_HELP) {
        printf("            words+=' ");
        print_commands();
        printf("'\n");
    } else {
        printf("            files=1\n");
    }
    printf("            ;;\n");
}

static void
print_bash(void)
{
    printf("# bash completion for sfetl\n_sfetl() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]}\n"
           "    local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local words='' files='' value=1\n"
           "    if [ \"$previous\" = '=' ]; then\n"
           "        previous=${COMP_WORDS[COMP_CWORD-2]}\n"
           "    elif [ \"$current\" = '=' ]; then\n"
           "        current=''\n"
           "    fi\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='");
    print_commands();
    printf("'\n        value=''\n    fi\n"
           "    case ${COMP_WORDS[1]}:$previous in\n");
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        each_option(commands_at(i), bash_value);
    }
    printf("        *) value='' ;;\n    esac\n"
           "    if [ -z \"$value\" ] && [ \"$COMP_CWORD\" -gt 1 ]; then\n"
           "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        bash_command(commands_at(i));
    }
    printf("        esac\n    fi\n"
           "    COMPREPLY=()\n"
           "    if [ -n \"$files\" ] && [ \"${current#-}\" = \"$current\" ]; "
           "then\n"
           "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
           "        compopt -o filenames\n    fi\n"
           "    local found\n"
           "    mapfile -t found < <(compgen -W \"$words\" -- \"$current\")\n"
           "    COMPREPLY+=(\"${found[@]}\")\n"
           "}\ncomplete -F _sfetl sfetl\n");
}

/* Text inside single quotes of zsh and fish: neither has any there. */
static void
print_quoted(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            continue;
        }
        if (*text == ':' || *text == '[' || *text == ']') {
            putchar('\\');
        }
        putchar(*text);
    }
}

static void
zsh_option(const struct command *command, const struct option_spec *spec)
{
    (void)command;
    printf("                '--%s[", spec->name);
    print_quoted(spec->help);
    printf("]");
    if (spec->choices != NULL) {
        printf(":value:(");
        print_words(spec->choices);
        printf(")");
    } else if (takes_folder(spec)) {
        printf(":folder:_files -/");
    } else if (takes_file(spec)) {
        printf(":file:_files");
    } else if (spec->argument != NULL) {
        printf(":value: ");
    }
    printf("' \\\n");
}

static void
zsh_command(const struct command *command)
{
    printf("        %s)\n            _arguments \\\n", command->name);
    each_option(command, zsh_option);
    if (command->words != NULL) {
        printf("                '1:what:(");
        print_words(command->words);
        printf(")' \\\n                '*:operand: '\n");
    } else if (command->bit == COMMAND_HELP) {
        printf("                '1:command:(");
        print_commands();
        printf(")'\n");
    } else {
        printf("                '*:file:_files'\n");
    }
    printf("            ;;\n");
}

static void
print_zsh(void)
{
    printf("#compdef sfetl\n_sfetl() {\n    local -a commands\n"
           "    commands=(\n");
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        printf("        '%s:", commands_at(i)->name);
        print_quoted(commands_at(i)->summary);
        printf("'\n");
    }
    printf("    )\n    if (( CURRENT == 2 )); then\n"
           "        _describe command commands\n        return\n    fi\n"
           "    local name=$words[2]\n    shift words\n"
           "    (( CURRENT-- ))\n    case $name in\n");
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        zsh_command(commands_at(i));
    }
    printf("    esac\n}\nif [ \"$funcstack[1]\" = _sfetl ]; then\n"
           "    _sfetl \"$@\"\nelse\n    compdef _sfetl sfetl\nfi\n");
}

static void
fish_option(const struct command *command, const struct option_spec *spec)
{
    printf("complete -c sfetl -n '__fish_seen_subcommand_from %s' -l %s",
           command->name, spec->name);
    if (spec->letter != 0) {
        printf(" -s %c", spec->letter);
    }
    if (spec->choices != NULL) {
        printf(" -x -a '");
        print_words(spec->choices);
        printf("'");
    } else if (takes_file(spec) || takes_folder(spec)) {
        printf(" -r -F");
    } else if (spec->argument != NULL) {
        printf(" -x");
    }
    printf(" -d '");
    for (const char *c = spec->help; *c != '\0'; c++) {
        if (*c != '\'') {
            putchar(*c);
        }
    }
    printf("'\n");
}

static void
print_fish(void)
{
    for (size_t i = 0; commands_at(i) != NULL; i++) {
        const struct command *command = commands_at(i);
        printf("complete -c sfetl -n __fish_use_subcommand -f -a %s -d '",
               command->name);
        for (const char *c = command->summary; *c != '\0'; c++) {
            if (*c != '\'') {
                putchar(*c);
            }
        }
        printf("'\n");
        if (command->words != NULL) {
            printf("complete -c sfetl -n '__fish_seen_subcommand_from %s' -f "
                   "-a '",
                   command->name);
            print_words(command->words);
            printf("'\n");
        }
        each_option(command, fish_option);
    }
}

static const struct shell shells[] = {
    {"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

int
completion_main(const struct options *options)
{
    const char *name = options->operands[0];
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].name, name) == 0) {
            shells[i].print();
            return 0;
        }
    }
    struct error err = {0};
    error_set(&err, ERROR_USAGE, 0,
              "there is no completion for '%s'; bash, zsh and fish have one",
              name);
    return talk_error(&err);
}
