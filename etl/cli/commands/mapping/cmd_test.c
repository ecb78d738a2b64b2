/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/options.h"
#include "cli/talk.h"
#include "mapping/example/example_run.h"
#include "pipeline/draft/sdl_draft.h"
#include "pipeline/tables/table_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_DIFFERS 1

/* The examples of all mappings of the command. */
struct test {
    const char *format, *path;
    size_t count, failed;
    struct buffer cases; /* of JUnit, which wants the totals first */
};

/* A value on one line: absent, or in quotes. */
static void
append_value(struct buffer *text, struct slice value)
{
    if (value.ptr == NULL) {
        buffer_append_text(text, "(left out)");
        return;
    }
    buffer_append_char(text, '"');
    for (size_t i = 0; i < value.len; i++) {
        switch (value.ptr[i]) {
        case '\n':
            buffer_append_text(text, "\\n");
            break;
        case '\r':
            buffer_append_text(text, "\\r");
            break;
        case '\t':
            buffer_append_text(text, "\\t");
            break;
        default:
            buffer_append_char(text, value.ptr[i]);
        }
    }
    buffer_append_char(text, '"');
}

/* The end of the characters that begin both. */
static size_t
common_prefix(struct slice a, struct slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len]) {
        len++;
    }
    while (len > 0 && len < a.len &&
           ((unsigned char)a.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return len;
}

static size_t
common_suffix(struct slice a, struct slice b, size_t prefix)
{
    size_t len = 0;
    while (len < a.len - prefix && len < b.len - prefix &&
           a.ptr[a.len - 1 - len] == b.ptr[b.len - 1 - len]) {
        len++;
    }
    while (len > 0 && ((unsigned char)a.ptr[a.len - len] & 0xC0) == 0x80) {
        len--;
    }
    return len;
}

/* Carets below the characters of got that differ from what was expected. */
static void
append_marks(struct buffer *text, struct slice expected, struct slice got,
             int indent)
{
    size_t prefix = common_prefix(expected, got);
    size_t suffix = common_suffix(expected, got, prefix);
    size_t before = slice_utf8_count((struct slice){got.ptr, prefix});
    size_t count = slice_utf8_count(
        (struct slice){got.ptr + prefix, got.len - prefix - suffix});
    buffer_printf(text, "%*s", indent + (int)before, "");
    for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
        buffer_append_char(text, '^');
    }
    buffer_append_char(text, '\n');
}

/* What became of the row is a sentence, which marks would only blur. */
static void
append_fate(struct buffer *text, const char *lead,
            const struct example_difference *difference)
{
    buffer_printf(text, "%sthe row\n%s  expected %.*s\n%s  got      %.*s\n",
                  lead, lead, SLICE_ARGS(difference->expected), lead,
                  SLICE_ARGS(difference->got));
}

/* Four lines that show one difference. */
static void
append_difference(struct buffer *text, const char *lead,
                  const struct example_difference *difference)
{
    struct buffer expected = {0}, got = {0};
    if (difference->what.ptr == NULL) {
        append_fate(text, lead, difference);
        return;
    }
    append_value(&expected, difference->expected);
    append_value(&got, difference->got);
    buffer_printf(text, "%s%.*s\n", lead, SLICE_ARGS(difference->what));
    buffer_printf(text, "%s  expected %s\n", lead, buffer_text(&expected));
    buffer_printf(text, "%s  got      %s\n", lead, buffer_text(&got));
    buffer_append_text(text, lead);
    append_marks(text, buffer_slice(&expected), buffer_slice(&got), 11);
    buffer_release(&expected);
    buffer_release(&got);
}

static void
append_differences(struct buffer *text, const char *lead,
                   const struct example_result *result)
{
    for (size_t i = 0; i < result->difference_count; i++) {
        append_difference(text, lead, &result->differences[i]);
    }
}

static void
tell_text(const struct test *test, const struct example_result *result)
{
    if (result->difference_count == 0) {
        return;
    }
    struct buffer text = {0};
    append_differences(&text, "    ", result);
    printf("%s:%d: example %zu of %s fails\n%s", test->path, result->line,
           result->number, result->load, buffer_text(&text));
    buffer_release(&text);
}

static void
tell_tap(const struct test *test, const struct example_result *result)
{
    struct buffer text = {0};
    append_differences(&text, "# ", result);
    printf("%sok %zu - %s:%d: example %zu of %s\n%s",
           result->difference_count > 0 ? "not " : "", test->count, test->path,
           result->line, result->number, result->load, buffer_text(&text));
    buffer_release(&text);
}

