/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/suggest.h"
#include "cli/option_table.h"
#include "cli/option_value.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_PREVIEW_ROWS 5

const struct option_spec *
options_at(size_t index)
{
    return index < option_table_count ? &option_table[index] : NULL;
}

static const struct option_spec *
find_name(const struct command *command, struct slice name)
{
    for (size_t i = 0; i < option_table_count; i++) {
        if ((option_table[i].commands & command->bit) != 0 &&
            strncmp(option_table[i].name, name.ptr, name.len) == 0 &&
            option_table[i].name[name.len] == '\0') {
            return &option_table[i];
        }
    }
    return NULL;
}

static const struct option_spec *
find_letter(const struct command *command, char letter)
{
    for (size_t i = 0; i < option_table_count; i++) {
        if ((option_table[i].commands & command->bit) != 0 &&
            option_table[i].letter == letter) {
            return &option_table[i];
        }
    }
    return NULL;
}

/* Which commands have it; "" when none does. */
static const char *
owners(struct slice name, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (size_t c = 0; commands_at(c) != NULL; c++) {
        if (find_name(commands_at(c), name) != NULL && len < size) {
            len += (size_t)snprintf(text + len, size - len, "%s'%s'",
                                    len > 0 ? ", " : "", commands_at(c)->name);
        }
    }
    return text;
}

static bool
unknown_option(const struct command *command, struct slice name,
               struct error *err)
{
    const char *names[OPTION_TABLE_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < option_table_count; i++) {
        if ((option_table[i].commands & command->bit) != 0) {
            names[count++] = option_table[i].name;
        }
    }
    char who[200];
    if (*owners(name, who, sizeof who) != '\0') {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' takes no option '--%.*s'; it belongs to %s",
                         command->name, SLICE_ARGS(name), who);
    }
    const char *nearest = suggest_nearest(name, names, count);
    if (nearest != NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' takes no option '--%.*s'; did you mean '--%s'?",
                         command->name, SLICE_ARGS(name), nearest);
    }
    return error_set(err, ERROR_USAGE, 0,
                     "'%s' takes no option '--%.*s'; 'sfetl help %s' lists "
                     "its options",
                     command->name, SLICE_ARGS(name), command->name);
}

static bool
set_choice(struct options *options, const struct option_spec *spec,
           const char *text, struct error *err)
{
    size_t count = 0;
    for (; spec->choices[count] != NULL; count++) {
        if (strcmp(spec->choices[count], text) == 0) {
            memcpy((char *)options + spec->offset, &spec->choices[count],
                   sizeof spec->choices[count]);
            return true;
        }
    }
    char phrase[SUGGEST_SIZE];
    return error_set(
        err, ERROR_USAGE, 0, "'--%s' is one of %s, not '%s'%s", spec->name,
        spec->argument, text,
        suggest_phrase(phrase, slice_of(text), spec->choices, count));
}

static bool
wrong_value(const struct option_spec *spec, const char *text,
            const char *expected, struct error *err)
{
    return error_set(err, ERROR_USAGE, 0, "'--%s' needs %s, not '%s'",
                     spec->name, expected, text);
}

static bool
set_number(struct options *options, const struct option_spec *spec,
           const char *text, struct error *err)
{
    uint64_t value;
    bool is_size = spec->kind == OPTION_SIZE;
    bool is_rows = spec->kind == OPTION_ROWS;
    bool is_count = spec->kind == OPTION_COUNT;
    bool fits = is_size   ? option_value_size(text, &value)
                : is_rows ? option_value_rows(text, &value)
                          : option_value_count(text, &value);
    if (!fits || (value == 0 && !is_rows && !is_count)) {
        return wrong_value(spec, text,
                           is_size    ? "a size such as 50MB or 512KiB"
                           : is_rows  ? "a number of rows, or 'all'"
                           : is_count ? "a number"
                                      : "a number of at least 1",
                           err);
    }
    memcpy((char *)options + spec->offset, &value, sizeof value);
    return true;
}

