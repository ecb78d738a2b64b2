/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapping.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "mapping/compile/mapping_columns.h"
#include "mapping/compile/mapping_join.h"
#include "mapping/compile/mapping_load.h"
#include "mapping/compile/mapping_source.h"
#include "mapping/compile/mapping_tables.h"
#include "mapping/compile/mapping_xml.h"
#include "mapping/mapping_check.h"

#include <errno.h>
#include <stdlib.h>

#define MAPPING_SIZE_LIMIT ((size_t)64 << 20)
#define LANGUAGE_VERSION "1"
#define PARAMS_SHOWN 32 /* compared for a suggestion */

/* The sections of a file while they are found, in whatever order. */
struct sections {
    const struct yaml_pair *version, *name, *params, *tables, *source, *loads;
};

static void
take_version(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->version = pair;
}

static void
take_name(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->name = pair;
}

static void
take_params(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->params = pair;
}

static void
take_tables(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->tables = pair;
}

static void
take_source(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->source = pair;
}

static void
take_loads(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    (void)reader;
    ((struct sections *)into)->loads = pair;
}

static const struct mapping_key top_keys[] = {
    {"sfetl", take_version}, {"name", take_name},   {"params", take_params},
    {"source", take_source}, {"loads", take_loads}, {"tables", take_tables},
};

static void
read_version(struct mapping_reader *reader, const struct sections *sections)
{
    struct slice version;
    if (sections->version != NULL &&
        mapping_reader_text(reader, sections->version, &version) &&
        !slice_is(version, LANGUAGE_VERSION)) {
        problem_add(reader->problems, sections->version->value->line,
                    sections->version->value->column, "language-version",
                    "this sfetl reads version " LANGUAGE_VERSION,
                    "there is no version '%.80s' of the mapping language",
                    version.ptr);
    }
}

/* "customers" of "mappings/customers.yaml". */
static struct slice
base_name(const struct mapping *mapping)
{
    struct slice name = slice_of(mapping->file_name);
    const char *dot = strrchr(mapping->file_name, '.');
    if (dot != NULL && dot > mapping->file_name) {
        name.len = (size_t)(dot - mapping->file_name);
    }
    return name;
}

static void
read_name(struct mapping_reader *reader, const struct sections *sections)
{
    struct mapping *mapping = reader->mapping;
    struct slice name = base_name(mapping);
    mapping->name = arena_strdup(&mapping->arena, name);
    if (sections->name != NULL) {
        (void)mapping_reader_name(reader, sections->name, &mapping->name);
    } else if (!mapping_reader_is_name(name)) {
        problem_add(reader->problems, 1, 1, "missing-key",
                    "add 'name' with letters, digits, '.', '_' and '-'",
                    "the file's name '%s' can't be the mapping's name",
                    mapping->name);
    }
}

static void
read_params(struct mapping_reader *reader, const struct sections *sections)
{
    struct mapping *mapping = reader->mapping;
    const struct yaml_node *node = sections->params->value;
    if (node->kind != YAML_MAP) {
        (void)mapping_reader_keys(reader, node, "params", NULL, 0, NULL);
        return;
    }
    mapping->params =
        arena_array(&mapping->arena, node->count, sizeof *mapping->params);
    for (size_t i = 0; i < node->count; i++) {
        struct mapping_param *param = &mapping->params[i];
        param->name = node->pairs[i].key->text;
        param->value = SLICE_LITERAL("");
        (void)mapping_reader_text(reader, &node->pairs[i], &param->value);
    }
    mapping->param_count = node->count;
}

static bool
set_param(struct mapping *mapping, const struct mapping_param *param,
          struct error *err)
{
    const char *names[PARAMS_SHOWN];
    size_t count = 0;
    for (size_t i = 0; i < mapping->param_count; i++) {
        if (slice_equals(mapping->params[i].name, param->name)) {
            mapping->params[i].value =
                arena_copy(&mapping->arena, param->value);
            return true;
        }
        if (count < PARAMS_SHOWN) {
            names[count++] = mapping->params[i].name.ptr;
        }
    }
    char near[SUGGEST_SIZE];
    return error_set(err, ERROR_USAGE, 0,
                     "the mapping '%s' has no parameter '%.*s'%s "
                     "[unknown-param]",
                     mapping->path, SLICE_ARGS(param->name),
                     suggest_phrase(near, param->name, names, count));
}

/* The keys of the file that are not there, nor misspelt. */
static void
refuse_missing(struct mapping_reader *reader, const struct sections *sections)
{
    const struct {
        const struct yaml_pair *pair;
        const char *key, *help;
    } needed[] = {
        {sections->version, "sfetl",
         "begin the file with 'sfetl: " LANGUAGE_VERSION "'"},
        {sections->source, "source", "add where rows come from"},
        {sections->loads, "loads", "add which object rows go to"},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (needed[i].pair == NULL &&
            !mapping_reader_was_meant(reader, needed[i].key)) {
            problem_add(reader->problems, 1, 1, "missing-key", needed[i].help,
                        "the mapping has no '%s'", needed[i].key);
        }
    }
}

