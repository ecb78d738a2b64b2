/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/store_setup.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>

/* How a field's entries were made; 0: it has none. */
enum { KEYED_FOLDED = 1, KEYED_EXACT = 2 };

static int
keyed_as(const struct schema_field *field)
{
    if (!org_schema_field_is_key(field))
        return 0;
    return field->flags & FIELD_CASE_SENSITIVE ? KEYED_EXACT : KEYED_FOLDED;
}

/* Custom objects' prefixes as Salesforce gives them: a00, a01 … a0A …, the
 * first that is free. */
static void
give_prefix(struct schema *schema, struct schema_object *object)
{
    static const char digits[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (unsigned n = 0; n < 62 * 62; n++) {
        char prefix[4] = {'a', digits[n / 62], digits[n % 62], '\0'};
        if (org_schema_object_of_id(schema, slice_of(prefix)))
            continue;
        org_schema_set_prefix(schema, object, prefix);
        return;
    }
}

/* What an earlier start gave; number stays 0 where it gave nothing. */
static bool
recall_object(struct store *store, struct store_link *link,
              struct schema_object *object, struct error *err)
{
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_OBJECT_GET, err);
    if (!get)
        return false;
    store_link_bind(get, 1, slice_of(object->name));
    enum store_step step = store_link_step(link, get, err);
    if (step == STORE_ROW) {
        object->number = (unsigned)sqlite3_column_int(get, 0);
        struct slice prefix = store_link_bytes(get, 1);
        if (prefix.len == 3 && !object->prefix[0])
            org_schema_set_prefix(store->schema, object, prefix.ptr);
    }
    sqlite3_reset(get);
    return step != STORE_FAILED;
}

static bool
enter_object(struct store *store, struct store_link *link,
             struct schema_object *object, struct error *err)
{
    if (!object->prefix[0])
        give_prefix(store->schema, object);
    sqlite3_stmt *put = store_link_statement(link, STORE_SQL_OBJECT_PUT, err);
    if (!put)
        return false;
    store_link_bind(put, 1, slice_of(object->name));
    store_link_bind(put, 2, slice_of(object->prefix));
    if (store_link_step(link, put, err) != STORE_ROW)
        return false;
    object->number = (unsigned)sqlite3_column_int(put, 0);
    return store_link_finish(link, put, err);
}

static bool
number_field(struct store_link *link, const struct schema_object *object,
             struct schema_field *field, int *keyed, struct error *err)
{
    *keyed = 0;
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_FIELD_GET, err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, object->number);
    store_link_bind(get, 2, slice_of(field->name));
    enum store_step step = store_link_step(link, get, err);
    if (step == STORE_ROW) {
        field->number = (unsigned)sqlite3_column_int(get, 0);
        *keyed = sqlite3_column_int(get, 1);
    }
    sqlite3_reset(get);
    if (step != STORE_DONE)
        return step == STORE_ROW;
    sqlite3_stmt *put = store_link_statement(link, STORE_SQL_FIELD_PUT, err);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, object->number);
    store_link_bind(put, 2, slice_of(field->name));
    if (store_link_step(link, put, err) != STORE_ROW)
        return false;
    field->number = (unsigned)sqlite3_column_int(put, 0);
    return store_link_finish(link, put, err);
}

/* For a field that became a key, or whose case rule changed. */
static bool
rebuild_entries(struct store *store, struct store_link *link,
                const struct schema_object *object,
                const struct schema_field *field, struct error *err)
{
    sqlite3_stmt *clear =
        store_link_statement(link, STORE_SQL_ENTRY_CLEAR, err);
    if (!clear)
        return false;
    sqlite3_bind_int64(clear, 1, field->number);
    if (!store_link_finish(link, clear, err))
        return false;
    sqlite3_stmt *scan = store_link_statement(link, STORE_SQL_RECORD_SCAN, err);
    if (!scan)
        return false;
    sqlite3_bind_int64(scan, 1, (int64_t)store_row_first(object));
    sqlite3_bind_int64(scan, 2, (int64_t)store_row_end(object));
    struct arena arena = {0};
    enum store_step step;
    while ((step = store_link_step(link, scan, err)) == STORE_ROW) {
        struct store_row row;
        arena_reset(&arena);
        store_row_decode(&store->layout,
                         (uint64_t)sqlite3_column_int64(scan, 0),
                         (uint64_t)sqlite3_column_int64(scan, 1),
                         store_link_bytes(scan, 2), &arena, &row);
        if (!row.object || row.deleted_with || !row.values[field->index].len)
            continue;
        if (!store_row_add_entry(link, field, row.values[field->index],
                                 row.number, &arena, err))
            break;
    }
    sqlite3_reset(scan);
    arena_release(&arena);
    return step == STORE_DONE;
}

