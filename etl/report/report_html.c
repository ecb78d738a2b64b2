/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_html.h"

#include "base/file.h"
#include "report/html_text.h"
#include "report/report_chart.h"
#include "report/report_order.h"

#define PAGE_LIMIT ((size_t)64 << 20)

static const char style[] =
    ":root{color-scheme:light dark;--ground:#fbfbfa;--card:#fff;--ink:#1d2129;"
    "--soft:#5c6470;--line:#e3e5e8;--good:#1f7a5a;--bad:#b3362c;"
    "--held:#6d4ba3;--left:#8b929c;--open:#a86400;--curve:#2f62b5}"
    "@media(prefers-color-scheme:dark){:root{--ground:#15181c;--card:#1d2126;"
    "--ink:#e7e9ec;--soft:#9aa2ad;--line:#30363d;--good:#46b48a;--bad:#ec7b70;"
    "--held:#b096e0;--left:#7d8590;--open:#e0a040;--curve:#7aa5ee}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--ground);color:var(--ink);"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif}"
    "main{max-width:1240px;margin:0 auto;padding:32px 20px 64px}"
    "h1{font-size:24px;line-height:1.25;margin:4px 0 6px}"
    "h2{font-size:17px;margin:40px 0 12px}"
    "h3{font-size:15px;margin:20px 0 8px}"
    "p{margin:6px 0}.soft,figcaption span{color:var(--soft)}"
    ".badge{display:inline-block;padding:2px 10px;border-radius:99px;"
    "color:var(--card);font-size:13px;font-weight:600;background:var(--open)}"
    ".badge.good{background:var(--good)}.badge.bad{background:var(--bad)}"
    ".stop{border-left:3px solid var(--bad);padding:8px 14px;"
    "background:var(--card);overflow-wrap:anywhere}"
    ".tiles{display:flex;flex-wrap:wrap;gap:10px;margin:20px 0 10px}"
    ".tile{flex:1 1 120px;background:var(--card);border:1px solid var(--line);"
    "border-radius:8px;padding:10px 14px}"
    ".tile{white-space:nowrap;font-size:14px}.tile "
    "b{display:block;font-size:22px;line-height:1.2;"
    "font-variant-numeric:tabular-nums}"
    ".tile i{display:inline-block;width:9px;height:9px;border-radius:2px;"
    "margin-right:6px}"
    ".bar{display:flex;height:12px;border-radius:6px;overflow:hidden;"
    "background:var(--line)}.bar i{display:block}"
    ".f0{background:var(--good)}.f1{background:var(--bad)}"
    ".f2{background:var(--held)}.f3{background:var(--left)}"
    ".f4,.f5{background:var(--open)}"
    ".wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);"
    "border-radius:8px}"
    "table{border-collapse:collapse;width:100%;font-size:13px}"
    "th,td{padding:6px 9px;text-align:left;vertical-align:top;"
    "border-top:1px solid var(--line);white-space:nowrap}"
    "tr:first-child>th{border-top:0}"
    "th{color:var(--soft);font-weight:500;font-size:13px}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.text{white-space:normal;overflow-wrap:anywhere;min-width:220px}"
    "tr.total td{font-weight:600}tr.more td{border-top:0;padding-top:0;"
    "color:var(--bad);white-space:normal}"
    "code{font:13px ui-monospace,Menlo,Consolas,monospace}"
    ".eg{color:var(--soft);font-size:13px;margin:2px 0}"
    ".charts{display:grid;gap:14px;"
    "grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr))}"
    "figure{margin:0 0 14px;background:var(--card);"
    "border:1px solid var(--line);border-radius:8px;padding:12px 14px}"
    "figcaption{font-size:14px;margin-bottom:6px}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--soft);font-size:12px}"
    "svg line{stroke:var(--line)}"
    ".curve{fill:none;stroke:var(--curve);stroke-width:2}"
    ".area{fill:var(--curve);opacity:.14}"
    "rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;"
    "margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
    "@media print{main{max-width:none;padding:0}}";

