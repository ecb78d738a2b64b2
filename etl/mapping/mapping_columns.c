/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapping_columns.h"

#include "base/mem.h"
#include "base/suggest.h"

#include <stdio.h>
#include <stdlib.h>

struct header {
    const struct columns *columns;
    const char **names; /* terminated copies, for suggestions */
    const char *source_name;
    struct problems *problems;
};

static void
refuse_missing(const struct header *header, const struct field_rule *rule)
{
    char help[SUGGEST_SIZE + 60];
    char near[SUGGEST_SIZE];
    size_t count = header->columns->count;
    suggest_phrase(near, rule->source, header->names, count);
    if (near[0] != '\0') {
        snprintf(help, sizeof help, "%s", near + 2);
    } else if (count - header->columns->added_count == 1) {
        snprintf(help, sizeof help,
                 "it has one column only: is 'delimiter' right?");
    } else {
        snprintf(help, sizeof help, "it has %zu columns, the first is '%.80s'",
                 count, count > 0 ? header->names[0] : "");
    }
    problem_add(header->problems, rule->source_place.line,
                rule->source_place.column, "unknown-column", help,
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

/* The last part of a path; a text that ends in a slash is kept. */
static struct slice
last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slice_of(slash != NULL && slash[1] != '\0' ? slash + 1 : name);
}

void
mapping_columns_bind(struct mapping *mapping, const struct columns *columns,
                     const char *source_name, struct problems *problems)
{
    struct header header = {columns,
                            mem_array(columns->count + 1, sizeof(char *)),
                            source_name, problems};
    struct arena scratch = {0};
    for (size_t i = 0; i < columns->count; i++) {
        header.names[i] = arena_strdup(&scratch, columns->names[i]);
    }
    mapping->source_name =
        strcmp(source_name, "-") == 0
            ? "standard input"
            : arena_strdup(&mapping->arena, last_part(source_name));
    for (size_t i = 0; i < mapping->load_count; i++) {
        struct load_plan *plan = &mapping->loads[i];
        for (size_t j = 0; j < plan->load.column_count; j++) {
            bind_rule(&header, &plan->rules[j]);
        }
    }
    free(header.names);
    arena_release(&scratch);
}