static bool
key_field(struct store *store, struct store_link *link,
          const struct schema_object *object, const struct schema_field *field,
          int keyed, struct error *err)
{
    int wanted = keyed_as(field);
    if (wanted == keyed)
        return true;
    sqlite3_stmt *mark = store_link_statement(link, STORE_SQL_FIELD_KEYED, err);
    if (!mark)
        return false;
    sqlite3_bind_int(mark, 1, wanted);
    sqlite3_bind_int64(mark, 2, field->number);
    if (!store_link_finish(link, mark, err))
        return false;
    return !wanted || rebuild_entries(store, link, object, field, err);
}

static void
grow_layout(struct store_layout *layout, unsigned object, unsigned field)
{
    if (object >= layout->object_count) {
        size_t more = object + 64u;
        layout->objects =
            mem_realloc_array(layout->objects, more, sizeof *layout->objects);
        for (; layout->object_count < more; layout->object_count++)
            layout->objects[layout->object_count] = NULL;
    }
    if (field >= layout->field_count) {
        size_t more = field + 512u;
        layout->fields =
            mem_realloc_array(layout->fields, more, sizeof *layout->fields);
        for (; layout->field_count < more; layout->field_count++)
            layout->fields[layout->field_count] = NULL;
    }
}

static bool
number_fields(struct store *store, struct store_link *link,
              struct schema_object *object, struct error *err)
{
    int *keyed = mem_array(object->field_count, sizeof *keyed);
    bool worked = true;
    for (size_t i = 0; worked && i < object->field_count; i++) {
        struct schema_field *field = object->fields[i];
        worked = number_field(link, object, field, &keyed[i], err);
        grow_layout(&store->layout, object->number, field->number);
        store->layout.objects[object->number] = object;
        store->layout.fields[field->number] = field;
    }
    /* When all fields of the object have numbers: records are decoded. */
    for (size_t i = 0; worked && i < object->field_count; i++)
        worked =
            key_field(store, link, object, object->fields[i], keyed[i], err);
    free(keyed);
    return worked;
}

static bool
recall_serials(struct store *store, struct store_link *link, struct error *err)
{
    store->serials =
        mem_array(store->layout.object_count, sizeof *store->serials);
    store->serials_changed =
        mem_array(store->layout.object_count, sizeof *store->serials_changed);
    for (size_t i = 0; i < store->schema->object_count; i++) {
        const struct schema_object *object = store->schema->objects[i];
        sqlite3_stmt *get =
            store_link_statement(link, STORE_SQL_OBJECT_GET, err);
        if (!get)
            return false;
        store_link_bind(get, 1, slice_of(object->name));
        if (store_link_step(link, get, err) != STORE_ROW)
            return false;
        store->serials[object->number] = (uint64_t)sqlite3_column_int64(get, 2);
        sqlite3_reset(get);
    }
    return true;
}

struct seed {
    const char *field, *value;
};

/* The record with these values, made when there is none; match says how many
 * of the values must be equal. */
