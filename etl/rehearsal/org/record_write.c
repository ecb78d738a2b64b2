/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/record_write.h"

#include "base/clock.h"
#include "base/mem.h"
#include "rehearsal/org/record_check.h"
#include "rehearsal/org/record_log.h"
#include "rehearsal/org/record_remove.h"

#include <stdlib.h>

/* Columns past this are looked up each time. */
#define COLUMN_SLOT_LIMIT 8192

struct column_slot {
    struct slice name;
    const struct schema_object *object;
    struct write_column column;
};

struct write_batch {
    struct store *store;
    struct write_request request; /* texts in the arena */
    struct arena arena;           /* the batch's */
    struct arena scratch;         /* a row's */
    struct map seen;              /* keys that came, folded as the index is */
    struct column_slot *slots;    /* by position in a row */
    size_t slot_count;
    uint64_t owner; /* of record locks */
    char *note_kind, *note_key;
    write_note *note;
    void *note_cookie;
};

static const char *
keep(struct write_batch *batch, const char *text)
{
    return arena_strdup(&batch->arena, slice_of(text ? text : ""));
}

struct write_batch *
record_write_begin(struct store *store, const struct write_request *request)
{
    struct write_batch *batch = mem_zalloc(sizeof *batch);
    batch->store = store;
    batch->request = *request;
    batch->request.api = keep(batch, request->api);
    batch->request.call_id = keep(batch, request->call_id);
    batch->request.user_id =
        keep(batch, request->user_id ? request->user_id : store_user_id(store));
    batch->owner = clock_random();
    return batch;
}

void
record_write_set_note(struct write_batch *batch, const char *kind,
                      const char *key, write_note *note, void *cookie)
{
    batch->note_kind = arena_strdup(&batch->arena, slice_of(kind));
    batch->note_key = arena_strdup(&batch->arena, slice_of(key));
    batch->note = note;
    batch->note_cookie = cookie;
}

void
record_write_end(struct write_batch *batch)
{
    if (!batch)
        return;
    map_release(&batch->seen);
    free(batch->slots);
    arena_release(&batch->scratch);
    arena_release(&batch->arena);
    free(batch);
}

static bool
is_key_of_others(const struct schema_field *field)
{
    return field->type == FIELD_ID ||
           (field->flags & (FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP));
}

/* "Type:Rel.Key" without its type, and what it leads to. */
static void
resolve_parent(const struct schema *schema, struct slice relationship,
               struct slice key, const struct schema_object *object,
               struct write_column *column)
{
    const struct schema_field *field =
        org_schema_relationship(object, relationship);
    column->field = field;
    if (!field)
        return;
    struct slice type = slice_of(column->type);
    bool polymorphic = field->target_count > 1;
    if (!polymorphic && type.len) {
        column->status = WRITE_COLUMN_TYPE_NOT_NEEDED;
        return;
    }
    if (polymorphic && !type.len) {
        column->status = WRITE_COLUMN_TYPE_REQUIRED;
        return;
    }
    column->parent = org_schema_object(
        schema, polymorphic ? type : slice_of(field->targets[0]));
    if (!column->parent || !org_schema_field_targets(field, column->parent)) {
        column->status = WRITE_COLUMN_TYPE_UNKNOWN;
        return;
    }
    column->key = org_schema_field(column->parent, key);
    if (!column->key)
        return;
    column->status =
        is_key_of_others(column->key) && column->key->type != FIELD_ID
            ? WRITE_COLUMN_PARENT
            : WRITE_COLUMN_NOT_A_KEY;
}

struct write_column
record_write_column(const struct schema *schema,
                    const struct schema_object *object, struct slice name)
{
    struct write_column column = {.status = WRITE_COLUMN_UNKNOWN};
    const char *colon = name.len ? memchr(name.ptr, ':', name.len) : NULL;
    if (colon) {
        size_t len = (size_t)(colon - name.ptr);
        if (len >= sizeof column.type)
            return column;
        memcpy(column.type, name.ptr, len);
        name = (struct slice){colon + 1, name.len - len - 1};
    }
    const char *dot = name.len ? memchr(name.ptr, '.', name.len) : NULL;
    if (dot) {
        size_t len = (size_t)(dot - name.ptr);
        resolve_parent(schema, (struct slice){name.ptr, len},
                       (struct slice){dot + 1, name.len - len - 1}, object,
                       &column);
        return column;
    }
    column.field = colon ? NULL : org_schema_field(object, name);
    if (column.field)
        column.status = WRITE_COLUMN_FIELD;
    return column;
}

