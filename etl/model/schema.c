/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

/* As describe spells them. */
static const char *const type_names[] = {
    [FIELD_STRING] = "string",
    [FIELD_TEXTAREA] = "textarea",
    [FIELD_PICKLIST] = "picklist",
    [FIELD_MULTIPICKLIST] = "multipicklist",
    [FIELD_COMBOBOX] = "combobox",
    [FIELD_BOOLEAN] = "boolean",
    [FIELD_INT] = "int",
    [FIELD_LONG] = "long",
    [FIELD_DOUBLE] = "double",
    [FIELD_CURRENCY] = "currency",
    [FIELD_PERCENT] = "percent",
    [FIELD_DATE] = "date",
    [FIELD_DATETIME] = "datetime",
    [FIELD_TIME] = "time",
    [FIELD_EMAIL] = "email",
    [FIELD_PHONE] = "phone",
    [FIELD_URL] = "url",
    [FIELD_ENCRYPTED] = "encryptedstring",
    [FIELD_REFERENCE] = "reference",
    [FIELD_ID] = "id",
    [FIELD_BASE64] = "base64",
    [FIELD_ADDRESS] = "address",
    [FIELD_LOCATION] = "location",
    [FIELD_OTHER] = "other",
};

void
schema_release(struct schema *schema)
{
    map_release(&schema->objects);
    arena_release(&schema->arena);
}

static const char *
copy_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strdup(arena, slice_of(text));
}

static const char *const *
copy_texts(struct arena *arena, const char *const *texts, size_t count)
{
    const char **copies = arena_array(arena, count, sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i] = copy_text(arena, texts[i]);
    }
    return copies;
}

static void
copy_field(struct arena *arena, struct schema_field *to,
           const struct schema_field *from)
{
    *to = *from;
    to->name = copy_text(arena, from->name);
    to->label = copy_text(arena, from->label);
    to->relationship = copy_text(arena, from->relationship);
    to->picklist = copy_texts(arena, from->picklist, from->picklist_count);
    to->reference_to =
        copy_texts(arena, from->reference_to, from->reference_count);
}

void
schema_add(struct schema *schema, const struct schema_object *object)
{
    struct arena *arena = &schema->arena;
    struct schema_object *copy = arena_array(arena, 1, sizeof *copy);
    struct schema_field *fields =
        arena_array(arena, object->field_count, sizeof *fields);
    *copy = *object;
    copy->name = copy_text(arena, object->name);
    copy->label = copy_text(arena, object->label);
    copy->key_prefix = copy_text(arena, object->key_prefix);
    copy->fields = fields;
    for (size_t i = 0; i < object->field_count; i++) {
        copy_field(arena, &fields[i], &object->fields[i]);
    }
    map_put(&schema->objects, slice_of(copy->name), copy);
}

const struct schema_object *
schema_object(const struct schema *schema, struct slice name)
{
    return map_get(&schema->objects, name);
}

const struct schema_field *
schema_object_field(const struct schema_object *object, struct slice name)
{
    for (size_t i = 0; i < object->field_count; i++) {
        if (slice_is(name, object->fields[i].name)) {
            return &object->fields[i];
        }
    }
    return NULL;
}

const struct schema_field *
schema_object_relationship(const struct schema_object *object,
                           struct slice name)
{
    for (size_t i = 0; i < object->field_count; i++) {
        const char *relationship = object->fields[i].relationship;
        if (relationship != NULL && slice_is(name, relationship)) {
            return &object->fields[i];
        }
    }
    return NULL;
}

enum field_type
schema_type_of(struct slice name)
{
    for (size_t i = 0; i < FIELD_OTHER; i++) {
        if (slice_is(name, type_names[i])) {
            return (enum field_type)i;
        }
    }
    return FIELD_OTHER;
}

const char *
schema_type_name(enum field_type type)
{
    return type_names[type];
}

bool
schema_type_is_number(enum field_type type)
{
    return type == FIELD_INT || type == FIELD_LONG || type == FIELD_DOUBLE ||
           type == FIELD_CURRENCY || type == FIELD_PERCENT;
}
