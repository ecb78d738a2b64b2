/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/store_row.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "rehearsal/org/field_value.h"

#include <stdlib.h>

#define BODY_HEAD 32
#define SERIAL_DIGITS 9
#define INSTANCE "Re0" /* where other orgs have their pod's characters */

static const char base62[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void
store_row_id(const struct schema_object *object, uint64_t number, char id[19])
{
    char id15[15];
    uint64_t serial = number & (((uint64_t)1 << STORE_ROW_SERIAL_BITS) - 1);
    memcpy(id15, object->prefix, 3);
    memcpy(id15 + 3, INSTANCE, 3);
    for (int i = 14; i >= 6; i--, serial /= 62)
        id15[i] = base62[serial % 62];
    field_value_id18(id15, id);
}

bool
store_row_id_of(const struct store_layout *layout, uint64_t number, char id[19])
{
    uint64_t object = number >> STORE_ROW_SERIAL_BITS;
    if (object >= layout->object_count || !layout->objects[object])
        return false;
    store_row_id(layout->objects[object], number, id);
    return true;
}

uint64_t
store_row_number(const struct schema *schema, struct slice id)
{
    char id18[19];
    if (!field_value_read_id(id, id18))
        return 0;
    const struct schema_object *object = org_schema_object_of_id(schema, id);
    if (!object || memcmp(id18 + 3, INSTANCE, 3) != 0)
        return 0;
    uint64_t serial = 0;
    for (int i = 6; i < 15; i++)
        serial = serial * 62 + (uint64_t)(strchr(base62, id18[i]) - base62);
    if (serial >> STORE_ROW_SERIAL_BITS)
        return 0;
    return store_row_first(object) | serial;
}

uint64_t
store_row_first(const struct schema_object *object)
{
    return (uint64_t)object->number << STORE_ROW_SERIAL_BITS;
}

uint64_t
store_row_end(const struct schema_object *object)
{
    return (uint64_t)(object->number + 1) << STORE_ROW_SERIAL_BITS;
}

static uint64_t
read_fixed(const char *bytes)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static void
append_fixed(struct buffer *body, uint64_t value)
{
    char bytes[8];
    for (int i = 0; i < 8; i++, value >>= 8)
        bytes[i] = (char)(value & 0xFF);
    buffer_append(body, bytes, sizeof bytes);
}

static void
append_varint(struct buffer *body, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        buffer_append_char(body, (char)((value & 0x7F) | 0x80));
    buffer_append_char(body, (char)value);
}

static bool
read_varint(struct slice *body, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; body->len && shift < 63; shift += 7) {
        unsigned char c = (unsigned char)*body->ptr++;
        body->len--;
        *value |= (uint64_t)(c & 0x7F) << shift;
        if (!(c & 0x80))
            return true;
    }
    return false;
}

static void
set_text(const struct store_row *row, const char *name, const char *text,
         struct arena *arena)
{
    const struct schema_field *field =
        org_schema_field(row->object, slice_of(name));
    if (field)
        row->values[field->index] = arena_copy(arena, slice_of(text));
}

/* Of the audit fields, by their own names in every object. */
static void
show_system_fields(const struct store_layout *layout,
                   const struct store_row *row, struct arena *arena)
{
    char id[19], created[CLOCK_TEXT_SIZE], modified[CLOCK_TEXT_SIZE];
    store_row_id(row->object, row->number, id);
    row->values[0] = arena_copy(arena, (struct slice){id, 18});
    set_text(row, "IsDeleted", row->deleted_with ? "true" : "false", arena);
    clock_format(row->created_ms, created);
    clock_format(row->modified_ms, modified);
    set_text(row, "CreatedDate", created, arena);
    set_text(row, "LastModifiedDate", modified, arena);
    set_text(row, "SystemModstamp", modified, arena);
    if (store_row_id_of(layout, row->created_by, id))
        set_text(row, "CreatedById", id, arena);
    if (store_row_id_of(layout, row->modified_by, id))
        set_text(row, "LastModifiedById", id, arena);
}

void
store_row_decode(const struct store_layout *layout, uint64_t number,
                 uint64_t deleted_with, struct slice body, struct arena *arena,
                 struct store_row *row)
{
    *row = (struct store_row){.number = number, .deleted_with = deleted_with};
    uint64_t object = number >> STORE_ROW_SERIAL_BITS;
    if (object >= layout->object_count || body.len < BODY_HEAD)
        return;
    row->object = layout->objects[object];
    if (!row->object)
        return;
    row->created_ms = (int64_t)read_fixed(body.ptr);
    row->created_by = read_fixed(body.ptr + 8);
    row->modified_ms = (int64_t)read_fixed(body.ptr + 16);
    row->modified_by = read_fixed(body.ptr + 24);
    row->values =
        arena_array(arena, row->object->field_count, sizeof *row->values);
    body = (struct slice){body.ptr + BODY_HEAD, body.len - BODY_HEAD};
    uint64_t field, len;
    while (read_varint(&body, &field) && read_varint(&body, &len) &&
           len <= body.len) {
        /* A field that has left the schema keeps its values unseen. */
        if (field < layout->field_count && layout->fields[field])
            row->values[layout->fields[field]->index] =
                (struct slice){body.ptr, len};
        body = (struct slice){body.ptr + len, body.len - len};
    }
    show_system_fields(layout, row, arena);
}

