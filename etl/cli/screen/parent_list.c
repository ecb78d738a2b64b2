/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/parent_list.h"

#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/talk.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN 10 /* keys */

static void
print_key(FILE *stream, const struct parent_missing *missing)
{
    struct arena arena = {0};
    struct slice key = grid_visible(&arena, missing->key);
    fprintf(stream, "          \"%.*s\", row%s", SLICE_ARGS(key),
            missing->row_count == 1 ? "" : "s");
    for (size_t i = 0; i < PARENT_CHECK_ROWS && i < missing->row_count; i++) {
        fprintf(stream, "%s %" PRIu64, i > 0 ? "," : "", missing->rows[i]);
    }
    if (missing->row_count > PARENT_CHECK_ROWS) {
        fprintf(stream, " and %" PRIu64 " more",
                missing->row_count - PARENT_CHECK_ROWS);
    }
    fputc('\n', stream);
    arena_release(&arena);
}

static void
print_help(FILE *stream, const struct parent_report *report)
{
    if (strcmp(report->field, "Id") == 0) {
        fputs("          Ids belong to one org: find records by an external "
              "id, or insert them\n",
              stream);
    } else {
        fprintf(stream,
                "          load these %s records first, or mend their %s\n",
                report->parent, report->field);
    }
}

static void
print_missing(FILE *stream, const struct parent_report *report,
              const char *what)
{
    char keys[FIGURE_SIZE], rows[FIGURE_SIZE], missing[FIGURE_SIZE];
    bool is_one = report->missing_keys == 1;
    fprintf(stream,
            "%s: %s: of %s %s %s %s not in the org%s: %s row%s would fail "
            "[%s]\n",
            report->load, report->column, figure_count(keys, report->keys),
            what, figure_count(missing, report->missing_keys),
            is_one ? "is" : "are",
            report->is_own ? ""
            : is_one       ? ", and no load makes it"
                           : ", and no load makes them",
            figure_count(rows, report->missing_rows),
            report->missing_rows == 1 ? "" : "s", report->code);
    for (size_t i = 0; i < report->example_count && i < SHOWN; i++) {
        print_key(stream, &report->examples[i]);
    }
    if (report->missing_keys > SHOWN) {
        fprintf(stream, "          and %s more\n",
                figure_count(keys, report->missing_keys - SHOWN));
    }
    print_help(stream, report);
}

static void
print_report(FILE *stream, const struct parent_report *report)
{
    char keys[FIGURE_SIZE];
    const char *what = report->is_own ? "records" : "parents";
    if (report->unasked != NULL) {
        fprintf(stream, "%s: %s: not looked for: %s\n", report->load,
                report->column, report->unasked);
    } else if (report->missing_keys == 0) {
        fprintf(stream, "%s: %s: all %s %s are there\n", report->load,
                report->column, figure_count(keys, report->keys), what);
    } else {
        print_missing(stream, report, what);
    }
}

void
parent_list_print(FILE *stream, const struct parent_check *check)
{
    for (size_t i = 0; i < parent_check_count(check); i++) {
        if (parent_check_report(check, i)->rows > 0) {
            print_report(stream, parent_check_report(check, i));
        }
    }
}

static json_t *
keys_json(const struct parent_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->example_count; i++) {
        const struct parent_missing *missing = &report->examples[i];
        json_t *rows = json_array();
        for (size_t j = 0; j < PARENT_CHECK_ROWS && j < missing->row_count;
             j++) {
            json_array_append_new(
                rows,
                json_pack("{s:I,s:I}", "row", (json_int_t)missing->rows[j],
                          "line", (json_int_t)missing->lines[j]));
        }
        json_array_append_new(
            list,
            json_pack("{s:o,s:I,s:o}", "key", talk_json_text(missing->key),
                      "count", (json_int_t)missing->row_count, "rows", rows));
    }
    return list;
}

json_t *
parent_list_json(const struct parent_check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < parent_check_count(check); i++) {
        const struct parent_report *report = parent_check_report(check, i);
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:s,s:o}", "load",
                            report->load, "column", report->column, "object",
                            report->parent, "field", report->field, "rows",
                            (json_int_t)report->rows, "keys",
                            (json_int_t)report->keys, "missing_keys",
                            (json_int_t)report->missing_keys, "missing_rows",
                            (json_int_t)report->missing_rows, "code",
                            report->code, "missing", keys_json(report)));
    }
    return list;
}
