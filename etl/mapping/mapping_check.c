/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapping_check.h"

#include "base/mem.h"
#include "base/suggest.h"
#include "mapping/compile/mapping_order.h"
#include "mapping/compile/mapping_target.h"

#include <stdio.h>
#include <stdlib.h>

/* One load against its object. */
struct check {
    struct mapping *mapping;
    const struct schema *schema;
    struct problems *problems;
    struct load_plan *plan;
    const struct schema_object *object;
    const struct schema_field **written; /* by each rule; NULL: not known */
};

static bool
is_writable(const struct check *check, const struct schema_field *field)
{
    switch (check->plan->load.operation) {
    case OPERATION_INSERT:
        return field->createable;
    case OPERATION_UPDATE:
        return field->updateable;
    case OPERATION_UPSERT:
        return field->createable || field->updateable;
    case OPERATION_DELETE:
    case OPERATION_HARD_DELETE:
    case OPERATION_UNDELETE:
        break;
    }
    return true;
}

/* False when nothing else is worth telling of the field. */
static bool
check_writable(const struct check *check, const struct field_rule *rule,
               const struct schema_field *field)
{
    const char *name = load_operation_name(check->plan->load.operation);
    bool upserts = check->plan->load.operation == OPERATION_UPSERT;
    /* The Id, or what is looked up to find it, is not written. */
    if (rule->is_key && (strcmp(field->name, "Id") == 0 ||
                         check->plan->load.operation == OPERATION_UPDATE)) {
        return true;
    }
    if (!is_writable(check, field)) {
        problem_add(check->problems, rule->place.line, rule->place.column,
                    "not-writable",
                    field->calculated
                        ? "it is calculated by the org; take it out"
                        : "the org or the user's permissions forbid it; take "
                          "it out or ask the administrator",
                    "'%s' can't be written by '%s'", field->name, name);
        return false;
    }
    if (upserts && !rule->is_key && field->createable != field->updateable) {
        problem_warn(check->problems, rule->place.line, rule->place.column,
                     "not-writable", "rows of the other kind will fail",
                     "'%s' can be written in %s records only", field->name,
                     field->createable ? "new" : "old");
    }
    return true;
}

static const char *
conversion_name(enum rule_conversion conversion)
{
    static const char *const names[] = {
        "", "number", "date", "datetime", "boolean", "translate", "file"};
    return names[conversion];
}

static bool
conversion_fits(enum rule_conversion conversion, enum field_type type)
{
    if (conversion == CONVERT_FILE) {
        return type == FIELD_BASE64;
    }
    if (field_type_is_text(type)) {
        return true;
    }
    switch (conversion) {
    case CONVERT_NONE:
    case CONVERT_TRANSLATE: /* what it gives is checked as it comes */
        return true;
    case CONVERT_NUMBER:
        return schema_type_is_number(type);
    case CONVERT_DATE:
        return type == FIELD_DATE;
    case CONVERT_DATETIME:
        return type == FIELD_DATETIME;
    case CONVERT_BOOLEAN:
        return type == FIELD_BOOLEAN;
    case CONVERT_FILE:
        break;
    }
    return false;
}

static bool
check_conversion(const struct check *check, const struct field_rule *rule,
                 const struct schema_field *field)
{
    if (conversion_fits(rule->conversion, field->type)) {
        return true;
    }
    const char *help = "it must fit the field's type";
    if (field->type == FIELD_DATETIME && rule->conversion == CONVERT_DATE) {
        help = "use 'datetime', with a time zone";
    } else if (field->type == FIELD_DATE &&
               rule->conversion == CONVERT_DATETIME) {
        help = "use 'date' with the same pattern";
    }
    problem_add(check->problems, rule->conversion_place.line,
                rule->conversion_place.column, "wrong-conversion", help,
                "'%s' is a field of type %s, which takes no '%s'", field->name,
                schema_type_name(field->type),
                conversion_name(rule->conversion));
    return false;
}

