/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/org_schema.h"

#include "base/mem.h"
#include "rehearsal/schema/schema_standard.h"

#include <stdlib.h>

/* API names have 40 characters, 15 of a namespace and suffixes more; longer
 * ones can't be known. */
#define NAME_LIMIT 128

static const char *const type_names[FIELD_TYPE_COUNT] = {
    [FIELD_ID] = "id",
    [FIELD_STRING] = "string",
    [FIELD_TEXTAREA] = "textarea",
    [FIELD_ENCRYPTED] = "encryptedstring",
    [FIELD_PICKLIST] = "picklist",
    [FIELD_MULTIPICKLIST] = "multipicklist",
    [FIELD_COMBOBOX] = "combobox",
    [FIELD_EMAIL] = "email",
    [FIELD_PHONE] = "phone",
    [FIELD_URL] = "url",
    [FIELD_BOOLEAN] = "boolean",
    [FIELD_INT] = "int",
    [FIELD_LONG] = "long",
    [FIELD_DOUBLE] = "double",
    [FIELD_CURRENCY] = "currency",
    [FIELD_PERCENT] = "percent",
    [FIELD_DATE] = "date",
    [FIELD_DATETIME] = "datetime",
    [FIELD_TIME] = "time",
    [FIELD_REFERENCE] = "reference",
    [FIELD_BASE64] = "base64",
    [FIELD_ADDRESS] = "address",
    [FIELD_LOCATION] = "location",
    [FIELD_ANY] = "anyType",
};

const char *
org_schema_type_name(enum field_type type)
{
    return type_names[type];
}

bool
org_schema_type_of(struct slice name, enum field_type *type)
{
    for (int i = 0; i < FIELD_TYPE_COUNT; i++)
        if (slice_is(name, type_names[i])) {
            *type = (enum field_type)i;
            return true;
        }
    return false;
}

bool
org_schema_type_is_text(enum field_type type)
{
    return (type >= FIELD_STRING && type <= FIELD_URL) || type == FIELD_BASE64;
}

bool
org_schema_type_is_decimal(enum field_type type)
{
    return type >= FIELD_DOUBLE && type <= FIELD_PERCENT;
}

bool
org_schema_is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], small = (char)(c | 0x20);
        bool letter = small >= 'a' && small <= 'z';
        if (!letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
            return false;
    }
    return name.len > 0 && name.len < NAME_LIMIT;
}

bool
org_schema_field_is_required(const struct schema_field *field)
{
    return (field->flags & FIELD_CREATEABLE) &&
           !(field->flags & (FIELD_NILLABLE | FIELD_DEFAULTED)) &&
           field->type != FIELD_BOOLEAN && !field->default_value;
}

/* Lookups but those to users and record types, which nearly every record
 * shares, so that an index of them finds nothing faster. */
static bool
is_indexed_lookup(const struct schema_field *field)
{
    if (field->type != FIELD_REFERENCE || field->target_count == 0)
        return false;
    const char *last = field->targets[field->target_count - 1];
    return strcmp(last, "User") != 0 && strcmp(last, "RecordType") != 0;
}

bool
org_schema_field_is_key(const struct schema_field *field)
{
    unsigned keys = FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP | FIELD_UNIQUE;
    if (field->type == FIELD_ID)
        return false;
    return (field->flags & keys) || is_indexed_lookup(field);
}

