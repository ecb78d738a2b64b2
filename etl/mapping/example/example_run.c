/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/example/example_run.h"

#include "base/mem.h"
#include "base/suggest.h"
#include "mapping/example/example_read.h"
#include "mapping/formula/formula.h"
#include "mapping/mapper.h"

#include <stdlib.h>

/* The columns that the mapping reads, by name; a row of an example has them. */
struct names {
    struct slice *items;
    size_t count, capacity;
};

struct session {
    struct mapping *mapping;
    struct mapper *mapper;
    struct names names;
    struct batch rows, mapped;
    struct arena arena; /* of one example */
    struct example_difference *differences;
    size_t difference_count, difference_capacity;
};

static bool
is_same(struct slice a, struct slice b)
{
    a = slice_trim(a);
    b = slice_trim(b);
    char text[300];
    if (a.len != b.len || a.len >= sizeof text) {
        return slice_equals(a, b);
    }
    memcpy(text, b.ptr, b.len);
    text[b.len] = '\0';
    return slice_equals(a, b) || slice_is_nocase(a, text);
}

static size_t
find_name(const struct names *names, struct slice name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (is_same(names->items[i], name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t
take_name(struct names *names, struct slice name)
{
    size_t found = find_name(names, name);
    if (found != SIZE_MAX) {
        return found;
    }
    if (names->count == names->capacity) {
        names->capacity = names->capacity * 2 + 16;
        names->items = mem_realloc_array(names->items, names->capacity,
                                         sizeof *names->items);
    }
    names->items[names->count] = name;
    return names->count++;
}

static void
bind_formula(struct names *names, struct formula *formula)
{
    size_t count = formula == NULL ? 0 : formula_column_count(formula);
    for (size_t i = 0; i < count; i++) {
        struct formula_column *column = formula_column(formula, i);
        column->index = take_name(names, column->name);
    }
}

static void
bind_load(struct names *names, struct load_plan *plan)
{
    bind_formula(names, plan->where);
    bind_formula(names, plan->lock_group);
    for (size_t i = 0; i < plan->load.column_count; i++) {
        struct field_rule *rule = &plan->rules[i];
        if (rule->origin == ORIGIN_COLUMN) {
            rule->source_index = take_name(names, rule->source);
        }
        bind_formula(names, rule->formula);
    }
    for (size_t i = 0; i < plan->validation_count; i++) {
        bind_formula(names, plan->validations[i].rule);
        bind_formula(names, plan->validations[i].message_formula);
    }
}

static void
add_difference(struct session *session, struct slice what,
               struct slice expected, struct slice got)
{
    if (session->difference_count == session->difference_capacity) {
        session->difference_capacity = session->difference_capacity * 2 + 8;
        session->differences = mem_realloc_array(session->differences,
                                                 session->difference_capacity,
                                                 sizeof *session->differences);
    }
    session->differences[session->difference_count++] =
        (struct example_difference){what, expected, got};
}

static void
fill_table(struct session *session, const struct yaml_pair *pair)
{
    struct translation *table =
        translation_set_find(&session->mapping->translations, pair->key->text);
    translation_clear(table);
    for (size_t i = 0; i < pair->value->count; i++) {
        const struct yaml_pair *row = &pair->value->pairs[i];
        struct slice value = row->value->kind == YAML_TEXT ? row->value->text
                                                           : SLICE_LITERAL("");
        (void)translation_put(table, row->key->text, value);
    }
}

static void
fill_tables(struct session *session, const struct yaml_node *tables)
{
    for (size_t i = 0; tables != NULL && i < tables->count; i++) {
        fill_table(session, &tables->pairs[i]);
    }
}

/* Tables of queries hold what one example gives, and no more. */
static void
clear_queries(struct session *session)
{
    for (size_t i = 0; i < mapping_table_count(session->mapping); i++) {
        const struct mapping_table *table = mapping_table(session->mapping, i);
        if (table->origin == TABLE_QUERY) {
            translation_clear(table->rows);
        }
    }
}

/* "[any text]" is any text. */
static struct slice
given_name(const struct yaml_node *key)
{
    struct slice name = key->text;
    if (name.len > 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']') {
        name = (struct slice){name.ptr + 1, name.len - 2};
    }
    return name;
}

/* The row that an example gives. */
static void
give_row(struct session *session, const struct example *example, size_t number)
{
    batch_reset(&session->rows);
    struct record *record = batch_add(&session->rows);
    record->row = record->line = number;
    record->field_count = session->names.count;
    record->fields = arena_array(&session->rows.arena, session->names.count + 1,
                                 sizeof *record->fields);
    for (size_t i = 0; i < example->given->count; i++) {
        const struct yaml_pair *cell = &example->given->pairs[i];
        size_t index = find_name(&session->names, given_name(cell->key));
        if (index != SIZE_MAX && cell->value->kind == YAML_TEXT) {
            record->fields[index] = cell->value->text;
        }
    }
}

/* "rejected: …", "skipped: …", "mapped" */
static struct slice
fate_of(struct session *session, const struct record *record)
{
    if (record->fate == RECORD_GOOD) {
        return SLICE_LITERAL("mapped");
    }
    return arena_printf(&session->arena, "%s: %.*s",
                        record->fate == RECORD_REJECTED ? "rejected"
                                                        : "skipped",
                        SLICE_ARGS(record->reason));
}

static void
compare_fate(struct session *session, const struct record *record,
             enum record_fate fate, struct slice part)
{
    bool is_met =
        record->fate == fate && record->reason.len >= part.len &&
        (part.len == 0 || memmem(record->reason.ptr, record->reason.len,
                                 part.ptr, part.len) != NULL);
    if (!is_met) {
        add_difference(
            session, (struct slice){NULL, 0},
            arena_printf(&session->arena, "%s: %.*s",
                         fate == RECORD_REJECTED ? "rejected" : "skipped",
                         SLICE_ARGS(part)),
            fate_of(session, record));
    }
}

static struct slice
expected_of(const struct yaml_node *node)
{
    bool is_null = node->kind == YAML_NULL ||
                   (!node->quoted && slice_is(node->text, "null"));
    return is_null ? (struct slice){NULL, 0} : node->text;
}

static void
compare_fields(struct session *session, const struct load_plan *plan,
               const struct record *record, const struct yaml_node *expect)
{
    if (record->fate != RECORD_GOOD) {
        add_difference(session, (struct slice){NULL, 0},
                       SLICE_LITERAL("mapped"), fate_of(session, record));
        return;
    }
    for (size_t i = 0; i < expect->count; i++) {
        struct slice expected = expected_of(expect->pairs[i].value);
        for (size_t j = 0; j < plan->load.column_count; j++) {
            struct slice got = record->fields[j];
            if (slice_equals(plan->rules[j].target,
                             expect->pairs[i].key->text) &&
                ((got.ptr == NULL) != (expected.ptr == NULL) ||
                 !slice_equals(got, expected))) {
                add_difference(session, plan->rules[j].target, expected, got);
            }
        }
    }
}

static void
run_one(struct session *session, size_t load, const struct example *example,
        size_t number)
{
    const struct load_plan *plan = &session->mapping->loads[load];
    arena_reset(&session->arena);
    session->difference_count = 0;
    clear_queries(session);
    fill_tables(session, plan->given_tables);
    fill_tables(session, example->given_tables);
    give_row(session, example, number);
    mapper_apply(session->mapper, load, &session->rows, &session->mapped);
    const struct record *record = &session->mapped.records[0];
    if (example->expect != NULL) {
        compare_fields(session, plan, record, example->expect);
    } else if (example->error.ptr != NULL) {
        compare_fate(session, record, RECORD_REJECTED, example->error);
    } else {
        compare_fate(session, record, RECORD_SKIPPED, example->skip);
    }
}

static void
check_given(const struct names *names, const char *const *texts,
            const struct yaml_node *given, struct problems *problems)
{
    char near[SUGGEST_SIZE];
    for (size_t i = 0; given != NULL && i < given->count; i++) {
        const struct yaml_node *key = given->pairs[i].key;
        if (find_name(names, given_name(key)) != SIZE_MAX) {
            continue;
        }
        suggest_phrase(near, given_name(key), texts, names->count);
        if (near[0] != '\0') {
            problem_warn(problems, key->line, key->column, "unread-column",
                         near + 2, "nothing reads the column '%.80s'",
                         key->text.ptr);
        }
    }
}

void
example_run_check(struct mapping *mapping, struct problems *problems)
{
    struct names names = {0};
    struct arena arena = {0};
    for (size_t i = 0; i < mapping->load_count; i++) {
        bind_load(&names, &mapping->loads[i]);
    }
    const char **texts = arena_array(&arena, names.count, sizeof *texts);
    for (size_t i = 0; i < names.count; i++) {
        texts[i] = arena_strdup(&arena, names.items[i]);
    }
    for (size_t i = 0; i < mapping->load_count; i++) {
        const struct load_plan *plan = &mapping->loads[i];
        for (size_t j = 0; j < plan->example_count; j++) {
            check_given(&names, texts, plan->examples[j].given, problems);
        }
    }
    arena_release(&arena);
    free(names.items);
}

size_t
example_run_count(const struct mapping *mapping)
{
    size_t count = 0;
    for (size_t i = 0; i < mapping->load_count; i++) {
        count += mapping->loads[i].example_count;
    }
    return count;
}

void
example_run(struct mapping *mapping,
            void (*tell)(void *cookie, const struct example_result *result),
            void *cookie)
{
    struct session session = {.mapping = mapping,
                              .mapper = mapper_new(mapping)};
    mapping->source_name = "example";
    for (size_t i = 0; i < mapping->load_count; i++) {
        bind_load(&session.names, &mapping->loads[i]);
    }
    for (size_t i = 0; i < mapping->load_count; i++) {
        const struct load_plan *plan = &mapping->loads[i];
        for (size_t j = 0; j < plan->example_count; j++) {
            run_one(&session, i, &plan->examples[j], j + 1);
            const struct example_result result = {
                plan->load.name, j + 1, plan->examples[j].place.line,
                session.differences, session.difference_count};
            tell(cookie, &result);
        }
    }
    mapper_free(session.mapper);
    batch_release(&session.rows);
    batch_release(&session.mapped);
    arena_release(&session.arena);
    free(session.names.items);
    free(session.differences);
}
