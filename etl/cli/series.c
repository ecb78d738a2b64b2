/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/series.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/progress.h"
#include "cli/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY_LIMIT ((size_t)64 << 20)

/* NULL: there is none, or it can't be read. */
static json_t *
load_summary(const struct run_result *result)
{
    if (result->folder == NULL) {
        return NULL;
    }
    struct buffer text = {0};
    struct error ignored = {0};
    char *path = mem_printf("%s/summary.json", result->folder);
    json_t *summary = NULL;
    if (file_exists(path) &&
        file_read_whole(path, SUMMARY_LIMIT, &text, &ignored)) {
        summary = json_loadb(text.bytes, text.len, 0, NULL);
    }
    free(path);
    buffer_release(&text);
    return summary;
}

static json_t *
row_json(const struct tally_row *row)
{
    static const char *const fates[] = {
        [OUTCOME_SUCCEEDED] = "succeeded",     [OUTCOME_FAILED] = "failed",
        [OUTCOME_REJECTED] = "rejected",       [OUTCOME_SKIPPED] = "skipped",
        [OUTCOME_UNPROCESSED] = "unprocessed", [OUTCOME_IN_DOUBT] = "in-doubt",
    };
    json_t *json =
        json_pack("{s:I,s:I,s:s,s:o}", "row", (json_int_t)row->row, "line",
                  (json_int_t)row->line, "outcome", fates[row->fate], "id",
                  row->id[0] ? json_string(row->id) : json_null());
    if (row->fate == OUTCOME_SUCCEEDED) {
        json_object_set_new(json, "created", json_boolean(row->created));
    } else {
        json_object_set_new(json, "code", talk_json_text(slice_of(row->code)));
        json_object_set_new(json, "message",
                            talk_json_text(slice_of(row->message)));
    }
    return json;
}

/* Each row of a small load, for a caller who waits for its Id. */
static void
add_rows(json_t *json, const struct run_result *result)
{
    json_t *loads = json_object_get(json, "loads");
    for (size_t i = 0; i < result->load_count; i++) {
        const struct tally *tally = &result->loads[i].tally;
        json_t *rows = tally->too_many_rows ? NULL : json_array();
        for (size_t j = 0; rows != NULL && j < tally->row_count; j++) {
            json_array_append_new(rows, row_json(&tally->rows[j]));
        }
        json_object_set_new(json_array_get(loads, i), "rows", rows);
    }
}

/* The run's summary, or as much of one as there is, with the problems. */
static json_t *
run_json(const char *mapping_path, const struct run_result *result,
         const struct problems *problems)
{
    json_t *json = load_summary(result);
    if (json == NULL) {
        json = json_pack("{s:s?,s:s?,s:s,s:i,s:o}", "run", result->run,
                         "folder", result->folder, "mapping", mapping_path,
                         "exit_code", result->exit_code, "error",
                         result->error.kind != ERROR_NONE
                             ? talk_json_text(slice_of(result->error.text))
                             : json_null());
        if (result->nothing[0] != '\0') {
            json_object_set_new(json, "nothing_to_do",
                                talk_json_text(slice_of(result->nothing)));
        }
    }
    add_rows(json, result);
    json_object_set_new(json, "problems", talk_json_problems(problems));
    return json;
}

void
series_open(struct series *series, const struct options *options,
            size_t capacity)
{
    *series = (struct series){
        .options = options,
        .runs = mem_array(capacity, sizeof *series->runs),
        .json = options_wants_json(options) ? json_array() : NULL,
    };
}

bool
series_run(struct series *series, const char *label, series_run_fn *go,
           void *cookie)
{
    const struct options *options = series->options;
    struct closing_run *run = &series->runs[series->count++];
    struct problems problems = {0};
    struct progress progress;
    progress_begin(&progress, stderr,
                   progress_mode_of(options->progress, stderr, options->quiet,
                                    strcmp(options->log_format, "json") == 0));
    struct progress_sink sink = progress_sink(&progress);
    run->mapping_path = label;
    int code = go(cookie, &sink, &problems, &run->result);
    progress_end(&progress);
    talk_problems(&problems, options);
    /* With a folder it was logged there and shown with it. */
    if (run->result.folder == NULL) {
        talk_error(&run->result.error);
    }
    if (series->json != NULL) {
        json_array_append_new(series->json,
                              run_json(label, &run->result, &problems));
    }
    problem_release(&problems);
    series->code = code > series->code ? code : series->code;
    return code <= 1;
}

static void
print_series(struct series *series)
{
    int code = series->code;
    if (series->json != NULL) {
        bool alone = series->count == 1;
        talk_json_print(alone ? json_incref(json_array_get(series->json, 0))
                              : json_incref(series->json));
    } else if (code != 0 || !series->options->quiet) {
        closing_print(series->runs, series->count, series->options, stdout);
    }
}

int
series_close(struct series *series)
{
    print_series(series);
    for (size_t i = 0; i < series->count; i++) {
        pipeline_release(&series->runs[i].result);
    }
    free(series->runs);
    json_decref(series->json);
    return series->code;
}
