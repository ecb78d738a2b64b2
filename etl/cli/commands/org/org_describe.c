/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands/org/org_describe.h"

#include "base/file.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "salesforce/api_limits.h"

#include <inttypes.h>
#include <stdio.h>

#define FALLBACK_WIDTH 80

/* "required unique external-id …", for people and JSON alike. */
static void
append_traits(const struct schema_field *field, struct buffer *text)
{
    const struct {
        bool there;
        const char *name;
    } traits[] = {
        {field->createable && !field->nillable && !field->defaulted_on_create,
         "required"},
        {field->external_id, "external-id"},
        {field->id_lookup, "id-lookup"},
        {field->unique, "unique"},
        {field->case_sensitive, "case-sensitive"},
        {field->restricted_picklist, "restricted"},
        {field->calculated, "calculated"},
        {!field->createable && !field->updateable, "read-only"},
        {field->createable && !field->updateable, "create-only"},
    };
    for (size_t i = 0; i < sizeof traits / sizeof traits[0]; i++) {
        if (traits[i].there) {
            buffer_printf(text, "%s%s", text->len > 0 ? " " : "",
                          traits[i].name);
        }
    }
}

static void
append_reference(const struct schema_field *field, struct buffer *text)
{
    for (size_t i = 0; i < field->reference_count; i++) {
        buffer_printf(text, "%s%s", i > 0 ? " " : "", field->reference_to[i]);
    }
}

static void
put_size(struct grid *grid, const struct schema_field *field)
{
    if (field->precision > 0) {
        grid_printf(grid, "%d,%d", field->precision, field->scale);
    } else if (field->digits > 0) {
        grid_printf(grid, "%d", field->digits);
    } else if (field->length > 0) {
        grid_printf(grid, "%" PRIu32, field->length);
    } else {
        grid_put(grid, slice_of(""));
    }
}

static json_t *
field_json(const struct schema_field *field, const char *traits)
{
    json_t *values = json_array();
    for (size_t i = 0; i < field->picklist_count; i++) {
        json_array_append_new(values,
                              talk_json_text(slice_of(field->picklist[i])));
    }
    json_t *parents = json_array();
    for (size_t i = 0; i < field->reference_count; i++) {
        json_array_append_new(parents, json_string(field->reference_to[i]));
    }
    return json_pack(
        "{s:s,s:o,s:s,s:i,s:i,s:i,s:s?,s:o,s:o,s:s}", "name", field->name,
        "label", talk_json_text(slice_of(field->label)), "type",
        schema_type_name(field->type), "length", (int)field->length,
        "precision", field->precision, "scale", field->scale, "relationship",
        field->relationship, "reference_to", parents, "values", values,
        "traits", traits);
}

void
org_describe_show(const struct schema_object *object, json_t *json)
{
    static const struct grid_column columns[] = {
        {"field", false, 0}, {"type", false, 0},         {"size", true, 0},
        {"what", false, 40}, {"relationship", false, 0}, {"to", false, 30}};
    struct grid grid;
    json_t *list = json_array();
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < object->field_count; i++) {
        const struct schema_field *field = &object->fields[i];
        struct buffer traits = {0}, parents = {0};
        append_traits(field, &traits);
        append_reference(field, &parents);
        grid_put(&grid, slice_of(field->name));
        grid_put(&grid, slice_of(schema_type_name(field->type)));
        put_size(&grid, field);
        grid_put(&grid, buffer_slice(&traits));
        grid_put(&grid, slice_of(field->relationship));
        grid_put(&grid, buffer_slice(&parents));
        json_array_append_new(list, field_json(field, buffer_text(&traits)));
        buffer_release(&traits);
        buffer_release(&parents);
    }
    if (json != NULL) {
        json_object_set_new(json, "object", json_string(object->name));
        json_object_set(json, "fields", list);
    } else {
        grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    }
    json_decref(list);
    grid_close(&grid);
}

bool
org_describe_save(struct session *session, const char *name, const char *path,
                  struct error *err)
{
    struct http_request request = {.method = "GET",
                                   .answer_limit = API_DESCRIBE_ANSWER_BYTES,
                                   .repeat = HTTP_REPEAT_SAFE,
                                   .needs_session = true,
                                   .name = "describe"};
    struct http_answer answer = {0};
    session_set_url(session, &request, "/sobjects/%s/describe",
                    http_request_escape(&request, slice_of(name)));
    bool done = session_call(session, &request, &answer, err) &&
                file_replace(path, answer.body, err);
    http_request_release(&request);
    return done;
}
