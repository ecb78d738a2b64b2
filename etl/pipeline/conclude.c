/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/delivery/collector.h"
#include "pipeline/parents/orphans.h"
#include "pipeline/parents/run_order.h"
#include "pipeline/pickup/pickup_record.h"
#include "pipeline/pickup/put_away.h"
#include "pipeline/run_folder.h"
#include "report/report_html.h"
#include "report/summary.h"
#include "results/result_files.h"
#include "salesforce/api_usage.h"
#include "stage/stager.h"

#include <stdlib.h>

/* What the ledger knows of the run's chunks, for all loads. */
struct conclusion {
    struct run *run;
    const struct error *cause;
    struct arena arena;
    struct chunk *chunks;
    size_t chunk_count;
    struct ticket *tickets;
    size_t ticket_count;
    bool open; /* a chunk's outcomes are not in: resume goes on */
};

/* The newest ticket of a chunk; NULL: it was never tried. */
static const struct ticket *
last_ticket(const struct conclusion *c, const struct chunk *chunk)
{
    const struct ticket *last = NULL;
    for (size_t i = 0; i < c->ticket_count; i++) {
        if (c->tickets[i].chunk_id == chunk->id) {
            last = &c->tickets[i];
        }
    }
    return last;
}

/*
 * Outcomes for a chunk that has none yet, aside from the true ones: nothing is
 * processed in a job before it is closed, so all else was never tried.
 */
static bool
fill_open_chunk(struct conclusion *c, const struct run_load *load,
                const struct chunk *chunk, const char *path, struct error *err)
{
    const struct ticket *ticket = last_ticket(c, chunk);
    /* Calls of 200 rows are processed as they come: the first makes it so. */
    bool at_work = ticket != NULL && (ticket->state >= TICKET_CLOSING ||
                                      ticket->closed_at_ms > 0);
    struct slice message =
        !at_work && c->run->mode != RUN_ALL
            ? arena_printf(&c->arena, "not sent: %s [not-sent]",
                           c->run->mode == RUN_ABORT
                               ? "the run was aborted"
                               : "a newer run has overtaken this one")
        : at_work
            ? arena_printf(&c->arena,
                           "sent in %s%s, whose outcome is not known "
                           "yet; 'sfetl resume' asks for it [outcome-open]",
                           ticket->job_id[0] ? "job " : "a chunk by REST",
                           ticket->job_id)
            : arena_printf(&c->arena, "not sent: %s [not-sent]",
                           c->cause->text);
    char *index =
        chunk_path(c->run->folder, load->load->name, chunk, CHUNK_INDEX);
    char *csv = chunk_path(c->run->folder, load->load->name, chunk, CHUNK_CSV);
    bool done =
        collector_fill(load->load, index, csv, path, OUTCOME_UNPROCESSED,
                       at_work ? "outcome-open" : "not-sent", message.ptr, err);
    free(index);
    free(csv);
    c->open |= at_work || c->run->mode == RUN_ALL;
    return done;
}

static const char *
chunk_outcomes(struct conclusion *c, const struct run_load *load,
               const struct chunk *chunk, struct error *err)
{
    char *path =
        chunk_path(c->run->folder, load->load->name, chunk, CHUNK_OUTCOMES);
    struct slice kept = slice_of(path);
    if (chunk->state != CHUNK_COLLECTED) {
        kept = arena_printf(&c->arena, "%s.open", path);
    }
    const char *result = arena_strdup(&c->arena, kept);
    free(path);
    if (chunk->state != CHUNK_COLLECTED &&
        !fill_open_chunk(c, load, chunk, result, err)) {
        return NULL;
    }
    return result;
}

static const char *
take_path(struct conclusion *c, char *path)
{
    const char *copy = arena_strdup(&c->arena, slice_of(path));
    free(path);
    return copy;
}

/* Rows that were to be sent again by a run that sends no more, or in a job that
 * was given up before it was closed: what the org said of them the last time
 * stands. Not so of a second pass: rows whose lookups were not set have not
 * succeeded. */
static bool
is_dropped(const struct conclusion *c, const struct chunk *chunk)
{
    if (chunk->attempt == 0 || chunk_is_second_pass(chunk)) {
        return false;
    }
    const struct ticket *ticket = last_ticket(c, chunk);
    bool is_given_up = chunk->state == CHUNK_COLLECTED && ticket != NULL &&
                       ticket->closed_at_ms == 0;
    return is_given_up ||
           (c->run->mode != RUN_ALL && chunk->state == CHUNK_STAGED);
}

