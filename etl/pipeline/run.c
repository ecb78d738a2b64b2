/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/lookup/key_lookup.h"
#include "pipeline/parents/run_order.h"
#include "pipeline/run_counts.h"
#include "sink/choose.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
run_progress(const struct run *run, const struct progress_event *event)
{
    if (run->progress != NULL && run->progress->event != NULL) {
        run->progress->event(run->progress->cookie, event);
    }
}

void
run_note(const struct run *run, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    log_info("%s", text);
    const struct progress_event event = {.phase = PROGRESS_NOTE, .text = text};
    run_progress(run, &event);
}

bool
run_check_errors(const struct run *run, struct error *err)
{
    const struct run_options *options = run->options;
    if (!options->has_max_errors) {
        return true;
    }
    uint64_t bad = 0, rows = 0;
    for (size_t i = 0; i < run->load_count; i++) {
        bad += run->loads[i].failed_rows +
               run->loads[i].tally.by_fate[OUTCOME_REJECTED];
        rows += run->streams[run->loads[i].load->stream].rows_read;
    }
    uint64_t allowed = options->max_errors_percent > 0
                           ? rows / 100 * options->max_errors_percent +
                                 rows % 100 * options->max_errors_percent / 100
                           : options->max_errors;
    if (bad <= allowed) {
        return true;
    }
    return error_set(err, ERROR_LIMIT, 0,
                     "%llu rows failed or were rejected, more than the %llu "
                     "that --max-errors allows",
                     (unsigned long long)bad, (unsigned long long)allowed);
}

bool
run_check_time(const struct run *run, struct error *err)
{
    int64_t limit_ms = run->options->timeout_ms;
    if (limit_ms == 0 || clock_monotonic_ms() - run->started_ms <= limit_ms) {
        return true;
    }
    return error_set(err, ERROR_LIMIT, 0,
                     "the run took longer than --timeout allows");
}

bool
run_remove_staged(const struct run *run, struct error *err)
{
    bool done = true;
    static const char *const folders[] = {"rows", "chunks", "source"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path = mem_printf("%s/%s", run->folder, folders[i]);
        done = file_remove_tree(path, err) && done;
        free(path);
    }
    return done;
}

struct chunk_limits
run_load_limits(const struct run_options *options, const struct load *load,
                struct chunk_limits limits)
{
    uint64_t rows =
        options->chunk_rows ? options->chunk_rows : load->chunk_rows;
    uint64_t bytes =
        options->chunk_bytes ? options->chunk_bytes : load->chunk_bytes;
    if (rows != 0 && rows < limits.rows) {
        limits.rows = rows;
    }
    if (bytes != 0 && bytes < limits.bytes) {
        limits.bytes = bytes;
    }
    return limits;
}

/* NULL: it is for us to choose. */
static const char *
asked_api(const struct run *run, const struct load *load)
{
    const char *api = run->options->api ? run->options->api : load->api;
    return api != NULL && strcmp(api, "auto") != 0 ? api : NULL;
}

/* Of the first stream names are plain, as when there was no other. */
#define STREAM_NAME_SIZE 40
static const char *
stream_name(char name[STREAM_NAME_SIZE], const char *plain, size_t stream)
{
    if (stream == 0) {
        return plain;
    }
    snprintf(name, STREAM_NAME_SIZE, "%s.%zu", plain, stream);
    return name;
}

bool
run_get_stream(const struct run *run, const char *plain, size_t stream,
               uint64_t *value, struct error *err)
{
    char name[STREAM_NAME_SIZE];
    return ledger_get_u64(run->ledger, stream_name(name, plain, stream), value,
                          err);
}

bool
run_set_stream(const struct run *run, const char *plain, size_t stream,
               uint64_t value, struct error *err)
{
    char name[STREAM_NAME_SIZE];
    return ledger_set_u64(run->ledger, stream_name(name, plain, stream), value,
                          err);
}

static bool
open_streams(struct run *run, struct error *err)
{
    size_t count = mapping_source(run->setup.mapping)->stream_count;
    bool done = true;
    run->stream_count = count > 0 ? count : 1;
    run->streams = mem_array(run->stream_count, sizeof *run->streams);
    for (size_t i = 0; done && run->ledger != NULL && i < run->stream_count;
         i++) {
        struct run_stream *stream = &run->streams[i];
        done = run_get_stream(run, "rows_read", i, &stream->rows_read, err) &&
               run_get_stream(run, "rows_size", i, &stream->rows_size, err);
    }
    return done;
}