static bool
set_parallel(struct options *options, const struct option_spec *spec,
             const char *text, struct error *err)
{
    uint64_t value;
    if (!option_value_count(text, &value) || value == 0 ||
        value > OPTION_PARALLEL_LIMIT) {
        return wrong_value(spec, text, "a number from 1 to 25", err);
    }
    unsigned narrow = (unsigned)value;
    memcpy((char *)options + spec->offset, &narrow, sizeof narrow);
    return true;
}

static bool
set_duration(struct options *options, const struct option_spec *spec,
             const char *text, struct error *err)
{
    int64_t ms;
    if (!option_value_duration(text, &ms)) {
        return wrong_value(spec, text, "a time such as 90s, 5m, 2h or 7d", err);
    }
    memcpy((char *)options + spec->offset, &ms, sizeof ms);
    return true;
}

static bool
set_errors(struct options *options, const struct option_spec *spec,
           const char *text, struct error *err)
{
    struct option_errors errors;
    if (!option_value_errors(text, &errors)) {
        return wrong_value(spec, text, "a number of rows or a share such as 2%",
                           err);
    }
    options->run.max_errors = errors.count;
    options->run.max_errors_percent = errors.percent;
    options->run.has_max_errors = true;
    return true;
}

static bool
set_budget(struct options *options, const struct option_spec *spec,
           const char *text, struct error *err)
{
    struct option_errors budget;
    if (!option_value_errors(text, &budget) ||
        (budget.is_percent ? budget.percent : budget.count) == 0) {
        return wrong_value(spec, text,
                           "a number of batches or a share such as 10%", err);
    }
    options->run.batch_budget = budget.count;
    options->run.batch_budget_percent = budget.is_percent ? budget.percent : 0;
    options->run.has_batch_budget = true;
    return true;
}

static bool
add_param(struct options *options, const struct option_spec *spec,
          const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        return wrong_value(spec, text, "NAME=VALUE", err);
    }
    if (options->run.param_count == OPTION_LIST_LIMIT) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--set' stands there over %d "
                         "times",
                         OPTION_LIST_LIMIT);
    }
    options->params[options->run.param_count++] = (struct mapping_param){
        .name = {text, (size_t)(equals - text)}, .value = slice_of(equals + 1)};
    return true;
}

static bool
add_load(struct options *options, const char *text, struct error *err)
{
    if (options->run.load_name_count == OPTION_LIST_LIMIT) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--load' stands there over %d "
                         "times",
                         OPTION_LIST_LIMIT);
    }
    options->load_names[options->run.load_name_count++] = text;
    return true;
}

static bool
set_value(struct options *options, const struct option_spec *spec,
          const char *text, struct error *err)
{
    if (*text == '\0' && spec->kind != OPTION_PARAM) {
        return error_set(err, ERROR_USAGE, 0, "'--%s' is given an empty %s",
                         spec->name, spec->argument);
    }
    switch (spec->kind) {
    case OPTION_TEXT:
        memcpy((char *)options + spec->offset, &text, sizeof text);
        return true;
    case OPTION_CHOICE:
        return set_choice(options, spec, text, err);
    case OPTION_PARALLEL:
        return set_parallel(options, spec, text, err);
    case OPTION_DURATION:
        return set_duration(options, spec, text, err);
    case OPTION_ERRORS:
        return set_errors(options, spec, text, err);
    case OPTION_BUDGET:
        return set_budget(options, spec, text, err);
    case OPTION_PARAM:
        return add_param(options, spec, text, err);
    case OPTION_LOAD:
        return add_load(options, text, err);
    default:
        return set_number(options, spec, text, err);
    }
}

static void
set_flag(struct options *options, const struct option_spec *spec)
{
    char *field = (char *)options + spec->offset;
    if (spec->kind == OPTION_VERBOSE) {
        options->verbose++;
    } else {
        *(bool *)(void *)field = true;
    }
}

/* "--name", "--name=value"; *next is the argument behind it, and is passed
 * when it is the value. */