static const struct write_column *
column_at(struct write_batch *batch, const struct schema_object *object,
          struct slice name, size_t index)
{
    if (index >= COLUMN_SLOT_LIMIT)
        index = COLUMN_SLOT_LIMIT;
    if (index >= batch->slot_count) {
        batch->slots =
            mem_realloc_array(batch->slots, index + 16, sizeof *batch->slots);
        memset(batch->slots + batch->slot_count, 0,
               (index + 16 - batch->slot_count) * sizeof *batch->slots);
        batch->slot_count = index + 16;
    }
    struct column_slot *slot = &batch->slots[index];
    if (slot->object != object || !slice_equals(slot->name, name)) {
        slot->object = object;
        slot->name = arena_copy(&batch->arena, name);
        slot->column = record_write_column(batch->store->schema, object, name);
    }
    return &slot->column;
}

static bool
fail(struct record_draft *draft, const char *code, const char *text)
{
    return org_fault_set(&draft->fault, code, NULL, "%s", text);
}

/* The record that the Id names, live or deleted, into draft->old. */
static bool
load_by_id(struct record_draft *draft)
{
    const struct schema_field *id = draft->object->fields[0];
    char id18[19];
    if (!draft->id_text.ptr)
        return fail(draft, "MISSING_ARGUMENT",
                    "Id not specified in an update call");
    if (!field_value_read_id(draft->id_text, id18) ||
        org_schema_object_of_id(draft->store->schema, draft->id_text) !=
            draft->object)
        return org_fault_set(&draft->fault, "MALFORMED_ID", "Id",
                             "%s: id value of incorrect type: %.*s", id->label,
                             SLICE_ARGS(draft->id_text));
    uint64_t number = store_row_number(draft->store->schema, draft->id_text);
    if (!store_row_get(&draft->store->layout, draft->link, number,
                       draft->scratch, &draft->old, draft->err))
        return false;
    draft->row.number = number;
    if (!draft->old.object)
        return fail(draft, "INVALID_CROSS_REFERENCE_KEY",
                    "invalid cross reference id");
    return true;
}

static bool
is_live(struct record_draft *draft)
{
    return !draft->old.deleted_with ||
           fail(draft, "ENTITY_IS_DELETED", "entity is deleted");
}

static bool
is_first_of_batch(struct write_batch *batch, struct record_draft *draft)
{
    struct slice key =
        store_row_key(draft->request->external, draft->key, draft->scratch);
    if (!map_get(&batch->seen, key)) {
        map_put(&batch->seen, arena_copy(&batch->arena, key), batch);
        return true;
    }
    return org_fault_set(
        &draft->fault, "DUPLICATE_VALUE", draft->request->external->name,
        "Duplicate external id specified: %.*s", SLICE_ARGS(draft->key));
}

static bool
load_by_key(struct write_batch *batch, struct record_draft *draft)
{
    const struct schema_field *external = draft->request->external;
    if (!draft->key.len)
        return org_fault_set(&draft->fault, "MISSING_ARGUMENT", NULL,
                             "%s not specified", external->name);
    uint64_t numbers[2];
    size_t count;
    if (!is_first_of_batch(batch, draft) ||
        !store_row_find(draft->link, external, draft->key, draft->scratch,
                        numbers, 2, &count, draft->err))
        return false;
    if (count == 2) {
        char first[19], second[19];
        store_row_id(draft->object, numbers[0], first);
        store_row_id(draft->object, numbers[1], second);
        return org_fault_set(&draft->fault, "DUPLICATE_EXTERNAL_ID",
                             external->name,
                             "%s: more than one record found for external id "
                             "field: [%.15s, %.15s]",
                             external->label, first, second);
    }
    if (count == 0)
        return true;
    draft->row.number = numbers[0];
    return store_row_get(&draft->store->layout, draft->link, numbers[0],
                         draft->scratch, &draft->old, draft->err);
}

