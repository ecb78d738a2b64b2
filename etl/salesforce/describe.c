/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/describe.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"
#include "salesforce/state_folder.h"

#include <stdlib.h>

#define NAME_LIMIT 255
#define NUMBER_LIMIT 1000000

static int
read_number(const json_t *field, const char *name)
{
    int64_t number = answer_json_count(field, name);
    return number < 0 ? 0 : number > NUMBER_LIMIT ? NUMBER_LIMIT : (int)number;
}

static void
read_references(const json_t *json, struct arena *arena,
                struct schema_field *field)
{
    const json_t *list = json_object_get(json, "referenceTo");
    const char **names =
        arena_array(arena, json_array_size(list), sizeof *names);
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(item);
        if (name != NULL) {
            names[field->reference_count++] = name;
        }
    }
    field->reference_to = names;
    field->polymorphic = field->reference_count > 1;
}

static void
read_picklist(const json_t *json, struct arena *arena,
              struct schema_field *field)
{
    const json_t *list = json_object_get(json, "picklistValues");
    const char **values =
        arena_array(arena, json_array_size(list), sizeof *values);
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *value = answer_json_text(item, "value");
        if (value != NULL && answer_json_bool(item, "active")) {
            values[field->picklist_count++] = value;
        }
    }
    field->picklist = values;
}

/* False for a field without a name or type. */
static bool
read_field(const json_t *json, struct arena *arena, struct schema_field *field)
{
    const char *type = answer_json_text(json, "type");
    *field = (struct schema_field){
        .name = answer_json_text(json, "name"),
        .label = answer_json_text(json, "label"),
        .relationship = answer_json_text(json, "relationshipName"),
        .length = (uint32_t)read_number(json, "length"),
        .precision = read_number(json, "precision"),
        .scale = read_number(json, "scale"),
        .digits = read_number(json, "digits"),
        .nillable = answer_json_bool(json, "nillable"),
        .createable = answer_json_bool(json, "createable"),
        .updateable = answer_json_bool(json, "updateable"),
        .calculated = answer_json_bool(json, "calculated"),
        .defaulted_on_create = answer_json_bool(json, "defaultedOnCreate"),
        .external_id = answer_json_bool(json, "externalId"),
        .id_lookup = answer_json_bool(json, "idLookup"),
        .unique = answer_json_bool(json, "unique"),
        .case_sensitive = answer_json_bool(json, "caseSensitive"),
        .restricted_picklist = answer_json_bool(json, "restrictedPicklist"),
        .cascade_delete = answer_json_bool(json, "cascadeDelete"),
    };
    if (field->name == NULL || type == NULL) {
        return false;
    }
    field->type = schema_type_of(slice_of(type));
    read_references(json, arena, field);
    read_picklist(json, arena, field);
    return true;
}

static bool
read_object(const json_t *json, struct schema *schema, struct error *err)
{
    const json_t *fields = json_object_get(json, "fields");
    struct schema_object object = {
        .name = answer_json_text(json, "name"),
        .label = answer_json_text(json, "label"),
        .key_prefix = answer_json_text(json, "keyPrefix"),
        .createable = answer_json_bool(json, "createable"),
        .updateable = answer_json_bool(json, "updateable"),
        .deletable = answer_json_bool(json, "deletable"),
        .undeletable = answer_json_bool(json, "undeletable"),
    };
    if (object.name == NULL || !json_is_array(fields)) {
        return error_set(err, ERROR_NETWORK, 0,
                         "describe: the answer holds no object with fields");
    }
    struct arena arena = {0};
    struct schema_field *list =
        arena_array(&arena, json_array_size(fields), sizeof *list);
    size_t i;
    const json_t *item;
    json_array_foreach(fields, i, item)
    {
        object.field_count +=
            read_field(item, &arena, &list[object.field_count]);
    }
    object.fields = list;
    schema_add(schema, &object); /* copies */
    arena_release(&arena);
    return true;
}

bool
describe_parse(struct slice json, struct schema *schema, struct error *err)
{
    if (slice_begins(json, "\xef\xbb\xbf")) { /* saved by an editor */
        json = (struct slice){json.ptr + 3, json.len - 3};
    }
    json_t *parsed = answer_json_parse(json, "describe", err);
    bool done = parsed != NULL && read_object(parsed, schema, err);
    json_decref(parsed);
    return done;
}

/* Names stand in paths and addresses. */
static bool
is_object_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return name.len > 0 && name.len <= NAME_LIMIT;
}

static char *
cache_folder(const char *org_name, struct error *err)
{
    char *relative = mem_printf("describe/%s", org_name);
    char *folder = state_folder_path(relative, err);
    free(relative);
    return folder;
}

