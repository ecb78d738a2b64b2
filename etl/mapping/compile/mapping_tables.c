/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_tables.h"

#include "base/suggest.h"
#include "mapping/compile/mapping_source.h"

#include <stdio.h>

#define TABLES_SHOWN 32 /* compared for a suggestion */
#define TEXT_SHOWN 80   /* bytes of a key or value in a message */

/* A table while its keys are read, in whatever order they stand. */
struct table_reading {
    struct mapping_table *table;
    const struct yaml_pair *csv, *query;
    bool ignores_case;
};

static void
take_csv(struct mapping_reader *reader, void *into,
         const struct yaml_pair *pair)
{
    struct table_reading *reading = into;
    struct slice text;
    reading->csv = pair;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (text.len == 0) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "missing-value", "name the file to be read",
                    "'csv' is empty");
        return;
    }
    if (slice_is(text, "-")) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value", "name the file to be read",
                    "a table can't come from standard input");
        return;
    }
    reading->table->origin = TABLE_CSV;
    reading->table->where = mapping_source_resolve(reader->mapping, text);
}

static void
take_query(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct table_reading *reading = into;
    struct slice text;
    reading->query = pair;
    if (mapping_reader_text(reader, pair, &text)) {
        reading->table->origin = TABLE_QUERY;
        reading->table->where = text.ptr;
    }
}

static void
take_key(struct mapping_reader *reader, void *into,
         const struct yaml_pair *pair)
{
    struct table_reading *reading = into;
    (void)mapping_reader_text(reader, pair, &reading->table->key);
}

static void
take_value(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct table_reading *reading = into;
    (void)mapping_reader_text(reader, pair, &reading->table->value);
}

static void
take_case(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    static const char *const words[] = {"sensitive", "insensitive"};
    struct table_reading *reading = into;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 2, &index)) {
        reading->ignores_case = index == 1;
    }
}

static const struct mapping_key table_keys[] = {
    {"csv", take_csv},     {"query", take_query}, {"key", take_key},
    {"value", take_value}, {"case", take_case},
};

static void
refuse_missing(struct mapping_reader *reader, const struct yaml_pair *pair,
               const char *key, const char *help)
{
    if (!mapping_reader_was_meant(reader, key)) {
        problem_add(reader->problems, pair->key->line, pair->key->column,
                    "missing-key", help, "the table '%.80s' has no '%s'",
                    pair->key->text.ptr, key);
    }
}

static void
read_outer(struct mapping_reader *reader, const struct yaml_pair *pair,
           struct table_reading *reading)
{
    if (!mapping_reader_keys(reader, pair->value, "a table", table_keys,
                             sizeof table_keys / sizeof *table_keys, reading)) {
        return;
    }
    if (reading->csv != NULL && reading->query != NULL) {
        problem_add(reader->problems, reading->query->key->line,
                    reading->query->key->column, "two-origins",
                    "keep one of them", "'csv' and 'query' can't both be");
    }
    if (reading->table->key.ptr == NULL) {
        refuse_missing(reader, pair, "key", "add the column that is looked up");
    }
    if (reading->table->value.ptr == NULL) {
        refuse_missing(reader, pair, "value",
                       "add the column that holds the translation");
    }
}

/* `case: insensitive` in a table that is a map; as a row of it, it would
 * translate one word only. */
static bool
is_case_key(const struct yaml_pair *pair)
{
    return slice_is(pair->key->text, "case") &&
           pair->value->kind == YAML_TEXT &&
           (slice_is(pair->value->text, "insensitive") ||
            slice_is(pair->value->text, "sensitive"));
}

static void
read_map(struct mapping_reader *reader, const struct yaml_pair *pair,
         const struct mapping_table *table)
{
    const struct yaml_node *node = pair->value;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->pairs[i].value;
        struct slice text;
        if (is_case_key(&node->pairs[i]) ||
            !mapping_reader_text(reader, &node->pairs[i], &text)) {
            continue;
        }
        const struct mapping_table row = {
            .name = table->name,
            .rows = table->rows,
            .line = value->line,
            .column = value->column,
        };
        (void)mapping_tables_put(&row, node->pairs[i].key->text, text, NULL,
                                 reader->problems);
    }
}

static bool
is_outer(const struct yaml_node *node)
{
    return yaml_tree_get(node, "csv") != NULL ||
           yaml_tree_get(node, "query") != NULL;
}

static bool
map_ignores_case(const struct yaml_node *node)
{
    const struct yaml_node *value = yaml_tree_get(node, "case");
    return value != NULL && value->kind == YAML_TEXT &&
           slice_is(value->text, "insensitive");
}

