/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/example/example_read.h"

#include "base/mem.h"
#include "base/suggest.h"

#include <stdlib.h>

static void
refuse(struct mapping_reader *reader, const struct yaml_node *node,
       const char *code, const char *help, const char *what)
{
    if (!node->refused) {
        problem_add(reader->problems, node->line, node->column, code, help,
                    "%s", what);
    }
}

/* A map whose values are texts or nothing. */
static bool
is_row(struct mapping_reader *reader, const struct yaml_pair *pair)
{
    if (pair->value->kind != YAML_MAP) {
        refuse(reader, pair->value, "wrong-type", "write { Column: text, ... }",
               "this is no row of columns");
        return false;
    }
    for (size_t i = 0; i < pair->value->count; i++) {
        const struct yaml_node *value = pair->value->pairs[i].value;
        if (value->kind == YAML_MAP || value->kind == YAML_LIST) {
            refuse(reader, value, "wrong-type",
                   "a text that holds brackets stands in quotes",
                   "an example's value is a text");
            return false;
        }
    }
    return true;
}

static void
take_given(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct example *example = into;
    if (is_row(reader, pair)) {
        example->given = pair->value;
    }
}

static void
take_expect(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct example *example = into;
    if (is_row(reader, pair)) {
        example->expect = pair->value;
    }
}

static void
take_error(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    (void)mapping_reader_text(reader, pair, &((struct example *)into)->error);
}

static void
take_skip(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    (void)mapping_reader_text(reader, pair, &((struct example *)into)->skip);
}

static void
take_tables(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    ((struct example *)into)->given_tables = example_read_tables(reader, pair);
}

static const struct mapping_key example_keys[] = {
    {"given", take_given},         {"expect", take_expect},
    {"expect_error", take_error},  {"expect_skip", take_skip},
    {"given_tables", take_tables},
};

/* What the mapping fills, examples take as it is. */
static bool
is_open(struct mapping_reader *reader, const struct yaml_node *name)
{
    for (size_t i = 0; i < mapping_table_count(reader->mapping); i++) {
        const struct mapping_table *table = mapping_table(reader->mapping, i);
        if (slice_is(name->text, table->name) && table->origin != TABLE_QUERY) {
            problem_add(reader->problems, name->line, name->column,
                        "table-filled",
                        "take it out; only tables of a query are given",
                        "the table '%s' has its rows", table->name);
            return false;
        }
    }
    return true;
}

const struct yaml_node *
example_read_tables(struct mapping_reader *reader, const struct yaml_pair *pair)
{
    const struct yaml_node *node = pair->value;
    if (node->kind != YAML_MAP) {
        refuse(reader, node, "wrong-type",
               "write { table: { KEY: value, ... } }", "these are no tables");
        return NULL;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *table = &node->pairs[i];
        if (translation_set_find(&reader->mapping->translations,
                                 table->key->text) == NULL) {
            problem_add(reader->problems, table->key->line, table->key->column,
                        "unknown-table", "it is one of 'tables'",
                        "there is no table '%.80s'", table->key->text.ptr);
            return NULL;
        }
        if (!is_row(reader, table) || !is_open(reader, table->key)) {
            return NULL;
        }
    }
    return node;
}

static void
check_one(struct mapping_reader *reader, const struct yaml_node *node)
{
    int count = (yaml_tree_get(node, "expect") != NULL) +
                (yaml_tree_get(node, "expect_error") != NULL) +
                (yaml_tree_get(node, "expect_skip") != NULL);
    if (yaml_tree_get(node, "given") == NULL &&
        !mapping_reader_was_meant(reader, "given")) {
        refuse(reader, node, "missing-key",
               "add 'given' with the columns of a row",
               "an example gives no row");
    }
    if (count > 1) {
        refuse(reader, node, "two-expectations", "keep one of them",
               "an example expects fields, an error or a skip, not several");
    } else if (count == 0 && !mapping_reader_was_meant(reader, "expect") &&
               !mapping_reader_was_meant(reader, "expect_error") &&
               !mapping_reader_was_meant(reader, "expect_skip")) {
        refuse(reader, node, "missing-key",
               "add 'expect', 'expect_error' or 'expect_skip'",
               "an example expects nothing");
    }
}

void
example_read(struct mapping_reader *reader, const struct yaml_pair *pair,
             struct load_plan *plan)
{
    const struct yaml_node *list = pair->value;
    if (list->kind != YAML_LIST) {
        refuse(reader, list, "wrong-type",
               "each begins with '- given: { … }', indented",
               "'examples' has no list of examples");
        return;
    }
    plan->examples = arena_array(&reader->mapping->arena, list->count,
                                 sizeof *plan->examples);
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *node = list->pairs[i].value;
        struct example *example = &plan->examples[plan->example_count++];
        example->place = mapping_reader_place(node);
        if (mapping_reader_keys(reader, node, "an example", example_keys,
                                sizeof example_keys / sizeof *example_keys,
                                example)) {
            check_one(reader, node);
        }
    }
}

static void
check_field(struct mapping_reader *reader, const struct load_plan *plan,
            const struct yaml_node *key)
{
    size_t count = plan->load.column_count;
    for (size_t i = 0; i < count; i++) {
        if (slice_equals(plan->rules[i].target, key->text)) {
            return;
        }
    }
    const char **names = mem_array(count + 1, sizeof *names);
    char near[SUGGEST_SIZE];
    for (size_t i = 0; i < count; i++) {
        names[i] = plan->columns[i].name;
    }
    suggest_phrase(near, key->text, names, count);
    problem_add(reader->problems, key->line, key->column, "unknown-field",
                near[0] != '\0' ? near + 2 : "it is one of 'fields'",
                "'%.80s' is no field of this load", key->text.ptr);
    free(names);
}

void
example_read_check(struct mapping_reader *reader, const struct load_plan *plan)
{
    for (size_t i = 0; i < plan->example_count; i++) {
        const struct yaml_node *expect = plan->examples[i].expect;
        for (size_t j = 0; expect != NULL && j < expect->count; j++) {
            check_field(reader, plan, expect->pairs[j].key);
        }
    }
}
