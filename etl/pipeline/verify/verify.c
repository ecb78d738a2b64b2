/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify/verify.h"

#include "base/clock.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/run_folder.h"
#include "pipeline/run_memory.h"
#include "pipeline/tables/table_keep.h"
#include "pipeline/verify/verify_load.h"
#include "salesforce/describe.h"

#include <dirent.h>
#include <stdlib.h>

struct verification {
    const struct verify_options *options;
    const struct progress_sink *progress;
    struct verify_result *result;
    struct problems *problems;
    struct ledger *ledger;
    struct run_options run; /* as they were */
    struct setup_memory memory;
    struct slice org_id, source;
    const char *input; /* success.csv of the load at hand */
};

static bool
recall_describe(void *cookie, struct slice object, struct schema *schema,
                struct error *err)
{
    struct verification *v = cookie;
    return run_memory_describe(v->ledger, &v->result->arena, object, schema,
                               err);
}

static bool
recall_table(void *cookie, const struct mapping_table *table, char **path,
             uint64_t *rows, struct error *err)
{
    const struct verification *v = cookie;
    return table_keep_find(v->ledger, v->options->folder, table, path, rows,
                           err);
}

/* The result file, whatever the run had read. */
static bool
pick_up(void *cookie, struct pickup *pickup, struct error *err)
{
    const struct verification *v = cookie;
    const struct run_options none = {0};
    return pickup_find(pickup, v->input, &none, err);
}

static bool
recall(struct verification *v, struct error *err)
{
    struct arena *arena = &v->result->arena;
    char *path = mem_printf("%s/ledger.db", v->options->folder);
    uint64_t started_at_ms = 0;
    v->ledger = ledger_open(path, err);
    free(path);
    if (v->ledger == NULL || !run_memory_read(v->ledger, arena, &v->run, err) ||
        !ledger_get(v->ledger, "mapping", arena, &v->memory.mapping_text,
                    err) ||
        !ledger_get(v->ledger, "org_id", arena, &v->org_id, err) ||
        !ledger_get(v->ledger, "source", arena, &v->source, err) ||
        !ledger_get_u64(v->ledger, "started_at_ms", &started_at_ms, err)) {
        return false;
    }
    if (v->options->config_path != NULL) {
        v->run.config_path = v->options->config_path;
    }
    v->memory.now_ms = (int64_t)started_at_ms;
    v->memory.describe = recall_describe;
    v->memory.table = recall_table;
    v->memory.pickup = pick_up;
    v->memory.cookie = v;
    return true;
}

/* orgs.yaml may name another org by now. */
static bool
check_org(const struct verification *v, const struct setup *setup,
          struct error *err)
{
    struct slice now = session_org_id(&setup->session);
    if (v->org_id.len == 0 || now.len == 0 || slice_equals(v->org_id, now)) {
        return true;
    }
    return error_set(err, ERROR_CONFIG, 0,
                     "the run loaded the org %.*s, and '%s' is now the org "
                     "%.*s; mend orgs.yaml, or give --config the file as it "
                     "was [other-org]",
                     SLICE_ARGS(v->org_id), setup->org->name, SLICE_ARGS(now));
}

/* The last part of the path that the rows came from; NULL: not one file. */
static const char *
file_name(struct verification *v)
{
    if (v->source.len == 0 || memchr(v->source.ptr, '*', v->source.len)) {
        return NULL;
    }
    const char *path = arena_strdup(&v->result->arena, v->source);
    return run_folder_name(path);
}

