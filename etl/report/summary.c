/* SPDX-License-Identifier: Apache-2.0 */
#include "report/summary.h"

#include "base/clock.h"
#include "base/file.h"

#include <curl/curl.h>
#include <jansson.h>
#include <libxml/xmlversion.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include <zlib.h>

#define SUMMARY_VERSION 1 /* of the schema in sfetl-summary(5) */

/* Any bytes: what is no UTF-8 shows as '?', for JSON has no other way. */
static json_t *
text_of(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    struct slice left = slice_of(text);
    struct buffer clean = {0};
    while (left.len > 0) {
        size_t good = slice_utf8_valid_len(left);
        buffer_append(&clean, left.ptr, good);
        if (good < left.len) {
            buffer_append_char(&clean, '?');
            good++;
        }
        left.ptr += good;
        left.len -= good;
    }
    json_t *json = json_stringn(buffer_slice(&clean).ptr, clean.len);
    buffer_release(&clean);
    return json;
}

static json_t *
number_of(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *
time_of(int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (wall_ms <= 0) {
        return json_null();
    }
    clock_format(wall_ms, text);
    return json_string(text);
}

static json_t *
accounting_of(const struct tally *tally, bool holds)
{
    const uint64_t *fates = tally->by_fate;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "read",
        number_of(tally->read), "succeeded",
        number_of(fates[OUTCOME_SUCCEEDED]), "failed",
        number_of(fates[OUTCOME_FAILED]), "rejected",
        number_of(fates[OUTCOME_REJECTED]), "skipped",
        number_of(fates[OUTCOME_SKIPPED]), "unprocessed",
        number_of(fates[OUTCOME_UNPROCESSED] + fates[OUTCOME_IN_DOUBT]),
        "in_doubt", number_of(fates[OUTCOME_IN_DOUBT]), "holds", holds);
}

static const char *
fate_word(enum outcome_fate fate)
{
    static const char *const words[] = {
        [OUTCOME_SUCCEEDED] = "succeeded",     [OUTCOME_FAILED] = "failed",
        [OUTCOME_REJECTED] = "rejected",       [OUTCOME_SKIPPED] = "skipped",
        [OUTCOME_UNPROCESSED] = "unprocessed", [OUTCOME_IN_DOUBT] = "in_doubt",
    };
    return words[fate];
}

static json_t *
examples_of(const struct tally_code *code)
{
    json_t *list = json_array();
    for (size_t i = 0; i < code->example_count; i++) {
        const struct tally_example *example = &code->examples[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "row", number_of(example->row),
                            "line", number_of(example->line), "message",
                            text_of(example->message)));
    }
    return list;
}

static json_t *
codes_of(const struct tally *tally)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tally->code_count; i++) {
        const struct tally_code *code = &tally->codes[i];
        json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o}", "code",
                                              text_of(code->code), "fate",
                                              fate_word(code->fate), "count",
                                              number_of(code->count),
                                              "examples", examples_of(code)));
    }
    return list;
}

/* What became of the rows of each file. */
static json_t *
files_of(const struct tally *tally)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tally->part_count; i++) {
        const struct tally_part *part = &tally->parts[i];
        struct tally own = {.read = part->read};
        memcpy(own.by_fate, part->by_fate, sizeof own.by_fate);
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o}", "name", text_of(part->name),
                            "first_row", number_of(part->first_row), "rows",
                            number_of(part->rows), "accounting",
                            accounting_of(&own, tally_balances(&own))));
    }
    return list;
}

static json_t *
order_of(const struct summary_load *load)
{
    return load->waves == 0
               ? json_null()
               : json_pack("{s:o, s:o, s:o}", "waves", number_of(load->waves),
                           "two_passes", number_of(load->second_rows),
                           "grouped_by", text_of(load->grouped_by));
}

static json_t *
load_of(const struct summary_load *load)
{
    const struct tally *tally = load->tally;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o}",
        "name", text_of(load->name), "object", text_of(load->object),
        "operation", text_of(load->operation), "external_id",
        text_of(load->external_id), "api", text_of(load->api), "api_why",
        text_of(load->api_why), "duration_ms", (json_int_t)load->duration_ms,
        "accounting", accounting_of(tally, tally_balances(tally)), "sent",
        number_of(tally->sent), "created", number_of(tally->created), "updated",
        number_of(tally->updated), "passed_over", number_of(tally->passed_over),
        "line_ends_changed", number_of(tally->line_ends_changed),
        "matched_loosely", number_of(tally->loose), "stray_results",
        number_of(tally->stray), "order", order_of(load), "codes",
        codes_of(tally), "files", files_of(tally));
}

static json_t *
loads_of(const struct summary *summary)
{
    json_t *list = json_array();
    for (size_t i = 0; i < summary->load_count; i++) {
        json_array_append_new(list, load_of(&summary->loads[i]));
    }
    return list;
}

