/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_load.h"

#include "base/suggest.h"
#include "mapping/compile/mapping_field.h"
#include "mapping/compile/mapping_formula.h"
#include "mapping/compile/mapping_headers.h"
#include "mapping/example/example_read.h"

#include <stdio.h>

#define CHUNK_ROWS_MOST 150000000
#define CHUNK_BYTES_LEAST 1024
#define CHUNK_BYTES_MOST ((uint64_t)100 << 20) /* 150 MB after base64 */
#define PARALLEL_MOST 100
#define NAMES_SHOWN 32 /* compared for a suggestion */

struct load_reading {
    struct load_plan *plan;
    const struct yaml_pair *require, *examples;
};

static void
take_object(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    struct slice text;
    plan->has_object = true;
    plan->object_place = mapping_reader_place(pair->value);
    if (mapping_reader_text(reader, pair, &text)) {
        plan->load.object = text.ptr;
    }
}

static void
take_operation(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    static const char *const words[] = {"insert", "update",      "upsert",
                                        "delete", "hard_delete", "undelete"};
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    size_t index;
    plan->operation_place = mapping_reader_place(pair->value);
    plan->operation_sound = mapping_reader_word(reader, pair, words, 6, &index);
    plan->has_operation = true;
    if (plan->operation_sound) {
        (void)load_operation_of(slice_of(words[index]), &plan->load.operation);
    }
}

static void
take_external_id(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    struct slice text;
    plan->has_key = true;
    plan->key_place = mapping_reader_place(pair->value);
    if (mapping_reader_text(reader, pair, &text)) {
        plan->load.external_id = text.ptr;
    }
}

static void
take_name(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    plan->name_place = mapping_reader_place(pair->value);
    (void)mapping_reader_name(reader, pair, &plan->load.name);
}

static void
take_after(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    plan->has_after = true;
    plan->after_place = mapping_reader_place(pair->value);
    (void)mapping_reader_text(reader, pair, &plan->after);
}

static void
take_each(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    plan->each_place = mapping_reader_place(pair->value);
    if (mapping_reader_text(reader, pair, &plan->each)) {
        plan->each = slice_trim(plan->each);
    }
}

static void
take_require(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    static const char *const words[] = {"parent"};
    struct load_reading *reading = into;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 1, &index)) {
        reading->plan->load.require_parent = true;
        reading->plan->require_place = mapping_reader_place(pair->key);
        reading->require = pair;
    }
}

static void
take_duplicates(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    static const char *const words[] = {"reject", "first", "last", "allow"};
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 4, &index)) {
        plan->load.duplicates = (enum duplicates_policy)index;
    }
}

static void
take_api(struct mapping_reader *reader, void *into,
         const struct yaml_pair *pair)
{
    static const char *const words[] = {"auto", "bulk2", "bulk1", "soap",
                                        "rest"};
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 5, &index) && index > 0) {
        plan->load.api = words[index];
    }
}

static void
take_chunk_rows(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    (void)mapping_reader_number(reader, pair, 1, CHUNK_ROWS_MOST,
                                &plan->load.chunk_rows);
}

static void
take_chunk_bytes(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    (void)mapping_reader_size(reader, pair, CHUNK_BYTES_LEAST, CHUNK_BYTES_MOST,
                              &plan->load.chunk_bytes);
}

static void
take_parallel(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    uint64_t parallel;
    if (mapping_reader_number(reader, pair, 1, PARALLEL_MOST, &parallel)) {
        plan->load.parallel = (unsigned)parallel;
    }
}

static void
take_assignment_rule(struct mapping_reader *reader, void *into,
                     const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (!field_type_is_id(text)) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value", "it takes the rule's Id",
                    "'assignment_rule' can't be '%.80s'", text.ptr);
        return;
    }
    plan->load.assignment_rule = text.ptr;
}

static void
take_all_or_none(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    (void)mapping_reader_switch(reader, pair, &plan->load.all_or_none);
}

static void
take_headers(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    mapping_headers_read(reader, pair, &plan->load.headers);
}

static void
take_fields(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    const struct yaml_node *node = pair->value;
    struct arena *arena = &reader->mapping->arena;
    plan->has_fields = true;
    if (node->kind != YAML_MAP || node->count == 0) {
        if (!node->refused) {
            problem_add(reader->problems, pair->key->line, pair->key->column,
                        "wrong-type", "write a line 'Field: Column' each",
                        "'fields' has no fields");
        }
        return;
    }
    plan->rules = arena_array(arena, node->count, sizeof *plan->rules);
    plan->columns = arena_array(arena, node->count, sizeof *plan->columns);
    plan->load.columns = plan->columns;
    plan->load.column_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        mapping_field_read(reader, &node->pairs[i], &plan->rules[i]);
        plan->columns[i].name = plan->rules[i].target.ptr;
        plan->columns[i].type = FIELD_OTHER;
        plan->columns[i].is_file = plan->rules[i].conversion == CONVERT_FILE;
    }
}

