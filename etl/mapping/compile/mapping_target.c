/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_target.h"

#include "base/mem.h"
#include "base/suggest.h"

#include <stdio.h>
#include <stdlib.h>

#define LIST_SHOWN 300 /* bytes of a list in a message */

/* A target as written, taken apart; ptr NULL: not there. */
struct parts {
    struct slice type, relationship, field;
};

struct search {
    const struct schema *schema;
    const struct schema_object *object;
    const struct field_rule *rule;
    struct problems *problems;
    struct parts parts;
};

static struct parts
take_apart(struct slice target)
{
    struct parts parts = {.field = target};
    const char *dot = memchr(target.ptr, '.', target.len);
    if (dot == NULL) {
        return parts;
    }
    size_t len = (size_t)(dot - target.ptr);
    parts.relationship = (struct slice){target.ptr, len};
    parts.field = (struct slice){dot + 1, target.len - len - 1};
    const char *colon = memchr(target.ptr, ':', len);
    if (colon != NULL) {
        parts.type = (struct slice){target.ptr, (size_t)(colon - target.ptr)};
        parts.relationship =
            (struct slice){colon + 1, (size_t)(dot - colon) - 1};
    }
    return parts;
}

static bool
refuse(const struct search *search, const char *code, const char *help,
       struct slice name, const char *what)
{
    problem_add(search->problems, search->rule->place.line,
                search->rule->place.column, code, help, "'%.*s' %s",
                (int)(name.len < 80 ? name.len : 80), name.ptr, what);
    return false;
}

/* Of fields, or of their relationships, the one that was meant. */
static const char *
nearest_name(const struct schema_object *object, struct slice name,
             bool relationships)
{
    const char **names = mem_array(object->field_count + 1, sizeof(char *));
    for (size_t i = 0; i < object->field_count; i++) {
        names[i] = relationships ? object->fields[i].relationship
                                 : object->fields[i].name;
    }
    const char *nearest = suggest_nearest(name, names, object->field_count);
    free(names);
    return nearest;
}

static bool
refuse_near(const struct search *search, const struct schema_object *object,
            struct slice name, const char *near, bool is_relationship)
{
    char help[200], what[200];
    bool wrong_case = near != NULL && slice_is_nocase(name, near);
    snprintf(help, sizeof help,
             "look at its API name in the org's Object Manager, and at the "
             "user's permissions");
    if (near != NULL) {
        snprintf(help, sizeof help,
                 wrong_case ? "it is spelled '%.120s'"
                            : "did you mean '%.120s'?",
                 near);
    }
    snprintf(what, sizeof what, "is no %s of '%.100s'",
             is_relationship ? "relationship" : "field", object->name);
    return refuse(search,
                  wrong_case        ? "wrong-case"
                  : is_relationship ? "unknown-relationship"
                                    : "unknown-field",
                  help, name, what);
}

/* "'A', 'B'" of the objects a lookup leads to. */
static struct slice
list_objects(const struct search *search, const struct schema_field *lookup)
{
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < lookup->reference_count; i++) {
        list = arena_printf(&search->problems->arena, "%.*s%s'%s'",
                            SLICE_ARGS(list), i > 0 ? ", " : "",
                            lookup->reference_to[i]);
    }
    list.len = list.len < LIST_SHOWN ? list.len : LIST_SHOWN;
    return list;
}

static bool
refuse_direct(const struct search *search)
{
    const struct parts *parts = &search->parts;
    const struct schema_field *lookup =
        schema_object_relationship(search->object, parts->field);
    if (lookup == NULL) {
        return refuse_near(search, search->object, parts->field,
                           nearest_name(search->object, parts->field, false),
                           false);
    }
    char help[300];
    snprintf(help, sizeof help,
             "write '%.80s' for an Id, or '%s.KEY' with a key of the parent",
             lookup->name, lookup->relationship);
    return refuse(search, "unknown-field", help, parts->field,
                  "is a relationship, not a field");
}

/* By the name of the lookup field instead of its relationship's. */
static bool
refuse_relationship(const struct search *search)
{
    struct slice name = search->parts.relationship;
    const struct schema_field *lookup =
        schema_object_field(search->object, name);
    const char *near = lookup != NULL && lookup->relationship != NULL
                           ? lookup->relationship
                           : nearest_name(search->object, name, true);
    return refuse_near(search, search->object, name, near, true);
}

