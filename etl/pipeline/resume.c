/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/resume.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/row_file.h"
#include "pipeline/cancel.h"
#include "pipeline/pickup/fetch.h"
#include "pipeline/pickup/pickup_record.h"
#include "pipeline/run.h"
#include "pipeline/run_folder.h"
#include "pipeline/run_memory.h"
#include "pipeline/tables/table_keep.h"
#include "salesforce/describe.h"
#include "stage/reject_writer.h"
#include "stage/stager.h"

#include <stdlib.h>
#include <string.h>

struct resumption {
    const struct resume_options *options;
    struct run run;
    struct run_options run_options; /* as they were */
    struct setup_memory memory;
    struct arena arena;
    enum run_state state;
};

static bool
recall_describe(void *cookie, struct slice object, struct schema *schema,
                struct error *err)
{
    struct resumption *resumption = cookie;
    return run_memory_describe(resumption->run.ledger, &resumption->arena,
                               object, schema, err);
}

static bool
recall_table(void *cookie, const struct mapping_table *table, char **path,
             uint64_t *rows, struct error *err)
{
    const struct resumption *resumption = cookie;
    return table_keep_find(resumption->run.ledger, resumption->run.folder,
                           table, path, rows, err);
}

static bool
recall_pickup(void *cookie, struct pickup *pickup, struct error *err)
{
    const struct resumption *resumption = cookie;
    if (!pickup_record_read(resumption->run.ledger, pickup, err)) {
        return false;
    }
    return pickup->kind == PICKUP_FILE ||
           (pickup->kind == PICKUP_ADDRESS
                ? fetch_recall(pickup, resumption->run.folder, err)
                : pickup_check(pickup, err));
}

/* A kill may have come between the closing and the last clean-up. */
static void
drop_leftovers(struct resumption *resumption)
{
    struct error ignored = {0};
    if (run_memory_read(resumption->run.ledger, &resumption->arena,
                        &resumption->run_options, &ignored) &&
        !resumption->run_options.keep_chunks) {
        run_remove_staged(&resumption->run, &ignored);
    }
}

/* As the run itself holds it, before anything of it is judged or touched. */
static bool
take_lock(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    struct slice name = {0}, instance = {0};
    if (!ledger_get(run->ledger, "mapping_name", &resumption->arena, &name,
                    err) ||
        !ledger_get(run->ledger, "instance_url", &resumption->arena, &instance,
                    err)) {
        return false;
    }
    if (name.ptr == NULL || instance.ptr == NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "the run '%s' was interrupted before it began: there "
                         "is nothing to go on with; start it anew",
                         run_folder_name(run->folder));
    }
    return lock_take(&run->lock, arena_strdup(&resumption->arena, name),
                     arena_strdup(&resumption->arena, instance), err);
}

static bool
open_ledger(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    char *path = mem_printf("%s/ledger.db", run->folder);
    run->ledger = ledger_open(path, err);
    free(path);
    if (run->ledger == NULL || !take_lock(resumption, err) ||
        !lock_take_folder(&run->lock, run->folder, err) ||
        !ledger_state(run->ledger, &resumption->state, err)) {
        return false;
    }
    if (resumption->state == RUN_CLOSED) {
        drop_leftovers(resumption);
        return error_set(err, ERROR_USAGE, 0,
                         "the run '%s' is closed: there is nothing to go on "
                         "with; 'sfetl status' lists the open ones",
                         run_folder_name(run->folder));
    }
    return true;
}

static bool
recall_numbers(struct run *run, struct error *err)
{
    uint64_t started_at_ms = 0, gzip_uploads = 0;
    bool done =
        ledger_get_u64(run->ledger, "started_at_ms", &started_at_ms, err) &&
        ledger_get_u64(run->ledger, "gzip_uploads", &gzip_uploads, err) &&
        ledger_get_u64(run->ledger, "passed_over", &run->passed_over, err);
    run->started_at_ms = (int64_t)started_at_ms;
    run->gzip_uploads = gzip_uploads != 0;
    return done;
}

