/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql.h"

#include "base/mem.h"
#include "rehearsal/org/store_access.h"
#include "rehearsal/soql/soql_filter.h"
#include "rehearsal/soql/soql_run.h"

#include <stdlib.h>

/* A node of what JSON nests: a field, or a parent with its own fields. */
struct column_node {
    const struct schema_field *field; /* the reference, of a parent */
    bool is_parent;
    struct column_node *children;
    struct column_node *next;
};

struct soql_query {
    struct store *store;
    struct arena arena;   /* the query's */
    struct arena scratch; /* a row's */
    struct soql_statement statement;
    struct column_node *tree;
    bool include_deleted;
    uint64_t *numbers;
    size_t count;
};

static void
add_column(struct soql_query *query, struct column_node **list,
           const struct soql_path *path, size_t step)
{
    bool is_parent = step < path->step_count;
    const struct schema_field *field =
        is_parent ? path->steps[step] : path->field;
    while (*list &&
           ((*list)->field != field || (*list)->is_parent != is_parent))
        list = &(*list)->next;
    if (!*list) {
        *list = arena_array(&query->arena, 1, sizeof **list);
        (*list)->field = field;
        (*list)->is_parent = is_parent;
    }
    if (is_parent)
        add_column(query, &(*list)->children, path, step + 1);
}

static bool
run(struct soql_query *query, struct error *err)
{
    return soql_run_statement(query->store, &query->statement,
                              query->include_deleted, &query->numbers,
                              &query->count, err);
}

static struct soql_query *
new_query(struct store *store, bool include_deleted)
{
    struct soql_query *query = mem_zalloc(sizeof *query);
    query->store = store;
    query->include_deleted = include_deleted;
    return query;
}

struct soql_query *
soql_open(struct store *store, struct slice text, bool include_deleted,
          struct org_fault *fault, struct error *err)
{
    struct soql_query *query = new_query(store, include_deleted);
    text = arena_copy(&query->arena, text);
    if (!soql_parse_statement(store->schema, text, &query->arena,
                              &query->statement, fault) ||
        !run(query, err)) {
        soql_close(query);
        return NULL;
    }
    for (size_t i = 0; i < query->statement.column_count; i++)
        add_column(query, &query->tree, &query->statement.columns[i], 0);
    return query;
}

static bool
choose_fields(struct soql_query *query, struct slice fields,
              struct org_fault *fault)
{
    struct soql_statement *statement = &query->statement;
    const struct schema_object *object = statement->object;
    size_t limit = object->field_count;
    statement->columns =
        arena_array(&query->arena, limit, sizeof *statement->columns);
    while (fields.ptr && fields.len) {
        const char *comma = memchr(fields.ptr, ',', fields.len);
        size_t len = comma ? (size_t)(comma - fields.ptr) : fields.len;
        struct slice name = slice_trim((struct slice){fields.ptr, len});
        const struct schema_field *field = org_schema_field(object, name);
        if (!field || statement->column_count == limit)
            return org_fault_set(fault, "INVALID_FIELD", NULL,
                                 "No such column '%.*s' on sobject of type "
                                 "%s",
                                 SLICE_ARGS(name), object->name);
        statement->columns[statement->column_count++] =
            (struct soql_path){.field = field, .name = field->name};
        len += comma ? 1 : 0;
        fields = (struct slice){fields.ptr + len, fields.len - len};
    }
    for (size_t i = 0; !statement->column_count && i < limit; i++)
        statement->columns[i] = (struct soql_path){
            .field = object->fields[i], .name = object->fields[i]->name};
    if (!statement->column_count)
        statement->column_count = limit;
    return true;
}

struct soql_query *
soql_open_record(struct store *store, const struct schema_object *object,
                 struct slice id, struct slice fields, struct org_fault *fault,
                 struct error *err)
{
    struct soql_query *query = new_query(store, false);
    struct soql_statement *statement = &query->statement;
    statement->object = object;
    statement->limit = 1;
    struct slice *value = arena_array(&query->arena, 1, sizeof *value);
    char id18[19];
    *value = field_value_read_id(id, id18)
                 ? arena_copy(&query->arena, (struct slice){id18, 18})
                 : SLICE_LITERAL("none");
    struct soql_condition *where = arena_array(&query->arena, 1, sizeof *where);
    *where = (struct soql_condition){.path = {.field = object->fields[0]},
                                     .values = value,
                                     .value_count = 1};
    statement->where = where;
    if (!choose_fields(query, fields, fault) || !run(query, err)) {
        soql_close(query);
        return NULL;
    }
    for (size_t i = 0; i < statement->column_count; i++)
        add_column(query, &query->tree, &statement->columns[i], 0);
    return query;
}

void
soql_close(struct soql_query *query)
{
    if (!query)
        return;
    free(query->numbers);
    arena_release(&query->scratch);
    arena_release(&query->arena);
    free(query);
}

const struct schema_object *
soql_object(const struct soql_query *query)
{
    return query->statement.object;
}

