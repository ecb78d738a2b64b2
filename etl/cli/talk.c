/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/talk.h"

#include "base/buffer.h"
#include "base/log.h"
#include "cli/screen/terminal.h"

#include <stdio.h>
#include <string.h>

#define PROBLEMS_TOLD 100 /* of one mapping */

int
talk_error(const struct error *err)
{
    if (err->kind != ERROR_NONE) {
        log_error("%s", err->text);
    }
    return error_exit_code(err);
}

static void
print_problem(const struct problems *problems, const struct problem *problem)
{
    struct terminal_paint paint = terminal_paint(stderr);
    if (problem->line > 0 && problems->lines_only) {
        fprintf(stderr, "%s%s:%d:%s ", paint.bold, problems->path,
                problem->line, paint.off);
    } else if (problem->line > 0) {
        fprintf(stderr, "%s%s:%d:%d:%s ", paint.bold, problems->path,
                problem->line, problem->column, paint.off);
    } else {
        fprintf(stderr, "%s%s:%s ", paint.bold, problems->path, paint.off);
    }
    fprintf(stderr, "%s%s:%s %.*s",
            problem->is_warning ? paint.yellow : paint.red,
            problem->is_warning ? "warning" : "error", paint.off,
            SLICE_ARGS(problem->what));
    if (problem->help.len > 0) {
        fprintf(stderr, "; %.*s", SLICE_ARGS(problem->help));
    }
    if (problem->code != NULL) {
        fprintf(stderr, " [%s]", problem->code);
    }
    fputc('\n', stderr);
    if (problem->shown.len > 0) {
        fprintf(stderr, "%.*s\n", SLICE_ARGS(problem->shown));
    }
}

static void
log_problem(struct problems *problems, const struct problem *problem)
{
    struct slice text = problem_text(problems, problem);
    if (problem->is_warning) {
        log_warning("%.*s", SLICE_ARGS(text));
    } else {
        log_error("%.*s", SLICE_ARGS(text));
    }
}

void
talk_problems(struct problems *problems, const struct options *options)
{
    problem_sort(problems);
    bool as_json = strcmp(options->log_format, "json") == 0;
    size_t told = 0;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        if (problem->is_warning && options->quiet) {
            continue;
        }
        if (told++ == PROBLEMS_TOLD) {
            log_warning("%s: %zu more problems are not shown; mend these first",
                        problems->path, problems->count - i);
            break;
        }
        if (as_json) {
            log_problem(problems, problem);
        } else {
            print_problem(problems, problem);
        }
    }
}

json_t *
talk_json_text(struct slice text)
{
    if (text.ptr == NULL) {
        return json_null();
    }
    struct buffer clean = {0};
    while (text.len > 0) {
        size_t good = slice_utf8_valid_len(text);
        buffer_append(&clean, text.ptr, good);
        text = (struct slice){text.ptr + good, text.len - good};
        if (text.len > 0) {
            buffer_append_text(&clean, "\xef\xbf\xbd");
            text = (struct slice){text.ptr + 1, text.len - 1};
        }
    }
    json_t *json = json_stringn(clean.bytes ? clean.bytes : "", clean.len);
    buffer_release(&clean);
    return json;
}

json_t *
talk_json_error(const struct error *err)
{
    if (err->kind == ERROR_NONE) {
        return json_null();
    }
    return json_pack("{s:i,s:o}", "exit_code", error_exit_code(err), "text",
                     talk_json_text(slice_of(err->text)));
}

json_t *
talk_json_problems(const struct problems *problems)
{
    json_t *list = json_array();
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        json_array_append_new(
            list,
            json_pack("{s:s?,s:i,s:i,s:s,s:s?,s:o,s:o}", "file", problems->path,
                      "line", problem->line, "column", problem->column,
                      "severity", problem->is_warning ? "warning" : "error",
                      "code", problem->code, "what",
                      talk_json_text(problem->what), "help",
                      problem->help.len > 0 ? talk_json_text(problem->help)
                                            : json_null()));
    }
    return list;
}

void
talk_json_print(json_t *json)
{
    json_dumpf(json, stdout, JSON_INDENT(2));
    fputc('\n', stdout);
    json_decref(json);
}
