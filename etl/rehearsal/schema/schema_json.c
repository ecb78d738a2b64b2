/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_json.h"

#include <jansson.h>
#include <limits.h>

static const struct {
    const char *name;
    unsigned flag;
} flags[] = {
    {"createable", FIELD_CREATEABLE},
    {"updateable", FIELD_UPDATEABLE},
    {"nillable", FIELD_NILLABLE},
    {"externalId", FIELD_EXTERNAL_ID},
    {"idLookup", FIELD_ID_LOOKUP},
    {"unique", FIELD_UNIQUE},
    {"caseSensitive", FIELD_CASE_SENSITIVE},
    {"defaultedOnCreate", FIELD_DEFAULTED},
    {"calculated", FIELD_CALCULATED},
    {"autoNumber", FIELD_AUTO_NUMBER},
    {"nameField", FIELD_NAME},
    {"restrictedPicklist", FIELD_RESTRICTED},
    {"cascadeDelete", FIELD_CASCADE},
    {"polymorphicForeignKey", FIELD_POLYMORPHIC},
    {"htmlFormatted", FIELD_HTML},
};

/* A text member in the schema's arena; NULL when it is none, or empty. */
static const char *
text_of(struct schema *schema, const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text && *text ? arena_strdup(&schema->arena, slice_of(text)) : NULL;
}

static int
number_of(const json_t *object, const char *member)
{
    json_int_t number = json_integer_value(json_object_get(object, member));
    return number > 0 && number <= INT_MAX ? (int)number : 0;
}

static bool
is_true(const json_t *object, const char *member)
{
    return json_is_true(json_object_get(object, member));
}

static const char **
read_targets(struct schema *schema, const json_t *list, size_t *count)
{
    const char **targets =
        arena_array(&schema->arena, json_array_size(list) + 1, sizeof *targets);
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(item);
        if (text)
            targets[(*count)++] = arena_strdup(&schema->arena, slice_of(text));
    }
    return targets;
}

static void
read_picklist(struct schema *schema, struct schema_field *field,
              const json_t *list)
{
    field->picklist = arena_array(&schema->arena, json_array_size(list) + 1,
                                  sizeof *field->picklist);
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *value = text_of(schema, item, "value");
        if (!value || json_is_false(json_object_get(item, "active")))
            continue;
        field->picklist[field->picklist_count++] = value;
        if (is_true(item, "defaultValue"))
            field->default_value = value;
    }
}

static bool
read_field(struct schema *schema, struct schema_object *object,
           const json_t *json)
{
    struct schema_field field = {.name = text_of(schema, json, "name"),
                                 .label = text_of(schema, json, "label")};
    const char *type = json_string_value(json_object_get(json, "type"));
    if (!field.name || !type || !org_schema_is_name(slice_of(field.name)))
        return false;
    if (!field.label)
        field.label = field.name;
    /* A type that came later than this list holds text at least. */
    if (!org_schema_type_of(slice_of(type), &field.type))
        field.type = FIELD_ANY;
    field.length = number_of(json, "length");
    field.precision = number_of(json, "precision");
    field.scale = number_of(json, "scale");
    field.digits = number_of(json, "digits");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (is_true(json, flags[i].name))
            field.flags |= flags[i].flag;
    if (json_is_integer(json_object_get(json, "relationshipOrder")))
        field.flags |= FIELD_MASTER;
    field.relationship = text_of(schema, json, "relationshipName");
    field.compound = text_of(schema, json, "compoundFieldName");
    field.targets = read_targets(schema, json_object_get(json, "referenceTo"),
                                 &field.target_count);
    read_picklist(schema, &field, json_object_get(json, "picklistValues"));
    if (field.type == FIELD_BOOLEAN)
        field.default_value = is_true(json, "defaultValue") ? "true" : "false";
    if (field.scale > field.precision)
        field.scale = field.precision;
    org_schema_put_field(schema, object, &field);
    return true;
}

static void
read_record_types(struct schema *schema, struct schema_object *object,
                  const json_t *list)
{
    object->record_types =
        arena_array(&schema->arena, json_array_size(list) + 1,
                    sizeof *object->record_types);
    object->record_type_count = 0;
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct schema_record_type type = {
            .name = text_of(schema, item, "name"),
            .developer_name = text_of(schema, item, "developerName"),
            .is_default = is_true(item, "defaultRecordTypeMapping")};
        if (type.name && type.developer_name && !is_true(item, "master"))
            object->record_types[object->record_type_count++] = type;
    }
}

static void
read_head(struct schema *schema, struct schema_object *object,
          const json_t *json)
{
    static const struct {
        const char *name;
        unsigned flag;
    } members[] = {
        {"custom", OBJECT_CUSTOM},           {"createable", OBJECT_CREATEABLE},
        {"updateable", OBJECT_UPDATEABLE},   {"deletable", OBJECT_DELETABLE},
        {"undeletable", OBJECT_UNDELETABLE},
    };
    const char *label = text_of(schema, json, "label");
    const char *plural = text_of(schema, json, "labelPlural");
    const char *prefix = text_of(schema, json, "keyPrefix");
    object->label = label ? label : object->name;
    object->plural = plural ? plural : object->label;
    if (prefix && strlen(prefix) == 3)
        org_schema_set_prefix(schema, object, prefix);
    object->flags &= OBJECT_PERSON | OBJECT_NO_BULK;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (is_true(json, members[i].name))
            object->flags |= members[i].flag;
}

static bool
read_object(struct schema *schema, const json_t *json, const char *name,
            struct error *err)
{
    const char *api_name = text_of(schema, json, "name");
    const json_t *fields = json_object_get(json, "fields");
    const json_t *first = json_array_get(fields, 0);
    const char *id = json_string_value(json_object_get(first, "name"));
    if (!api_name || !org_schema_is_name(slice_of(api_name)) || !id ||
        strcmp(id, "Id") != 0)
        return error_set(err, ERROR_CONFIG, 0,
                         "%s: not the describe of an object: 'name', and "
                         "'fields' that begin with Id, are expected",
                         name);
    struct schema_object *object = org_schema_put_object(schema, api_name);
    org_schema_clear_fields(object);
    read_head(schema, object, json);
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field)
    {
        if (!read_field(schema, object, field))
            return error_set(err, ERROR_CONFIG, 0,
                             "%s: field %zu has no name or no type", name, i);
    }
    read_record_types(schema, object, json_object_get(json, "recordTypeInfos"));
    return true;
}

bool
schema_json_add(struct schema *schema, struct slice bytes, const char *name,
                struct error *err)
{
    json_error_t why;
    json_t *json =
        json_loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &why);
    if (!json)
        return error_set(err, ERROR_CONFIG, 0, "%s:%d:%d: %s", name, why.line,
                         why.column, why.text);
    bool worked = read_object(schema, json, name, err);
    json_decref(json);
    return worked;
}