static bool
list_parts(struct conclusion *c, size_t load_index,
           struct result_files_options *options, struct error *err)
{
    struct run_load *load = &c->run->loads[load_index];
    struct result_part *parts =
        arena_array(&c->arena, c->chunk_count + 3, sizeof *parts);
    size_t count = 0;
    const char *decided[] = {
        take_path(c, stager_fates_path(c->run->folder, load->load->name)),
        take_path(c, stager_duplicates_path(c->run->folder, load->load->name)),
        take_path(c, orphans_path(c->run->folder, load->load->name)),
    };
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
        if (file_exists(decided[i])) {
            parts[count++] = (struct result_part){.path = decided[i]};
        }
    }
    for (size_t i = 0; i < c->chunk_count; i++) {
        const struct chunk *chunk = &c->chunks[i];
        if (chunk->load != load_index || chunk->rows == 0 ||
            is_dropped(c, chunk)) {
            continue;
        }
        const char *path = chunk_outcomes(c, load, chunk, err);
        if (path == NULL) {
            return false;
        }
        /* Killed while rows moved on to other chunks: nothing was sent, and
         * any of a row's chunks will do. */
        parts[count++] = (struct result_part){
            .path = path,
            .attempt =
                c->run->is_cut ? chunk->number + 1 : chunk_attempt_rank(chunk)};
    }
    options->parts = parts;
    options->part_count = count;
    return true;
}

static void
see_row(void *cookie, const struct outcome *outcome, uint64_t line)
{
    if (outcome->fate != OUTCOME_SUCCEEDED) {
        tally_add_code(cookie, outcome, line);
    }
    tally_add_row(cookie, outcome, line);
    tally_add_part(cookie, outcome);
}

static uint64_t
sent_rows(const struct conclusion *c, size_t load_index)
{
    uint64_t sent = 0;
    for (size_t i = 0; i < c->chunk_count; i++) {
        const struct chunk *chunk = &c->chunks[i];
        const struct ticket *ticket = last_ticket(c, chunk);
        if (chunk->load == load_index && chunk->attempt == 0 &&
            ticket != NULL && ticket->closed_at_ms > 0) {
            sent += chunk->rows;
        }
    }
    return sent;
}

static const char *
load_folder(struct conclusion *c, const struct run_load *load)
{
    return c->run->load_count == 1
               ? c->run->folder
               : arena_printf(&c->arena, "%s/%s", c->run->folder,
                              load->load->name)
                     .ptr;
}

static bool
conclude_load(struct conclusion *c, size_t load_index, struct error *err)
{
    struct run *run = c->run;
    struct run_load *load = &run->loads[load_index];
    const struct run_stream *stream = &run->streams[load->load->stream];
    struct result_files_options options = {
        .folder = load_folder(c, load),
        .rows_path =
            take_path(c, stager_rows_path(run->folder, load->load->stream)),
        .rows_size = stream->rows_size,
        .in_doubt_as = run->assumed,
    };
    if (!pickup_record_read_parts(run->ledger, load->load->stream, &c->arena,
                                  &options.parts_of_source,
                                  &options.source_part_count, err)) {
        return false;
    }
    tally_open_parts(&load->tally, options.parts_of_source,
                     options.source_part_count);
    if (run->is_cut) {
        options.unstaged_code = SLICE_LITERAL("not-sent");
        options.unstaged_message =
            arena_printf(&c->arena, "not sent: %s [not-sent]", c->cause->text);
    }
    if (!file_make_folders(options.folder, err) ||
        !list_parts(c, load_index, &options, err)) {
        return false;
    }
    struct result_counts counts = {0};
    if (!result_files_write(&options, see_row, &load->tally, &counts, err)) {
        return error_add_context(err, "load '%s'", load->load->name);
    }
    struct tally *tally = &load->tally;
    tally->read = counts.read;
    memcpy(tally->by_fate, counts.by_fate, sizeof tally->by_fate);
    tally->created = counts.created;
    tally->updated = counts.by_fate[OUTCOME_SUCCEEDED] - counts.created;
    tally->sent = sent_rows(c, load_index);
    tally->passed_over = run->passed_over;
    tally_sort_codes(tally);
    if (!tally_balances(tally) || tally->read != stream->rows_read) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "row accounting of load '%s' does not hold: %llu rows "
                         "were read, the result files hold %llu",
                         load->load->name,
                         (unsigned long long)stream->rows_read,
                         (unsigned long long)tally->read);
    }
    return true;
}