static const struct {
    const char *label, *origin;
} fates[] = {
    [OUTCOME_SUCCEEDED] = {"succeeded", ""},
    [OUTCOME_FAILED] = {"failed", "refused by the org"},
    [OUTCOME_REJECTED] = {"rejected", "refused by the mapping"},
    [OUTCOME_SKIPPED] = {"skipped", "left out"},
    [OUTCOME_UNPROCESSED] = {"unprocessed", "not processed"},
    [OUTCOME_IN_DOUBT] = {"in doubt", "outcome not known"},
};

static struct tally
total_of(const struct summary *summary)
{
    struct tally total = {0};
    for (size_t i = 0; i < summary->load_count; i++) {
        const struct tally *tally = summary->loads[i].tally;
        total.read += tally->read;
        total.sent += tally->sent;
        total.created += tally->created;
        total.updated += tally->updated;
        for (size_t k = 0; k < OUTCOME_FATE_COUNT; k++) {
            total.by_fate[k] += tally->by_fate[k];
        }
    }
    return total;
}

static void
put_head(struct buffer *page, const struct summary *summary)
{
    buffer_append_text(
        page, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
              "<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" "
              "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html_text_put(page, summary->run);
    buffer_append_text(page, " \xE2\x80\x93 sfetl</title>\n<style>");
    buffer_append_text(page, style);
    buffer_append_text(page, "</style>\n</head>\n<body>\n<main>\n");
}

static void
put_outcome(struct buffer *page, const struct summary *summary)
{
    int code = summary->exit_code;
    buffer_printf(page, "<span class=\"badge%s\">%s</span>\n<h1>",
                  code == 0   ? " good"
                  : code == 1 ? ""
                              : " bad",
                  code == 0   ? "Succeeded"
                  : code == 1 ? "Finished with errors"
                              : "Stopped");
    html_text_put(page, summary->outcome);
    buffer_append_text(page, "</h1>\n<p class=\"soft\"><code>");
    html_text_put(page, summary->run);
    buffer_append_text(page, "</code>, ");
    html_text_time(page, summary->started_at_ms);
    buffer_append_text(page, " UTC, ");
    html_text_duration(page, summary->ended_at_ms - summary->started_at_ms);
    buffer_printf(page, ", exit status %d</p>\n", code);
    if (summary->error != NULL) {
        buffer_append_text(page, "<p class=\"stop\">");
        html_text_put(page, summary->error);
        buffer_append_text(page, "</p>\n");
    }
}

static void
put_tile(struct buffer *page, const char *label, int fate, uint64_t count)
{
    buffer_append_text(page, "<div class=\"tile\"><b>");
    html_text_count(page, count);
    buffer_append_text(page, "</b>");
    if (fate >= 0) {
        buffer_printf(page, "<i class=\"f%d\"></i>", fate);
    }
    buffer_printf(page, "%s</div>\n", label);
}

/* Where each row went, as numbers and as one bar. */
static void
put_accounting(struct buffer *page, const struct summary *summary)
{
    struct tally total = total_of(summary);
    buffer_append_text(page, "<div class=\"tiles\">\n");
    put_tile(page, summary->load_count > 1 ? "read, all loads" : "read", -1,
             total.read);
    for (int i = 0; i < OUTCOME_FATE_COUNT; i++) {
        if (i <= OUTCOME_SKIPPED || total.by_fate[i] > 0) {
            put_tile(page, fates[i].label, i, total.by_fate[i]);
        }
    }
    buffer_append_text(page, "</div>\n<div class=\"bar\">");
    for (int i = 0; i < OUTCOME_FATE_COUNT && total.read > 0; i++) {
        if (total.by_fate[i] > 0) {
            buffer_printf(page,
                          "<i class=\"f%d\" style=\"width:%.3f%%\" "
                          "title=\"%s\"></i>",
                          i,
                          (double)total.by_fate[i] * 100 / (double)total.read,
                          fates[i].label);
        }
    }
    buffer_printf(page, "</div>\n<p class=\"soft\">%s</p>\n",
                  summary->balanced
                      ? "Row accounting holds: every row that was read stands "
                        "in exactly one result file."
                      : "<strong>Row accounting failed: the result files do "
                        "not add up to the rows read.</strong>");
}

static void
put_number(struct buffer *page, uint64_t count)
{
    buffer_append_text(page, "<td class=\"n\">");
    html_text_count(page, count);
    buffer_append_text(page, "</td>");
}

static void
put_text(struct buffer *page, const char *text)
{
    buffer_append_text(page, "<td>");
    html_text_put(page, text);
    buffer_append_text(page, "</td>");
}

static void
put_counts(struct buffer *page, const struct tally *tally, int64_t duration_ms)
{
    const uint64_t *by_fate = tally->by_fate;
    const uint64_t counts[] = {
        tally->read,
        tally->sent,
        tally->created,
        tally->updated,
        by_fate[OUTCOME_FAILED],
        by_fate[OUTCOME_REJECTED],
        by_fate[OUTCOME_SKIPPED],
        by_fate[OUTCOME_UNPROCESSED] + by_fate[OUTCOME_IN_DOUBT],
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        put_number(page, counts[i]);
    }
    buffer_append_text(page, "<td class=\"n\">");
    html_text_duration(page, duration_ms);
    buffer_append_text(page, "</td><td class=\"n\">");
    html_text_rate(page, tally->sent, duration_ms);
    buffer_append_text(page, "</td></tr>\n");
}

static void
put_loads(struct buffer *page, const struct summary *summary)
{
    buffer_append_text(
        page, "<h2>Loads</h2>\n<div class=\"wide\"><table>\n<tr><th>Load</th>"
              "<th>Object</th><th>Operation</th><th>API</th>"
              "<th class=\"n\">Read</th><th class=\"n\">Sent</th>"
              "<th class=\"n\">Created</th><th class=\"n\">Updated</th>"
              "<th class=\"n\">Failed</th><th class=\"n\">Rejected</th>"
              "<th class=\"n\">Skipped</th><th class=\"n\">Unprocessed</th>"
              "<th class=\"n\">Time</th><th class=\"n\">Rows/s</th></tr>\n");
    for (size_t i = 0; i < summary->load_count; i++) {
        const struct summary_load *load = &summary->loads[i];
        buffer_append_text(page, "<tr>");
        put_text(page, load->name);
        put_text(page, load->object);
        buffer_append_text(page, "<td>");
        html_text_put(page, load->operation);
        if (load->external_id != NULL) {
            buffer_append_text(page, " by ");
            html_text_put(page, load->external_id);
        }
        buffer_append_text(page, "</td>");
        buffer_append_text(page, "<td>");
        html_text_put(page, load->api);
        if (load->api_why != NULL) {
            buffer_append_text(page, ": ");
            html_text_put(page, load->api_why);
        }
        buffer_append_text(page, "</td>");
        put_counts(page, load->tally, load->duration_ms);
    }
    if (summary->load_count > 1) {
        struct tally total = total_of(summary);
        buffer_append_text(page, "<tr class=\"total\"><td>Total</td><td></td>"
                                 "<td></td><td></td>");
        put_counts(page, &total, summary->ended_at_ms - summary->started_at_ms);
    }
    buffer_append_text(page, "</table></div>\n");
    for (size_t i = 0; i < summary->load_count; i++) {
        report_order_put(page, &summary->loads[i]);
    }
}

static void
put_file(struct buffer *page, const char *load, const struct tally_part *part)
{
    const uint64_t *by_fate = part->by_fate;
    const uint64_t counts[] = {
        part->first_row,
        part->read,
        by_fate[OUTCOME_SUCCEEDED],
        by_fate[OUTCOME_FAILED],
        by_fate[OUTCOME_REJECTED],
        by_fate[OUTCOME_SKIPPED],
        by_fate[OUTCOME_UNPROCESSED] + by_fate[OUTCOME_IN_DOUBT],
    };
    buffer_append_text(page, "<tr>");
    put_text(page, part->name);
    put_text(page, load);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        put_number(page, counts[i]);
    }
    buffer_append_text(page, "</tr>\n");
}