/* Control characters that XML can't hold become blanks. */
static void
append_xml(struct buffer *text, struct slice plain)
{
    for (size_t i = 0; i < plain.len; i++) {
        unsigned char c = (unsigned char)plain.ptr[i];
        const char *entity = c == '<'   ? "&lt;"
                             : c == '>' ? "&gt;"
                             : c == '&' ? "&amp;"
                             : c == '"' ? "&quot;"
                                        : NULL;
        if (entity != NULL) {
            buffer_append_text(text, entity);
        } else {
            buffer_append_char(text, c < ' ' && c != '\n' ? ' ' : plain.ptr[i]);
        }
    }
}

static void
tell_junit(struct test *test, const struct example_result *result)
{
    struct buffer text = {0};
    buffer_append_text(&test->cases, "  <testcase classname=\"");
    append_xml(&test->cases, slice_of(test->path));
    buffer_printf(&test->cases, "\" name=\"%s example %zu, line %d\"",
                  result->load, result->number, result->line);
    if (result->difference_count == 0) {
        buffer_append_text(&test->cases, "/>\n");
        return;
    }
    buffer_append_text(&test->cases, ">\n    <failure message=\"differs\">");
    append_differences(&text, "", result);
    append_xml(&test->cases, buffer_slice(&text));
    buffer_append_text(&test->cases, "</failure>\n  </testcase>\n");
    buffer_release(&text);
}

static void
tell(void *cookie, const struct example_result *result)
{
    struct test *test = cookie;
    test->count++;
    test->failed += result->difference_count > 0;
    if (strcmp(test->format, "tap") == 0) {
        tell_tap(test, result);
    } else if (strcmp(test->format, "junit") == 0) {
        tell_junit(test, result);
    } else {
        tell_text(test, result);
    }
}

static bool
feed_tables(struct mapping *mapping, struct problems *problems,
            struct error *err)
{
    const struct table_feed feed = {
        .mapping = mapping, .problems = problems, .leaves_queries = true};
    return table_feed_all(&feed, err);
}

static bool
is_sound(const struct problems *problems, struct error *err)
{
    return problems->error_count == 0 ||
           error_set(err, ERROR_CONFIG, 0, "the mapping '%s' has %zu error%s",
                     problems->path, problems->error_count,
                     problems->error_count == 1 ? "" : "s");
}

static int
test_one(struct test *test, const struct options *options, const char *path)
{
    struct problems problems = {.path = path};
    struct error err = {0};
    const struct mapping_options mapping_options = {
        .path = path,
        .params = options->run.params,
        .param_count = options->run.param_count,
        .input = "-", /* no source is read, so none need be named */
        .load_names = options->run.load_names,
        .load_name_count = options->run.load_name_count,
        .now_ms = clock_wall_ms(),
    };
    if (sdl_draft_is(path)) {
        error_set(&err, ERROR_USAGE, 0,
                  "'%s' has no examples to run; 'sfetl convert' makes a "
                  "mapping of it, which may have some",
                  path);
        return talk_error(&err);
    }
    struct mapping *mapping = mapping_open(&mapping_options, &problems, &err);
    bool runs = mapping != NULL && is_sound(&problems, &err) &&
                feed_tables(mapping, &problems, &err) &&
                is_sound(&problems, &err);
    if (runs) {
        example_run_check(mapping, &problems);
    }
    talk_problems(&problems, options);
    size_t failed = test->failed;
    test->path = path;
    if (runs && example_run_count(mapping) == 0 && !options->quiet) {
        log_warning("the mapping '%s' has no examples", path);
    }
    if (runs) {
        example_run(mapping, tell, test);
    }
    mapping_close(mapping);
    problem_release(&problems);
    if (!runs) {
        return talk_error(&err);
    }
    return test->failed > failed ? EXIT_DIFFERS : 0;
}

static void
print_end(const struct test *test, const struct options *options, int code)
{
    if (strcmp(test->format, "tap") == 0) {
        printf("1..%zu\n", test->count);
    } else if (strcmp(test->format, "junit") == 0) {
        struct slice cases = buffer_slice(&test->cases);
        printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuite name=\"sfetl\" tests=\"%zu\" failures=\"%zu\">\n"
               "%.*s</testsuite>\n",
               test->count, test->failed, SLICE_ARGS(cases));
    } else if (test->count > 0 && (code > 0 || !options->quiet)) {
        printf("%zu example%s, %zu failed\n", test->count,
               test->count == 1 ? "" : "s", test->failed);
    }
}

int
cmd_test_main(const struct options *options)
{
    struct test test = {.format = options->format};
    int code = 0;
    /* A wrong mapping is no reason not to test the next one. */
    for (size_t i = 0; i < options->operand_count; i++) {
        int next = test_one(&test, options, options->operands[i]);
        code = next > code ? next : code;
    }
    print_end(&test, options, code);
    buffer_release(&test.cases);
    return code;
}
