/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pickup/pickup_record.h"

#include "base/mem.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PICKUP_KEY "pickup"
#define PARTS_KEY "source_parts"

/* Names of files are bytes: what is no UTF-8 can't stand in JSON as text. */
static json_t *
bytes_json(const char *bytes)
{
    size_t len = strlen(bytes);
    if (slice_utf8_valid_len(slice_of(bytes)) == len) {
        return json_string(bytes);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < len; i++) {
        json_array_append_new(list, json_integer((unsigned char)bytes[i]));
    }
    return list;
}

static const char *
json_bytes(struct arena *arena, const json_t *json)
{
    if (!json_is_array(json)) {
        const char *text = json_string_value(json);
        return text ? arena_strdup(arena, slice_of(text)) : "";
    }
    size_t len = json_array_size(json);
    char *bytes = arena_bytes(arena, len + 1);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)json_integer_value(json_array_get(json, i));
    }
    bytes[len] = '\0';
    return bytes;
}

static json_t *
path_json(const char *path)
{
    char folder[PATH_MAX];
    if (path[0] == '/' || getcwd(folder, sizeof folder) == NULL) {
        return bytes_json(path);
    }
    char *absolute = mem_printf("%s/%s", folder, path);
    json_t *json = bytes_json(absolute);
    free(absolute);
    return json;
}

static json_t *
list_json(const struct pickup_list *list)
{
    json_t *json = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct pickup_file *file = &list->files[i];
        json_array_append_new(
            json, json_pack("{s:o,s:o,s:I,s:I}", "path", path_json(file->path),
                            "name", bytes_json(file->name), "size",
                            (json_int_t)file->size, "changed_ns",
                            (json_int_t)file->changed_ns));
    }
    return json;
}

static void
read_list(struct arena *arena, const json_t *json, struct pickup_list *list)
{
    list->count = json_array_size(json);
    list->files = arena_array(arena, list->count + 1, sizeof *list->files);
    for (size_t i = 0; i < list->count; i++) {
        const json_t *entry = json_array_get(json, i);
        struct pickup_file *file = &list->files[i];
        file->path = json_bytes(arena, json_object_get(entry, "path"));
        file->name = json_bytes(arena, json_object_get(entry, "name"));
        file->size =
            (uint64_t)json_integer_value(json_object_get(entry, "size"));
        file->changed_ns =
            json_integer_value(json_object_get(entry, "changed_ns"));
    }
}

static bool
put(struct ledger *ledger, const char *key, json_t *json, struct error *err)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(json);
    bool done = text != NULL ? ledger_set(ledger, key, slice_of(text), err)
                             : error_set(err, ERROR_INTERNAL, 0,
                                         "cannot spell the run's files");
    free(text);
    return done;
}

/* *json NULL: nothing stands there. */
static bool
get(struct ledger *ledger, const char *key, json_t **json, struct error *err)
{
    struct arena arena = {0};
    struct slice text = {0};
    *json = NULL;
    bool done = ledger_get(ledger, key, &arena, &text, err);
    if (done && text.ptr != NULL) {
        *json = json_loadb(text.ptr, text.len, 0, NULL);
        done = *json != NULL ||
               error_set(err, ERROR_INTERNAL, 0,
                         "the ledger's list of files can't be read");
    }
    arena_release(&arena);
    return done;
}

bool
pickup_record_write(struct ledger *ledger, const struct pickup *pickup,
                    struct error *err)
{
    json_t *json = json_pack(
        "{s:i,s:o,s:o,s:o,s:o,s:[I,I]}", "kind", (int)pickup->kind, "where",
        bytes_json(pickup->where), "files", list_json(&pickup->files), "older",
        list_json(&pickup->older), "markers", list_json(&pickup->markers),
        "hash", (json_int_t)pickup->hash[0], (json_int_t)pickup->hash[1]);
    if (pickup->archive != NULL) {
        json_object_set_new(json, "archive", path_json(pickup->archive));
    }
    return put(ledger, PICKUP_KEY, json, err);
}

bool
pickup_record_read(struct ledger *ledger, struct pickup *pickup,
                   struct error *err)
{
    json_t *json;
    if (!get(ledger, PICKUP_KEY, &json, err)) {
        return false;
    }
    struct arena *arena = &pickup->arena;
    const json_t *archive = json_object_get(json, "archive");
    const json_t *hash = json_object_get(json, "hash");
    pickup->kind = json == NULL ? PICKUP_FILE
                                : (enum pickup_kind)json_integer_value(
                                      json_object_get(json, "kind"));
    pickup->where = json_bytes(arena, json_object_get(json, "where"));
    pickup->archive = archive ? json_bytes(arena, archive) : NULL;
    read_list(arena, json_object_get(json, "files"), &pickup->files);
    read_list(arena, json_object_get(json, "older"), &pickup->older);
    read_list(arena, json_object_get(json, "markers"), &pickup->markers);
    for (size_t i = 0; i < 2; i++) {
        pickup->hash[i] = (uint64_t)json_integer_value(json_array_get(hash, i));
    }
    json_decref(json);
    return true;
}

/* The first stream's key is the plain one. */
#define PARTS_KEY_SIZE 40
static const char *
parts_key(char key[PARTS_KEY_SIZE], size_t stream)
{
    if (stream == 0) {
        return PARTS_KEY;
    }
    snprintf(key, PARTS_KEY_SIZE, PARTS_KEY ".%zu", stream);
    return key;
}

static bool
record_stream(struct ledger *ledger, const struct source *source, size_t stream,
              struct error *err)
{
    char key[PARTS_KEY_SIZE];
    size_t count;
    const struct source_part *parts = source_parts(source, stream, &count);
    if (parts == NULL) {
        return true;
    }
    json_t *json = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(json,
                              json_pack("{s:o,s:I,s:I,s:I}", "name",
                                        bytes_json(parts[i].name), "first_row",
                                        (json_int_t)parts[i].first_row, "rows",
                                        (json_int_t)parts[i].rows, "bytes",
                                        (json_int_t)parts[i].bytes));
    }
    return put(ledger, parts_key(key, stream), json, err);
}

bool
pickup_record_parts(struct ledger *ledger, const struct pickup *pickup,
                    const struct source *source, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && pickup->kind == PICKUP_PATTERN &&
                       i < source_stream_count(source);
         i++) {
        done = record_stream(ledger, source, i, err);
    }
    return done;
}

bool
pickup_record_read_parts(struct ledger *ledger, size_t stream,
                         struct arena *arena, const struct source_part **parts,
                         size_t *count, struct error *err)
{
    char key[PARTS_KEY_SIZE];
    json_t *json;
    if (!get(ledger, parts_key(key, stream), &json, err)) {
        return false;
    }
    *count = json_array_size(json);
    struct source_part *list = arena_array(arena, *count + 1, sizeof *list);
    for (size_t i = 0; i < *count; i++) {
        const json_t *entry = json_array_get(json, i);
        list[i] = (struct source_part){
            .name = json_bytes(arena, json_object_get(entry, "name")),
            .first_row = (uint64_t)json_integer_value(
                json_object_get(entry, "first_row")),
            .rows =
                (uint64_t)json_integer_value(json_object_get(entry, "rows")),
            .bytes =
                (uint64_t)json_integer_value(json_object_get(entry, "bytes")),
        };
    }
    json_decref(json);
    *parts = list;
    return true;
}
