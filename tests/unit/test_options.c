/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "cli/option_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ARGUMENT_LIMIT 16

/* Words are split at blanks; they live in words, which outlives options. */
struct parsed {
    char words[256];
    const char *argv[ARGUMENT_LIMIT];
    struct options options;
    struct error err;
    bool worked;
};

static void
parse(struct parsed *parsed, const char *command, const char *line)
{
    *parsed = (struct parsed){0};
    snprintf(parsed->words, sizeof parsed->words, "%s", line);
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(parsed->words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        parsed->argv[count++] = word;
    }
    parsed->worked = options_parse(&parsed->options, commands_find(command),
                                   parsed->argv, &parsed->err);
}

static void
expect_error(const char *command, const char *line, const char *part)
{
    struct parsed parsed;
    parse(&parsed, command, line);
    assert_false(parsed.worked);
    assert_int_equal(parsed.err.kind, ERROR_USAGE);
    if (strstr(parsed.err.text, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, parsed.err.text);
    }
    options_release(&parsed.options);
}

static void
takes_values_in_both_forms(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "run",
          "--org one a.yaml --input=- --chunk-bytes 2MB --chunk-rows=10000 "
          "--timeout 5m --max-errors=2% -qv");
    assert_true(parsed.worked);
    const struct run_options *run = &parsed.options.run;
    assert_string_equal(run->org, "one");
    assert_string_equal(run->input, "-");
    assert_int_equal(run->chunk_bytes, 2000000);
    assert_int_equal(run->chunk_rows, 10000);
    assert_int_equal(run->timeout_ms, 300000);
    assert_true(run->has_max_errors);
    assert_int_equal(run->max_errors_percent, 2);
    assert_int_equal(parsed.options.operand_count, 1);
    assert_string_equal(parsed.options.operands[0], "a.yaml");
    assert_true(parsed.options.quiet);
    assert_int_equal(parsed.options.verbose, 1);
    options_release(&parsed.options);
}

static void
ends_options_at_two_dashes(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "check", "--offline -- --org.yaml -");
    assert_true(parsed.worked);
    assert_true(parsed.options.run.offline);
    assert_int_equal(parsed.options.operand_count, 2);
    assert_string_equal(parsed.options.operands[0], "--org.yaml");
    options_release(&parsed.options);
}

static void
adds_up_params_and_loads(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "run",
          "m --set a=1 --set=b= --set c=x=y --load Account --load=Contact");
    assert_true(parsed.worked);
    const struct run_options *run = &parsed.options.run;
    assert_int_equal(run->param_count, 3);
    assert_true(slice_is(run->params[0].name, "a"));
    assert_true(slice_is(run->params[0].value, "1"));
    assert_non_null(run->params[1].value.ptr);
    assert_int_equal(run->params[1].value.len, 0);
    assert_true(slice_is(run->params[2].value, "x=y"));
    assert_int_equal(run->load_name_count, 2);
    assert_string_equal(run->load_names[1], "Contact");
    options_release(&parsed.options);
}

static void
knows_the_defaults_of_a_command(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "preview", "m");
    assert_string_equal(parsed.options.format, "table");
    assert_int_equal(parsed.options.rows, 5);
    options_release(&parsed.options);
    parse(&parsed, "check", "m");
    assert_string_equal(parsed.options.format, "text");
    assert_true(parsed.options.rows == UINT64_MAX);
    options_release(&parsed.options);
    parse(&parsed, "preview", "m --rows all --format csv");
    assert_true(parsed.options.rows == UINT64_MAX);
    assert_string_equal(parsed.options.format, "csv");
    options_release(&parsed.options);
    parse(&parsed, "run", "m --api auto");
    assert_null(parsed.options.run.api);
    options_release(&parsed.options);
}