static bool
is_type_right(const struct search *search, const struct schema_field *lookup)
{
    struct slice type = search->parts.type;
    struct slice list = list_objects(search, lookup);
    char help[LIST_SHOWN + 100];
    if (lookup->reference_count == 1 && type.ptr != NULL) {
        snprintf(help, sizeof help, "write '%s.%.*s'", lookup->relationship,
                 (int)(search->parts.field.len % 200), search->parts.field.ptr);
        return refuse(search, "not-polymorphic", help,
                      search->parts.relationship,
                      "leads to one object only and takes no 'Type:'");
    }
    if (lookup->reference_count > 1 && type.ptr == NULL) {
        snprintf(help, sizeof help, "write 'TYPE:%s.%.*s' with one of %.*s",
                 lookup->relationship, (int)(search->parts.field.len % 200),
                 search->parts.field.ptr, SLICE_ARGS(list));
        return refuse(search, "polymorphic", help, search->parts.relationship,
                      "may lead to several objects");
    }
    for (size_t i = 0; i < lookup->reference_count; i++) {
        if (type.ptr == NULL || slice_is(type, lookup->reference_to[i])) {
            return true;
        }
    }
    snprintf(help, sizeof help, "it leads to %.*s", SLICE_ARGS(list));
    return refuse(search, "unknown-object", help,
                  type.ptr != NULL ? type : search->parts.relationship,
                  "is not where this relationship leads");
}

static bool
refuse_key(const struct search *search, const struct schema_object *parent)
{
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < parent->field_count; i++) {
        const struct schema_field *field = &parent->fields[i];
        if (field->external_id || field->id_lookup) {
            list = arena_printf(&search->problems->arena, "%.*s%s'%s'",
                                SLICE_ARGS(list), list.len > 0 ? ", " : "",
                                field->name);
        }
    }
    char help[LIST_SHOWN + 60], what[160];
    snprintf(help, sizeof help, "the keys of '%.40s' are %.*s", parent->name,
             (int)(list.len < LIST_SHOWN - 60 ? list.len : LIST_SHOWN - 60),
             list.len > 0 ? list.ptr : "none");
    snprintf(what, sizeof what,
             "is neither an external id nor an idLookup field of '%.80s'",
             parent->name);
    return refuse(search, "not-external-id", help, search->parts.field, what);
}

static bool
find_by_parent(const struct search *search, struct mapping_target *target)
{
    const struct parts *parts = &search->parts;
    const struct schema_field *lookup =
        schema_object_relationship(search->object, parts->relationship);
    target->written = lookup;
    if (lookup == NULL) {
        return refuse_relationship(search);
    }
    if (!is_type_right(search, lookup)) {
        return false;
    }
    if (memchr(parts->field.ptr, '.', parts->field.len) != NULL) {
        return refuse(search, "unknown-field",
                      "a lookup goes one step up, to a key of the parent",
                      search->rule->target, "goes more than one step");
    }
    struct slice name =
        mapping_target_parent(search->object, search->rule->target);
    const struct schema_object *parent = schema_object(search->schema, name);
    if (parent == NULL) {
        return refuse(search, "unknown-object",
                      "the user may lack permission to see it", name,
                      "was not described by the org");
    }
    target->value = schema_object_field(parent, parts->field);
    if (target->value == NULL) {
        return refuse_near(search, parent, parts->field,
                           nearest_name(parent, parts->field, false), false);
    }
    return target->value->external_id || target->value->id_lookup ||
           refuse_key(search, parent);
}

bool
mapping_target_find(const struct schema *schema,
                    const struct schema_object *object,
                    const struct field_rule *rule, struct problems *problems,
                    struct mapping_target *target)
{
    struct search search = {schema, object, rule, problems,
                            take_apart(rule->target)};
    if (search.parts.relationship.ptr != NULL) {
        return find_by_parent(&search, target);
    }
    target->written = schema_object_field(object, rule->target);
    target->value = target->written;
    return target->value != NULL || refuse_direct(&search);
}

struct slice
mapping_target_parent(const struct schema_object *object, struct slice target)
{
    struct parts parts = take_apart(target);
    const struct schema_field *lookup =
        parts.relationship.ptr == NULL
            ? NULL
            : schema_object_relationship(object, parts.relationship);
    if (lookup == NULL || lookup->reference_count == 0) {
        return (struct slice){NULL, 0};
    }
    if (parts.type.ptr == NULL) {
        return lookup->reference_count == 1 ? slice_of(lookup->reference_to[0])
                                            : (struct slice){NULL, 0};
    }
    for (size_t i = 0; i < lookup->reference_count; i++) {
        if (slice_is(parts.type, lookup->reference_to[i])) {
            return slice_of(lookup->reference_to[i]);
        }
    }
    return (struct slice){NULL, 0};
}

void
mapping_target_bind(const struct mapping_target *target,
                    const struct schema_object *object,
                    const struct field_rule *rule, struct arena *arena,
                    struct load_column *column)
{
    const struct schema_field *value = target->value;
    struct slice parent = mapping_target_parent(object, rule->target);
    column->type = value->type;
    column->case_sensitive = value->case_sensitive;
    column->is_unique = value == target->written && value->unique;
    column->rounds = schema_type_is_number(value->type);
    column->scale = value->scale;
    if (parent.ptr != NULL) {
        column->parent = arena_strdup(arena, parent);
        column->lookup = arena_strdup(arena, slice_of(target->written->name));
    }
}