bool
run_open_loads(struct run *run, struct error *err)
{
    if (!open_streams(run, err)) {
        return false;
    }
    run->load_count = mapping_load_count(run->setup.mapping);
    run->loads = mem_array(run->load_count, sizeof *run->loads);
    for (size_t i = 0; i < run->load_count; i++) {
        struct run_load *load = &run->loads[i];
        load->load = mapping_load(run->setup.mapping, i);
        if (key_lookup_wanted(load->load)) {
            load->sent_columns =
                mem_array(load->load->column_count, sizeof *load->sent_columns);
            key_lookup_sent(load->load, &load->sent, load->sent_columns);
            load->load = &load->sent;
        }
        load->api_why = "asked for";
        const struct sink_target target = {.load = load->load,
                                           .session = &run->setup.session};
        load->sink = sink_open(asked_api(run, load->load), &target, err);
        if (load->sink == NULL) {
            return false;
        }
        load->limits =
            run_load_limits(run->options, load->load, sink_limits(load->sink));
    }
    return true;
}

/* Of what was staged; too many when a job of an earlier version may be open. */
static bool
count_staged(const struct run *run, size_t load, struct arena *arena,
             uint64_t *rows, uint64_t *bytes, struct error *err)
{
    struct chunk *chunks;
    struct ticket *tickets;
    size_t count, ticket_count;
    *rows = *bytes = 0;
    if (!ledger_chunks(run->ledger, arena, &chunks, &count, err) ||
        !ledger_tickets(run->ledger, arena, &tickets, &ticket_count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (chunks[i].load == load && chunks[i].attempt == 0) {
            *rows += chunks[i].rows;
            *bytes += chunks[i].bytes;
        }
    }
    *rows = ticket_count > 0 ? UINT64_MAX : *rows;
    return true;
}

/* The API of a load that names none: as recorded, else by what is staged. */
static bool
choose_load_api(const struct run *run, size_t index, struct arena *arena,
                const char **api, struct error *err)
{
    const struct load *load = run->loads[index].load;
    const char *key = arena_printf(arena, "api:%s%c", load->name, '\0').ptr;
    struct slice kept;
    uint64_t rows, bytes;
    if (!ledger_get(run->ledger, key, arena, &kept, err)) {
        return false;
    }
    if (kept.ptr != NULL) {
        *api = arena_strdup(arena, kept);
        run->loads[index].api_why = "chosen when the run was begun";
        return true;
    }
    if (!count_staged(run, index, arena, &rows, &bytes, err)) {
        return false;
    }
    struct choice choice;
    choose_by_size(load, run->setup.org, rows, bytes, &choice);
    log_info("%s goes by %s: %s", load->name, choice.api, choice.why);
    *api = choice.api;
    run->loads[index].api_why = choice.why;
    return ledger_set(run->ledger, key, slice_of(choice.api), err);
}

bool
run_choose_apis(struct run *run, struct error *err)
{
    struct arena arena = {0};
    bool done = true;
    for (size_t i = 0; done && i < run->load_count; i++) {
        struct run_load *load = &run->loads[i];
        const char *api = NULL;
        if (asked_api(run, load->load) != NULL) {
            continue;
        }
        done = choose_load_api(run, i, &arena, &api, err);
        if (done && strcmp(api, sink_name(load->sink)) != 0) {
            const struct sink_target target = {.load = load->load,
                                               .session = &run->setup.session};
            struct sink *sink = sink_open(api, &target, err);
            done = sink != NULL;
            if (done) {
                sink_close(load->sink);
                load->sink = sink;
            }
        }
    }
    arena_release(&arena);
    return done;
}

/* Of a run that could not be concluded: only a signal and broken accounting
 * say more than what kept it from that (product.md, "Exit codes"). */
static int
graver_code(int run_code, int conclude_code)
{
    bool says_more = run_code == 70 || run_code > 128;
    return says_more && conclude_code != 70 ? run_code : conclude_code;
}

void
run_proceed(struct run *run, struct run_result *result)
{
    enum run_state state = RUN_STAGING;
    struct error *err = &result->error;
    bool going = ledger_state(run->ledger, &state, err);
    run->is_staged = going && state != RUN_STAGING;
    if (going && state == RUN_STAGING) {
        going = prepare(run, err);
    } else if (going) {
        going = run_counts_recall(run, err) && run_order_recall(run, err);
    }
    /* Also when it was concluded before: rows may have been held back. */
    if (going) {
        going = run_choose_apis(run, err) && deliver(run, err);
    }
    cancel_name(err);
    const struct error cause = *err;
    if (!going) {
        log_error("%s", cause.text);
    }
    struct error conclude_error = {0};
    if (!conclude(run, &cause, result, &conclude_error)) {
        *err = conclude_error;
        result->exit_code =
            graver_code(result->exit_code, error_exit_code(&conclude_error));
    }
    if (result->exit_code == 0) {
        result->exit_code = error_exit_code(err);
    }
}

void
run_end(struct run *run)
{
    ledger_close(run->ledger);
    log_close();
    for (size_t i = 0; i < run->load_count; i++) {
        sink_close(run->loads[i].sink);
        free(run->loads[i].sent_columns);
        tally_release(&run->loads[i].tally);
    }
    free(run->loads);
    free(run->streams);
    free(run->folder);
    lock_release(&run->lock);
    setup_close(&run->setup);
}
