/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_order.h"

#include "mapping/compile/mapping_target.h"

/* Records that no child locks when it is written: setup, and owners. */
static const char *const never_locked[] = {
    "BusinessHours", "CallCenter",   "Group",   "OperatingHours",
    "Organization",  "Pricebook2",   "Profile", "Queue",
    "RecordType",    "ServiceLevel", "User",    "UserRole",
};

static bool
locks(struct slice object)
{
    for (size_t i = 0; i < sizeof never_locked / sizeof *never_locked; i++) {
        if (slice_is(object, never_locked[i])) {
            return false;
        }
    }
    return true;
}

static bool
leads_to_locked(const struct schema_object *object,
                const struct schema_field *lookup, struct slice target)
{
    struct slice parent = mapping_target_parent(object, target);
    if (parent.ptr != NULL) {
        return locks(parent);
    }
    for (size_t i = 0; i < lookup->reference_count; i++) {
        if (locks(slice_of(lookup->reference_to[i]))) {
            return true;
        }
    }
    return false;
}

static bool
is_parent(const struct load_plan *plan, const struct schema_object *object,
          const struct schema_field *const *written, size_t column)
{
    const struct field_rule *rule = &plan->rules[column];
    const struct schema_field *field = written[column];
    return field != NULL && field->type == FIELD_REFERENCE && !rule->is_key &&
           rule->origin != ORIGIN_CONSTANT &&
           leads_to_locked(object, field, rule->target);
}

/* The parent that a record belongs to goes before one it only names. */
static void
find_group(struct load_plan *plan, const struct schema_object *object,
           const struct schema_field *const *written)
{
    struct load *load = &plan->load;
    for (size_t i = 0; i < load->column_count; i++) {
        bool is_first = load->group == LOAD_GROUP_NONE;
        if (is_parent(plan, object, written, i) &&
            (is_first || (written[i]->cascade_delete &&
                          !written[load->group_column]->cascade_delete))) {
            load->group = LOAD_GROUP_COLUMN;
            load->group_column = i;
        }
    }
}

/* The column that sets the field a self-lookup finds its parent by. */
static size_t
find_own(const struct load_plan *plan, struct slice target)
{
    const char *dot = memchr(target.ptr, '.', target.len);
    size_t skipped = dot == NULL ? 0 : (size_t)(dot - target.ptr) + 1;
    const struct slice field = {target.ptr + skipped, target.len - skipped};
    for (size_t i = 0; dot != NULL && i < plan->load.column_count; i++) {
        if (slice_equals(plan->rules[i].target, field)) {
            return i;
        }
    }
    return LOAD_NO_KEY;
}

static void
find_links(struct mapping *mapping, struct load_plan *plan,
           const struct schema_object *object,
           const struct schema_field *const *written)
{
    size_t count = plan->load.column_count;
    struct load_link *links =
        arena_array(&mapping->arena, count, sizeof *links);
    plan->load.links = links;
    for (size_t i = 0; i < count; i++) {
        struct slice target = plan->rules[i].target;
        struct slice parent = mapping_target_parent(object, target);
        size_t own = find_own(plan, target);
        if (written[i] != NULL && parent.ptr != NULL &&
            slice_is(parent, object->name) && own != LOAD_NO_KEY) {
            links[plan->load.link_count++] = (struct load_link){own, i};
        }
    }
}

void
mapping_order_bind(struct mapping *mapping, struct load_plan *plan,
                   const struct schema_object *object,
                   const struct schema_field *const *written)
{
    enum operation operation = plan->load.operation;
    bool writes = operation == OPERATION_INSERT ||
                  operation == OPERATION_UPDATE ||
                  operation == OPERATION_UPSERT;
    if (plan->keeps_order || !writes) {
        return;
    }
    if (plan->load.group == LOAD_GROUP_NONE) {
        find_group(plan, object, written);
    }
    plan->load.link_count = 0;
    find_links(mapping, plan, object, written);
}