/* load_name NULL: the run has one load. */
static bool
verify_one(struct verification *v, const char *load_name, struct error *err)
{
    struct arena *arena = &v->result->arena;
    const char *folder = v->options->folder;
    const char *names[] = {load_name};
    struct run_options options = v->run;
    struct setup setup = {.memory = &v->memory};
    if (load_name != NULL) {
        folder = arena_printf(arena, "%s/%s", folder, load_name).ptr;
        options.load_names = names;
        options.load_name_count = 1;
    }
    options.input = arena_printf(arena, "%s/success.csv", folder).ptr;
    v->input = options.input;
    const struct verify_load_options load_options = {
        .setup = &setup,
        .folder = folder,
        .file_name = file_name(v),
        .first_row = options.skip + 1,
        .progress = v->progress,
    };
    bool done = setup_open(&setup, &options, SETUP_ORG | SETUP_SOURCE, err) &&
                check_org(v, &setup, err);
    if (done) {
        mapping_set_run(setup.mapping, run_folder_name(v->options->folder));
        done = verify_load_run(&load_options,
                               &v->result->loads[v->result->load_count], arena,
                               err);
        v->result->load_count += done;
    }
    if (setup.http != NULL) {
        v->result->calls += http_client_totals(setup.http).requests;
    }
    *v->problems = setup.problems;
    setup.problems = (struct problems){0};
    setup_close(&setup);
    return done;
}

static bool
has_success(const char *folder, const char *name)
{
    char *path = mem_printf("%s/%s/success.csv", folder, name);
    bool has = name[0] != '.' && file_exists(path);
    free(path);
    return has;
}

/* Folders of loads, by name. */
static const char **
list_loads(struct verification *v, size_t *count, struct error *err)
{
    struct arena *arena = &v->result->arena;
    struct dirent **entries = NULL;
    *count = 0;
    int found = scandir(v->options->folder, &entries, NULL, alphasort);
    if (found < 0) {
        error_set_errno(err, "cannot read '%s'", v->options->folder);
        return NULL;
    }
    const char **names = arena_array(arena, (size_t)found + 1, sizeof *names);
    for (int i = 0; i < found; i++) {
        if (has_success(v->options->folder, entries[i]->d_name)) {
            names[(*count)++] =
                arena_strdup(arena, slice_of(entries[i]->d_name));
        }
        free(entries[i]);
    }
    free(entries);
    return names;
}

static bool
verify_loads(struct verification *v, struct error *err)
{
    struct arena *arena = &v->result->arena;
    size_t count = 0;
    if (has_success(v->options->folder, "")) {
        v->result->loads = arena_array(arena, 1, sizeof *v->result->loads);
        return verify_one(v, NULL, err);
    }
    const char **names = list_loads(v, &count, err);
    if (names == NULL) {
        return false;
    }
    if (count == 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "the run '%s' has no success.csv: nothing was loaded, "
                         "or it is not concluded; 'sfetl status %s' tells",
                         run_folder_name(v->options->folder),
                         run_folder_name(v->options->folder));
    }
    v->result->loads = arena_array(arena, count, sizeof *v->result->loads);
    bool going = true;
    for (size_t i = 0; going && i < count; i++) {
        going = verify_one(v, names[i], err);
    }
    return going;
}

bool
verify_run(const struct verify_options *options,
           const struct progress_sink *progress, struct problems *problems,
           struct verify_result *result, struct error *err)
{
    struct verification v = {
        .options = options,
        .progress = progress,
        .result = result,
        .problems = problems,
    };
    int64_t began_ms = clock_monotonic_ms();
    *result = (struct verify_result){0};
    result->run = arena_strdup(&result->arena,
                               slice_of(run_folder_name(options->folder)));
    bool done = recall(&v, err) && verify_loads(&v, err);
    ledger_close(v.ledger);
    cancel_name(err);
    result->duration_ms = clock_monotonic_ms() - began_ms;
    return done;
}

bool
verify_differs(const struct verify_result *result)
{
    uint64_t differing = 0;
    for (size_t i = 0; i < result->load_count; i++) {
        differing += result->loads[i].differing;
    }
    return differing > 0;
}

void
verify_release(struct verify_result *result)
{
    arena_release(&result->arena);
    *result = (struct verify_result){0};
}
