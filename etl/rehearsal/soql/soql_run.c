/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql_run.h"

#include "base/mem.h"
#include "rehearsal/org/store_access.h"
#include "rehearsal/soql/soql_filter.h"

#include <stdlib.h>

/* Records that one value of a key may have; more are not asked for. */
#define FIND_LIMIT ((size_t)1 << 20)

struct sort_key {
    struct slice *values; /* one for each ORDER BY */
    uint64_t number;
};

struct run {
    struct store *store;
    const struct soql_statement *statement;
    bool include_deleted;
    struct arena arena;   /* the sort keys' */
    struct arena scratch; /* a row's */
    uint64_t *numbers;
    size_t count, capacity;
    struct sort_key *keys; /* with ORDER BY */
};

static bool
add_match(struct run *run, const struct soql_filter *filter,
          const struct store_row *row)
{
    if (run->count == run->capacity) {
        run->capacity = run->capacity * 2 + 64;
        run->numbers = mem_realloc_array(run->numbers, run->capacity,
                                         sizeof *run->numbers);
        if (run->statement->order_count)
            run->keys =
                mem_realloc_array(run->keys, run->capacity, sizeof *run->keys);
    }
    run->numbers[run->count] = row->number;
    size_t order_count = run->statement->order_count;
    if (order_count) {
        struct sort_key *key = &run->keys[run->count];
        key->number = row->number;
        key->values =
            arena_array(&run->arena, order_count, sizeof *key->values);
        for (size_t i = 0; i < order_count; i++) {
            const struct soql_path *path = &run->statement->order[i].path;
            struct slice value;
            if (!soql_filter_value(filter, row, path, &value))
                return false;
            if (value.len && org_schema_type_is_text(path->field->type))
                value = field_value_fold(value, filter->scratch);
            if (value.len)
                key->values[i] = arena_copy(&run->arena, value);
        }
    }
    run->count++;
    return true;
}

static bool
is_enough(const struct run *run)
{
    const struct soql_statement *statement = run->statement;
    return !statement->order_count && statement->limit != UINT64_MAX &&
           run->count >= statement->limit + statement->offset;
}

static bool
consider(struct run *run, const struct soql_filter *filter,
         const struct store_row *row)
{
    bool matches = row->object == run->statement->object &&
                   (run->include_deleted || !row->deleted_with);
    if (matches && run->statement->where &&
        !soql_filter_matches(filter, row, run->statement->where, &matches))
        return false;
    return !matches || add_match(run, filter, row);
}

static bool
scan(struct run *run, const struct soql_filter *filter)
{
    const struct schema_object *object = run->statement->object;
    sqlite3_stmt *get =
        store_link_statement(filter->link, STORE_SQL_RECORD_SCAN, filter->err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, (int64_t)store_row_first(object));
    sqlite3_bind_int64(get, 2, (int64_t)store_row_end(object));
    enum store_step step = STORE_DONE;
    while (!is_enough(run) &&
           (step = store_link_step(filter->link, get, filter->err)) ==
               STORE_ROW) {
        struct store_row row;
        arena_reset(filter->scratch);
        store_row_decode(filter->layout, (uint64_t)sqlite3_column_int64(get, 0),
                         (uint64_t)sqlite3_column_int64(get, 1),
                         store_link_bytes(get, 2), filter->scratch, &row);
        if (!consider(run, filter, &row)) {
            step = STORE_FAILED;
            break;
        }
    }
    sqlite3_reset(get);
    return step != STORE_FAILED;
}

/* A condition that every match must meet and that the index can answer. */
static const struct soql_condition *
find_indexed(const struct soql_condition *where)
{
    if (!where)
        return NULL;
    if (where->kind == SOQL_AND) {
        const struct soql_condition *left = find_indexed(where->left);
        return left ? left : find_indexed(where->right);
    }
    if (where->kind != SOQL_COMPARE || where->path.step_count ||
        (where->operator!= SOQL_EQUAL && where->operator!= SOQL_IN))
        return NULL;
    for (size_t i = 0; i < where->value_count; i++)
        if (!where->values[i].len)
            return NULL;
    const struct schema_field *field = where->path.field;
    /* The index of a field whose case counts can't be asked without case. */
    bool folded = !(field->flags & FIELD_CASE_SENSITIVE);
    return field->type == FIELD_ID || (org_schema_field_is_key(field) && folded)
               ? where
               : NULL;
}