static void
says_what_is_wrong(void **state)
{
    (void)state;
    expect_error("run", "m --lod X", "did you mean '--load'?");
    expect_error("run", "m --rows 5", "it belongs to 'check', 'preview'");
    expect_error("run", "m --xyzzy", "'sfetl help run'");
    expect_error("run", "m -x", "no option '-x'");
    expect_error("run", "m --org", "needs a value: --org=NAME");
    expect_error("run", "m --org --input f", "needs a value");
    expect_error("run", "m --org=", "empty NAME");
    expect_error("run", "m --keep-chunks=yes", "takes no value");
    expect_error("run", "", "sfetl run MAPPING...");
    expect_error("preview", "a b", "'b' is one operand too many");
    expect_error("run", "m --format jsn", "did you mean 'json'?");
    expect_error("preview", "m --format text", "table|csv|json");
    expect_error("run", "m --set novalue", "NAME=VALUE");
    expect_error("run", "m --set =x", "NAME=VALUE");
    expect_error("run", "m --parallel 0", "from 1 to 25");
    expect_error("run", "m --parallel 26", "from 1 to 25");
    expect_error("run", "m --limit 0", "at least 1");
    expect_error("run", "m --limit -1", "at least 1");
    expect_error("run", "m --chunk-bytes 5XB", "50MB");
    expect_error("run", "m --timeout 5", "90s");
    expect_error("run", "m --max-errors 101%", "2%");
    expect_error("check", "m --rows some", "'all'");
}

static void
help_needs_no_operand(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "run", "--help");
    assert_true(parsed.worked);
    assert_true(parsed.options.help);
    options_release(&parsed.options);
}

static void
hands_arguments_on_untouched(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "rehearsal", "start --unknown");
    assert_true(parsed.worked);
    assert_string_equal(parsed.options.arguments[1], "--unknown");
    options_release(&parsed.options);
}

static void
reads_durations_and_sizes(void **state)
{
    (void)state;
    int64_t ms;
    uint64_t bytes;
    assert_true(option_value_duration("90s", &ms) && ms == 90000);
    assert_true(option_value_duration("7d", &ms) && ms == 604800000);
    assert_false(option_value_duration("", &ms));
    assert_false(option_value_duration("0s", &ms));
    assert_false(option_value_duration("-1s", &ms));
    assert_false(option_value_duration("5m3", &ms));
    assert_false(option_value_duration("99999999999999999d", &ms));
    assert_true(option_value_size("100MB", &bytes) && bytes == 100000000);
    assert_true(option_value_size("64kib", &bytes) && bytes == 65536);
    assert_true(option_value_size("512", &bytes) && bytes == 512);
    assert_false(option_value_size("18446744073709551615GB", &bytes));
    assert_false(option_value_size("1.5MB", &bytes));
    assert_false(option_value_size("MB", &bytes));
}

static void
reads_error_limits(void **state)
{
    (void)state;
    struct option_errors errors;
    assert_true(option_value_errors("0", &errors));
    assert_false(errors.is_percent);
    assert_true(option_value_errors("100%", &errors));
    assert_true(errors.is_percent && errors.percent == 100);
    assert_false(option_value_errors("%", &errors));
    assert_false(option_value_errors("5%%", &errors));
    assert_false(option_value_errors("18446744073709551616", &errors));
}

/* Two rows of one name must not belong to one command. */
static void
names_are_unique_in_a_command(void **state)
{
    (void)state;
    const struct option_spec *a, *b;
    for (size_t i = 0; (a = options_at(i)) != NULL; i++) {
        for (size_t j = i + 1; (b = options_at(j)) != NULL; j++) {
            bool same = strcmp(a->name, b->name) == 0 ||
                        (a->letter != 0 && a->letter == b->letter);
            assert_false(same && (a->commands & b->commands) != 0);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_values_in_both_forms),
        cmocka_unit_test(ends_options_at_two_dashes),
        cmocka_unit_test(adds_up_params_and_loads),
        cmocka_unit_test(knows_the_defaults_of_a_command),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(help_needs_no_operand),
        cmocka_unit_test(hands_arguments_on_untouched),
        cmocka_unit_test(reads_durations_and_sizes),
        cmocka_unit_test(reads_error_limits),
        cmocka_unit_test(names_are_unique_in_a_command),
    };
    cmocka_run_group_tests(tests, NULL, NULL);
    return 0;
}