static bool
read_sections(struct mapping_reader *reader, const struct yaml_node *root,
              const struct mapping_options *options, struct error *err)
{
    struct sections sections = {0};
    bool is_map =
        mapping_reader_keys(reader, root, "a mapping", top_keys,
                            sizeof top_keys / sizeof *top_keys, &sections);
    if (!is_map) {
        return true;
    }
    refuse_missing(reader, &sections);
    read_version(reader, &sections);
    read_name(reader, &sections);
    if (sections.params != NULL) {
        read_params(reader, &sections);
    }
    for (size_t i = 0; i < options->param_count; i++) {
        if (!set_param(reader->mapping, &options->params[i], err)) {
            return false;
        }
    }
    if (sections.tables != NULL) {
        mapping_tables_read(reader, sections.tables->value);
    }
    if (sections.source != NULL) {
        mapping_source_read(reader, sections.source->value, options->input);
    }
    if (sections.loads == NULL) {
        return true;
    }
    mapping_load_read(reader, sections.loads->value);
    mapping_join_loads(reader);
    mapping_xml_check_loads(reader);
    if (!mapping_join_select(reader->mapping, options->load_names,
                             options->load_name_count, err)) {
        return false;
    }
    mapping_xml_collect_paths(reader->mapping);
    return true;
}

static void
complain(void *cookie, const struct yaml_complaint *complaint)
{
    problem_add(cookie, complaint->line, complaint->column, complaint->code,
                complaint->help, "%s", complaint->what);
}

static bool
read_file(struct mapping *mapping, const struct mapping_options *options,
          struct problems *problems, struct error *err)
{
    if (options->text.ptr != NULL) {
        buffer_append_slice(&mapping->text, options->text);
    } else if (!file_read_whole(options->path, MAPPING_SIZE_LIMIT,
                                &mapping->text, err)) {
        if (err->code != ENOMEM && err->code != EMFILE) {
            err->kind = ERROR_CONFIG; /* the wrong file, not a sick machine */
        }
        return error_add_context(err, "the mapping");
    }
    problems->text = buffer_slice(&mapping->text);
    struct mapping_reader reader = {.mapping = mapping, .problems = problems};
    struct yaml_listener listener = {complain, problems};
    struct yaml_node *root = yaml_tree_read(buffer_slice(&mapping->text),
                                            &mapping->arena, &listener);
    return root == NULL || read_sections(&reader, root, options, err);
}

struct mapping *
mapping_open(const struct mapping_options *options, struct problems *problems,
             struct error *err)
{
    struct mapping *mapping = mem_zalloc(sizeof *mapping);
    const char *slash = strrchr(options->path, '/');
    mapping->path = arena_strdup(&mapping->arena, slice_of(options->path));
    mapping->file_name = arena_strdup(
        &mapping->arena, slice_of(slash == NULL ? options->path : slash + 1));
    mapping->name = mapping->file_name;
    mapping->source_name = "source";
    mapping->now_ms = options->now_ms;
    mapping->text.limit = MAPPING_SIZE_LIMIT;
    if (!read_file(mapping, options, problems, err)) {
        problems->text = (struct slice){NULL, 0};
        mapping_close(mapping);
        return NULL;
    }
    return mapping;
}

struct slice
mapping_text(const struct mapping *mapping)
{
    return buffer_slice(&mapping->text);
}

void
mapping_set_run(struct mapping *mapping, const char *run_id)
{
    mapping->run_id = arena_strdup(&mapping->arena, slice_of(run_id));
}

const char *
mapping_name(const struct mapping *mapping)
{
    return mapping->name;
}

const struct source_spec *
mapping_source(const struct mapping *mapping)
{
    return &mapping->source;
}

size_t
mapping_load_count(const struct mapping *mapping)
{
    return mapping->load_count;
}

const struct load *
mapping_load(const struct mapping *mapping, size_t index)
{
    return &mapping->loads[index].load;
}

size_t
mapping_table_count(const struct mapping *mapping)
{
    return mapping->translations.count;
}

const struct mapping_table *
mapping_table(const struct mapping *mapping, size_t index)
{
    return &mapping->tables[index];
}

bool
mapping_table_put(const struct mapping_table *table, struct slice key,
                  struct slice value, const char *where,
                  struct problems *problems)
{
    return mapping_tables_put(table, key, value, where, problems);
}

struct slice
mapping_missing_object(const struct mapping *mapping,
                       const struct schema *schema)
{
    return mapping_check_missing_object(mapping, schema);
}

bool
mapping_object_place(const struct mapping *mapping, struct slice object,
                     int *line, int *column)
{
    for (size_t i = 0; i < mapping->load_count; i++) {
        const struct load_plan *plan = &mapping->loads[i];
        if (plan->load.object != NULL && slice_is(object, plan->load.object)) {
            *line = plan->object_place.line;
            *column = plan->object_place.column;
            return true;
        }
    }
    return false;
}

bool
mapping_bind_schema(struct mapping *mapping, const struct schema *schema,
                    struct problems *problems, struct error *err)
{
    (void)err; /* the mapping may be wrong, but nothing here can fail */
    mapping_check_schema(mapping, schema, problems);
    return true;
}

bool
mapping_bind_columns(struct mapping *mapping, const struct columns *columns,
                     const char *source_name, struct problems *problems,
                     struct error *err)
{
    (void)err; /* likewise */
    mapping_columns_bind(mapping, columns, source_name, problems);
    return true;
}

void
mapping_close(struct mapping *mapping)
{
    if (mapping == NULL) {
        return;
    }
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct load_plan *plan = &mapping->loads[i];
        for (size_t j = 0; j < plan->load.column_count; j++) {
            field_type_release(&plan->rules[j].check);
        }
    }
    for (size_t i = 0; i < mapping->translations.count; i++) {
        translation_free(mapping->translations.tables[i]);
    }
    buffer_release(&mapping->text);
    arena_release(&mapping->arena);
    free(mapping);
}
