/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/pickup/fetch.h"
#include "pipeline/pickup/pickup_record.h"
#include "pipeline/run_folder.h"
#include "pipeline/run_memory.h"
#include "pipeline/tables/table_keep.h"
#include "salesforce/api_limits.h"
#include "salesforce/describe.h"

#include <stdio.h>
#include <stdlib.h>

static bool
write_texts(struct run *run, struct error *err)
{
    const struct setup *setup = &run->setup;
    const struct {
        const char *name;
        struct slice value;
    } texts[] = {
        {"mapping", mapping_text(setup->mapping)},
        {"mapping_path", slice_of(run->options->mapping_path)},
        {"mapping_name", slice_of(mapping_name(setup->mapping))},
        {"source", slice_of(source_name(setup->source))},
        {"source_description", slice_of(source_description(setup->source))},
        {"org", slice_of(setup->org->name)},
        {"instance_url", slice_of(setup->session.instance_url)},
        {"org_id", session_org_id(&setup->session)},
        {"api_version", slice_of(setup->org->api_version)},
        {"api", slice_of(run->options->api ? run->options->api : "auto")},
        {"run_before", slice_of(run->lock.last_run)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!ledger_set(run->ledger, texts[i].name, texts[i].value, err)) {
            return false;
        }
    }
    return ledger_set_u64(run->ledger, "started_at_ms",
                          (uint64_t)run->started_at_ms, err) &&
           ledger_set_u64(run->ledger, "gzip_uploads", run->gzip_uploads,
                          err) &&
           ledger_set_state(run->ledger, RUN_STAGING, err);
}

/* The last run of this mapping and org was left open: this one goes on
 * without it, and says so. */
static void
tell_overtaken(const struct run *run)
{
    char *path = mem_printf("%s/ledger.db", run->lock.last_run);
    struct error ignored = {0};
    struct ledger *ledger =
        file_exists(path) ? ledger_open(path, &ignored) : NULL;
    enum run_state state = RUN_CLOSED;
    if (ledger != NULL && ledger_state(ledger, &state, &ignored) &&
        state != RUN_CLOSED) {
        run_note(run,
                 "the last run of this mapping, '%s', was interrupted; this "
                 "one goes on without it, and 'sfetl resume %s' settles it",
                 run_folder_name(run->lock.last_run),
                 run_folder_name(run->lock.last_run));
    }
    ledger_close(ledger);
    free(path);
}

/* So that a resume binds the same types, whatever the org says by then. */
static bool
write_describes(struct run *run, struct error *err)
{
    const struct map *objects = &run->setup.schema.objects;
    bool done = true;
    for (size_t i = 0; done && i < objects->capacity; i++) {
        if (objects->entries[i].key.ptr == NULL) {
            continue;
        }
        struct buffer json = {.limit = API_DESCRIBE_ANSWER_BYTES};
        char *name = slice_dup(objects->entries[i].key);
        char *key = mem_printf("describe:%s", name);
        done = describe_saved_text(run->setup.org->name,
                                   objects->entries[i].key, &json, err) &&
               ledger_set(run->ledger, key, buffer_slice(&json), err);
        if (!done && err->kind == ERROR_NONE) {
            error_set(err, ERROR_SYSTEM, 0,
                      "the description of '%s' can't be kept for a resume; is "
                      "the state folder writable?",
                      name);
        }
        free(key);
        free(name);
        buffer_release(&json);
    }
    return done;
}

/* From now on this run can be gone on with, and older ones are overtaken. */
static bool
become_last(struct run *run, struct error *err)
{
    char *absolute = realpath(run->folder, NULL);
    bool done = lock_tell(&run->lock, run->folder,
                          absolute ? absolute : run->folder, err);
    free(absolute);
    return done;
}

