/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/record_check.h"

#include "base/clock.h"

#include <stdio.h>

/* What orgs give every object; it is no record and means none. */
#define MASTER_RECORD_TYPE "012000000000000AAA"

static bool
fault(struct record_draft *draft, const char *code, const char *text)
{
    return org_fault_set(&draft->fault, code, NULL, "%s", text);
}

static bool
failed(const struct record_draft *draft)
{
    return draft->fault.code || draft->err->kind != ERROR_NONE;
}

static bool
check_status(struct record_draft *draft, const struct write_column *column,
             struct slice name)
{
    const char *object = draft->object->name;
    switch (column->status) {
    case WRITE_COLUMN_FIELD:
    case WRITE_COLUMN_PARENT:
        return true;
    case WRITE_COLUMN_TYPE_REQUIRED:
        return org_fault_set(&draft->fault, "INVALID_FIELD", NULL,
                             "type is needed for polymorphic foreign key "
                             "references: %.*s",
                             SLICE_ARGS(name));
    case WRITE_COLUMN_TYPE_NOT_NEEDED:
        return org_fault_set(&draft->fault, "INVALID_FIELD", NULL,
                             "type is not needed for non polymorphic foreign "
                             "key references: %s",
                             column->field->relationship);
    case WRITE_COLUMN_NOT_A_KEY:
        return org_fault_set(&draft->fault, "INVALID_FIELD", NULL,
                             "Provided external ID field does not exist or "
                             "is not accessible: %.*s",
                             SLICE_ARGS(name));
    default:
        return org_fault_set(&draft->fault, "INVALID_FIELD", NULL,
                             "No such column '%.*s' on sobject of type %s",
                             SLICE_ARGS(name), object);
    }
}

/* Bulk says where in the row a text can't be read. Positions from 0
 * (unconfirmed). */
static bool
parse(struct record_draft *draft, const struct schema_field *field,
      struct slice text, size_t index, struct slice *value)
{
    if (field_value_parse(field, text, draft->request->origin, draft->scratch,
                          value, &draft->fault))
        return true;
    if (draft->request->origin == VALUE_FROM_CSV &&
        strcmp(draft->fault.code, "INVALID_FIELD") == 0) {
        struct slice why =
            arena_copy(draft->scratch, slice_of(draft->fault.text));
        snprintf(draft->fault.text, sizeof draft->fault.text,
                 "Failed to deserialize field at col %zu. Due to, %.*s", index,
                 SLICE_ARGS(why));
    }
    return false;
}

static bool
find_parent(struct record_draft *draft, const struct write_column *column,
            struct slice text, size_t index, struct slice *id)
{
    struct slice value;
    uint64_t numbers[2];
    size_t count;
    if (!parse(draft, column->key, text, index, &value) ||
        !store_row_find(draft->link, column->key, value, draft->scratch,
                        numbers, 2, &count, draft->err))
        return false;
    if (count == 1) {
        char id18[19];
        store_row_id(column->parent, numbers[0], id18);
        *id = arena_copy(draft->scratch, (struct slice){id18, 18});
        return true;
    }
    struct slice folded = field_value_fold(text, draft->scratch);
    return org_fault_set(
        &draft->fault, "INVALID_FIELD", NULL,
        "Foreign key external ID: %.*s %s for field %s in entity %s",
        SLICE_ARGS(folded), count ? "is not unique" : "not found",
        column->key->name, column->parent->name);
}

bool
record_check_cell(struct record_draft *draft, const struct write_column *column,
                  const struct write_cell *cell, size_t index)
{
    if (!check_status(draft, column, cell->name))
        return false;
    const struct schema_field *field = column->field;
    if (field->type == FIELD_ID) {
        draft->id_text = cell->value.len ? cell->value : (struct slice){0};
        return true;
    }
    struct slice value = {0};
    if (cell->value.len && column->status == WRITE_COLUMN_PARENT) {
        if (!find_parent(draft, column, cell->value, index, &value))
            return false;
    } else if (cell->value.len) {
        if (!parse(draft, field, cell->value, index, &value))
            return false;
    }
    if (field == draft->request->external)
        draft->key = value;
    draft->row.values[field->index] = value;
    draft->given[field->index] = true;
    return true;
}

static bool
check_writable(struct record_draft *draft)
{
    unsigned needed = draft->old.object ? FIELD_UPDATEABLE : FIELD_CREATEABLE;
    struct slice names = {0};
    for (size_t i = 0; i < draft->object->field_count; i++) {
        const struct schema_field *field = draft->object->fields[i];
        if (!draft->given[i] || (field->flags & needed) ||
            field == draft->request->external)
            continue;
        names = names.len ? arena_printf(draft->scratch, "%.*s, %s",
                                         SLICE_ARGS(names), field->name)
                          : slice_of(field->name);
        draft->fault.field = field->name;
    }
    return !names.len ||
           org_fault_set(&draft->fault, "INVALID_FIELD_FOR_INSERT_UPDATE",
                         draft->fault.field,
                         "Unable to create/update fields: %.*s. Please check "
                         "the security settings of this field and verify "
                         "that it is read/write for your profile or "
                         "permission set.",
                         SLICE_ARGS(names));
}

