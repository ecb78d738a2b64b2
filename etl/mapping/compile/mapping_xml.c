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

void
mapping_xml_check_loads(struct mapping_reader *reader)
{
    const struct mapping *mapping = reader->mapping;
    for (size_t i = 0; i < mapping->load_count; i++) {
        const struct load_plan *plan = &mapping->loads[i];
        const struct place each = plan->each_place;
        const struct place require = plan->require_place;
        if (plan->each.ptr != NULL && !is_xml(mapping)) {
            problem_add(reader->problems, each.line, each.column, "wrong-key",
                        "it belongs to 'format: xml'",
                        "'each' says nothing here");
        } else if (plan->load.require_parent && plan->load.after != SIZE_MAX &&
                   !slice_equals(plan->each,
                                 mapping->loads[plan->load.after].each)) {
            problem_add(reader->problems, require.line, require.column,
                        "wrong-key",
                        "take it out: a row whose parent the org does not "
                        "have fails there",
                        "'require: parent' needs loads of the same rows, and "
                        "these have another 'each'");
        }
    }
}

/* The first time that a stream's loads name each of its columns. */
struct collection {
    struct map seen;
    struct source_path *paths; /* NULL: they are counted only */
    size_t count;
};

static void
collect(struct collection *collection, const struct source_path *path)
{
    struct slice name = path->name.ptr ? path->name : path->text;
    if (name.ptr == NULL || map_get(&collection->seen, name) != NULL) {
        return;
    }
    map_put(&collection->seen, name, collection);
    if (collection->paths != NULL) {
        collection->paths[collection->count] = *path;
    }
    collection->count++;
}

static void
collect_formula(struct collection *collection, struct formula *formula,
                int line)
{
    size_t count = formula == NULL ? 0 : formula_column_count(formula);
    for (size_t i = 0; i < count; i++) {
        const struct formula_column *column = formula_column(formula, i);
        const struct source_path path = {
            .text = column->path.ptr ? column->path : column->name,
            .line = line,
            .gather = column->gather,
            .separator = column->separator,
            .name = column->name,
        };
        collect(collection, &path);
    }
}

static void
collect_load(struct collection *collection, const struct load_plan *plan)
{
    collect_formula(collection, plan->where, plan->place.line);
    collect_formula(collection, plan->lock_group, plan->place.line);
    for (size_t i = 0; i < plan->load.column_count; i++) {
        const struct field_rule *rule = &plan->rules[i];
        const struct source_path path = {.text = rule->source,
                                         .line = rule->source_place.line};
        if (rule->origin == ORIGIN_COLUMN) {
            collect(collection, &path);
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
collect_stream(const struct mapping *mapping, size_t stream,
               struct source_path *paths)
{
    struct collection collection = {.paths = paths};
    for (size_t i = 0; i < mapping->load_count; i++) {
        if (mapping->loads[i].load.stream == stream) {
            collect_load(&collection, &mapping->loads[i]);
        }
    }
    map_release(&collection.seen);
    return collection.count;
}

/* The stream of a load's rows; those of one path are the same. */
static size_t
find_stream(struct source_stream *streams, size_t *count,
            const struct load_plan *plan)
{
    for (size_t i = 0; i < *count; i++) {
        if ((streams[i].each.ptr == NULL) == (plan->each.ptr == NULL) &&
            slice_equals(streams[i].each, plan->each)) {
            return i;
        }
    }
    streams[*count] = (struct source_stream){.each = plan->each,
                                             .line = plan->each_place.line};
    return (*count)++;
}

void
mapping_xml_collect_paths(struct mapping *mapping)
{
    struct source_spec *spec = &mapping->source;
    if (!is_xml(mapping)) {
        return;
    }
    struct source_stream *streams =
        arena_array(&mapping->arena, mapping->load_count + 1, sizeof *streams);
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct load_plan *plan = &mapping->loads[i];
        plan->load.stream = find_stream(streams, &spec->stream_count, plan);
    }
    for (size_t i = 0; i < spec->stream_count; i++) {
        size_t count = collect_stream(mapping, i, NULL);
        struct source_path *paths =
            arena_array(&mapping->arena, count + 1, sizeof *paths);
        streams[i].path_count = collect_stream(mapping, i, paths);
        streams[i].paths = paths;
    }
    spec->streams = streams;
}
