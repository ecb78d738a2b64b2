/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/file.h"
#include "base/mem.h"
#include "cli/options.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "ledger/ledger.h"
#include "pipeline/run_folder.h"
#include "salesforce/login/credentials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALLBACK_WIDTH 80
#define RUNS_DIR_DEFAULT "runs"
#define SUMMARY_LIMIT ((size_t)64 << 20)

static const char *
state_name(enum run_state state)
{
    static const char *const names[] = {
        [RUN_STAGING] = "staging",
        [RUN_DELIVERING] = "delivering",
        [RUN_CONCLUDING] = "concluding",
        [RUN_CLOSED] = "closed",
    };
    return names[state];
}

static const char *
chunk_state_name(enum chunk_state state)
{
    static const char *const names[] = {
        [CHUNK_STAGED] = "staged",
        [CHUNK_SENT] = "sent",
        [CHUNK_COLLECTED] = "collected",
    };
    return names[state];
}

/* An object; NULL when there is none yet. */
static json_t *
load_summary(const char *folder)
{
    struct buffer text = {0};
    struct error ignored = {0};
    char *path = mem_printf("%s/summary.json", folder);
    json_t *summary = NULL;
    if (file_exists(path) &&
        file_read_whole(path, SUMMARY_LIMIT, &text, &ignored)) {
        summary = json_loadb(text.bytes, text.len, 0, NULL);
    }
    free(path);
    buffer_release(&text);
    return summary;
}

/* "?" when the ledger can't be read: the list goes on. */
static const char *
read_state(const char *folder)
{
    struct error err = {0};
    char *path = mem_printf("%s/ledger.db", folder);
    struct ledger *ledger = ledger_open(path, &err);
    enum run_state state;
    const char *name = ledger != NULL && ledger_state(ledger, &state, &err)
                           ? state_name(state)
                           : "?";
    ledger_close(ledger);
    free(path);
    return name;
}

static void
put_run(struct grid *grid, json_t *list, const char *runs_dir, const char *name)
{
    char *folder = mem_printf("%s/%s", runs_dir, name);
    const char *state = read_state(folder);
    json_t *summary = load_summary(folder);
    json_t *code = json_object_get(summary, "exit_code");
    const char *outcome =
        json_string_value(json_object_get(summary, "outcome"));
    grid_put(grid, slice_of(name));
    grid_put(grid, slice_of(state));
    if (json_is_integer(code)) {
        grid_printf(grid, "%" JSON_INTEGER_FORMAT, json_integer_value(code));
    } else {
        grid_put(grid, slice_of(""));
    }
    grid_put(grid, slice_of(outcome));
    json_array_append_new(list,
                          json_pack("{s:s,s:s,s:s,s:O?,s:s?}", "run", name,
                                    "folder", folder, "state", state,
                                    "exit_code", code, "outcome", outcome));
    json_decref(summary);
    free(folder);
}

static bool
list_runs(const struct options *options, const char *runs_dir, json_t *json,
          struct error *err)
{
    static const struct grid_column columns[] = {{"run", false, 0},
                                                 {"state", false, 0},
                                                 {"exit", true, 0},
                                                 {"outcome", false, 34}};
    size_t count;
    char **names;
    run_folder_list(runs_dir, &names, &count, err);
    struct grid grid;
    json_t *list = json_array();
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        put_run(&grid, list, runs_dir, names[i]);
        free(names[i]);
    }
    free(names);
    if (options_wants_json(options)) {
        json_object_set(json, "runs", list);
    } else if (count > 0) {
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    } else if (err->kind == ERROR_NONE) {
        printf("there are no runs in '%s'\n", runs_dir);
    }
    json_decref(list);
    grid_close(&grid);
    return err->kind == ERROR_NONE;
}

/* One run, read from its ledger. */
struct status {
    const char *folder;
    struct ledger *ledger;
    struct arena arena;
    enum run_state state;
    struct chunk *chunks;
    size_t chunk_count;
    struct ticket *tickets;
    size_t ticket_count;
    json_t *summary;
};