/* Of a source of several, the first REPORT_HTML_FILES of each load. */
static void
put_files(struct buffer *page, const struct summary *summary)
{
    if (summary->load_count == 0 || summary->loads[0].tally->part_count == 0) {
        return;
    }
    buffer_append_text(
        page, "<h2>Files</h2>\n<div class=\"wide\"><table>\n<tr><th>File</th>"
              "<th>Load</th><th class=\"n\">First row</th>"
              "<th class=\"n\">Read</th><th class=\"n\">Succeeded</th>"
              "<th class=\"n\">Failed</th><th class=\"n\">Rejected</th>"
              "<th class=\"n\">Skipped</th>"
              "<th class=\"n\">Unprocessed</th></tr>\n");
    for (size_t i = 0; i < summary->load_count; i++) {
        const struct summary_load *load = &summary->loads[i];
        for (size_t k = 0; k < load->tally->part_count && k < REPORT_HTML_FILES;
             k++) {
            put_file(page, load->name, &load->tally->parts[k]);
        }
    }
    buffer_append_text(page, "</table></div>\n");
    if (summary->loads[0].tally->part_count > REPORT_HTML_FILES) {
        buffer_printf(page,
                      "<p class=\"soft\">%zu more stand in "
                      "<code>summary.json</code>.</p>\n",
                      summary->loads[0].tally->part_count - REPORT_HTML_FILES);
    }
}