static void
read_table(struct mapping_reader *reader, const struct yaml_pair *pair,
           struct mapping_table *table)
{
    const struct yaml_node *node = pair->value;
    struct table_reading reading = {.table = table};
    *table = (struct mapping_table){
        .name = pair->key->text.ptr,
        .line = pair->key->line,
        .column = pair->key->column,
    };
    bool is_sound = node->kind == YAML_MAP;
    if (!is_sound && !node->refused) {
        problem_add(reader->problems, node->line, node->column, "wrong-type",
                    "write { KEY: VALUE, … }, or 'csv', 'key' and 'value', or "
                    "'query', 'key' and 'value'",
                    "the table '%.80s' is no map", table->name);
    } else if (is_sound && is_outer(node)) {
        read_outer(reader, pair, &reading);
    } else if (is_sound) {
        reading.ignores_case = map_ignores_case(node);
    }
    table->rows = translation_new(table->name, reading.ignores_case);
    if (is_sound && table->origin == TABLE_MAP && !is_outer(node)) {
        read_map(reader, pair, table);
    }
}

void
mapping_tables_read(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct mapping *mapping = reader->mapping;
    if (node->kind != YAML_MAP) {
        (void)mapping_reader_keys(reader, node, "tables", NULL, 0, NULL);
        return;
    }
    mapping->tables =
        arena_array(&mapping->arena, node->count, sizeof *mapping->tables);
    mapping->translations.tables = arena_array(
        &mapping->arena, node->count, sizeof *mapping->translations.tables);
    for (size_t i = 0; i < node->count; i++) {
        read_table(reader, &node->pairs[i], &mapping->tables[i]);
        mapping->translations.tables[i] = mapping->tables[i].rows;
        mapping->translations.count = i + 1;
    }
}

const struct translation *
mapping_tables_find(const struct mapping *mapping, struct problems *problems,
                    const struct yaml_node *node, struct slice name)
{
    const struct translation_set *set = &mapping->translations;
    const struct translation *table = translation_set_find(set, name);
    if (table != NULL) {
        return table;
    }
    const char *names[TABLES_SHOWN];
    char near[SUGGEST_SIZE];
    size_t count = set->count < TABLES_SHOWN ? set->count : TABLES_SHOWN;
    for (size_t i = 0; i < count; i++) {
        names[i] = translation_name(set->tables[i]);
    }
    suggest_phrase(near, name, names, count);
    char help[SUGGEST_SIZE + 40];
    snprintf(help, sizeof help, "add it to 'tables'%s", near);
    problem_add(problems, node->line, node->column, "unknown-table", help,
                "there is no table '%.*s'",
                (int)(name.len < TEXT_SHOWN ? name.len : TEXT_SHOWN), name.ptr);
    return NULL;
}

static struct slice
shown(struct slice text)
{
    text.len = slice_utf8_prefix(text, TEXT_SHOWN);
    return text;
}

bool
mapping_tables_put(const struct mapping_table *table, struct slice key,
                   struct slice value, const char *where,
                   struct problems *problems)
{
    const char *at = where ? where : "", *gap = where ? ": " : "";
    enum translation_put put = translation_put(table->rows, key, value);
    struct slice known = put == TRANSLATION_OTHER
                             ? shown(translation_find(table->rows, key))
                             : (struct slice){NULL, 0};
    key = shown(key);
    switch (put) {
    case TRANSLATION_ADDED:
    case TRANSLATION_SAME:
        return true;
    case TRANSLATION_OTHER:
        problem_add(problems, table->line, table->column, "repeated-table-key",
                    "a key has one value; take one of the two out",
                    "table '%.80s': %s%sthe key '%.*s' is both '%.*s' and "
                    "'%.*s'",
                    table->name, at, gap, SLICE_ARGS(key), SLICE_ARGS(known),
                    SLICE_ARGS(shown(value)));
        return false;
    case TRANSLATION_TOO_LONG:
        problem_add(problems, table->line, table->column, "table-text-long",
                    "are the quotes of the file right?",
                    "table '%.80s': %s%sa key or value is longer than %zu KiB",
                    table->name, at, gap, TRANSLATION_TEXT_LIMIT / 1024);
        return false;
    case TRANSLATION_FULL:
        break;
    }
    problem_add(problems, table->line, table->column, "table-too-large",
                "keep the rows that are needed",
                "table '%.80s': %s%sthe table is too large", table->name, at,
                gap);
    return false;
}