/* What an otherwise undisturbed run ends with. */
static int
rows_exit_code(const struct run *run)
{
    int code = 0;
    if (run->mode == RUN_ABORT) {
        return 0; /* what was asked for is done */
    }
    for (size_t i = 0; i < run->load_count; i++) {
        const uint64_t *fates = run->loads[i].tally.by_fate;
        if (fates[OUTCOME_UNPROCESSED] > 0 && run->mode == RUN_ALL) {
            return 6; /* a job failed half-way and left rows untouched */
        }
        if (fates[OUTCOME_FAILED] + fates[OUTCOME_REJECTED] +
                fates[OUTCOME_IN_DOUBT] + fates[OUTCOME_UNPROCESSED] >
            0) {
            code = 1;
        }
    }
    return code;
}

static void
list_jobs(struct conclusion *c, struct summary_job *jobs)
{
    for (size_t i = 0; i < c->ticket_count; i++) {
        const struct ticket *ticket = &c->tickets[i];
        struct summary_job *job = &jobs[i];
        *job = (struct summary_job){
            .id = ticket->job_id,
            .state = ticket_state_name(ticket->state),
            .message = ticket->message,
            .attempt = ticket->attempt,
            .processed = ticket->processed,
            .failed = ticket->failed,
            .closed_at_ms = ticket->closed_at_ms,
            .done_at_ms = ticket->done_at_ms,
            .total_processing_ms = ticket->total_processing_ms,
            .active_processing_ms = ticket->active_processing_ms,
            .apex_processing_ms = ticket->apex_processing_ms,
        };
        for (size_t j = 0; j < c->chunk_count; j++) {
            if (c->chunks[j].id == ticket->chunk_id) {
                job->load = c->run->loads[c->chunks[j].load].load->name;
                job->chunk = c->chunks[j].number;
                job->rows = c->chunks[j].rows;
                job->bytes = c->chunks[j].bytes;
            }
        }
    }
}

static struct slice
recall(struct conclusion *c, const char *name)
{
    struct slice value = {0};
    struct error ignored = {0};
    if (!ledger_get(c->run->ledger, name, &c->arena, &value, &ignored) ||
        value.ptr == NULL) {
        return slice_of("");
    }
    return slice_of(arena_strdup(&c->arena, value));
}

static bool
write_summary(struct conclusion *c, int exit_code, struct error *err)
{
    struct run *run = c->run;
    struct summary_load *loads =
        arena_array(&c->arena, run->load_count, sizeof *loads);
    for (size_t i = 0; i < run->load_count; i++) {
        const struct run_load *load = &run->loads[i];
        loads[i] = (struct summary_load){
            .name = load->load->name,
            .object = load->load->object,
            .operation = load_operation_name(load->load->operation),
            .external_id = load->load->external_id,
            .api = sink_name(load->sink),
            .api_why = load->api_why,
            .tally = &load->tally,
            .duration_ms = load->ended_ms - load->started_ms,
            .waves = load->waves,
            .second_rows = load->second_rows,
            .grouped_by = load->is_grouped ? run_order_group(load->load) : NULL,
        };
    }
    struct summary_job *jobs =
        arena_array(&c->arena, c->ticket_count + 1, sizeof *jobs);
    list_jobs(c, jobs);
    struct http_totals totals = http_client_totals(run->setup.http);
    struct summary summary = {
        .run = run_folder_name(run->folder),
        .folder = run->folder,
        .mapping = recall(c, "mapping_path").ptr,
        .source = recall(c, "source").ptr,
        .source_description = recall(c, "source_description").ptr,
        .org = run->setup.org->name,
        .instance_url = run->setup.session.instance_url,
        .api_version = run->setup.org->api_version,
        .outcome = summary_outcome(exit_code),
        .error = c->cause->kind != ERROR_NONE ? c->cause->text : NULL,
        .exit_code = exit_code,
        .retry_of = run->options->retry_of,
        .started_at_ms = run->started_at_ms,
        .ended_at_ms = clock_wall_ms(),
        .read_ms = run->prepare_ms,
        .deliver_ms = run->deliver_ms,
        .conclude_ms = run->conclude_ms,
        .loads = loads,
        .load_count = run->load_count,
        .jobs = jobs,
        .job_count = c->ticket_count,
        .api_calls = totals.requests,
        .sent_bytes = totals.sent_bytes,
        .received_bytes = totals.received_bytes,
        .balanced = exit_code != 70,
    };
    api_usage_read(totals.limit_info, &summary.org_calls_used,
                   &summary.org_calls_most);
    char *path = mem_printf("%s/summary.json", run->folder);
    char *page = mem_printf("%s/report.html", run->folder);
    bool done = summary_write(path, &summary, err) &&
                report_html_write(page, &summary, err);
    free(path);
    free(page);
    return done;
}