static bool
allows(struct record_draft *draft, unsigned flag, const char *what)
{
    return (draft->object->flags & flag) ||
           org_fault_set(&draft->fault, "INVALID_TYPE_FOR_OPERATION", NULL,
                         "entity type %s does not support %s",
                         draft->object->name, what);
}

/* Insert, update and upsert of a row whose cells are read. */
static bool
save(struct write_batch *batch, struct record_draft *draft,
     struct write_result *result)
{
    const struct write_request *request = draft->request;
    bool by_key = request->operation == WRITE_UPSERT &&
                  request->external->type != FIELD_ID;
    bool by_id =
        request->operation == WRITE_UPDATE ||
        (request->operation == WRITE_UPSERT && !by_key && draft->id_text.ptr);
    if (by_key && !load_by_key(batch, draft))
        return false;
    if (by_id && (!load_by_id(draft) || !is_live(draft)))
        return false;
    if (request->operation == WRITE_INSERT && draft->id_text.ptr)
        return org_fault_set(&draft->fault, "INVALID_FIELD_FOR_INSERT_UPDATE",
                             "Id", "cannot specify Id in an insert call");
    bool exists = draft->old.object != NULL;
    if (exists)
        store_row_id(draft->object, draft->row.number, result->id);
    if (!allows(draft, exists ? OBJECT_UPDATEABLE : OBJECT_CREATEABLE,
                exists ? "update" : "create"))
        return false;
    struct store_row *row = &draft->row;
    row->object = draft->object;
    row->modified_ms = clock_wall_ms();
    row->modified_by =
        store_row_number(draft->store->schema, slice_of(request->user_id));
    row->created_ms = exists ? draft->old.created_ms : row->modified_ms;
    row->created_by = exists ? draft->old.created_by : row->modified_by;
    if (!exists)
        row->number = store_next_number(draft->store, draft->object);
    if (!record_check_fill(draft) || !record_check_lookups(draft) ||
        !record_check_unique(draft, by_key && !exists) ||
        !record_check_locks(draft, batch->owner) ||
        !store_row_put(draft->link, exists ? &draft->old : NULL, row,
                       draft->scratch, draft->err))
        return false;
    store_row_id(draft->object, row->number, result->id);
    result->created = !exists;
    record_log_save(draft, result->id);
    return true;
}

static bool
remove_or_restore(struct write_batch *batch, struct record_draft *draft,
                  struct write_result *result)
{
    if (!load_by_id(draft))
        return false;
    store_row_id(draft->object, draft->row.number, result->id);
    if (draft->request->operation == WRITE_UNDELETE)
        return allows(draft, OBJECT_UNDELETABLE, "undelete") &&
               record_remove_restore(draft);
    bool hard = draft->request->operation == WRITE_HARD_DELETE;
    return allows(draft, OBJECT_DELETABLE, "delete") &&
           (hard || is_live(draft)) &&
           record_check_locks(draft, batch->owner) &&
           record_remove_run(draft, hard);
}

static void
tell_fault(const struct record_draft *draft, struct arena *arena,
           struct write_result *result)
{
    struct write_error *error = arena_array(arena, 1, sizeof *error);
    const struct org_fault *fault = &draft->fault;
    error->code = fault->code;
    error->message = arena_strdup(arena, slice_of(fault->text));
    error->field_count = draft->fields  ? draft->field_count
                         : fault->field ? 1
                                        : 0;
    const char **fields =
        arena_array(arena, error->field_count + 1, sizeof *fields);
    for (size_t i = 0; i < error->field_count; i++)
        fields[i] = draft->fields ? draft->fields[i] : fault->field;
    error->fields = fields;
    result->errors = error;
    result->error_count = 1;
}

/* The text of the Id cell, ptr NULL when there is none. */
static struct slice
id_of_row(const struct write_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (slice_is_nocase(row->cells[i].name, "Id") &&
            row->cells[i].value.len)
            return row->cells[i].value;
    return (struct slice){0};
}