/* Under these names in the ledger. */
static const struct {
    const char *name, *label;
} texts[] = {{"mapping_path", "mapping"},
             {"source", "source"},
             {"org", "org"},
             {"instance_url", "instance"}};

/* The summary knows the loads' names; before, they have their number. */
static const char *
load_name(struct status *status, uint32_t load)
{
    json_t *loads = json_object_get(status->summary, "loads");
    const char *name =
        json_string_value(json_object_get(json_array_get(loads, load), "name"));
    return name != NULL
               ? name
               : arena_printf(&status->arena, "%" PRIu32, load + 1).ptr;
}

static const struct chunk *
chunk_of(const struct status *status, const struct ticket *ticket)
{
    for (size_t i = 0; i < status->chunk_count; i++) {
        if (status->chunks[i].id == ticket->chunk_id) {
            return &status->chunks[i];
        }
    }
    return NULL;
}

static void
print_chunks(struct status *status)
{
    static const struct grid_column columns[] = {
        {"load", false, 0},   {"chunk", true, 0}, {"state", false, 0},
        {"rows", true, 0},    {"bytes", true, 0}, {"first row", true, 0},
        {"last row", true, 0}};
    struct grid grid;
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < status->chunk_count; i++) {
        const struct chunk *chunk = &status->chunks[i];
        char text[FIGURE_SIZE];
        grid_put(&grid, slice_of(load_name(status, chunk->load)));
        grid_printf(&grid, "%" PRIu32, chunk->number);
        grid_put(&grid, slice_of(chunk_state_name(chunk->state)));
        grid_put(&grid, slice_of(figure_count(text, chunk->rows)));
        grid_put(&grid, slice_of(figure_bytes(text, chunk->bytes)));
        grid_put(&grid, slice_of(figure_count(text, chunk->first_row)));
        grid_put(&grid, slice_of(figure_count(text, chunk->last_row)));
    }
    if (status->chunk_count > 0) {
        putchar('\n');
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    }
    grid_close(&grid);
}

static void
print_tickets(struct status *status)
{
    static const struct grid_column columns[] = {
        {"job", false, 0},    {"load", false, 0},    {"chunk", true, 0},
        {"attempt", true, 0}, {"state", false, 0},   {"processed", true, 0},
        {"failed", true, 0},  {"message", false, 60}};
    struct grid grid;
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < status->ticket_count; i++) {
        const struct ticket *ticket = &status->tickets[i];
        const struct chunk *chunk = chunk_of(status, ticket);
        char text[FIGURE_SIZE];
        grid_put(&grid, slice_of(ticket->job_id));
        grid_put(&grid, slice_of(chunk ? load_name(status, chunk->load) : "?"));
        grid_printf(&grid, "%" PRIu32, chunk ? chunk->number : 0);
        grid_printf(&grid, "%" PRIu32, ticket->attempt);
        grid_put(&grid, slice_of(ticket_state_name(ticket->state)));
        grid_put(&grid, slice_of(figure_count(text, ticket->processed)));
        grid_put(&grid, slice_of(figure_count(text, ticket->failed)));
        grid_put(&grid, slice_of(ticket->message));
    }
    if (status->ticket_count > 0) {
        putchar('\n');
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    }
    grid_close(&grid);
}

static bool
get_text(struct status *status, const char *name, struct slice *value,
         struct error *err)
{
    return ledger_get(status->ledger, name, &status->arena, value, err);
}

static bool
print_run(struct status *status, struct error *err)
{
    printf("%-14s%s\n%-14s%s\n", "run", status->folder, "state",
           state_name(status->state));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct slice value = {0};
        if (!get_text(status, texts[i].name, &value, err)) {
            return false;
        }
        printf("%-14s%.*s\n", texts[i].label, SLICE_ARGS(value));
    }
    const char *outcome =
        json_string_value(json_object_get(status->summary, "outcome"));
    if (outcome != NULL) {
        printf("%-14s%s\n", "outcome", outcome);
    }
    print_chunks(status);
    print_tickets(status);
    return true;
}