bool
soql_is_count(const struct soql_query *query)
{
    return query->statement.is_count;
}

uint64_t
soql_count(const struct soql_query *query)
{
    return query->count;
}

size_t
soql_column_count(const struct soql_query *query)
{
    return query->statement.column_count;
}

const char *
soql_column(const struct soql_query *query, size_t index)
{
    return query->statement.columns[index].name;
}

static bool
append_object(const struct soql_filter *filter, const struct store_row *row,
              const struct column_node *columns, const char *version,
              struct buffer *out)
{
    char id[19];
    store_row_id(row->object, row->number, id);
    buffer_printf(out,
                  "{\"attributes\":{\"type\":\"%s\",\"url\":"
                  "\"/services/data/v%s/sobjects/%s/%s\"}",
                  row->object->name, version, row->object->name, id);
    for (; columns; columns = columns->next) {
        const struct schema_field *field = columns->field;
        struct store_row parent;
        struct soql_path path = {.field = field};
        struct slice value = {0};
        buffer_printf(out, ",\"%s\":",
                      columns->is_parent ? field->relationship : field->name);
        if (!columns->is_parent) {
            /* Of a polymorphic parent, by name: its own field may be another
             * one, or missing. */
            if (field->index >= row->object->field_count ||
                row->object->fields[field->index] != field)
                path.field =
                    org_schema_field(row->object, slice_of(field->name));
            if (path.field && !soql_filter_value(filter, row, &path, &value))
                return false;
            field_value_append_json(field, value, out);
            continue;
        }
        if (!soql_filter_parent(filter, row, field, &parent))
            return false;
        if (!parent.object)
            buffer_append_text(out, "null");
        else if (!append_object(filter, &parent, columns->children, version,
                                out))
            return false;
    }
    buffer_append_char(out, '}');
    return true;
}

static bool
append_line(const struct soql_query *query, const struct soql_filter *filter,
            const struct store_row *row, char delimiter, const char *line_end,
            struct buffer *out)
{
    for (size_t i = 0; i < query->statement.column_count; i++) {
        const struct soql_path *path = &query->statement.columns[i];
        struct slice value;
        if (!soql_filter_value(filter, row, path, &value))
            return false;
        if (i)
            buffer_append_char(out, delimiter);
        buffer_append_char(out, '"');
        if (org_schema_type_is_decimal(path->field->type))
            field_value_append_csv(path->field, value, out);
        else
            for (size_t k = 0; k < value.len; k++) {
                if (value.ptr[k] == '"')
                    buffer_append_char(out, '"');
                buffer_append_char(out, value.ptr[k]);
            }
        buffer_append_char(out, '"');
    }
    buffer_append_text(out, line_end);
    return true;
}

struct page {
    const char *version; /* NULL: CSV */
    const char *line_end;
    char delimiter;
    uint64_t first, count;
};

static bool
append_page(struct soql_query *query, const struct page *page,
            struct buffer *out, struct error *err)
{
    struct store_link *link = store_take_reader(query->store, err);
    if (!link)
        return false;
    struct soql_filter filter = {.layout = &query->store->layout,
                                 .link = link,
                                 .scratch = &query->scratch,
                                 .err = err};
    bool worked = true, any = false;
    for (uint64_t i = page->first;
         worked && i < query->count && i - page->first < page->count; i++) {
        struct store_row row;
        arena_reset(&query->scratch);
        worked = store_row_get(&query->store->layout, link, query->numbers[i],
                               &query->scratch, &row, err);
        if (!worked || !row.object)
            continue; /* deleted for good since */
        if (page->version && any)
            buffer_append_char(out, ',');
        any = true;
        worked =
            page->version
                ? append_object(&filter, &row, query->tree, page->version, out)
                : append_line(query, &filter, &row, page->delimiter,
                              page->line_end, out);
    }
    store_give_reader(query->store, link);
    return worked && (!out->overflowed ||
                      error_set(err, ERROR_LIMIT, 0,
                                "a page of a query's result is too large"));
}

bool
soql_append_json(struct soql_query *query, const char *version, uint64_t first,
                 uint64_t count, struct buffer *out, struct error *err)
{
    struct page page = {.version = version, .first = first, .count = count};
    return append_page(query, &page, out, err);
}

bool
soql_append_csv(struct soql_query *query, char delimiter, const char *line_end,
                uint64_t first, uint64_t count, struct buffer *out,
                struct error *err)
{
    struct page page = {.delimiter = delimiter,
                        .line_end = line_end,
                        .first = first,
                        .count = count};
    return append_page(query, &page, out, err);
}

void
soql_append_csv_header(const struct soql_query *query, char delimiter,
                       const char *line_end, struct buffer *out)
{
    for (size_t i = 0; i < query->statement.column_count; i++) {
        if (i)
            buffer_append_char(out, delimiter);
        buffer_printf(out, "\"%s\"", query->statement.columns[i].name);
    }
    buffer_append_text(out, line_end);
}
