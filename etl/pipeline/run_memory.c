/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_memory.h"

#include "base/mem.h"
#include "salesforce/describe.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Members that are a text, and those that are a count. */
static const struct {
    const char *name;
    size_t offset;
    bool is_path;
} texts[] = {
    {"mapping_path", offsetof(struct run_options, mapping_path), true},
    {"input", offsetof(struct run_options, input), true},
    {"config_path", offsetof(struct run_options, config_path), true},
    {"org", offsetof(struct run_options, org), false},
    {"api", offsetof(struct run_options, api), false},
    {"object", offsetof(struct run_options, object), false},
    {"operation", offsetof(struct run_options, operation), false},
    {"external_id", offsetof(struct run_options, external_id), false},
    {"retry_of", offsetof(struct run_options, retry_of), false},
};
static const struct {
    const char *name;
    size_t offset;
} counts[] = {
    {"chunk_rows", offsetof(struct run_options, chunk_rows)},
    {"chunk_bytes", offsetof(struct run_options, chunk_bytes)},
    {"skip", offsetof(struct run_options, skip)},
    {"limit", offsetof(struct run_options, limit)},
    {"max_errors", offsetof(struct run_options, max_errors)},
    {"batch_budget", offsetof(struct run_options, batch_budget)},
};
#define TEXT_COUNT (sizeof texts / sizeof *texts)
#define COUNT_COUNT (sizeof counts / sizeof *counts)

static json_t *
text_value(const char *text, bool is_path)
{
    char folder[PATH_MAX];
    if (!is_path || text[0] == '/' || strcmp(text, "-") == 0 ||
        getcwd(folder, sizeof folder) == NULL) {
        return json_string(text);
    }
    return json_sprintf("%s/%s", folder, text);
}

static void
put_lists(json_t *root, const struct run_options *options)
{
    json_t *params = json_object();
    for (size_t i = 0; i < options->param_count; i++) {
        char *name = slice_dup(options->params[i].name);
        json_object_set_new(params, name,
                            json_stringn(options->params[i].value.ptr,
                                         options->params[i].value.len));
        free(name);
    }
    json_object_set_new(root, "params", params);
    json_t *loads = json_array();
    for (size_t i = 0; i < options->load_name_count; i++) {
        json_array_append_new(loads, json_string(options->load_names[i]));
    }
    json_object_set_new(root, "loads", loads);
}

bool
run_memory_write(struct ledger *ledger, const struct run_options *options,
                 struct error *err)
{
    json_t *root = json_object();
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text;
        memcpy(&text, (const char *)options + texts[i].offset, sizeof text);
        if (text != NULL) {
            json_object_set_new(root, texts[i].name,
                                text_value(text, texts[i].is_path));
        }
    }
    for (size_t i = 0; i < COUNT_COUNT; i++) {
        uint64_t count;
        memcpy(&count, (const char *)options + counts[i].offset, sizeof count);
        json_object_set_new(root, counts[i].name,
                            json_integer((json_int_t)count));
    }
    json_object_set_new(root, "parallel",
                        json_integer((json_int_t)options->parallel));
    json_object_set_new(root, "max_errors_percent",
                        json_integer((json_int_t)options->max_errors_percent));
    json_object_set_new(root, "has_max_errors",
                        json_boolean(options->has_max_errors));
    json_object_set_new(
        root, "batch_budget_percent",
        json_integer((json_int_t)options->batch_budget_percent));
    json_object_set_new(root, "has_batch_budget",
                        json_boolean(options->has_batch_budget));
    json_object_set_new(root, "keep_chunks",
                        json_boolean(options->keep_chunks));
    put_lists(root, options);
    char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(root);
    bool done = text != NULL
                    ? ledger_set(ledger, "options", slice_of(text), err)
                    : error_set(err, ERROR_INTERNAL, 0,
                                "cannot spell the run's options");
    free(text);
    return done;
}

static const char *
text_of(struct arena *arena, const json_t *value)
{
    const char *text = json_string_value(value);
    return text ? arena_strdup(arena, slice_of(text)) : NULL;
}

static void
take_lists(const json_t *root, struct arena *arena, struct run_options *options)
{
    json_t *params = json_object_get(root, "params");
    struct mapping_param *list =
        arena_array(arena, json_object_size(params) + 1, sizeof *list);
    size_t count = 0;
    const char *name;
    json_t *value;
    json_object_foreach(params, name, value)
    {
        list[count].name = arena_copy(arena, slice_of(name));
        list[count].value = slice_of(text_of(arena, value));
        count++;
    }
    options->params = list;
    options->param_count = count;
    const json_t *loads = json_object_get(root, "loads");
    options->load_name_count = json_array_size(loads);
    const char **names =
        arena_array(arena, options->load_name_count + 1, sizeof *names);
    for (size_t i = 0; i < options->load_name_count; i++) {
        names[i] = text_of(arena, json_array_get(loads, i));
    }
    options->load_names = names;
}

bool
run_memory_read(struct ledger *ledger, struct arena *arena,
                struct run_options *options, struct error *err)
{
    struct slice text = {0};
    if (!ledger_get(ledger, "options", arena, &text, err)) {
        return false;
    }
    json_t *root = json_loadb(text.ptr ? text.ptr : "", text.len, 0, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return error_set(err, ERROR_INTERNAL, 0,
                         "the ledger does not hold the run's options");
    }
    *options = (struct run_options){0};
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *value =
            text_of(arena, json_object_get(root, texts[i].name));
        memcpy((char *)options + texts[i].offset, &value, sizeof value);
    }
    for (size_t i = 0; i < COUNT_COUNT; i++) {
        uint64_t count =
            (uint64_t)json_integer_value(json_object_get(root, counts[i].name));
        memcpy((char *)options + counts[i].offset, &count, sizeof count);
    }
    options->parallel =
        (unsigned)json_integer_value(json_object_get(root, "parallel"));
    options->max_errors_percent = (unsigned)json_integer_value(
        json_object_get(root, "max_errors_percent"));
    options->has_max_errors =
        json_is_true(json_object_get(root, "has_max_errors"));
    options->batch_budget_percent = (unsigned)json_integer_value(
        json_object_get(root, "batch_budget_percent"));
    options->has_batch_budget =
        json_is_true(json_object_get(root, "has_batch_budget"));
    options->keep_chunks = json_is_true(json_object_get(root, "keep_chunks"));
    take_lists(root, arena, options);
    json_decref(root);
    return true;
}

bool
run_memory_describe(struct ledger *ledger, struct arena *arena,
                    struct slice object, struct schema *schema,
                    struct error *err)
{
    struct slice key = arena_printf(arena, "describe:%.*s", SLICE_ARGS(object));
    struct slice json = {0};
    if (!ledger_get(ledger, key.ptr, arena, &json, err)) {
        return false;
    }
    if (json.ptr == NULL) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "the ledger does not hold the metadata of '%.*s'",
                         SLICE_ARGS(object));
    }
    return describe_parse(json, schema, err);
}
