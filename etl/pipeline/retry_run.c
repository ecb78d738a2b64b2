/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/retry_run.h"

#include "base/file.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "pipeline/run_folder.h"
#include "pipeline/run_memory.h"

#include <jansson.h>
#include <stdlib.h>

#define SUMMARY_LIMIT ((size_t)64 << 20)

static bool
recall(const char *folder, struct arena *arena, struct run_options *options,
       struct error *err)
{
    char *path = mem_printf("%s/ledger.db", folder);
    struct ledger *ledger = ledger_open(path, err);
    free(path);
    enum run_state state;
    bool done = ledger != NULL && ledger_state(ledger, &state, err) &&
                run_memory_read(ledger, arena, options, err);
    if (done && state != RUN_CLOSED) {
        done = error_set(err, ERROR_USAGE, 0,
                         "the run '%s' is open: first 'sfetl resume %s'",
                         run_folder_name(folder), run_folder_name(folder));
    }
    ledger_close(ledger);
    return done;
}

static json_t *
load_summary(const char *folder, struct error *err)
{
    struct buffer text = {.limit = SUMMARY_LIMIT * 2};
    char *path = mem_printf("%s/summary.json", folder);
    json_t *summary = NULL;
    if (file_read_whole(path, SUMMARY_LIMIT, &text, err)) {
        summary = json_loadb(text.bytes, text.len, 0, NULL);
        if (summary == NULL) {
            error_set(err, ERROR_INTERNAL, 0, "'%s' is not a summary", path);
        }
    }
    free(path);
    buffer_release(&text);
    return summary;
}

static bool
has_errors(const json_t *load)
{
    const json_t *accounting = json_object_get(load, "accounting");
    return json_integer_value(json_object_get(accounting, "failed")) +
               json_integer_value(json_object_get(accounting, "rejected")) >
           0;
}

static void
add_load(struct retry_list *list, const char *folder, const json_t *load,
         bool alone, const struct run_options *before,
         const struct run_options *now)
{
    struct arena *arena = &list->arena;
    const char *name = arena_strdup(
        arena, slice_of(json_string_value(json_object_get(load, "name"))));
    const char **names = arena_array(arena, 1, sizeof *names);
    names[0] = name;
    struct run_options *run = &list->runs[list->count];
    *run = *before;
    run->input = alone
                     ? arena_printf(arena, "%s/error.csv", folder).ptr
                     : arena_printf(arena, "%s/%s/error.csv", folder, name).ptr;
    run->load_names = names;
    run->load_name_count = 1;
    run->retry_of = arena_strdup(arena, slice_of(run_folder_name(folder)));
    run->skip = run->limit = 0;
    run->config_path = now->config_path ? now->config_path : run->config_path;
    run->keep_chunks = now->keep_chunks;
    run->timeout_ms = now->timeout_ms;
    list->loads[list->count++] = name;
}

bool
retry_run_list(const char *folder, const struct run_options *options,
               struct retry_list *list, struct error *err)
{
    *list = (struct retry_list){0};
    struct run_options before;
    if (!recall(folder, &list->arena, &before, err)) {
        return false;
    }
    json_t *summary = load_summary(folder, err);
    const json_t *loads = json_object_get(summary, "loads");
    size_t count = json_array_size(loads);
    list->runs = arena_array(&list->arena, count + 1, sizeof *list->runs);
    list->loads = arena_array(&list->arena, count + 1, sizeof *list->loads);
    for (size_t i = 0; i < count; i++) {
        const json_t *load = json_array_get(loads, i);
        if (json_string_value(json_object_get(load, "name")) != NULL &&
            has_errors(load)) {
            add_load(list, folder, load, count == 1, &before, options);
        }
    }
    json_decref(summary);
    if (list->count == 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "no row of the run '%s' failed: there is nothing to "
                         "load again",
                         run_folder_name(folder));
    }
    return true;
}

void
retry_run_release(struct retry_list *list)
{
    arena_release(&list->arena);
    *list = (struct retry_list){0};
}