static void
put_code(struct buffer *page, const struct tally_code *code)
{
    buffer_append_text(page, "<tr><td><code>");
    html_text_put(page, code->code);
    buffer_append_text(page, "</code></td>");
    put_number(page, code->count);
    put_text(page, fates[code->fate].origin);
    buffer_append_text(page, "<td class=\"text\">");
    for (size_t i = 0; i < code->example_count; i++) {
        const struct tally_example *example = &code->examples[i];
        buffer_append_text(page, "<p class=\"eg\">row ");
        html_text_count(page, example->row);
        buffer_append_text(page, ", line ");
        html_text_count(page, example->line);
        buffer_append_text(page, example->message[0] ? ": " : "");
        html_text_put(page, example->message);
        buffer_append_text(page, "</p>");
    }
    buffer_append_text(page, "</td></tr>\n");
}

static void
put_codes(struct buffer *page, const struct summary *summary)
{
    buffer_append_text(page, "<h2>Why rows did not succeed</h2>\n");
    bool any = false;
    for (size_t i = 0; i < summary->load_count; i++) {
        const struct summary_load *load = &summary->loads[i];
        if (load->tally->code_count == 0) {
            continue;
        }
        any = true;
        if (summary->load_count > 1) {
            buffer_append_text(page, "<h3>");
            html_text_put(page, load->name);
            buffer_append_text(page, "</h3>\n");
        }
        buffer_append_text(page,
                           "<div class=\"wide\"><table>\n<tr><th>Code</th>"
                           "<th class=\"n\">Rows</th><th></th>"
                           "<th>Examples</th></tr>\n");
        for (size_t k = 0; k < load->tally->code_count; k++) {
            put_code(page, &load->tally->codes[k]);
        }
        buffer_append_text(page, "</table></div>\n");
    }
    if (!any) {
        buffer_append_text(page, "<p class=\"soft\">All did.</p>\n");
    }
}

static void
put_job(struct buffer *page, const struct summary_job *job)
{
    bool timed = job->closed_at_ms > 0 && job->done_at_ms >= job->closed_at_ms;
    int64_t took = timed ? job->done_at_ms - job->closed_at_ms : -1;
    buffer_append_text(page, "<tr><td><code>");
    html_text_put(page, job->id);
    buffer_append_text(page, "</code></td>");
    put_text(page, job->load);
    buffer_printf(page, "<td class=\"n\">%u</td><td class=\"n\">%u</td>",
                  (unsigned)job->chunk, (unsigned)job->attempt);
    put_text(page, job->state);
    put_number(page, job->rows);
    buffer_append_text(page, "<td class=\"n\">");
    html_text_bytes(page, job->bytes);
    buffer_append_text(page, "</td>");
    put_number(page, job->processed);
    put_number(page, job->failed);
    buffer_append_text(page, "<td>");
    html_text_time(page, job->closed_at_ms);
    buffer_append_text(page, "</td><td class=\"n\">");
    html_text_duration(page, took);
    buffer_append_text(page, "</td><td class=\"n\">");
    html_text_rate(page, job->processed, took);
    buffer_append_text(page, "</td></tr>\n");
    if (job->message != NULL && job->message[0] != '\0') {
        buffer_append_text(page, "<tr class=\"more\"><td></td>"
                                 "<td colspan=\"11\">");
        html_text_put(page, job->message);
        buffer_append_text(page, "</td></tr>\n");
    }
}