static void
take_where(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    mapping_formula_where(reader, pair, ((struct load_reading *)into)->plan);
}

static void
take_lock_group(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    plan->lock_group = mapping_formula_read(reader, pair, false);
    plan->lock_group_place = mapping_reader_place(pair->key);
    plan->load.group = LOAD_GROUP_FORMULA;
}

static void
take_order(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    static const char *const words[] = {"auto", "source"};
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 2, &index)) {
        plan->keeps_order = index == 1;
        plan->order_place = mapping_reader_place(pair->key);
    }
}

static void
take_validate(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    mapping_formula_validate(reader, pair, ((struct load_reading *)into)->plan);
}

static void
take_examples(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    ((struct load_reading *)into)->examples = pair;
    (void)reader;
}

static void
take_given_tables(struct mapping_reader *reader, void *into,
                  const struct yaml_pair *pair)
{
    struct load_plan *plan = ((struct load_reading *)into)->plan;
    plan->given_tables = example_read_tables(reader, pair);
}

static const struct mapping_key load_keys[] = {
    {"object", take_object},
    {"operation", take_operation},
    {"external_id", take_external_id},
    {"name", take_name},
    {"fields", take_fields},
    {"duplicates", take_duplicates},
    {"after", take_after},
    {"require", take_require},
    {"order", take_order},
    {"lock_group", take_lock_group},
    {"api", take_api},
    {"chunk_rows", take_chunk_rows},
    {"chunk_bytes", take_chunk_bytes},
    {"parallel", take_parallel},
    {"assignment_rule", take_assignment_rule},
    {"each", take_each},
    {"where", take_where},
    {"validate", take_validate},
    {"examples", take_examples},
    {"given_tables", take_given_tables},
    {"unchanged", NULL},
    {"missing", NULL},
    {"missing_limit", NULL},
    {"serial", NULL},
    {"all_or_none", take_all_or_none},
    {"headers", take_headers},
};

static size_t
find_target(const struct load_plan *plan, struct slice name)
{
    for (size_t i = 0; i < plan->load.column_count; i++) {
        if (slice_equals(plan->rules[i].target, name)) {
            return i;
        }
    }
    return LOAD_NO_KEY;
}

static void
set_key(struct load_plan *plan, size_t column)
{
    plan->load.key_column = column;
    plan->rules[column].is_key = true;
}

static void
refuse_missing_key(struct mapping_reader *reader, const struct load_plan *plan)
{
    const char *names[NAMES_SHOWN];
    char near[SUGGEST_SIZE];
    size_t count = plan->load.column_count < NAMES_SHOWN
                       ? plan->load.column_count
                       : NAMES_SHOWN;
    for (size_t i = 0; i < count; i++) {
        names[i] = plan->columns[i].name;
    }
    suggest_phrase(near, slice_of(plan->load.external_id), names, count);
    char help[SUGGEST_SIZE + 60];
    snprintf(help, sizeof help, "add a line for it to 'fields'%s", near);
    problem_add(reader->problems, plan->key_place.line, plan->key_place.column,
                "key-not-mapped", help,
                "the external id '%s' is not among the fields",
                plan->load.external_id);
}

static void
find_external_id(struct mapping_reader *reader, struct load_plan *plan)
{
    if (!plan->has_key && mapping_reader_was_meant(reader, "external_id")) {
        return;
    }
    if (!plan->has_key) {
        problem_add(reader->problems, plan->operation_place.line,
                    plan->operation_place.column, "missing-key",
                    "add 'external_id' with the field that finds a record",
                    "an upsert needs an external id");
        return;
    }
    if (plan->load.external_id == NULL || plan->load.column_count == 0) {
        return;
    }
    size_t column = find_target(plan, slice_of(plan->load.external_id));
    if (column == LOAD_NO_KEY) {
        refuse_missing_key(reader, plan);
    } else {
        set_key(plan, column);
    }
}

static void
find_id(struct mapping_reader *reader, struct load_plan *plan)
{
    const char *name = load_operation_name(plan->load.operation);
    if (plan->load.column_count == 0) {
        return;
    }
    size_t column = find_target(plan, SLICE_LITERAL("Id"));
    if (column == LOAD_NO_KEY) {
        problem_add(reader->problems, plan->operation_place.line,
                    plan->operation_place.column, "key-not-mapped",
                    "add 'Id' and its column to 'fields', or 'external_id' "
                    "with the field that finds a record",
                    "'%s' needs the field 'Id'", name);
        return;
    }
    set_key(plan, column);
}