static int
compare_numbers(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The numbers that the index knows for a condition, each once, in order. */
static bool
ask_index(struct run *run, const struct soql_filter *filter,
          const struct soql_condition *condition, uint64_t **numbers,
          size_t *count)
{
    const struct schema_field *field = condition->path.field;
    size_t capacity = 0;
    *numbers = NULL;
    *count = 0;
    for (size_t i = 0; i < condition->value_count; i++) {
        size_t found = 1;
        size_t room = field->type == FIELD_ID ? 1 : FIELD_TYPE_COUNT;
        for (;; room *= 16) {
            if (*count + room > capacity) {
                capacity = (*count + room) * 2;
                *numbers =
                    mem_realloc_array(*numbers, capacity, sizeof **numbers);
            }
            if (field->type == FIELD_ID) {
                (*numbers)[*count] =
                    store_row_number(run->store->schema, condition->values[i]);
                break;
            }
            if (!store_row_find(filter->link, field, condition->values[i],
                                filter->scratch, *numbers + *count, room,
                                &found, filter->err))
                return false;
            if (found < room || room > FIND_LIMIT)
                break;
        }
        *count += found;
    }
    qsort(*numbers, *count, sizeof **numbers, compare_numbers);
    return true;
}

static bool
look_up(struct run *run, const struct soql_filter *filter,
        const struct soql_condition *condition)
{
    uint64_t *numbers;
    size_t count;
    bool worked = ask_index(run, filter, condition, &numbers, &count);
    for (size_t i = 0; worked && i < count && !is_enough(run); i++) {
        struct store_row row;
        if (i && numbers[i] == numbers[i - 1])
            continue;
        arena_reset(filter->scratch);
        worked = store_row_get(filter->layout, filter->link, numbers[i],
                               filter->scratch, &row, filter->err) &&
                 (!row.object || consider(run, filter, &row));
    }
    free(numbers);
    return worked;
}

static int
compare_keys(const void *a, const void *b, void *cookie)
{
    const struct sort_key *x = a, *y = b;
    const struct soql_statement *statement = cookie;
    for (size_t i = 0; i < statement->order_count; i++) {
        const struct soql_order *order = &statement->order[i];
        bool has_x = x->values[i].len, has_y = y->values[i].len;
        if (has_x != has_y)
            return has_x == order->nulls_last ? -1 : 1;
        int result = has_x ? soql_filter_compare(order->path.field,
                                                 x->values[i], y->values[i])
                           : 0;
        if (result)
            return order->descending ? -result : result;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static void
arrange(struct run *run)
{
    const struct soql_statement *statement = run->statement;
    if (statement->order_count) {
        qsort_r(run->keys, run->count, sizeof *run->keys, compare_keys,
                (void *)(uintptr_t)statement);
        for (size_t i = 0; i < run->count; i++)
            run->numbers[i] = run->keys[i].number;
    }
    size_t offset =
        statement->offset < run->count ? (size_t)statement->offset : run->count;
    memmove(run->numbers, run->numbers + offset,
            (run->count - offset) * sizeof *run->numbers);
    run->count -= offset;
    if (run->count > statement->limit)
        run->count = (size_t)statement->limit;
}

bool
soql_run_statement(struct store *store, const struct soql_statement *statement,
                   bool include_deleted, uint64_t **numbers, size_t *count,
                   struct error *err)
{
    *numbers = NULL;
    *count = 0;
    struct store_link *link = store_take_reader(store, err);
    if (!link)
        return false;
    struct run run = {.store = store,
                      .statement = statement,
                      .include_deleted = include_deleted};
    struct soql_filter filter = {.layout = &store->layout,
                                 .link = link,
                                 .scratch = &run.scratch,
                                 .err = err};
    const struct soql_condition *indexed =
        include_deleted ? NULL : find_indexed(statement->where);
    bool worked =
        indexed ? look_up(&run, &filter, indexed) : scan(&run, &filter);
    store_give_reader(store, link);
    if (run.count)
        arrange(&run);
    *numbers = run.numbers;
    *count = run.count;
    free(run.keys);
    arena_release(&run.scratch);
    arena_release(&run.arena);
    return worked;
}