static bool
work_draft(struct write_batch *batch, struct record_draft *draft,
           const struct write_row *row, struct write_result *result)
{
    if (!draft->object)
        return org_fault_set(&draft->fault, "MALFORMED_ID", NULL,
                             "malformed id %.*s", SLICE_ARGS(id_of_row(row)));
    size_t fields = draft->object->field_count;
    draft->row.values =
        arena_array(draft->scratch, fields, sizeof *draft->row.values);
    draft->given = arena_array(draft->scratch, fields, sizeof *draft->given);
    if (batch->request.operation > WRITE_UPSERT) {
        draft->id_text = id_of_row(row);
        return remove_or_restore(batch, draft, result);
    }
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct write_cell *cell = &row->cells[i];
        if (!record_check_cell(
                draft, column_at(batch, draft->object, cell->name, i), cell, i))
            return false;
    }
    return save(batch, draft, result);
}

static bool
work_row(struct write_batch *batch, struct store_link *link,
         const struct write_row *row, struct arena *arena,
         struct write_result *result, struct error *err)
{
    arena_reset(&batch->scratch);
    *result = (struct write_result){0};
    struct record_draft draft = {.store = batch->store,
                                 .link = link,
                                 .scratch = &batch->scratch,
                                 .request = &batch->request,
                                 .object = row->object ? row->object
                                                       : batch->request.object,
                                 .err = err};
    if (!draft.object)
        draft.object =
            org_schema_object_of_id(batch->store->schema, id_of_row(row));
    result->success = work_draft(batch, &draft, row, result);
    if (result->success || err->kind != ERROR_NONE)
        return err->kind == ERROR_NONE;
    if (!result->id[0] && (batch->request.operation == WRITE_INSERT ||
                           !field_value_read_id(id_of_row(row), result->id)))
        result->id[0] = '\0';
    tell_fault(&draft, arena, result);
    return true;
}

/* The sound rows of a slice that was rolled back for others' sake. */
static void
tell_rolled_back(struct write_result *results, size_t count)
{
    static const struct write_error rolled_back = {
        .code = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        .message = "Record rolled back because not all records were valid "
                   "and the request was using AllOrNone header",
    };
    for (size_t i = 0; i < count; i++) {
        if (!results[i].success)
            continue;
        if (results[i].created)
            results[i].id[0] = '\0';
        results[i].success = results[i].created = false;
        results[i].errors = &rolled_back;
        results[i].error_count = 1;
    }
}

static bool
write_note_item(struct write_batch *batch, struct store_link *link,
                const struct write_result *results, size_t count,
                struct error *err)
{
    struct slice value = {0};
    arena_reset(&batch->scratch);
    return !batch->note ||
           !batch->note(batch->note_cookie, results, count, &batch->scratch,
                        &value) ||
           store_write_item(link, batch->note_kind, batch->note_key, value,
                            err);
}

static bool
work_slice(struct write_batch *batch, const struct write_row *rows,
           size_t count, struct arena *arena, struct write_result *results,
           struct error *err)
{
    struct store_link *link = store_begin(batch->store, err);
    if (!link)
        return false;
    bool worked = true, sound = true;
    for (size_t i = 0; worked && i < count; i++) {
        worked = work_row(batch, link, &rows[i], arena, &results[i], err);
        sound = sound && results[i].success;
    }
    if (worked && batch->request.all_or_none && !sound) {
        store_rollback(batch->store);
        tell_rolled_back(results, count);
        return true;
    }
    if (worked && write_note_item(batch, link, results, count, err))
        return store_commit(batch->store, err);
    store_rollback(batch->store);
    return false;
}

bool
record_write_rows(struct write_batch *batch, const struct write_row *rows,
                  size_t count, struct arena *arena,
                  struct write_result *results, size_t *done, struct error *err)
{
    size_t worked = 0;
    bool sound = true;
    while (sound && worked < count) {
        size_t slice = count - worked;
        if (slice > WRITE_SLICE && !batch->request.all_or_none)
            slice = WRITE_SLICE;
        sound = work_slice(batch, rows + worked, slice, arena, results + worked,
                           err);
        worked += sound ? slice : 0;
    }
    if (done)
        *done = worked;
    return sound;
}