static bool
recall(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    struct run_options *options = &resumption->run_options;
    if (!run_memory_read(run->ledger, &resumption->arena, options, err) ||
        !ledger_get(run->ledger, "mapping", &resumption->arena,
                    &resumption->memory.mapping_text, err) ||
        !recall_numbers(run, err)) {
        return false;
    }
    if (resumption->options->config_path != NULL) {
        options->config_path = resumption->options->config_path;
    }
    options->timeout_ms = resumption->options->timeout_ms;
    options->keep_chunks |= resumption->options->keep_chunks;
    resumption->memory.now_ms = run->started_at_ms;
    resumption->memory.describe = recall_describe;
    resumption->memory.table = recall_table;
    resumption->memory.pickup = recall_pickup;
    resumption->memory.cookie = resumption;
    run->setup.memory = &resumption->memory;
    return true;
}

/* A newer run of the same mapping and org has begun since. Where the last one
 * is still the one before this, this was killed before it could say so. */
static bool
find_overtaken(struct resumption *resumption, bool *overtaken,
               struct error *err)
{
    struct run *run = &resumption->run;
    struct slice before = {0}, last = slice_of(run->lock.last_run);
    char *own = realpath(run->folder, NULL);
    bool done =
        ledger_get(run->ledger, "run_before", &resumption->arena, &before, err);
    *overtaken = own != NULL && last.len > 0 && !slice_is(last, own) &&
                 !slice_equals(last, before);
    free(own);
    return done;
}

static bool
set_mode(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    bool overtaken = false;
    if (!find_overtaken(resumption, &overtaken, err)) {
        return false;
    }
    run->mode = resumption->options->abort                 ? RUN_ABORT
                : overtaken && !resumption->options->force ? RUN_SETTLE
                                                           : RUN_ALL;
    run->assumed = resumption->options->assume;
    if (run->mode == RUN_SETTLE) {
        run_note(run,
                 "a newer run, '%s', has overtaken this one: what was sent is "
                 "settled, the rest stays unprocessed (--force sends it)",
                 run_folder_name(run->lock.last_run));
    }
    char *own = realpath(run->folder, NULL);
    char *last = mem_strdup(run->lock.last_run);
    bool told = lock_tell(&run->lock, run->folder,
                          overtaken ? last
                          : own     ? own
                                    : last,
                          err);
    free(own);
    free(last);
    return told;
}

/*
 * Nothing is sent before all is staged: a run that was killed while it read
 * has nothing to settle. False with no error set: it can be gone on with.
 */
static bool
close_unstaged(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    struct slice source = {0};
    if (resumption->state != RUN_STAGING ||
        !ledger_get(run->ledger, "source", &resumption->arena, &source, err)) {
        return false;
    }
    bool was_stdin = slice_is(source, "standard input");
    run->is_cut = was_stdin && !resumption->options->abort;
    if (run->is_cut || !resumption->options->abort ||
        !ledger_set_state(run->ledger, RUN_CLOSED, err) ||
        !run_remove_staged(run, err)) {
        return false;
    }
    run_note(run, "nothing had been sent: the run is closed");
    return true;
}

/* orgs.yaml may name another org by now: what is staged is not for that. */
static bool
check_org(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    struct slice before = {0}, now = session_org_id(&run->setup.session);
    if (!ledger_get(run->ledger, "org_id", &resumption->arena, &before, err)) {
        return false;
    }
    if (before.len == 0 || now.len == 0 || slice_equals(before, now)) {
        return true;
    }
    return error_set(err, ERROR_CONFIG, 0,
                     "the run was begun in the org %.*s, and '%s' is now the "
                     "org %.*s; mend orgs.yaml, or give --config the file as "
                     "it was [other-org]",
                     SLICE_ARGS(before), run->setup.org->name, SLICE_ARGS(now));
}

static bool
begin(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    bool reads = resumption->state == RUN_STAGING && !run->is_cut;
    if (!setup_open(&run->setup, run->options,
                    SETUP_ORG | (reads ? SETUP_SOURCE : 0), err) ||
        !check_org(resumption, err)) {
        return false;
    }
    char *log_path = mem_printf("%s/run.log", run->folder);
    bool done = log_open(log_path, err) && run_open_loads(run, err);
    free(log_path);
    return done && set_mode(resumption, err);
}

/* Fates that were written and not told of are dropped: they may stand behind
 * the last row that was kept. */