static json_t *
job_of(const struct summary_job *job)
{
    return json_pack(
        "{s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, "
        "s:I, s:I}",
        "id", text_of(job->id), "load", text_of(job->load), "chunk",
        (int)job->chunk, "attempt", (int)job->attempt, "state",
        text_of(job->state), "message", text_of(job->message), "rows",
        number_of(job->rows), "bytes", number_of(job->bytes), "processed",
        number_of(job->processed), "failed", number_of(job->failed),
        "closed_at", time_of(job->closed_at_ms), "done_at",
        time_of(job->done_at_ms), "total_processing_ms",
        (json_int_t)job->total_processing_ms, "active_processing_ms",
        (json_int_t)job->active_processing_ms, "apex_processing_ms",
        (json_int_t)job->apex_processing_ms);
}

static json_t *
jobs_of(const struct summary *summary)
{
    json_t *list = json_array();
    for (size_t i = 0; i < summary->job_count; i++) {
        json_array_append_new(list, job_of(&summary->jobs[i]));
    }
    return list;
}

static json_t *
versions(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "sfetl",
                     PACKAGE_VERSION, "libcurl",
                     curl_version_info(CURLVERSION_NOW)->version, "libxml2",
                     LIBXML_DOTTED_VERSION, "sqlite", sqlite3_libversion(),
                     "zlib", zlibVersion(), "jansson", jansson_version_str(),
                     "libyaml", yaml_get_version_string());
}

/* Over all loads: each reads the whole source. */
static struct tally
total_of(const struct summary *summary)
{
    struct tally total = {0};
    for (size_t i = 0; i < summary->load_count; i++) {
        const struct tally *tally = summary->loads[i].tally;
        total.read += tally->read;
        for (size_t k = 0; k < OUTCOME_FATE_COUNT; k++) {
            total.by_fate[k] += tally->by_fate[k];
        }
    }
    return total;
}

static json_t *
head_of(const struct summary *summary)
{
    const struct tally total = total_of(summary);
    return json_pack(
        "{s:i, s:o, s:o, s:o, s:{s:o, s:o}, s:{s:o, s:o, s:o}, s:o, s:o, s:o, "
        "s:i, s:o, s:o, s:I, s:{s:I, s:I, s:I}, s:o}",
        "summary_version", SUMMARY_VERSION, "run", text_of(summary->run),
        "folder", text_of(summary->folder), "mapping",
        text_of(summary->mapping), "source", "path", text_of(summary->source),
        "description", text_of(summary->source_description), "org", "name",
        text_of(summary->org), "instance_url", text_of(summary->instance_url),
        "api_version", text_of(summary->api_version), "retry_of",
        text_of(summary->retry_of), "outcome", text_of(summary->outcome),
        "error", text_of(summary->error), "exit_code", summary->exit_code,
        "started_at", time_of(summary->started_at_ms), "ended_at",
        time_of(summary->ended_at_ms), "duration_ms",
        (json_int_t)(summary->ended_at_ms - summary->started_at_ms), "phases",
        "read_ms", (json_int_t)summary->read_ms, "deliver_ms",
        (json_int_t)summary->deliver_ms, "conclude_ms",
        (json_int_t)summary->conclude_ms, "accounting",
        accounting_of(&total, summary->balanced));
}

static json_t *
document_of(const struct summary *summary)
{
    json_t *root = head_of(summary);
    json_t *traffic =
        json_pack("{s:o, s:o, s:o}", "api_calls", number_of(summary->api_calls),
                  "sent_bytes", number_of(summary->sent_bytes),
                  "received_bytes", number_of(summary->received_bytes));
    if (summary->org_calls_most > 0) {
        json_object_set_new(traffic, "org_calls_used",
                            number_of(summary->org_calls_used));
        json_object_set_new(traffic, "org_calls_of",
                            number_of(summary->org_calls_most));
    }
    json_object_set_new(root, "loads", loads_of(summary));
    json_object_set_new(root, "jobs", jobs_of(summary));
    json_object_set_new(root, "traffic", traffic);
    json_object_set_new(root, "versions", versions());
    return root;
}

const char *
summary_outcome(int exit_code)
{
    switch (exit_code) {
    case 0:
        return "every row that was to be loaded succeeded";
    case 1:
        return "finished, and some rows failed, were rejected or are in doubt";
    case 70:
        return "row accounting failed";
    default:
        return "stopped before all rows were through";
    }
}

bool
summary_write(const char *path, const struct summary *summary,
              struct error *err)
{
    json_t *root = document_of(summary);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (text == NULL) {
        return error_set(err, ERROR_INTERNAL, 0, "cannot spell '%s'", path);
    }
    struct buffer bytes = {0};
    buffer_append_text(&bytes, text);
    buffer_append_char(&bytes, '\n');
    bool done = file_replace(path, buffer_slice(&bytes), err);
    buffer_release(&bytes);
    free(text);
    return done;
}