static bool
open_folder(struct run *run, struct error *err)
{
    run->gzip_uploads = run->setup.org->gzip_uploads;
    run->folder = run_folder_make(
        run->options->run_dir, run->setup.orgs.runs_dir,
        mapping_name(run->setup.mapping), run->started_at_ms, err);
    if (run->folder == NULL) {
        return false;
    }
    if (!lock_take_folder(&run->lock, run->folder, err)) {
        return false;
    }
    tell_overtaken(run);
    if (!lock_tell(&run->lock, run->folder, run->lock.last_run, err)) {
        return false;
    }
    char *log_path = mem_printf("%s/run.log", run->folder);
    char *ledger_path = mem_printf("%s/ledger.db", run->folder);
    bool done = log_open(log_path, err) &&
                fetch_keep(&run->setup.pickup, run->folder, err);
    if (done) {
        run->ledger = ledger_create(ledger_path, err);
        done = run->ledger != NULL && ledger_begin(run->ledger, err) &&
               write_texts(run, err) && write_describes(run, err) &&
               table_keep_write(run->setup.mapping, run->folder, run->ledger,
                                err) &&
               run_memory_write(run->ledger, run->options, err) &&
               pickup_record_write(run->ledger, &run->setup.pickup, err) &&
               ledger_commit(run->ledger, err) &&
               file_sync_folder(run->folder, err) && become_last(run, err);
    }
    free(log_path);
    free(ledger_path);
    return done;
}

/* A run that held the lock until now may have moved them into an archive. */
static bool
check_still_there(const struct run *run, struct error *err)
{
    struct error changed = {0};
    return pickup_check(&run->setup.pickup, &changed) ||
           error_set(err, ERROR_LOCKED, 0,
                     "another run of '%s' took the source's files meanwhile; "
                     "nothing was sent",
                     mapping_name(run->setup.mapping));
}

static bool
begin(struct run *run, struct error *err)
{
    return setup_open(&run->setup, run->options, SETUP_ORG | SETUP_SOURCE,
                      err) &&
           lock_take(&run->lock, mapping_name(run->setup.mapping),
                     run->setup.session.instance_url, err) &&
           check_still_there(run, err) && run_open_loads(run, err) &&
           open_folder(run, err);
}

/* What a run says that has nothing to do; --require-input makes it a failure
 * instead. */
static void
tell_empty(const struct run_options *options, struct run_result *result)
{
    if (!options->require_input) {
        snprintf(result->nothing, sizeof result->nothing, "%s",
                 result->error.text);
        error_clear(&result->error);
    }
}

static void
tell_pickup(struct run *run)
{
    const char *words = pickup_words(&run->setup.pickup);
    if (words[0] != '\0') {
        run_note(run, "%s", words);
    }
}

int
pipeline_run(const struct run_options *options,
             const struct progress_sink *progress, struct problems *problems,
             struct run_result *result)
{
    struct run run = {
        .options = options,
        .progress = progress,
        .assumed = OUTCOME_IN_DOUBT,
        .lock = LOCK_NONE,
        .started_at_ms = clock_wall_ms(),
        .started_ms = clock_monotonic_ms(),
    };
    *result = (struct run_result){0};
    if (begin(&run, &result->error)) {
        tell_pickup(&run);
        run_proceed(&run, result);
    } else {
        cancel_name(&result->error);
        if (run.setup.pickup.is_empty) {
            tell_empty(options, result);
        }
        result->exit_code = error_exit_code(&result->error);
    }
    result->duration_ms = clock_monotonic_ms() - run.started_ms;
    *problems = run.setup.problems;
    run.setup.problems = (struct problems){0};
    run_end(&run);
    return result->exit_code;
}

void
pipeline_release(struct run_result *result)
{
    for (size_t i = 0; i < result->load_count; i++) {
        free(result->loads[i].name);
        free(result->loads[i].object);
        free(result->loads[i].operation);
        free(result->loads[i].folder);
        tally_release(&result->loads[i].tally);
    }
    free(result->loads);
    free(result->run);
    free(result->folder);
    *result = (struct run_result){0};
}
