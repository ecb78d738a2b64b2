/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_columns.h"

#include "base/mem.h"
#include "base/suggest.h"
#include "mapping/formula/formula.h"
#include "mapping/function/function_table.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct header {
    struct mapping *mapping;
    const struct columns *columns;
    const char **names; /* terminated copies, for suggestions */
    const char *source_name;
    struct problems *problems;
};

/* What to do instead of naming a column that is not there. */
#define HELP_SIZE (SUGGEST_SIZE + 60)
static const char *
missing_help(const struct header *header, struct slice name,
             char help[HELP_SIZE])
{
    char near[SUGGEST_SIZE];
    size_t count = header->columns->count;
    suggest_phrase(near, name, header->names, count);
    if (function_table_find(name) != NULL) {
        snprintf(help, HELP_SIZE, "the function is written %.80s",
                 function_table_find(name)->usage);
    } else if (near[0] != '\0') {
        snprintf(help, HELP_SIZE, "%s", near + 2);
    } else if (count - header->columns->added_count == 1) {
        snprintf(help, HELP_SIZE,
                 "it has one column only: is 'delimiter' right?");
    } else {
        snprintf(help, HELP_SIZE, "it has %zu columns, the first is '%.80s'",
                 count, count > 0 ? header->names[0] : "");
    }
    return help;
}

static void
refuse_missing(const struct header *header, const struct field_rule *rule)
{
    char help[HELP_SIZE];
    problem_add(header->problems, rule->source_place.line,
                rule->source_place.column, "unknown-column",
                missing_help(header, rule->source, help),
                "'%.*s' is no column of '%s'",
                (int)(rule->source.len < 80 ? rule->source.len : 80),
                rule->source.ptr, header->source_name);
}

static void
bind_rule(const struct header *header, struct field_rule *rule)
{
    if (rule->origin != ORIGIN_COLUMN || rule->source.ptr == NULL) {
        return;
    }
    switch (columns_find(header->columns, rule->source, &rule->source_index)) {
    case COLUMNS_FOUND:
        return;
    case COLUMNS_MISSING:
        refuse_missing(header, rule);
        return;
    case COLUMNS_AMBIGUOUS:
        problem_add(header->problems, rule->source_place.line,
                    rule->source_place.column, "ambiguous-column",
                    "name it by its position, as in \"[#3]\"",
                    "'%.*s' is the name of several columns of '%s'",
                    (int)(rule->source.len < 80 ? rule->source.len : 80),
                    rule->source.ptr, header->source_name);
        return;
    }
}

static void
bind_formula(const struct header *header, struct formula *formula)
{
    char help[HELP_SIZE];
    size_t count = formula == NULL ? 0 : formula_column_count(formula);
    for (size_t i = 0; i < count; i++) {
        struct formula_column *column = formula_column(formula, i);
        int len = (int)(column->name.len < 80 ? column->name.len : 80);
        switch (columns_find(header->columns, column->name, &column->index)) {
        case COLUMNS_FOUND:
            break;
        case COLUMNS_MISSING:
            formula_tell_column(header->problems, formula, i, "unknown-column",
                                missing_help(header, column->name, help),
                                "'%.*s' is no column of '%s'", len,
                                column->name.ptr, header->source_name);
            break;
        case COLUMNS_AMBIGUOUS:
            formula_tell_column(header->problems, formula, i,
                                "ambiguous-column",
                                "name it by its position, as in [#3]",
                                "'%.*s' is the name of several columns of '%s'",
                                len, column->name.ptr, header->source_name);
            break;
        }
    }
}

/* The folder of the files that rows name; NULL: there is none, or it is not
 * there. */
static const char *
files_folder(struct mapping *mapping)
{
    const char *path = mapping->files;
    char resolved[PATH_MAX];
    if (path == NULL) {
        const char *source = mapping->source.path;
        const char *slash = strrchr(source, '/');
        if (strcmp(source, "-") == 0 || strstr(source, "://") != NULL) {
            return NULL;
        }
        size_t len = slash == NULL ? 0 : (size_t)(slash - source);
        path = slash == NULL ? "."
               : len == 0
                   ? "/"
                   : arena_strdup(&mapping->arena, (struct slice){source, len});
    }
    return realpath(path, resolved) == NULL
               ? NULL
               : arena_strdup(&mapping->arena, slice_of(resolved));
}

static void
bind_file(const struct header *header, struct field_rule *rule)
{
    struct mapping *mapping = header->mapping;
    if (rule->conversion != CONVERT_FILE) {
        return;
    }
    rule->folder = files_folder(mapping);
    if (rule->folder == NULL) {
        problem_add(header->problems, rule->conversion_place.line,
                    rule->conversion_place.column, "files-folder",
                    "name it by 'files' in the source",
                    "the folder of the files%s%.200s%s is not there",
                    mapping->files ? ", '" : "",
                    mapping->files ? mapping->files : "",
                    mapping->files ? "'," : "");
    }
}

static void
bind_load(const struct header *header, struct load_plan *plan)
{
    bind_formula(header, plan->where);
    bind_formula(header, plan->lock_group);
    for (size_t i = 0; i < plan->load.column_count; i++) {
        bind_rule(header, &plan->rules[i]);
        bind_file(header, &plan->rules[i]);
        bind_formula(header, plan->rules[i].formula);
    }
    for (size_t i = 0; i < plan->validation_count; i++) {
        bind_formula(header, plan->validations[i].rule);
        bind_formula(header, plan->validations[i].message_formula);
    }
}

/* The last part of a path; a text that ends in a slash is kept. */
static struct slice
last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slice_of(slash != NULL && slash[1] != '\0' ? slash + 1 : name);
}

/* One load against the columns of its stream. */
static void
bind_to(struct mapping *mapping, struct load_plan *plan,
        const struct columns *columns, const char *source_name,
        struct problems *problems)
{
    struct arena scratch = {0};
    struct header header = {mapping, columns,
                            mem_array(columns->count + 1, sizeof(char *)),
                            source_name, problems};
    for (size_t i = 0; i < columns->count; i++) {
        header.names[i] = arena_strdup(&scratch, columns->names[i]);
    }
    bind_load(&header, plan);
    free(header.names);
    arena_release(&scratch);
}

void
mapping_columns_bind(struct mapping *mapping, const struct columns *columns,
                     const char *source_name, struct problems *problems)
{
    mapping->source_name =
        strcmp(source_name, "-") == 0
            ? "standard input"
            : arena_strdup(&mapping->arena, last_part(source_name));
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct load_plan *plan = &mapping->loads[i];
        bind_to(mapping, plan, &columns[plan->load.stream], source_name,
                problems);
    }
}
