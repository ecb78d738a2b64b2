/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export_state.h"

#include "base/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define STATE_LIMIT ((size_t)16 << 20)
#define STATE_VERSION 1

void
export_state_add_page(struct export_state *state, const char *locator)
{
    if (state->page_count == state->capacity) {
        size_t capacity = state->capacity ? state->capacity * 2 : 16;
        const char **more =
            arena_array(&state->arena, capacity, sizeof(char *));
        if (state->page_count > 0) {
            memcpy(more, state->locators, state->page_count * sizeof(char *));
        }
        state->locators = more;
        state->capacity = capacity;
    }
    state->locators[state->page_count++] =
        arena_strdup(&state->arena, slice_of(locator));
}

static const char *
text_of(struct export_state *state, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text != NULL ? arena_strdup(&state->arena, slice_of(text)) : NULL;
}

static uint64_t
count_of(const json_t *json, const char *name)
{
    json_int_t count = json_integer_value(json_object_get(json, name));
    return count > 0 ? (uint64_t)count : 0;
}

static bool
is_job_id(const char *id)
{
    return id != NULL && strlen(id) < TICKET_JOB_ID_SIZE &&
           id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0';
}

static bool
take_pages(struct export_state *state, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *locator = json_string_value(json_array_get(list, i));
        if (locator == NULL) {
            return false;
        }
        export_state_add_page(state, locator);
    }
    return true;
}

static bool
take(struct export_state *state, const json_t *json)
{
    const char *job = text_of(state, json, "job");
    state->soql = text_of(state, json, "query");
    state->instance_url = text_of(state, json, "instance");
    state->api_version = text_of(state, json, "api_version");
    state->header = text_of(state, json, "header");
    if (count_of(json, "sfetl_export") != STATE_VERSION || !is_job_id(job) ||
        state->soql == NULL || state->instance_url == NULL ||
        state->api_version == NULL || state->header == NULL ||
        !take_pages(state, json_object_get(json, "pages"))) {
        return false;
    }
    snprintf(state->job_id, sizeof state->job_id, "%s", job);
    state->all_known = json_is_true(json_object_get(json, "all_known"));
    state->side_by_side = json_is_true(json_object_get(json, "side_by_side"));
    state->pages_done = (size_t)count_of(json, "pages_done");
    state->size = count_of(json, "size");
    state->rows = count_of(json, "rows");
    return state->pages_done <= state->page_count;
}

bool
export_state_read(struct export_state *state, const char *path,
                  struct error *err)
{
    *state = (struct export_state){0};
    struct buffer text = {.limit = STATE_LIMIT * 2};
    bool done =
        file_exists(path) && file_read_whole(path, STATE_LIMIT, &text, err);
    json_t *json =
        done ? json_loadb(text.bytes ? text.bytes : "", text.len, 0, NULL)
             : NULL;
    done = json != NULL && take(state, json);
    json_decref(json);
    buffer_release(&text);
    if (!done) {
        export_state_release(state);
    }
    return done;
}

bool
export_state_write(const struct export_state *state, const char *path,
                   struct error *err)
{
    json_t *pages = json_array();
    for (size_t i = 0; i < state->page_count; i++) {
        json_array_append_new(pages, json_string(state->locators[i]));
    }
    json_t *json = json_pack(
        "{s:i,s:s,s:s,s:s,s:s,s:b,s:b,s:I,s:I,s:I,s:s,s:o}", "sfetl_export",
        STATE_VERSION, "query", state->soql, "instance", state->instance_url,
        "api_version", state->api_version, "job", state->job_id, "all_known",
        state->all_known, "side_by_side", state->side_by_side, "pages_done",
        (json_int_t)state->pages_done, "size", (json_int_t)state->size, "rows",
        (json_int_t)state->rows, "header", state->header, "pages", pages);
    char *text = json != NULL ? json_dumps(json, JSON_INDENT(1)) : NULL;
    bool done = text != NULL
                    ? file_replace(path, slice_of(text), err)
                    : error_set(err, ERROR_CONFIG, 0,
                                "the query is no valid UTF-8 [export-query]");
    free(text);
    json_decref(json);
    return done;
}

void
export_state_release(struct export_state *state)
{
    arena_release(&state->arena);
    *state = (struct export_state){0};
}