/* Work without the org is a convenience: a run does not fail for it. */
static void
save(const char *org_name, struct slice name, struct slice json)
{
    struct error err = {0};
    char *folder = cache_folder(org_name, &err);
    if (folder != NULL && file_make_folders(folder, &err)) {
        char *path = mem_printf("%s/%.*s.json", folder, SLICE_ARGS(name));
        file_replace(path, json, &err);
        free(path);
    }
    if (err.kind != ERROR_NONE) {
        log_warning("the description of '%.*s' is not saved: %s",
                    SLICE_ARGS(name), err.text);
    }
    free(folder);
}

/* False without an error set when there is none. */
static bool
read_saved(char *folder, struct slice name, struct buffer *json,
           struct error *err)
{
    if (folder == NULL || !is_object_name(name)) {
        return false;
    }
    char *path = mem_printf("%s/%.*s.json", folder, SLICE_ARGS(name));
    bool done = file_exists(path) &&
                file_read_whole(path, API_DESCRIBE_ANSWER_BYTES, json, err);
    free(path);
    return done;
}

bool
describe_saved_text(const char *org_name, struct slice name,
                    struct buffer *json, struct error *err)
{
    char *folder = cache_folder(org_name, err);
    bool done = read_saved(folder, name, json, err);
    free(folder);
    return done;
}

bool
describe_saved_object(const char *org_name, const char *folder,
                      struct slice name, struct schema *schema,
                      struct error *err)
{
    char *found = folder != NULL     ? mem_strdup(folder)
                  : org_name != NULL ? cache_folder(org_name, err)
                                     : NULL;
    struct buffer json = {.limit = API_DESCRIBE_ANSWER_BYTES * 2};
    bool done = read_saved(found, name, &json, err) &&
                describe_parse(buffer_slice(&json), schema, err);
    if (done && schema_object(schema, name) == NULL) {
        done = error_set(err, ERROR_CONFIG, 0,
                         "what '%s' holds of '%.*s' describes another object; "
                         "remove it",
                         found, SLICE_ARGS(name));
    }
    buffer_release(&json);
    free(found);
    return done;
}

static bool
get(struct session *session, struct http_request *request,
    struct http_answer *answer, struct error *err)
{
    request->name = "describe";
    request->method = "GET";
    request->needs_session = true;
    request->answer_limit = API_DESCRIBE_ANSWER_BYTES;
    return session_call(session, request, answer, err);
}

bool
describe_global(struct session *session, struct arena *arena,
                const char ***names, size_t *count, struct error *err)
{
    struct http_request request = {0};
    struct http_answer answer;
    session_set_url(session, &request, "/sobjects");
    json_t *json = NULL;
    if (get(session, &request, &answer, err)) {
        json = answer_json_parse(answer.body, "describe", err);
    }
    http_request_release(&request);
    if (json == NULL) {
        return false;
    }
    const json_t *list = json_object_get(json, "sobjects");
    *names = arena_array(arena, json_array_size(list), sizeof **names);
    *count = 0;
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = answer_json_text(item, "name");
        if (name != NULL) {
            (*names)[(*count)++] = arena_strdup(arena, slice_of(name));
        }
    }
    json_decref(json);
    return true;
}

static bool
unknown_object(struct session *session, struct slice name, struct error *err)
{
    struct arena arena = {0};
    const char **names = NULL;
    size_t count = 0;
    struct error ignored = {0}; /* the suggestion is a courtesy */
    char suggestion[SUGGEST_SIZE] = "";
    if (describe_global(session, &arena, &names, &count, &ignored)) {
        suggest_phrase(suggestion, name, names, count);
    }
    arena_release(&arena);
    return error_set(err, ERROR_CONFIG, 0,
                     "org '%s' has no object '%.*s', or its user may not see "
                     "it%s [unknown-object]",
                     session->org->name, SLICE_ARGS(name), suggestion);
}

/* The org takes any case, mappings are exact. */
static bool
check_spelling(struct session *session, struct slice name,
               const struct schema *schema, struct error *err)
{
    return schema_object(schema, name) != NULL ||
           unknown_object(session, name, err);
}

bool
describe_object(struct session *session, struct slice name,
                struct schema *schema, struct error *err)
{
    if (!is_object_name(name)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "'%.*s' is no object's name [unknown-object]",
                         SLICE_ARGS(name));
    }
    struct http_request request = {0};
    struct http_answer answer = {0};
    session_set_url(session, &request, "/sobjects/%.*s/describe",
                    SLICE_ARGS(name));
    bool done = get(session, &request, &answer, err);
    http_request_release(&request);
    if (!done && answer.status == 404) {
        error_clear(err);
        return unknown_object(session, name, err);
    }
    if (!done || !describe_parse(answer.body, schema, err)) {
        return false;
    }
    if (schema_object(schema, name) != NULL) {
        save(session->org->name, name, answer.body);
    }
    return check_spelling(session, name, schema, err);
}