/* What takes a record away takes what names it and nothing else. */
static void
check_delete(struct mapping_reader *reader, const struct load_plan *plan)
{
    size_t key = plan->load.key_column;
    for (size_t i = 0; key != LOAD_NO_KEY && i < plan->load.column_count; i++) {
        if (i != key) {
            problem_add(reader->problems, plan->rules[i].place.line,
                        plan->rules[i].place.column, "wrong-key", "take it out",
                        "'%s' takes the field '%s' only",
                        load_operation_name(plan->load.operation),
                        plan->columns[key].name);
        }
    }
}

/* A record that was deleted is found by no query for its key. */
static void
refuse_undelete_key(struct mapping_reader *reader, const struct load_plan *plan)
{
    problem_add(reader->problems, plan->key_place.line, plan->key_place.column,
                "wrong-key", "take it out and give the records' Ids as 'Id'",
                "'undelete' finds records by their Id only");
}

static void
find_key(struct mapping_reader *reader, struct load_plan *plan)
{
    enum operation operation = plan->load.operation;
    plan->load.key_column = LOAD_NO_KEY;
    if (!plan->operation_sound) {
        return;
    }
    if (plan->has_key && operation == OPERATION_UNDELETE) {
        refuse_undelete_key(reader, plan);
    } else if (operation == OPERATION_UPSERT ||
               (plan->has_key && operation != OPERATION_INSERT)) {
        find_external_id(reader, plan);
    } else if (operation != OPERATION_INSERT) {
        find_id(reader, plan);
    } else if (plan->has_key) {
        problem_add(reader->problems, plan->key_place.line,
                    plan->key_place.column, "wrong-key",
                    "an insert makes new records; to find old ones use "
                    "'operation: upsert'",
                    "'external_id' says nothing for an insert");
    }
    if (operation == OPERATION_DELETE || operation == OPERATION_HARD_DELETE ||
        operation == OPERATION_UNDELETE) {
        check_delete(reader, plan);
    }
}

static void
refuse_missing(struct mapping_reader *reader, const struct yaml_node *node,
               const char *key, const char *help)
{
    if (!mapping_reader_was_meant(reader, key)) {
        problem_add(reader->problems, node->line, node->column, "missing-key",
                    help, "a load has no '%s'", key);
    }
}

static void
check_require(struct mapping_reader *reader, const struct load_plan *plan,
              const struct load_reading *reading)
{
    if (reading->require != NULL && !plan->has_after &&
        !mapping_reader_was_meant(reader, "after")) {
        problem_add(reader->problems, reading->require->key->line,
                    reading->require->key->column, "wrong-key",
                    "add 'after' with the load of the parents",
                    "'require: parent' needs a load to wait for");
    }
}

/* Rows of one group can't keep together where they stay in their order. */
static void
check_order(struct mapping_reader *reader, const struct load_plan *plan)
{
    if (plan->keeps_order && plan->load.group == LOAD_GROUP_FORMULA) {
        problem_add(reader->problems, plan->order_place.line,
                    plan->order_place.column, "wrong-key",
                    "take one of them out",
                    "'order: source' and 'lock_group' exclude one another");
    }
}

static void
read_load(struct mapping_reader *reader, const struct yaml_node *node,
          struct load_plan *plan)
{
    struct load_reading reading = {.plan = plan};
    plan->place = mapping_reader_place(node);
    plan->load.key_column = LOAD_NO_KEY;
    plan->load.after = SIZE_MAX;
    if (!mapping_reader_keys(reader, node, "a load", load_keys,
                             sizeof load_keys / sizeof *load_keys, &reading)) {
        return;
    }
    if (!plan->has_object) {
        refuse_missing(reader, node, "object", "add 'object: Account', say");
    }
    if (!plan->has_operation) {
        refuse_missing(reader, node, "operation",
                       "add insert, update, upsert, delete, hard_delete or "
                       "undelete");
    }
    if (!plan->has_fields) {
        refuse_missing(reader, node, "fields",
                       "add 'fields' with a line 'Field: Column' each");
    }
    find_key(reader, plan);
    check_require(reader, plan, &reading);
    check_order(reader, plan);
    if (reading.examples != NULL) {
        example_read(reader, reading.examples, plan);
        example_read_check(reader, plan);
    }
}

void
mapping_load_read(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct mapping *mapping = reader->mapping;
    if (node->kind != YAML_LIST || node->count == 0) {
        if (!node->refused) {
            problem_add(reader->problems, node->line, node->column,
                        "wrong-type",
                        "each begins with '- object: …', indented",
                        "'loads' has no list of loads");
        }
        return;
    }
    mapping->loads =
        arena_array(&mapping->arena, node->count, sizeof *mapping->loads);
    mapping->load_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        read_load(reader, node->pairs[i].value, &mapping->loads[i]);
    }
}