static bool
cut_fates(struct resumption *resumption, struct error *err)
{
    struct run *run = &resumption->run;
    struct chunk *chunks;
    size_t count;
    bool done =
        ledger_chunks(run->ledger, &resumption->arena, &chunks, &count, err);
    for (size_t load = 0; done && load < run->load_count; load++) {
        uint64_t last_row = 0;
        done = run_get_stream(run, "mark_row", run->loads[load].load->stream,
                              &last_row, err);
        for (size_t i = 0; i < count; i++) {
            if (chunks[i].load == load && chunks[i].last_row > last_row) {
                last_row = chunks[i].last_row;
            }
        }
        char *path =
            stager_fates_path(run->folder, run->loads[load].load->name);
        if (done) {
            struct reject_writer rejects;
            done = reject_writer_open(&rejects, path, last_row, err);
            reject_writer_close(&rejects);
        }
        free(path);
    }
    return done;
}

/* It was killed before a row was known to be on disk. */
static bool
close_empty(struct run *run, const struct error *cause,
            struct run_result *result)
{
    bool done = ledger_set_state(run->ledger, RUN_CLOSED, &result->error) &&
                run_remove_staged(run, &result->error);
    result->exit_code = error_exit_code(done ? cause : &result->error);
    return done;
}

/* Rows that stand in the file; the header is none. */
static bool
count_rows(const char *path, struct run_stream *stream, struct error *err)
{
    struct row_file_reader reader;
    struct row_file_entry entry;
    enum file_status status = FILE_END;
    bool done = row_file_reader_open(&reader, path, stream->rows_size, err);
    while (done && (status = row_file_reader_next(&reader, &entry, err)) ==
                       FILE_BYTES) {
        stream->rows_read += entry.row > 0;
    }
    row_file_reader_close(&reader);
    return done && status == FILE_END;
}

static bool
recall_cut(struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->stream_count; i++) {
        struct run_stream *stream = &run->streams[i];
        char *path = stager_rows_path(run->folder, i);
        stream->rows_read = 0;
        done = run_get_stream(run, "kept_size", i, &stream->rows_size, err) &&
               (stream->rows_size == 0 || count_rows(path, stream, err));
        free(path);
    }
    return done;
}

/* Standard input can't be read on: the rows that were read are accounted for,
 * and the run is closed. */
static void
conclude_cut(struct resumption *resumption, struct run_result *result)
{
    struct run *run = &resumption->run;
    struct error cause = {0};
    if (!recall_cut(run, &result->error) ||
        !cut_fates(resumption, &result->error)) {
        result->exit_code = error_exit_code(&result->error);
        return;
    }
    run->is_staged = true;
    error_set(&cause, ERROR_INPUT, 0,
              "the run was interrupted while it read standard input, which "
              "can't be read again; nothing was sent, %llu rows were read, and "
              "the rest never was: start it anew with the whole input",
              (unsigned long long)run->streams[0].rows_read);
    bool done = run->streams[0].rows_size > 0
                    ? conclude(run, &cause, result, &result->error)
                    : close_empty(run, &cause, result);
    if (done) {
        result->error = cause;
    }
    log_error("%s", result->error.text);
}

int
resume_run(const struct resume_options *options,
           const struct progress_sink *progress, struct problems *problems,
           struct run_result *result)
{
    struct resumption resumption = {.options = options};
    struct run *run = &resumption.run;
    *run = (struct run){
        .options = &resumption.run_options,
        .progress = progress,
        .lock = LOCK_NONE,
        .folder = mem_strdup(options->folder),
        .started_ms = clock_monotonic_ms(),
    };
    *result = (struct run_result){0};
    struct error *err = &result->error;
    bool opened = open_ledger(&resumption, err) && recall(&resumption, err);
    if (opened && close_unstaged(&resumption, err)) {
        result->exit_code = 0;
    } else if (opened && err->kind == ERROR_NONE && begin(&resumption, err)) {
        if (run->is_cut) {
            conclude_cut(&resumption, result);
        } else {
            run_proceed(run, result);
        }
    } else {
        cancel_name(err);
        result->exit_code = error_exit_code(err);
    }
    result->duration_ms = clock_monotonic_ms() - run->started_ms;
    *problems = run->setup.problems;
    run->setup.problems = (struct problems){0};
    run_end(run);
    arena_release(&resumption.arena);
    return result->exit_code;
}