static json_t *
chunks_json(struct status *status)
{
    json_t *list = json_array();
    for (size_t i = 0; i < status->chunk_count; i++) {
        const struct chunk *chunk = &status->chunks[i];
        json_array_append_new(
            list, json_pack("{s:s,s:i,s:i,s:s,s:I,s:I,s:I,s:I}", "load",
                            load_name(status, chunk->load), "chunk",
                            (int)chunk->number, "wave", (int)chunk->wave,
                            "state", chunk_state_name(chunk->state), "rows",
                            (json_int_t)chunk->rows, "bytes",
                            (json_int_t)chunk->bytes, "first_row",
                            (json_int_t)chunk->first_row, "last_row",
                            (json_int_t)chunk->last_row));
    }
    return list;
}

static json_t *
tickets_json(struct status *status)
{
    json_t *list = json_array();
    for (size_t i = 0; i < status->ticket_count; i++) {
        const struct ticket *ticket = &status->tickets[i];
        const struct chunk *chunk = chunk_of(status, ticket);
        json_array_append_new(
            list, json_pack("{s:s,s:s?,s:i,s:i,s:s,s:I,s:I,s:o}", "job",
                            ticket->job_id, "load",
                            chunk ? load_name(status, chunk->load) : NULL,
                            "chunk", chunk ? (int)chunk->number : 0, "attempt",
                            (int)ticket->attempt, "state",
                            ticket_state_name(ticket->state), "processed",
                            (json_int_t)ticket->processed, "failed",
                            (json_int_t)ticket->failed, "message",
                            talk_json_text(slice_of(ticket->message))));
    }
    return list;
}

static bool
fill_json(struct status *status, json_t *json, struct error *err)
{
    json_object_set_new(json, "run", json_string(status->folder));
    json_object_set_new(json, "state", json_string(state_name(status->state)));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct slice value = {0};
        if (!get_text(status, texts[i].name, &value, err)) {
            return false;
        }
        json_object_set_new(json, texts[i].label, talk_json_text(value));
    }
    json_object_set_new(json, "chunks", chunks_json(status));
    json_object_set_new(json, "jobs", tickets_json(status));
    return true;
}

static bool
read_ledger(struct status *status, struct error *err)
{
    char *path = mem_printf("%s/ledger.db", status->folder);
    status->ledger = ledger_open(path, err);
    free(path);
    status->summary = load_summary(status->folder);
    return status->ledger != NULL &&
           ledger_state(status->ledger, &status->state, err) &&
           ledger_chunks(status->ledger, &status->arena, &status->chunks,
                         &status->chunk_count, err) &&
           ledger_tickets(status->ledger, &status->arena, &status->tickets,
                          &status->ticket_count, err);
}

static bool
show_run(const struct options *options, const char *runs_dir, json_t *json,
         struct error *err)
{
    char *folder = run_folder_find(options->operands[0], runs_dir, err);
    if (folder == NULL) {
        return false;
    }
    struct status status = {.folder = folder};
    bool done = read_ledger(&status, err) &&
                (options_wants_json(options) ? fill_json(&status, json, err)
                                             : print_run(&status, err));
    ledger_close(status.ledger);
    arena_release(&status.arena);
    json_decref(status.summary);
    free(folder);
    return done;
}

int
cmd_status_main(const struct options *options)
{
    struct error err = {0};
    struct orgs orgs = {0};
    json_t *json = json_object();
    if (credentials_load(&orgs, options->run.config_path, &err)) {
        const char *runs_dir = orgs.runs_dir ? orgs.runs_dir : RUNS_DIR_DEFAULT;
        if (options->operand_count == 0) {
            list_runs(options, runs_dir, json, &err);
        } else {
            show_run(options, runs_dir, json, &err);
        }
    }
    talk_error(&err);
    if (options_wants_json(options)) {
        json_object_set_new(json, "exit_code",
                            json_integer(error_exit_code(&err)));
        json_object_set_new(json, "error", talk_json_error(&err));
        talk_json_print(json_incref(json));
    }
    json_decref(json);
    credentials_release(&orgs);
    return error_exit_code(&err);
}
