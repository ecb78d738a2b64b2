/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_xml.h"

#include "base/map.h"
#include "mapping/formula/formula.h"

#include <stdio.h>

static bool
is_xml(const struct mapping *mapping)
{
    return mapping->source.format != NULL &&
           strcmp(mapping->source.format, "xml") == 0;
}

void
mapping_xml_refuse_keys(struct mapping_reader *reader,
                        const struct yaml_node *source)
{
    static const struct {
        const char *key;
        bool is_xml;
    } keys[] = {
        {"delimiter", false},  {"quote", false},     {"header", false},
        {"skip_lines", false}, {"comment", false},   {"ragged", false},
        {"record", true},      {"namespaces", true},
    };
    for (size_t i = 0; i < source->count; i++) {
        const struct yaml_node *key = source->pairs[i].key;
        for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
            if (slice_is(key->text, keys[j].key) &&
                keys[j].is_xml != is_xml(reader->mapping)) {
                char help[80];
                snprintf(help, sizeof help, "it belongs to 'format: %s'",
                         keys[j].is_xml ? "xml" : "csv");
                problem_add(reader->problems, key->line, key->column,
                            "wrong-key", help, "'%s' says nothing here",
                            keys[j].key);
            }
        }
    }
}

static void
read_namespaces(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct mapping *mapping = reader->mapping;
    if (node->kind != YAML_MAP) {
        (void)mapping_reader_keys(reader, node, "namespaces", NULL, 0, NULL);
        return;
    }
    struct source_namespace *list =
        arena_array(&mapping->arena, node->count, sizeof *list);
    for (size_t i = 0; i < node->count; i++) {
        list[i].prefix = node->pairs[i].key->text;
        list[i].uri = SLICE_LITERAL("");
        if (mapping_reader_text(reader, &node->pairs[i], &list[i].uri) &&
            list[i].uri.len == 0) {
            problem_add(reader->problems, node->pairs[i].value->line,
                        node->pairs[i].value->column, "missing-value",
                        "give the address that the file declares for it",
                        "the namespace '%.80s' is empty", list[i].prefix.ptr);
        }
    }
    mapping->source.namespaces = list;
    mapping->source.namespace_count = node->count;
}

void
mapping_xml_read(struct mapping_reader *reader, const struct yaml_node *source,
                 const struct yaml_pair *record,
                 const struct yaml_pair *namespaces)
{
    struct slice path;
    if (record == NULL) {
        problem_add(reader->problems, source->line, source->column,
                    "missing-key",
                    "add 'record', the path of the repeated element, as in "
                    "/Orders/Order",
                    "an XML source needs 'record'");
    } else if (mapping_reader_text(reader, record, &path)) {
        reader->mapping->source.record = path.ptr;
    }
    if (namespaces != NULL) {
        read_namespaces(reader, namespaces->value);
    }
}

/* The first time that each path is named. */
struct collection {
    struct map seen;
    struct source_path *paths; /* NULL: they are counted only */
    size_t count;
};

static void
collect(struct collection *collection, struct slice path, int line)
{
    if (path.ptr == NULL || map_get(&collection->seen, path) != NULL) {
        return;
    }
    map_put(&collection->seen, path, collection);
    if (collection->paths != NULL) {
        collection->paths[collection->count] = (struct source_path){path, line};
    }
    collection->count++;
}

static void
collect_formula(struct collection *collection, struct formula *formula,
                int line)
{
    size_t count = formula == NULL ? 0 : formula_column_count(formula);
    for (size_t i = 0; i < count; i++) {
        collect(collection, formula_column(formula, i)->name, line);
    }
}

static void
collect_load(struct collection *collection, const struct load_plan *plan)
{
    collect_formula(collection, plan->where, plan->place.line);
    collect_formula(collection, plan->lock_group, plan->place.line);
    for (size_t i = 0; i < plan->load.column_count; i++) {
        const struct field_rule *rule = &plan->rules[i];
        if (rule->origin == ORIGIN_COLUMN) {
            collect(collection, rule->source, rule->source_place.line);
        }
        collect_formula(collection, rule->formula, rule->source_place.line);
    }
    for (size_t i = 0; i < plan->validation_count; i++) {
        collect_formula(collection, plan->validations[i].rule,
                        plan->place.line);
        collect_formula(collection, plan->validations[i].message_formula,
                        plan->place.line);
    }
}

static size_t
collect_all(const struct mapping *mapping, struct source_path *paths)
{
    struct collection collection = {.paths = paths};
    for (size_t i = 0; i < mapping->load_count; i++) {
        collect_load(&collection, &mapping->loads[i]);
    }
    map_release(&collection.seen);
    return collection.count;
}

void
mapping_xml_collect_paths(struct mapping *mapping)
{
    if (!is_xml(mapping)) {
        return;
    }
    size_t count = collect_all(mapping, NULL);
    struct source_path *paths =
        arena_array(&mapping->arena, count + 1, sizeof *paths);
    mapping->source.path_count = collect_all(mapping, paths);
    mapping->source.paths = paths;
}