bool
store_row_get(const struct store_layout *layout, struct store_link *link,
              uint64_t number, struct arena *arena, struct store_row *row,
              struct error *err)
{
    *row = (struct store_row){0};
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_RECORD_GET, err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, (int64_t)number);
    enum store_step step = store_link_step(link, get, err);
    if (step == STORE_ROW)
        store_row_decode(layout, number, (uint64_t)sqlite3_column_int64(get, 0),
                         arena_copy(arena, store_link_bytes(get, 1)), arena,
                         row);
    sqlite3_reset(get);
    return step != STORE_FAILED;
}

struct slice
store_row_key(const struct schema_field *field, struct slice value,
              struct arena *arena)
{
    if (field->type == FIELD_REFERENCE ||
        (field->flags & FIELD_CASE_SENSITIVE) ||
        !org_schema_type_is_text(field->type))
        return value;
    return field_value_fold(value, arena);
}

bool
store_row_find(struct store_link *link, const struct schema_field *field,
               struct slice value, struct arena *arena, uint64_t *numbers,
               size_t limit, size_t *count, struct error *err)
{
    *count = 0;
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_ENTRY_GET, err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, field->number);
    store_link_bind(get, 2, store_row_key(field, value, arena));
    sqlite3_bind_int64(get, 3, (int64_t)limit);
    enum store_step step;
    while ((step = store_link_step(link, get, err)) == STORE_ROW)
        numbers[(*count)++] = (uint64_t)sqlite3_column_int64(get, 0);
    sqlite3_reset(get);
    return step == STORE_DONE;
}

static bool
change_entry(struct store_link *link, enum store_sql which,
             const struct schema_field *field, struct slice value,
             uint64_t number, struct arena *arena, struct error *err)
{
    sqlite3_stmt *statement = store_link_statement(link, which, err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, field->number);
    store_link_bind(statement, 2, store_row_key(field, value, arena));
    sqlite3_bind_int64(statement, 3, (int64_t)number);
    return store_link_finish(link, statement, err);
}

bool
store_row_add_entry(struct store_link *link, const struct schema_field *field,
                    struct slice value, uint64_t number, struct arena *arena,
                    struct error *err)
{
    return change_entry(link, STORE_SQL_ENTRY_PUT, field, value, number, arena,
                        err);
}

static struct slice
entry_of(const struct store_row *row, const struct schema_field *field)
{
    if (!row || row->deleted_with)
        return (struct slice){0};
    return row->values[field->index];
}

static bool
put_entries(struct store_link *link, const struct schema_object *object,
            const struct store_row *old, const struct store_row *row,
            struct arena *arena, struct error *err)
{
    uint64_t number = row ? row->number : old->number;
    for (size_t i = 0; i < object->field_count; i++) {
        const struct schema_field *field = object->fields[i];
        if (!org_schema_field_is_key(field))
            continue;
        struct slice before = entry_of(old, field);
        struct slice after = entry_of(row, field);
        if (before.len && after.len && slice_equals(before, after))
            continue;
        if (before.len && !change_entry(link, STORE_SQL_ENTRY_REMOVE, field,
                                        before, number, arena, err))
            return false;
        if (after.len &&
            !store_row_add_entry(link, field, after, number, arena, err))
            return false;
    }
    return true;
}

static bool
is_shown_only(const struct schema_field *field)
{
    static const char *const names[] = {
        "Id",
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is_nocase(slice_of(field->name), names[i]))
            return true;
    return false;
}

bool
store_row_put(struct store_link *link, const struct store_row *old,
              const struct store_row *row, struct arena *arena,
              struct error *err)
{
    struct buffer body = {0};
    append_fixed(&body, (uint64_t)row->created_ms);
    append_fixed(&body, row->created_by);
    append_fixed(&body, (uint64_t)row->modified_ms);
    append_fixed(&body, row->modified_by);
    for (size_t i = 0; i < row->object->field_count; i++) {
        const struct schema_field *field = row->object->fields[i];
        struct slice value = row->values[i];
        if (value.len == 0 || is_shown_only(field))
            continue;
        append_varint(&body, field->number);
        append_varint(&body, value.len);
        buffer_append_slice(&body, value);
    }
    sqlite3_stmt *put = store_link_statement(
        link, old ? STORE_SQL_RECORD_PUT : STORE_SQL_RECORD_INSERT, err);
    bool worked = false;
    if (put) {
        sqlite3_bind_int64(put, 1, (int64_t)row->number);
        sqlite3_bind_int64(put, 2, (int64_t)row->deleted_with);
        store_link_bind(put, 3, buffer_slice(&body));
        worked = store_link_finish(link, put, err) &&
                 put_entries(link, row->object, old, row, arena, err);
    }
    buffer_release(&body);
    return worked;
}

bool
store_row_remove(struct store_link *link, const struct store_row *row,
                 struct arena *arena, struct error *err)
{
    sqlite3_stmt *statement =
        store_link_statement(link, STORE_SQL_RECORD_REMOVE, err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, (int64_t)row->number);
    return store_link_finish(link, statement, err) &&
           put_entries(link, row->object, row, NULL, arena, err);
}
