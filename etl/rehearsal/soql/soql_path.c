/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql_path.h"

static const char help[] =
    "Please reference your WSDL or the describe call for the appropriate "
    "names.";

static struct slice
cut_step(struct slice *name)
{
    const char *dot = memchr(name->ptr, '.', name->len);
    size_t len = dot ? (size_t)(dot - name->ptr) : name->len;
    struct slice step = {name->ptr, len};
    size_t passed = dot ? len + 1 : len;
    *name = (struct slice){name->ptr + passed, name->len - passed};
    return step;
}

/* The parents that a step may lead to; the first with this name wins. */
static const struct schema_object *
parent_with(const struct schema *schema, const struct schema_field *reference,
            struct slice rest)
{
    struct slice name = cut_step(&rest);
    const struct schema_object *first = NULL;
    for (size_t i = 0; i < reference->target_count; i++) {
        const struct schema_object *target =
            org_schema_object(schema, slice_of(reference->targets[i]));
        if (!target)
            continue;
        if (rest.len ? (const void *)org_schema_relationship(target, name)
                     : (const void *)org_schema_field(target, name))
            return target;
        if (!first)
            first = target;
    }
    return first;
}

static bool
no_relationship(struct slice step, struct arena *arena, struct slice *why)
{
    *why = arena_printf(arena,
                        "Didn't understand relationship '%.*s' in field path. "
                        "If you are attempting to use a custom relationship, "
                        "be sure to append the '__r' after the custom "
                        "relationship name. %s",
                        SLICE_ARGS(step), help);
    return false;
}

bool
soql_path_resolve(const struct schema *schema,
                  const struct schema_object *object, struct slice name,
                  struct arena *arena, struct soql_path *path,
                  struct slice *why)
{
    struct slice rest = name, spelled = {0};
    memset(path, 0, sizeof *path);
    if (memchr(name.ptr, '.', name.len)) {
        struct slice own = cut_step(&rest);
        if (!slice_is_nocase(own, object->name) ||
            org_schema_relationship(object, own))
            rest = name;
    }
    while (rest.len && memchr(rest.ptr, '.', rest.len)) {
        struct slice step = cut_step(&rest);
        const struct schema_field *reference =
            org_schema_relationship(object, step);
        if (!reference || path->step_count == SOQL_STEP_LIMIT)
            return no_relationship(step, arena, why);
        path->steps[path->step_count++] = reference;
        object = parent_with(schema, reference, rest);
        if (!object)
            return no_relationship(step, arena, why);
        spelled = arena_printf(arena, "%.*s%s.", SLICE_ARGS(spelled),
                               reference->relationship);
    }
    path->field = org_schema_field(object, rest);
    if (!path->field) {
        *why = arena_printf(arena,
                            "No such column '%.*s' on entity '%s'. If you are "
                            "attempting to use a custom field, be sure to "
                            "append the '__c' after the custom field name. "
                            "%s",
                            SLICE_ARGS(rest), object->name, help);
        return false;
    }
    struct slice full =
        arena_printf(arena, "%.*s%s", SLICE_ARGS(spelled), path->field->name);
    path->name = arena_strdup(arena, full);
    return true;
}