static bool
is_missing(const struct record_draft *draft, const struct schema_field *field)
{
    if (draft->row.values[field->index].len)
        return false;
    if (!draft->old.object)
        return org_schema_field_is_required(field);
    return draft->given[field->index] && !(field->flags & FIELD_NILLABLE) &&
           field->type != FIELD_BOOLEAN;
}

static bool
check_required(struct record_draft *draft)
{
    struct slice names = {0};
    const char **fields = NULL;
    size_t count = 0;
    for (size_t i = 0; i < draft->object->field_count; i++) {
        const struct schema_field *field = draft->object->fields[i];
        if (!is_missing(draft, field))
            continue;
        if (!fields)
            fields = arena_array(draft->scratch, draft->object->field_count,
                                 sizeof *fields);
        fields[count++] = field->name;
        names = names.len ? arena_printf(draft->scratch, "%.*s, %s",
                                         SLICE_ARGS(names), field->name)
                          : slice_of(field->name);
    }
    if (!count)
        return true;
    draft->fields = fields;
    draft->field_count = count;
    return org_fault_set(&draft->fault, "REQUIRED_FIELD_MISSING", fields[0],
                         "Required fields are missing: [%.*s]",
                         SLICE_ARGS(names));
}

/* "INV-{0000}" with the number in at least that many digits. */
static struct slice
auto_number(struct record_draft *draft, const struct schema_field *field)
{
    uint64_t serial = draft->row.number - store_row_first(draft->object);
    const char *form =
        field->default_value ? field->default_value : "{00000000}";
    const char *open = strchr(form, '{');
    const char *shut = open ? strchr(open, '}') : NULL;
    if (!shut)
        return arena_printf(draft->scratch, "%s%llu", form,
                            (unsigned long long)serial);
    return arena_printf(draft->scratch, "%.*s%0*llu%s", (int)(open - form),
                        form, (int)(shut - open - 1),
                        (unsigned long long)serial, shut + 1);
}

static const struct schema_record_type *
default_record_type(const struct schema_object *object)
{
    for (size_t i = 0; i < object->record_type_count; i++)
        if (object->record_types[i].is_default)
            return &object->record_types[i];
    return NULL;
}

static void
fill_field(struct record_draft *draft, const struct schema_field *field)
{
    struct slice *value = &draft->row.values[field->index];
    const struct schema_record_type *type;
    if (field->flags & FIELD_AUTO_NUMBER)
        *value = auto_number(draft, field);
    else if (draft->given[field->index] && field->type != FIELD_BOOLEAN &&
             !(field->flags & FIELD_DEFAULTED))
        return;
    else if (field->default_value)
        *value = slice_of(field->default_value);
    else if (strcmp(field->name, "OwnerId") == 0)
        *value = slice_of(draft->request->user_id);
    else if (strcmp(field->name, "RecordTypeId") == 0 &&
             (type = default_record_type(draft->object)))
        *value = slice_of(type->id);
    else if ((field->flags & FIELD_NAME) &&
             (draft->object->flags & OBJECT_CUSTOM) &&
             (field->flags & FIELD_DEFAULTED)) {
        char id[19];
        store_row_id(draft->object, draft->row.number, id);
        *value = arena_copy(draft->scratch, (struct slice){id, 15});
    }
}

static void
fill_person_name(struct record_draft *draft)
{
    const struct schema_object *object = draft->object;
    const struct schema_field *first =
        org_schema_field(object, SLICE_LITERAL("FirstName"));
    const struct schema_field *last =
        org_schema_field(object, SLICE_LITERAL("LastName"));
    if (!first || !last || !object->name_field)
        return;
    struct slice a = draft->row.values[first->index];
    struct slice b = draft->row.values[last->index];
    draft->row.values[object->name_field->index] =
        a.len && b.len ? arena_printf(draft->scratch, "%.*s %.*s",
                                      SLICE_ARGS(a), SLICE_ARGS(b))
        : a.len        ? a
                       : b;
}

bool
record_check_fill(struct record_draft *draft)
{
    if (!check_writable(draft))
        return false;
    for (size_t i = 0; i < draft->object->field_count; i++) {
        const struct schema_field *field = draft->object->fields[i];
        struct slice *value = &draft->row.values[i];
        if (draft->old.object && !draft->given[i])
            *value = draft->old.values[i];
        else if (draft->old.object && field->type == FIELD_BOOLEAN &&
                 !value->len)
            *value = SLICE_LITERAL("false");
        else if (!draft->old.object && !value->len)
            fill_field(draft, field);
    }
    if (draft->object->flags & OBJECT_PERSON)
        fill_person_name(draft);
    return check_required(draft);
}