static void
check_truncate(const struct check *check, const struct field_rule *rule,
               const struct schema_field *field)
{
    bool has_length = field_type_is_text(field->type) &&
                      field->type != FIELD_PICKLIST &&
                      field->type != FIELD_MULTIPICKLIST;
    if (rule->check.truncate && !has_length) {
        problem_add(check->problems, rule->truncate_place.line,
                    rule->truncate_place.column, "wrong-key", "take it out",
                    "'%s' is a field of type %s, which can't be cut",
                    field->name, schema_type_name(field->type));
    }
}

static void
refuse_text(struct problems *problems, struct place place, struct slice text,
            const struct value_fault *fault)
{
    problem_add(problems, place.line, place.column, fault->code,
                "write another", "'%.*s' %.*s",
                (int)(text.len < 80 ? text.len : 80), text.ptr,
                SLICE_ARGS(fault->text));
}

/* Constants are made once, here, and their faults told before any row. */
static void
fold_constant(struct mapping *mapping, struct field_rule *rule,
              struct problems *problems)
{
    struct value_notes notes = {0};
    struct value_fault fault;
    struct slice value;
    if (rule->conversion == CONVERT_TRANSLATE ||
        rule->conversion == CONVERT_FILE) {
        return; /* the table may not have its rows yet, nor the source its
                   folder */
    }
    if (!field_rule_apply(rule, rule->source, &mapping->arena, &notes, &value,
                          &fault)) {
        refuse_text(problems, rule->source_place, rule->source, &fault);
        return;
    }
    if (value.len > 0) {
        field_type_release(&rule->check);
        rule->check = (struct field_check){.type = FIELD_OTHER, .scale = -1};
        rule->source = value;
        rule->conversion = CONVERT_NONE;
        rule->null_values = rule->source_null_values = (struct text_list){0};
        field_rule_prepare(rule);
    }
}

static void
check_texts(struct mapping *mapping, struct field_rule *rule,
            struct problems *problems)
{
    struct value_notes notes = {0};
    struct value_fault fault;
    struct slice value;
    if (rule->default_value.ptr != NULL &&
        !field_type_apply(&rule->check, rule->default_value, &mapping->arena,
                          &notes, &value, &fault)) {
        refuse_text(problems, rule->default_place, rule->default_value, &fault);
    } else if (rule->origin == ORIGIN_CONSTANT && rule->source.ptr != NULL) {
        fold_constant(mapping, rule, problems);
    }
}

static void
bind_rule(const struct check *check, size_t index)
{
    struct field_rule *rule = &check->plan->rules[index];
    struct load_column *column = &check->plan->columns[index];
    struct mapping_target target;
    if (!mapping_target_find(check->schema, check->object, rule,
                             check->problems, &target)) {
        return;
    }
    check->written[index] = target.written;
    if (!check_writable(check, rule, target.written)) {
        return;
    }
    mapping_target_bind(&target, check->object, rule, &check->mapping->arena,
                        column);
    bool fits = check_conversion(check, rule, target.value);
    check_truncate(check, rule, target.value);
    if (rule->conversion != CONVERT_FILE) { /* the path is no base64 */
        field_type_bind(&rule->check, target.value, &check->mapping->arena);
    }
    field_rule_prepare(rule);
    if (fits) {
        check_texts(check->mapping, rule, check->problems);
    }
}

static void
check_operation(const struct check *check)
{
    const struct schema_object *object = check->object;
    const struct load_plan *plan = check->plan;
    bool can = false;
    switch (plan->load.operation) {
    case OPERATION_INSERT:
        can = object->createable;
        break;
    case OPERATION_UPDATE:
        can = object->updateable;
        break;
    case OPERATION_UPSERT:
        can = object->createable && object->updateable;
        break;
    case OPERATION_DELETE:
    case OPERATION_HARD_DELETE:
        can = object->deletable;
        break;
    case OPERATION_UNDELETE:
        can = object->undeletable;
        break;
    }
    if (!can) {
        problem_add(check->problems, plan->operation_place.line,
                    plan->operation_place.column, "operation-refused",
                    "the object or the user's permissions forbid it",
                    "the org does not let this user %s '%s'",
                    load_operation_name(plan->load.operation), object->name);
    }
}