/* The staged files have served when the result files stand and no outcome is
 * open. */
static bool
close_run(struct run *run, struct error *err)
{
    return ledger_set_state(run->ledger, RUN_CLOSED, err) &&
           (run->options->keep_chunks || run_remove_staged(run, err));
}

static void
fill_result(struct conclusion *c, struct run_result *result)
{
    struct run *run = c->run;
    result->run = mem_strdup(run_folder_name(run->folder));
    result->folder = mem_strdup(run->folder);
    result->passed_over = run->passed_over;
    result->load_count = run->load_count;
    result->loads = mem_array(run->load_count, sizeof *result->loads);
    for (size_t i = 0; i < run->load_count; i++) {
        struct run_load *load = &run->loads[i];
        struct run_load_result *out = &result->loads[i];
        out->name = mem_strdup(load->load->name);
        out->object = mem_strdup(load->load->object);
        out->operation = mem_strdup(load_operation_name(load->load->operation));
        out->folder = mem_strdup(load_folder(c, load));
        out->tally = load->tally; /* moved */
        load->tally = (struct tally){0};
        out->duration_ms = load->ended_ms - load->started_ms;
    }
}

static bool
read_ledger(struct conclusion *c, struct error *err)
{
    return ledger_chunks(c->run->ledger, &c->arena, &c->chunks, &c->chunk_count,
                         err) &&
           ledger_tickets(c->run->ledger, &c->arena, &c->tickets,
                          &c->ticket_count, err);
}

static bool
write_results(struct conclusion *c, struct error *err)
{
    for (size_t i = 0; i < c->run->load_count; i++) {
        if (!conclude_load(c, i, err)) {
            return false;
        }
    }
    return true;
}

/* Rows in doubt wait for `resume --assume`, or for a person. */
static bool
has_doubt(const struct run *run)
{
    for (size_t i = 0; i < run->load_count; i++) {
        if (run->loads[i].tally.by_fate[OUTCOME_IN_DOUBT] > 0) {
            return true;
        }
    }
    return false;
}

/* After a signal or a fault of this machine, or before all is staged, resume
 * or abort writes them. */
static bool
leaves_results(const struct run *run, const struct error *cause)
{
    return run->is_staged && cause->kind != ERROR_CANCELLED &&
           cause->kind != ERROR_SYSTEM && cause->kind != ERROR_INTERNAL;
}

bool
conclude(struct run *run, const struct error *cause, struct run_result *result,
         struct error *err)
{
    struct conclusion c = {.run = run, .cause = cause};
    int64_t began_ms = clock_monotonic_ms();
    bool done = true;
    int exit_code = error_exit_code(cause);
    if (leaves_results(run, cause)) {
        done = read_ledger(&c, err) && write_results(&c, err);
        run->conclude_ms = clock_monotonic_ms() - began_ms;
        if (!done) {
            log_error("%s", err->text);
        }
        exit_code = !done            ? error_exit_code(err)
                    : exit_code != 0 ? exit_code
                                     : rows_exit_code(run);
        bool closes = done && ((!c.open && !has_doubt(run)) ||
                               cause->kind == ERROR_INPUT);
        if (closes && exit_code <= 1 && run->mode == RUN_ALL &&
            !put_away_source(run, err)) {
            exit_code = error_exit_code(err);
            done = closes = false;
        }
        done = write_summary(&c, exit_code, err) && done;
        if (done && closes) {
            done = close_run(run, err);
        }
    }
    fill_result(&c, result);
    result->exit_code = exit_code;
    arena_release(&c.arena);
    return done;
}
