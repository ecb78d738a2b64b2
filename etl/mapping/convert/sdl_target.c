/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/sdl_target.h"

/* A target taken apart; ptr NULL: not there. */
struct parts {
    struct slice relationship, type, field;
};

static bool
cut(struct slice text, char sign, struct slice *before, struct slice *after)
{
    const char *at = text.len > 0 ? memchr(text.ptr, sign, text.len) : NULL;
    if (at == NULL) {
        return false;
    }
    size_t len = (size_t)(at - text.ptr);
    *before = slice_trim((struct slice){text.ptr, len});
    *after = slice_trim((struct slice){at + 1, text.len - len - 1});
    return true;
}

static bool
take_apart(struct slice text, struct parts *parts)
{
    struct slice rest;
    *parts = (struct parts){.field = text};
    if (!cut(text, ':', &parts->relationship, &rest)) {
        return true;
    }
    parts->field = rest;
    (void)cut(rest, '-', &parts->type, &parts->field);
    bool has_type = parts->type.ptr != NULL;
    return parts->relationship.len > 0 && parts->field.len > 0 &&
           (!has_type || parts->type.len > 0) &&
           memchr(parts->field.ptr, ':', parts->field.len) == NULL;
}

static const struct schema_field *
find_field(const struct schema_object *object, struct slice name)
{
    for (size_t i = 0; object != NULL && i < object->field_count; i++) {
        if (slice_is_nocase(name, object->fields[i].name)) {
            return &object->fields[i];
        }
    }
    return NULL;
}

static const struct schema_field *
find_lookup(const struct schema_object *object, struct slice relationship)
{
    for (size_t i = 0; object != NULL && i < object->field_count; i++) {
        const char *name = object->fields[i].relationship;
        if (name != NULL && slice_is_nocase(relationship, name)) {
            return &object->fields[i];
        }
    }
    return NULL;
}

/* As the org spells the object that a lookup leads to; else as written. */
static struct slice
parent_name(const struct schema_field *lookup, struct slice type)
{
    for (size_t i = 0; type.ptr != NULL && i < lookup->reference_count; i++) {
        if (slice_is_nocase(type, lookup->reference_to[i])) {
            return slice_of(lookup->reference_to[i]);
        }
    }
    bool is_only = type.ptr == NULL && lookup->reference_count == 1;
    return is_only ? slice_of(lookup->reference_to[0]) : type;
}

static void
take_relationship(const struct sdl_context *context,
                  const struct schema_object *object, const struct parts *parts,
                  struct arena *arena, struct sdl_field *field)
{
    const struct schema_field *lookup =
        find_lookup(object, parts->relationship);
    struct slice relationship = parts->relationship, type = parts->type;
    struct slice name = parts->field;
    field->field = NULL;
    if (lookup != NULL) {
        struct slice parent = parent_name(lookup, type);
        field->field =
            parent.ptr == NULL
                ? NULL
                : find_field(schema_object(context->schema, parent), name);
        relationship = slice_of(lookup->relationship);
        /* Where there is one object only, a mapping does not name it. */
        type = lookup->reference_count > 1 ? parent : (struct slice){NULL, 0};
        name = field->field != NULL ? slice_of(field->field->name) : name;
    }
    field->target = arena_printf(arena, "%.*s%s%.*s.%.*s", SLICE_ARGS(type),
                                 type.len > 0 ? ":" : "",
                                 SLICE_ARGS(relationship), SLICE_ARGS(name));
}

bool
sdl_target_take(const struct sdl_context *context, struct slice text,
                struct arena *arena, struct sdl_field *field)
{
    struct parts parts;
    const struct schema_object *object =
        context->schema == NULL || context->object == NULL
            ? NULL
            : schema_object(context->schema, slice_of(context->object));
    if (!take_apart(text, &parts)) {
        return false;
    }
    if (parts.relationship.ptr != NULL) {
        take_relationship(context, object, &parts, arena, field);
        return true;
    }
    field->field = find_field(object, text);
    field->target = field->field != NULL ? slice_of(field->field->name) : text;
    return true;
}

struct slice
sdl_target_parent(const struct schema_object *object, struct slice target)
{
    struct slice none = {NULL, 0}, type = none, rest, path, name;
    if (!cut(target, '.', &path, &name)) {
        return none;
    }
    if (cut(path, ':', &type, &rest)) {
        path = rest;
    }
    const struct schema_field *lookup = find_lookup(object, path);
    return lookup == NULL ? none : parent_name(lookup, type);
}
