/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/suggest.h"
#include "cli/option_value.h"

#include <stdio.h>
#include <string.h>

#define LOADING (COMMAND_RUN | COMMAND_PLAN)
#define READING (LOADING | COMMAND_CHECK | COMMAND_PREVIEW)
#define GOING_ON (COMMAND_RESUME | COMMAND_RETRY | COMMAND_ABORT)
#define PARSED (READING | GOING_ON | COMMAND_STATUS | COMMAND_ORG)
#define TALKING (PARSED | COMMAND_EXPLAIN | COMMAND_INIT | COMMAND_TEST)
#define FIELD(member) offsetof(struct options, member)

#define DEFAULT_PREVIEW_ROWS 10

static const char *const apis[] = {"auto", "bulk2", "rest", "soap", NULL};
static const char *const assumptions[] = {"failed", "succeeded", NULL};
static const char *const formats[] = {"text", "json", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const test_formats[] = {"text", "tap", "junit", NULL};
static const char *const preview_formats[] = {"table", "csv", "json", NULL};
static const char *const progress_modes[] = {"auto", "bar",  "plain",
                                             "json", "none", NULL};

static const struct option_spec specs[] = {
    {"org", 0, "NAME", OPTION_TEXT, READING | COMMAND_ORG | COMMAND_INIT, NULL,
     FIELD(run.org), "the org of orgs.yaml to use; without it, its default"},
    {"config", 0, "FILE", OPTION_TEXT, PARSED | COMMAND_INIT, NULL,
     FIELD(run.config_path), "read this file in place of orgs.yaml"},
    {"input", 0, "FILE", OPTION_TEXT, READING, NULL, FIELD(run.input),
     "read this file in place of the mapping's; '-' is standard input"},
    {"newest", 0, NULL, OPTION_FLAG, READING, NULL, FIELD(run.newest),
     "of the files that the pattern matches only the last written"},
    {"marker", 0, "NAME", OPTION_TEXT, READING, NULL, FIELD(run.marker),
     "only files that have this one beside them, as in '*.done'"},
    {"archive", 0, "DIR", OPTION_TEXT, COMMAND_RUN, NULL, FIELD(run.archive),
     "move the source's files there once they are loaded"},
    {"require-input", 0, NULL, OPTION_FLAG, COMMAND_RUN, NULL,
     FIELD(run.require_input), "nothing to read is a failure (4)"},
    {"set", 0, "NAME=VALUE", OPTION_PARAM, READING | COMMAND_TEST, NULL, 0,
     "set a parameter of the mapping; may be repeated"},
    {"load", 0, "NAME", OPTION_LOAD, READING | COMMAND_TEST, NULL, 0,
     "only this load of the mapping; may be repeated"},
    {"skip", 0, "N", OPTION_COUNT, READING, NULL, FIELD(run.skip),
     "pass over the first N rows"},
    {"limit", 0, "N", OPTION_POSITIVE, LOADING, NULL, FIELD(run.limit),
     "read at most N rows"},
    {"rows", 0, "N|all", OPTION_ROWS, COMMAND_CHECK, NULL, FIELD(rows),
     "map so many rows (all)"},
    {"rows", 0, "N|all", OPTION_ROWS, COMMAND_PREVIEW, NULL, FIELD(rows),
     "show so many rows (10)"},
    {"offline", 0, NULL, OPTION_FLAG,
     COMMAND_PLAN | COMMAND_CHECK | COMMAND_PREVIEW | COMMAND_INIT, NULL,
     FIELD(run.offline),
     "ask no org; types come from a saved describe, or are not checked"},
    {"api", 0, "auto|bulk2|rest|soap", OPTION_CHOICE, LOADING, apis,
     FIELD(run.api),
     "the API to load through (auto)"},
    {"chunk-rows", 0, "N", OPTION_POSITIVE, LOADING, NULL,
     FIELD(run.chunk_rows), "rows in a chunk, at most"},
    {"chunk-bytes", 0, "SIZE", OPTION_SIZE, LOADING, NULL,
     FIELD(run.chunk_bytes), "bytes in a chunk, at most, as in 50MB"},
    {"parallel", 0, "N", OPTION_PARALLEL, COMMAND_RUN, NULL,
     FIELD(run.parallel), "jobs open in the org at once"},
    {"max-errors", 0, "N|N%", OPTION_ERRORS, COMMAND_RUN, NULL, 0,
     "stop when more rows than this fail or are rejected"},
    {"timeout", 0, "DURATION", OPTION_DURATION, COMMAND_RUN | GOING_ON, NULL,
     FIELD(run.timeout_ms), "stop after this time, as in 90s 5m 2h 7d"},
    {"run-dir", 0, "DIR", OPTION_TEXT, COMMAND_RUN, NULL, FIELD(run.run_dir),
     "the run's folder itself, new or empty"},
    {"assume", 0, "failed|succeeded", OPTION_CHOICE, COMMAND_RESUME,
     assumptions, FIELD(assume),
     "what rows in doubt are taken for, once looked at"},
    {"force", 0, NULL, OPTION_FLAG, COMMAND_RESUME, NULL, FIELD(force),
     "send the rest even though a newer run exists"},
    {"keep-chunks", 0, NULL, OPTION_FLAG, COMMAND_RUN | GOING_ON, NULL,
     FIELD(run.keep_chunks), "keep staged rows and chunks after the run"},
    {"dry-run", 'n', NULL, OPTION_FLAG, COMMAND_RUN, NULL, FIELD(dry_run),
     "do as 'sfetl plan' does: say what would be done"},
    {"object", 0, "NAME", OPTION_TEXT, COMMAND_INIT, NULL, FIELD(object),
     "the object that the rows are for"},
    {"output", 0, "FILE", OPTION_TEXT, COMMAND_INIT, NULL, FIELD(output),
     "write the mapping there; a file that exists is not written over"},
    {"sniff", 0, NULL, OPTION_FLAG, COMMAND_INIT, NULL, FIELD(sniff),
     "only tell what the file is"},
    {"save", 0, "DIR", OPTION_TEXT, COMMAND_ORG, NULL, FIELD(save_dir),
     "with describe OBJECT: write the answer to DIR/OBJECT.json"},
    {"format", 0, "text|json", OPTION_CHOICE,
     LOADING | GOING_ON | COMMAND_CHECK | COMMAND_STATUS | COMMAND_ORG |
         COMMAND_EXPLAIN,
     formats, FIELD(format), "how the result is printed (text)"},
    {"format", 0, "text|tap|junit", OPTION_CHOICE, COMMAND_TEST, test_formats,
     FIELD(format), "how the result is printed (text)"},
    {"format", 0, "table|csv|json", OPTION_CHOICE, COMMAND_PREVIEW,
     preview_formats, FIELD(format), "how the rows are printed (table)"},
    {"progress", 0, "auto|bar|plain|json|none", OPTION_CHOICE,
     COMMAND_RUN | GOING_ON | COMMAND_CHECK, progress_modes, FIELD(progress),
     "how progress is shown (auto: bar on a terminal, else plain)"},
    {"log-format", 0, "text|json", OPTION_CHOICE, TALKING, log_formats,
     FIELD(log_format), "of standard error (text)"},
    {"no-color", 0, NULL, OPTION_FLAG, TALKING, NULL, FIELD(no_color),
     "no colours on a terminal"},
    {"verbose", 'v', NULL, OPTION_VERBOSE, PARSED | COMMAND_TEST, NULL,
     FIELD(verbose), "say more; twice, even more"},
    {"quiet", 'q', NULL, OPTION_FLAG, PARSED | COMMAND_INIT | COMMAND_TEST,
     NULL, FIELD(quiet),
     "no progress and no warnings; of a run that went well, nothing"},
    {"port", 0, "N", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: listen there; 0 takes a free one"},
    {"dir", 0, "DIR", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "the org's folder: records, schema, commit log, server log"},
    {"schema", 0, "FILE|DIR", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: objects and fields, from YAML or saved describes"},
    {"faults", 0, "FILE", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: faults to show, from YAML"},
    {"latency-ms", 0, "N", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: how long each step of a job takes"},
    {"foreground", 0, NULL, OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: stay in the foreground"},
    {"help", 'h', NULL, OPTION_FLAG, TALKING | COMMAND_REHEARSAL, NULL,
     FIELD(help), "print this"},
};

#define SPEC_COUNT (sizeof specs / sizeof specs[0])

const struct option_spec *
options_at(size_t index)
{
    return index < SPEC_COUNT ? &specs[index] : NULL;
}

static const struct option_spec *
find_name(const struct command *command, struct slice name)
{
    for (size_t i = 0; i < SPEC_COUNT; i++) {
        if ((specs[i].commands & command->bit) != 0 &&
            strncmp(specs[i].name, name.ptr, name.len) == 0 &&
            specs[i].name[name.len] == '\0') {
            return &specs[i];
        }
    }
    return NULL;
}

static const struct option_spec *
find_letter(const struct command *command, char letter)
{
    for (size_t i = 0; i < SPEC_COUNT; i++) {
        if ((specs[i].commands & command->bit) != 0 &&
            specs[i].letter == letter) {
            return &specs[i];
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
    const char *names[SPEC_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < SPEC_COUNT; i++) {
        if ((specs[i].commands & command->bit) != 0) {
            names[count++] = specs[i].name;
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