static bool
lower(struct slice name, char text[NAME_LIMIT])
{
    if (name.len >= NAME_LIMIT)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        text[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return true;
}

static void *
get_nocase(const struct map *map, struct slice name)
{
    char text[NAME_LIMIT];
    if (!name.ptr || !lower(name, text))
        return NULL;
    return map_get(map, (struct slice){text, name.len});
}

static void
put_nocase(struct schema *schema, struct map *map, const char *name,
           void *value)
{
    char text[NAME_LIMIT];
    struct slice key = slice_of(name);
    if (lower(key, text))
        map_put(map, arena_copy(&schema->arena, (struct slice){text, key.len}),
                value);
}

const struct schema_object *
org_schema_object(const struct schema *schema, struct slice name)
{
    return get_nocase(&schema->by_name, name);
}

const struct schema_object *
org_schema_object_of_id(const struct schema *schema, struct slice id)
{
    if (id.len < 3)
        return NULL;
    return map_get(&schema->by_prefix, (struct slice){id.ptr, 3});
}

const struct schema_field *
org_schema_field(const struct schema_object *object, struct slice name)
{
    return get_nocase(&object->by_name, name);
}

const struct schema_field *
org_schema_relationship(const struct schema_object *object, struct slice name)
{
    return get_nocase(&object->by_relationship, name);
}

bool
org_schema_field_targets(const struct schema_field *field,
                         const struct schema_object *object)
{
    for (size_t i = 0; i < field->target_count; i++)
        if (slice_is_nocase(slice_of(field->targets[i]), object->name))
            return true;
    return false;
}

static int
compare_names(const void *a, const void *b)
{
    const struct schema_object *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void
sort_objects(struct schema *schema)
{
    qsort(schema->objects, schema->object_count, sizeof schema->objects[0],
          compare_names);
    for (size_t i = 0; i < schema->object_count; i++)
        schema->objects[i]->index = i;
}

struct schema_object *
org_schema_put_object(struct schema *schema, const char *name)
{
    struct schema_object *object = get_nocase(&schema->by_name, slice_of(name));
    if (object)
        return object;
    object = arena_array(&schema->arena, 1, sizeof *object);
    object->name = object->label = object->plural = name;
    if (schema->object_count == schema->object_capacity) {
        schema->object_capacity += 64;
        schema->objects =
            mem_realloc_array(schema->objects, schema->object_capacity,
                              sizeof(struct schema_object *));
    }
    schema->objects[schema->object_count++] = object;
    put_nocase(schema, &schema->by_name, name, object);
    sort_objects(schema);
    return object;
}

struct schema_field *
org_schema_put_field(struct schema *schema, struct schema_object *object,
                     const struct schema_field *field)
{
    struct schema_field *kept =
        get_nocase(&object->by_name, slice_of(field->name));
    size_t index = kept ? kept->index : object->field_count;
    if (!kept) {
        kept = arena_array(&schema->arena, 1, sizeof *kept);
        if (object->field_count == object->field_capacity) {
            object->field_capacity += 64;
            object->fields =
                mem_realloc_array(object->fields, object->field_capacity,
                                  sizeof(struct schema_field *));
        }
        object->fields[object->field_count++] = kept;
        put_nocase(schema, &object->by_name, field->name, kept);
    }
    *kept = *field;
    kept->index = index;
    if (kept->relationship)
        put_nocase(schema, &object->by_relationship, kept->relationship, kept);
    if (kept->flags & FIELD_NAME)
        object->name_field = kept;
    return kept;
}

void
org_schema_clear_fields(struct schema_object *object)
{
    object->field_count = 0;
    object->name_field = NULL;
    map_release(&object->by_name);
    map_release(&object->by_relationship);
}

void
org_schema_set_prefix(struct schema *schema, struct schema_object *object,
                      const char prefix[3])
{
    memcpy(object->prefix, prefix, 3);
    object->prefix[3] = '\0';
    map_put(&schema->by_prefix, (struct slice){object->prefix, 3}, object);
}

struct schema *
org_schema_new(void)
{
    struct schema *schema = mem_zalloc(sizeof *schema);
    schema_standard_add(schema);
    return schema;
}

void
org_schema_free(struct schema *schema)
{
    if (!schema)
        return;
    for (size_t i = 0; i < schema->object_count; i++) {
        struct schema_object *object = schema->objects[i];
        free(object->fields);
        map_release(&object->by_name);
        map_release(&object->by_relationship);
    }
    free(schema->objects);
    map_release(&schema->by_name);
    map_release(&schema->by_prefix);
    arena_release(&schema->arena);
    free(schema);
}