static void
put_jobs(struct buffer *page, const struct summary *summary)
{
    buffer_append_text(page, "<h2>Jobs</h2>\n");
    report_chart_progress(page, summary);
    report_chart_jobs(page, summary);
    if (summary->job_count == 0) {
        buffer_append_text(page, "<p class=\"soft\">None was made.</p>\n");
        return;
    }
    buffer_append_text(
        page, "<div class=\"wide\"><table>\n<tr><th>Job</th><th>Load</th>"
              "<th class=\"n\">Chunk</th><th class=\"n\">Attempt</th>"
              "<th>State</th><th class=\"n\">Rows</th><th class=\"n\">Size</th>"
              "<th class=\"n\">Processed</th><th class=\"n\">Failed</th>"
              "<th>Handed over, UTC</th><th class=\"n\">Took</th>"
              "<th class=\"n\">Rows/s</th></tr>\n");
    size_t shown = summary->job_count < REPORT_HTML_JOBS ? summary->job_count
                                                         : REPORT_HTML_JOBS;
    for (size_t i = 0; i < shown; i++) {
        put_job(page, &summary->jobs[i]);
    }
    buffer_append_text(page, "</table></div>\n");
    if (shown < summary->job_count) {
        buffer_printf(page,
                      "<p class=\"soft\">%zu more stand in "
                      "<code>summary.json</code>.</p>\n",
                      summary->job_count - shown);
    }
}

static void
put_fact(struct buffer *page, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        buffer_printf(page, "<dt>%s</dt><dd>", name);
        html_text_put(page, value);
        buffer_append_text(page, "</dd>\n");
    }
}

static void
put_facts(struct buffer *page, const struct summary *summary)
{
    buffer_append_text(page, "<h2>The run</h2>\n<dl>\n");
    put_fact(page, "Mapping", summary->mapping);
    put_fact(page, "Source", summary->source);
    put_fact(page, "Read as", summary->source_description);
    put_fact(page, "Org", summary->org);
    put_fact(page, "Instance", summary->instance_url);
    put_fact(page, "API version", summary->api_version);
    put_fact(page, "Retry of", summary->retry_of);
    put_fact(page, "Folder", summary->folder);
    buffer_append_text(page, "<dt>Read and staged in</dt><dd>");
    html_text_duration(page, summary->read_ms);
    buffer_append_text(page, "</dd>\n<dt>Delivered in</dt><dd>");
    html_text_duration(page, summary->deliver_ms);
    buffer_append_text(page, "</dd>\n<dt>Result files in</dt><dd>");
    html_text_duration(page, summary->conclude_ms);
    buffer_append_text(page, "</dd>\n<dt>API calls</dt><dd>");
    html_text_count(page, summary->api_calls);
    if (summary->org_calls_most > 0) {
        buffer_append_text(page, "; the org has used ");
        html_text_count(page, summary->org_calls_used);
        buffer_append_text(page, " of its ");
        html_text_count(page, summary->org_calls_most);
    }
    buffer_append_text(page, "</dd>\n<dt>On the wire</dt><dd>");
    html_text_bytes(page, summary->sent_bytes);
    buffer_append_text(page, " sent, ");
    html_text_bytes(page, summary->received_bytes);
    buffer_append_text(page, " received</dd>\n</dl>\n");
}

bool
report_html_write(const char *path, const struct summary *summary,
                  struct error *err)
{
    struct buffer page = {.limit = PAGE_LIMIT};
    put_head(&page, summary);
    put_outcome(&page, summary);
    put_accounting(&page, summary);
    put_loads(&page, summary);
    put_files(&page, summary);
    put_codes(&page, summary);
    put_jobs(&page, summary);
    put_facts(&page, summary);
    buffer_append_text(&page, "<p class=\"soft\">sfetl " PACKAGE_VERSION
                              "</p>\n</main>\n</body>\n</html>\n");
    bool done =
        page.overflowed
            ? error_set(err, ERROR_INTERNAL, 0,
                        "'%s' would be larger than %zu bytes", path, PAGE_LIMIT)
            : file_replace(path, buffer_slice(&page), err);
    buffer_release(&page);
    return done;
}