bool
record_check_unique(struct record_draft *draft, bool key_is_free)
{
    for (size_t i = 0; i < draft->object->field_count; i++) {
        const struct schema_field *field = draft->object->fields[i];
        struct slice value = draft->row.values[i];
        if (!(field->flags & FIELD_UNIQUE) || !draft->given[i] || !value.len ||
            (key_is_free && field == draft->request->external))
            continue;
        uint64_t numbers[2];
        size_t count;
        if (!store_row_find(draft->link, field, value, draft->scratch, numbers,
                            2, &count, draft->err))
            return false;
        for (size_t k = 0; k < count; k++) {
            if (numbers[k] == draft->row.number)
                continue;
            char id[19];
            store_row_id(draft->object, numbers[k], id);
            return org_fault_set(&draft->fault, "DUPLICATE_VALUE", NULL,
                                 "duplicate value found: %s duplicates value "
                                 "on record with id: %.15s",
                                 field->name, id);
        }
    }
    return true;
}

/* Of another object than the field leads to. Objects that the schema doesn't
 * have are taken on trust. */
static bool
check_target(struct record_draft *draft, const struct schema_field *field,
             struct slice id, bool *known)
{
    const struct schema *schema = draft->store->schema;
    const struct schema_object *target = org_schema_object_of_id(schema, id);
    *known = target != NULL;
    bool fits = target && org_schema_field_targets(field, target);
    for (size_t i = 0; !fits && !target && i < field->target_count; i++)
        fits = !org_schema_object(schema, slice_of(field->targets[i]));
    return fits ||
           org_fault_set(&draft->fault, "FIELD_INTEGRITY_EXCEPTION",
                         field->name, "%s: id value of incorrect type: %.*s",
                         field->label, SLICE_ARGS(id));
}

static bool
check_record_type(struct record_draft *draft, const struct schema_field *field,
                  const struct store_row *type, struct slice id)
{
    const struct schema_field *of =
        type->object
            ? org_schema_field(type->object, SLICE_LITERAL("SobjectType"))
            : NULL;
    if (of && !type->deleted_with &&
        slice_is(type->values[of->index], draft->object->name))
        return true;
    return org_fault_set(&draft->fault, "INVALID_CROSS_REFERENCE_KEY",
                         field->name,
                         "Record Type ID: this ID value isn't valid for the "
                         "user: %.*s",
                         SLICE_ARGS(id));
}

static bool
check_lookup(struct record_draft *draft, const struct schema_field *field)
{
    struct slice *id = &draft->row.values[field->index];
    bool is_type = strcmp(field->name, "RecordTypeId") == 0;
    if (is_type && slice_is(*id, MASTER_RECORD_TYPE)) {
        *id = (struct slice){0};
        return true;
    }
    bool known;
    if (!check_target(draft, field, *id, &known))
        return false;
    if (!known)
        return true;
    struct store_row parent;
    uint64_t number = store_row_number(draft->store->schema, *id);
    if (!store_row_get(&draft->store->layout, draft->link, number,
                       draft->scratch, &parent, draft->err))
        return false;
    if (is_type)
        return check_record_type(draft, field, &parent, *id);
    if (!parent.object)
        return fault(draft, "INVALID_CROSS_REFERENCE_KEY",
                     "invalid cross reference id");
    return !parent.deleted_with ||
           fault(draft, "ENTITY_IS_DELETED", "entity is deleted");
}

bool
record_check_lookups(struct record_draft *draft)
{
    for (size_t i = 0; i < draft->object->field_count && !failed(draft); i++) {
        const struct schema_field *field = draft->object->fields[i];
        if (field->type == FIELD_REFERENCE && draft->given[i] &&
            draft->row.values[i].len)
            check_lookup(draft, field);
    }
    return !failed(draft);
}

static bool
take_lock(struct record_draft *draft, uint64_t number, uint64_t owner)
{
    struct store *store = draft->store;
    int64_t now = clock_monotonic_ms();
    if (record_lock_take(&store->locks, number, owner, now,
                         now + store->lock_ms))
        return true;
    char id[19] = "";
    store_row_id_of(&store->layout, number, id);
    return org_fault_set(&draft->fault, "UNABLE_TO_LOCK_ROW", NULL,
                         "unable to obtain exclusive access to this record "
                         "or 1 records: %.15s",
                         id);
}

bool
record_check_locks(struct record_draft *draft, uint64_t owner)
{
    struct store *store = draft->store;
    if (store->lock_ms <= 0)
        return true;
    if (draft->old.object && !take_lock(draft, draft->row.number, owner))
        return false;
    for (size_t i = 0; i < draft->object->field_count; i++) {
        const struct schema_field *field = draft->object->fields[i];
        struct slice id = draft->row.values[i];
        if (field->type != FIELD_REFERENCE || !id.len ||
            !org_schema_field_is_key(field))
            continue;
        bool tied = (field->flags & FIELD_MASTER) || !draft->old.object ||
                    !slice_equals(id, draft->old.values[i]);
        uint64_t number = store_row_number(store->schema, id);
        if (tied && number && !take_lock(draft, number, owner))
            return false;
    }
    return true;
}
