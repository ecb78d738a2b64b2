/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/run_folder.h"

#include <stdlib.h>

static bool
open_loads(struct run *run, struct error *err)
{
    run->load_count = mapping_load_count(run->setup.mapping);
    run->loads = mem_array(run->load_count, sizeof *run->loads);
    for (size_t i = 0; i < run->load_count; i++) {
        struct run_load *load = &run->loads[i];
        load->load = mapping_load(run->setup.mapping, i);
        const struct sink_target target = {.load = load->load,
                                           .session = &run->setup.session};
        const char *api =
            run->options->api ? run->options->api : load->load->api;
        load->sink = sink_open(api, &target, err);
        if (load->sink == NULL) {
            return false;
        }
        load->limits =
            run_load_limits(run->options, load->load, sink_limits(load->sink));
    }
    return true;
}

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
        {"api_version", slice_of(setup->org->api_version)},
        {"api", slice_of(run->options->api ? run->options->api : "auto")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!ledger_set(run->ledger, texts[i].name, texts[i].value, err)) {
            return false;
        }
    }
    return ledger_set_u64(run->ledger, "started_at_ms",
                          (uint64_t)run->started_at_ms, err) &&
           ledger_set_state(run->ledger, RUN_STAGING, err);
}

static bool
open_folder(struct run *run, struct error *err)
{
    run->folder = run_folder_make(
        run->options->run_dir, run->setup.orgs.runs_dir,
        mapping_name(run->setup.mapping), run->started_at_ms, err);
    if (run->folder == NULL) {
        return false;
    }
    lock_tell(&run->lock, run->folder);
    char *log_path = mem_printf("%s/run.log", run->folder);
    char *ledger_path = mem_printf("%s/ledger.db", run->folder);
    bool done = log_open(log_path, err);
    if (done) {
        run->ledger = ledger_create(ledger_path, err);
        done = run->ledger != NULL && ledger_begin(run->ledger, err) &&
               write_texts(run, err) && ledger_commit(run->ledger, err);
    }
    free(log_path);
    free(ledger_path);
    return done;
}

static bool
begin(struct run *run, struct error *err)
{
    return setup_open(&run->setup, run->options, SETUP_ORG | SETUP_SOURCE,
                      err) &&
           lock_take(&run->lock, mapping_name(run->setup.mapping),
                     run->setup.session.instance_url, err) &&
           open_loads(run, err) && open_folder(run, err);
}

static void
end(struct run *run)
{
    ledger_close(run->ledger);
    log_close();
    for (size_t i = 0; i < run->load_count; i++) {
        sink_close(run->loads[i].sink);
        tally_release(&run->loads[i].tally);
    }
    free(run->loads);
    free(run->folder);
    lock_release(&run->lock);
    setup_close(&run->setup);
}

int
pipeline_run(const struct run_options *options,
             const struct progress_sink *progress, struct problems *problems,
             struct run_result *result)
{
    struct run run = {
        .options = options,
        .progress = progress,
        .lock.fd = -1,
        .started_at_ms = clock_wall_ms(),
        .started_ms = clock_monotonic_ms(),
    };
    *result = (struct run_result){0};
    struct error *err = &result->error;
    if (begin(&run, err)) {
        bool done = prepare(&run, err) && deliver(&run, err);
        struct error cause = *err;
        if (!done) {
            log_error("%s", cause.text);
        }
        struct error conclude_error = {0};
        if (!conclude(&run, &cause, result, &conclude_error)) {
            *err = conclude_error;
        }
    }
    result->exit_code =
        result->exit_code ? result->exit_code : error_exit_code(err);
    result->duration_ms = clock_monotonic_ms() - run.started_ms;
    *problems = run.setup.problems;
    run.setup.problems = (struct problems){0};
    end(&run);
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