/* "'A__c', 'B__c'": the fields that can find a record. */
static struct slice
list_keys(const struct check *check)
{
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < check->object->field_count; i++) {
        const struct schema_field *field = &check->object->fields[i];
        if (field->external_id || field->id_lookup) {
            list = arena_printf(&check->problems->arena, "%.*s%s'%s'",
                                SLICE_ARGS(list), list.len > 0 ? ", " : "",
                                field->name);
        }
    }
    return list;
}

static void
check_key(const struct check *check)
{
    const struct load *load = &check->plan->load;
    if (load->external_id == NULL || load->key_column == LOAD_NO_KEY) {
        return;
    }
    const struct schema_field *field = check->written[load->key_column];
    if (field == NULL || field->external_id || field->id_lookup ||
        strcmp(field->name, "Id") == 0) {
        return;
    }
    char help[400];
    struct slice keys = list_keys(check);
    snprintf(help, sizeof help, "'%s' has %.*s", check->object->name,
             (int)(keys.len < 300 ? keys.len : 300),
             keys.len > 0 ? keys.ptr : "none");
    problem_add(check->problems, check->plan->key_place.line,
                check->plan->key_place.column, "not-external-id", help,
                "'%s' is no external id", field->name);
}

/* Two lines that write one field: `AccountId` and `Account.ERP_Id__c`. */
static void
check_repeated(const struct check *check)
{
    size_t count = check->plan->load.column_count;
    for (size_t i = 1; i < count; i++) {
        const struct field_rule *rule = &check->plan->rules[i];
        for (size_t j = 0; j < i && check->written[i] != NULL; j++) {
            if (check->written[i] == check->written[j]) {
                problem_add(
                    check->problems, rule->place.line, rule->place.column,
                    "repeated-field", "keep one of them",
                    "'%s' writes '%s', as line %d does", rule->target.ptr,
                    check->written[i]->name, check->plan->rules[j].place.line);
                break;
            }
        }
    }
}

static bool
is_mapped(const struct check *check, const struct schema_field *field)
{
    for (size_t i = 0; i < check->plan->load.column_count; i++) {
        /* A misspelt line may be meant for it: one problem is enough. */
        if (check->written[i] == field || check->written[i] == NULL) {
            return true;
        }
    }
    return false;
}

static bool
is_needed(const struct schema_field *field)
{
    return field->createable && !field->nillable &&
           !field->defaulted_on_create && field->type != FIELD_BOOLEAN;
}

static void
check_required(const struct check *check)
{
    enum operation operation = check->plan->load.operation;
    struct arena *arena = &check->problems->arena;
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < check->object->field_count; i++) {
        const struct schema_field *field = &check->object->fields[i];
        if (is_needed(field) && !is_mapped(check, field)) {
            list = arena_printf(arena, "%.*s%s'%s'", SLICE_ARGS(list),
                                list.len > 0 ? ", " : "", field->name);
        }
    }
    struct place place = check->plan->object_place;
    if (list.len > 0 && operation == OPERATION_INSERT) {
        problem_add(check->problems, place.line, place.column,
                    "required-not-mapped", "add them to 'fields'",
                    "new records of '%s' need %.*s", check->object->name,
                    SLICE_ARGS(list));
    } else if (list.len > 0 && operation == OPERATION_UPSERT) {
        problem_warn(check->problems, place.line, place.column,
                     "required-not-mapped",
                     "rows that make a new record will fail",
                     "new records of '%s' need %.*s", check->object->name,
                     SLICE_ARGS(list));
    }
}

/* The described object whose name differs in case at most. */
static const struct schema_object *
object_nocase(const struct schema *schema, struct slice name)
{
    for (size_t i = 0; i < schema->objects.capacity; i++) {
        const struct map_entry *entry = &schema->objects.entries[i];
        const struct schema_object *object = entry->value;
        if (entry->key.ptr != NULL && slice_is_nocase(name, object->name)) {
            return object;
        }
    }
    return NULL;
}