static bool
parse_long(struct options *options, const char *text, const char *const **next,
           struct error *err)
{
    const char *equals = strchr(text, '=');
    struct slice name = {text, equals ? (size_t)(equals - text) : strlen(text)};
    const struct option_spec *spec = find_name(options->command, name);
    if (spec == NULL) {
        return unknown_option(options->command, name, err);
    }
    if (spec->argument == NULL) {
        if (equals != NULL) {
            return error_set(err, ERROR_USAGE, 0, "'--%s' takes no value",
                             spec->name);
        }
        set_flag(options, spec);
        return true;
    }
    if (equals != NULL) {
        return set_value(options, spec, equals + 1, err);
    }
    const char *value = **next;
    if (value == NULL || strncmp(value, "--", 2) == 0) {
        return error_set(err, ERROR_USAGE, 0, "'--%s' needs a value: --%s=%s",
                         spec->name, spec->name, spec->argument);
    }
    (*next)++;
    return set_value(options, spec, value, err);
}

static bool
parse_letters(struct options *options, const char *letters, struct error *err)
{
    for (; *letters != '\0'; letters++) {
        const struct option_spec *spec =
            find_letter(options->command, *letters);
        if (spec == NULL) {
            return error_set(err, ERROR_USAGE, 0,
                             "'%s' takes no option '-%c'; 'sfetl help %s' "
                             "lists its options",
                             options->command->name, *letters,
                             options->command->name);
        }
        set_flag(options, spec);
    }
    return true;
}

static bool
parse_arguments(struct options *options, struct error *err)
{
    const char *const *next = options->arguments;
    bool only_operands = false;
    while (*next != NULL) {
        const char *text = *next++;
        if (only_operands || text[0] != '-' || text[1] == '\0') {
            options->operands[options->operand_count++] = text;
        } else if (strcmp(text, "--") == 0) {
            only_operands = true;
        } else if (text[1] == '-') {
            if (!parse_long(options, text + 2, &next, err)) {
                return false;
            }
        } else if (!parse_letters(options, text + 1, err)) {
            return false;
        }
    }
    return true;
}

static bool
check_operands(const struct options *options, struct error *err)
{
    const struct command *command = options->command;
    if (options->operand_count < command->operand_min) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' needs an operand: sfetl %s %s", command->name,
                         command->name, command->operands);
    }
    if (options->operand_count > command->operand_max) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' is one operand too many: sfetl %s %s",
                         options->operands[command->operand_max], command->name,
                         command->operands);
    }
    return true;
}

static void
set_defaults(struct options *options, const struct command *command,
             const char *const *argv)
{
    size_t count = 0;
    while (argv[count] != NULL) {
        count++;
    }
    bool is_preview = command->bit == COMMAND_PREVIEW;
    *options = (struct options){
        .command = command,
        .arguments = argv,
        .format = is_preview ? "table" : "text",
        .progress = "auto",
        .log_format = "text",
        .rows = is_preview ? DEFAULT_PREVIEW_ROWS : UINT64_MAX,
    };
    /* No list can be longer than the arguments. */
    options->operands =
        arena_array(&options->arena, count + 1, sizeof(const char *));
    options->params =
        arena_array(&options->arena, count + 1, sizeof(struct mapping_param));
    options->load_names =
        arena_array(&options->arena, count + 1, sizeof(const char *));
    options->run.params = options->params;
    options->run.load_names = options->load_names;
}

bool
options_parse(struct options *options, const struct command *command,
              const char *const *argv, struct error *err)
{
    set_defaults(options, command, argv);
    if (command->passes_on) {
        return true;
    }
    if (!parse_arguments(options, err)) {
        return false;
    }
    if (options->run.api != NULL && strcmp(options->run.api, "auto") == 0) {
        options->run.api = NULL;
    }
    return options->help || check_operands(options, err);
}

void
options_release(struct options *options)
{
    arena_release(&options->arena);
}

bool
options_wants_json(const struct options *options)
{
    return strcmp(options->format, "json") == 0;
}
