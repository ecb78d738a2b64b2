/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/record_remove.h"

#include "base/clock.h"
#include "base/mem.h"
#include "rehearsal/org/record_log.h"

#include <stdlib.h>

/* Records that one deletion may take with it. */
#define CASCADE_LIMIT 20000

struct cascade {
    struct record_draft *draft;
    uint64_t *numbers; /* the root first; also the list still to be walked */
    size_t count, capacity;
};

static bool
add_number(struct cascade *cascade, uint64_t number)
{
    for (size_t i = 0; i < cascade->count; i++)
        if (cascade->numbers[i] == number)
            return true;
    if (cascade->count == CASCADE_LIMIT)
        return error_set(cascade->draft->err, ERROR_LIMIT, 0,
                         "a deletion takes more than %d records with it",
                         CASCADE_LIMIT);
    if (cascade->count == cascade->capacity) {
        cascade->capacity = cascade->capacity * 2 + 16;
        cascade->numbers = mem_realloc_array(
            cascade->numbers, cascade->capacity, sizeof *cascade->numbers);
    }
    cascade->numbers[cascade->count++] = number;
    return true;
}

/* The live records whose field leads to id. */
static bool
add_children(struct cascade *cascade, const struct schema_field *field,
             const char *id)
{
    struct record_draft *draft = cascade->draft;
    sqlite3_stmt *get =
        store_link_statement(draft->link, STORE_SQL_ENTRY_GET, draft->err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, field->number);
    store_link_bind(get, 2, (struct slice){id, 18});
    sqlite3_bind_int64(get, 3, -1);
    enum store_step step;
    while ((step = store_link_step(draft->link, get, draft->err)) == STORE_ROW)
        if (!add_number(cascade, (uint64_t)sqlite3_column_int64(get, 0))) {
            step = STORE_FAILED;
            break;
        }
    sqlite3_reset(get);
    return step == STORE_DONE;
}

static bool
walk(struct cascade *cascade)
{
    struct store *store = cascade->draft->store;
    for (size_t next = 0; next < cascade->count; next++) {
        char id[19];
        if (!store_row_id_of(&store->layout, cascade->numbers[next], id))
            continue;
        const struct schema_object *parent =
            org_schema_object_of_id(store->schema, slice_of(id));
        for (size_t i = 0; i < store->schema->object_count; i++) {
            const struct schema_object *object = store->schema->objects[i];
            for (size_t k = 0; k < object->field_count; k++) {
                const struct schema_field *field = object->fields[k];
                if ((field->flags & FIELD_CASCADE) &&
                    org_schema_field_targets(field, parent) &&
                    !add_children(cascade, field, id))
                    return false;
            }
        }
    }
    return true;
}

static void
log_change(struct record_draft *draft, const char *operation,
           const struct store_row *row, uint64_t with)
{
    char id[19], root[19];
    store_row_id(row->object, row->number, id);
    struct buffer *line = record_log_begin(draft->store, draft->request,
                                           operation, row->object, id);
    if (with != row->number &&
        store_row_id_of(&draft->store->layout, with, root))
        buffer_printf(line, ",\"with\":\"%s\"", root);
    buffer_append_text(line, ",\"fields\":{}}\n");
}

static bool
remove_one(struct record_draft *draft, uint64_t number, uint64_t with,
           bool hard)
{
    struct store_row old, row;
    if (!store_row_get(&draft->store->layout, draft->link, number,
                       draft->scratch, &old, draft->err))
        return false;
    if (!old.object)
        return true;
    row = old;
    row.deleted_with = with;
    row.modified_ms = clock_wall_ms();
    bool worked =
        hard ? store_row_remove(draft->link, &old, draft->scratch, draft->err)
             : store_row_put(draft->link, &old, &row, draft->scratch,
                             draft->err);
    if (worked)
        log_change(draft, hard ? "hardDelete" : "delete", &old, with);
    return worked;
}

/* Those that lie in the bin because of root. */
static bool
add_gone_with(struct cascade *cascade, uint64_t root)
{
    struct record_draft *draft = cascade->draft;
    sqlite3_stmt *get = store_link_statement(
        draft->link, STORE_SQL_RECORD_GONE_WITH, draft->err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, (int64_t)root);
    enum store_step step;
    while ((step = store_link_step(draft->link, get, draft->err)) == STORE_ROW)
        if (!add_number(cascade, (uint64_t)sqlite3_column_int64(get, 0))) {
            step = STORE_FAILED;
            break;
        }
    sqlite3_reset(get);
    return step == STORE_DONE;
}

bool
record_remove_run(struct record_draft *draft, bool hard)
{
    struct cascade cascade = {.draft = draft};
    uint64_t root = draft->row.number;
    bool worked = add_number(&cascade, root) && walk(&cascade) &&
                  (!hard || add_gone_with(&cascade, root));
    for (size_t i = 0; worked && i < cascade.count; i++)
        worked = remove_one(draft, cascade.numbers[i], root, hard);
    free(cascade.numbers);
    return worked;
}

static bool
restore_one(struct record_draft *draft, uint64_t number, uint64_t with)
{
    struct store_row old, row;
    if (!store_row_get(&draft->store->layout, draft->link, number,
                       draft->scratch, &old, draft->err))
        return false;
    if (!old.object)
        return true;
    row = old;
    row.deleted_with = 0;
    row.modified_ms = clock_wall_ms();
    if (!store_row_put(draft->link, &old, &row, draft->scratch, draft->err))
        return false;
    log_change(draft, "undelete", &old, with);
    return true;
}

bool
record_remove_restore(struct record_draft *draft)
{
    uint64_t root = draft->row.number;
    if (draft->old.deleted_with != root)
        return org_fault_set(&draft->fault, "UNDELETE_FAILED", NULL,
                             "entity is not in the recycle bin");
    /* Its unique values may have been given to others since. */
    for (size_t i = 0; i < draft->object->field_count; i++) {
        draft->row.values[i] = draft->old.values[i];
        draft->given[i] = true;
    }
    if (!record_check_unique(draft, false))
        return false;
    struct cascade cascade = {.draft = draft};
    bool worked = add_gone_with(&cascade, root);
    for (size_t i = 0; worked && i < cascade.count; i++)
        worked = restore_one(draft, cascade.numbers[i], root);
    free(cascade.numbers);
    return worked;
}