static bool
find_object(struct check *check)
{
    const struct load_plan *plan = check->plan;
    struct slice name = slice_of(plan->load.object);
    check->object = schema_object(check->schema, name);
    if (check->object != NULL) {
        return true;
    }
    const struct schema_object *other = object_nocase(check->schema, name);
    char help[160];
    snprintf(help, sizeof help, "it is spelled '%.120s'",
             other != NULL ? other->name : "");
    problem_add(check->problems, plan->object_place.line,
                plan->object_place.column,
                other != NULL ? "wrong-case" : "unknown-object",
                other != NULL ? help
                              : "look at its API name in the org's Object "
                                "Manager, and at the user's permissions",
                "the org has no object '%s'", plan->load.object);
    return false;
}

static void
check_load(struct check *check)
{
    size_t count = check->plan->load.column_count;
    if (!find_object(check)) {
        return;
    }
    check->written = mem_array(count + 1, sizeof(struct schema_field *));
    check_operation(check);
    for (size_t i = 0; i < count; i++) {
        bind_rule(check, i);
    }
    check_key(check);
    check_repeated(check);
    check_required(check);
    mapping_order_bind(check->mapping, check->plan, check->object,
                       check->written);
    free(check->written);
}

/* "'Account', 'Contact'": each object once, in the mapping's order. */
static struct slice
list_objects(const struct mapping *mapping, struct arena *arena)
{
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < mapping->load_count; i++) {
        const char *name = mapping->loads[i].load.object;
        bool is_known = name == NULL;
        for (size_t j = 0; j < i && !is_known; j++) {
            const char *other = mapping->loads[j].load.object;
            is_known = other != NULL && strcmp(name, other) == 0;
        }
        if (!is_known) {
            list = arena_printf(arena, "%.*s%s'%.80s'", SLICE_ARGS(list),
                                list.len > 0 ? ", " : "", name);
        }
    }
    return list;
}

static void
check_without_org(struct mapping *mapping, struct problems *problems)
{
    struct slice objects = list_objects(mapping, &problems->arena);
    problem_warn(problems, 0, 0, "types-unchecked",
                 "check it once with --org NAME: what that org says is kept "
                 "for --offline",
                 "no org has said what %.*s %s: fields, types and lengths "
                 "are not checked",
                 SLICE_ARGS(objects),
                 memchr(objects.ptr, ',', objects.len) ? "are" : "is");
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct load_plan *plan = &mapping->loads[i];
        for (size_t j = 0; j < plan->load.column_count; j++) {
            check_texts(mapping, &plan->rules[j], problems);
        }
    }
}

void
mapping_check_schema(struct mapping *mapping, const struct schema *schema,
                     struct problems *problems)
{
    if (schema == NULL) {
        check_without_org(mapping, problems);
        return;
    }
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct check check = {.mapping = mapping,
                              .schema = schema,
                              .problems = problems,
                              .plan = &mapping->loads[i]};
        if (check.plan->load.object != NULL) {
            check_load(&check);
        }
    }
}

/* Not there under any spelling: a wrong case is told by the check. */
static bool
is_missing(const struct schema *schema, struct slice name)
{
    return name.ptr != NULL && schema_object(schema, name) == NULL &&
           object_nocase(schema, name) == NULL;
}

struct slice
mapping_check_missing_object(const struct mapping *mapping,
                             const struct schema *schema)
{
    for (size_t i = 0; i < mapping->load_count; i++) {
        const struct load_plan *plan = &mapping->loads[i];
        struct slice name = slice_of(plan->load.object);
        if (is_missing(schema, name)) {
            return name;
        }
        const struct schema_object *object =
            name.ptr == NULL ? NULL : schema_object(schema, name);
        for (size_t j = 0; object != NULL && j < plan->load.column_count; j++) {
            name = mapping_target_parent(object, plan->rules[j].target);
            if (is_missing(schema, name)) {
                return name;
            }
        }
    }
    return (struct slice){NULL, 0};
}