static bool
plant(struct store *store, struct store_link *link,
      const struct schema_object *object, const struct seed *seeds,
      size_t match, char id[19], struct error *err)
{
    struct arena arena = {0};
    sqlite3_stmt *scan = store_link_statement(link, STORE_SQL_RECORD_SCAN, err);
    if (!scan)
        return false;
    sqlite3_bind_int64(scan, 1, (int64_t)store_row_first(object));
    sqlite3_bind_int64(scan, 2, (int64_t)store_row_end(object));
    enum store_step step;
    struct store_row row = {0};
    bool found = false;
    while (!found && (step = store_link_step(link, scan, err)) == STORE_ROW) {
        arena_reset(&arena);
        store_row_decode(&store->layout,
                         (uint64_t)sqlite3_column_int64(scan, 0),
                         (uint64_t)sqlite3_column_int64(scan, 1),
                         store_link_bytes(scan, 2), &arena, &row);
        found = row.object != NULL;
        for (size_t i = 0; found && i < match; i++) {
            const struct schema_field *field =
                org_schema_field(object, slice_of(seeds[i].field));
            found = field && slice_is(row.values[field->index], seeds[i].value);
        }
    }
    sqlite3_reset(scan);
    bool worked = found || step == STORE_DONE;
    if (worked && !found) {
        int64_t now = clock_wall_ms();
        row = (struct store_row){.number = store_next_number(store, object),
                                 .object = object,
                                 .created_ms = now,
                                 .modified_ms = now};
        row.created_by = row.modified_by =
            store->user_number ? store->user_number : row.number;
        row.values =
            arena_array(&arena, object->field_count, sizeof *row.values);
        for (size_t i = 0; seeds[i].field; i++) {
            const struct schema_field *field =
                org_schema_field(object, slice_of(seeds[i].field));
            if (field)
                row.values[field->index] = slice_of(seeds[i].value);
        }
        worked = store_row_put(link, NULL, &row, &arena, err);
    }
    store_row_id(object, row.number, id);
    arena_release(&arena);
    return worked;
}

static bool
plant_user(struct store *store, struct store_link *link, struct error *err)
{
    static const struct seed user[] = {
        {"Username", "loader@rehearsal.example"},
        {"LastName", "Loader"},
        {"FirstName", "Rehearsal"},
        {"Name", "Rehearsal Loader"},
        {"Email", "loader@rehearsal.example"},
        {"Alias", "loader"},
        {"CommunityNickname", "loader"},
        {"IsActive", "true"},
        {"TimeZoneSidKey", "UTC"},
        {"LocaleSidKey", "en_US"},
        {"EmailEncodingKey", "UTF-8"},
        {"LanguageLocaleKey", "en_US"},
        {"UserType", "Standard"},
        {"ProfileId", "00eRe0000000001IAA"},
        {NULL, NULL},
    };
    const struct schema_object *object =
        org_schema_object(store->schema, SLICE_LITERAL("User"));
    if (!object)
        return error_set(err, ERROR_CONFIG, 0, "the schema has no 'User'");
    if (!plant(store, link, object, user, 1, store->user_id, err))
        return false;
    store->user_number =
        store_row_number(store->schema, slice_of(store->user_id));
    return true;
}

static bool
plant_price_book(struct store *store, struct store_link *link,
                 struct error *err)
{
    static const struct seed book[] = {
        {"IsStandard", "true"}, {"Name", "Standard Price Book"},
        {"IsActive", "true"},   {"IsArchived", "false"},
        {NULL, NULL},
    };
    char id[19];
    const struct schema_object *object =
        org_schema_object(store->schema, SLICE_LITERAL("Pricebook2"));
    return !object || plant(store, link, object, book, 1, id, err);
}

static bool
plant_record_types(struct store *store, struct store_link *link,
                   struct schema_object *object, struct error *err)
{
    const struct schema_object *types =
        org_schema_object(store->schema, SLICE_LITERAL("RecordType"));
    for (size_t i = 0; types && i < object->record_type_count; i++) {
        struct schema_record_type *type = &object->record_types[i];
        struct seed seeds[] = {
            {"SobjectType", object->name},
            {"DeveloperName", type->developer_name},
            {"Name", type->name},
            {"IsActive", "true"},
            {NULL, NULL},
        };
        if (!plant(store, link, types, seeds, 2, type->id, err))
            return false;
    }
    return true;
}

bool
store_setup_run(struct store *store, struct store_link *link, struct error *err)
{
    struct schema *schema = store->schema;
    store->layout.schema = schema;
    for (size_t i = 0; i < schema->object_count; i++)
        if (!recall_object(store, link, schema->objects[i], err))
            return false;
    for (size_t i = 0; i < schema->object_count; i++) {
        struct schema_object *object = schema->objects[i];
        if (!object->number && !enter_object(store, link, object, err))
            return false;
        if (!number_fields(store, link, object, err))
            return false;
    }
    if (!recall_serials(store, link, err) || !plant_user(store, link, err) ||
        !plant_price_book(store, link, err))
        return false;
    for (size_t i = 0; i < schema->object_count; i++)
        if (!plant_record_types(store, link, schema->objects[i], err))
            return false;
    return true;
}
