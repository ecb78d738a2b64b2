/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapper.h"

#include "base/mem.h"
#include "mapping/mapping_parts.h"

#include <stdlib.h>

#define VALUE_SHOWN 80 /* characters of a value in a message */

struct mapper {
    const struct mapping *mapping;
    struct value_notes notes;
};

/* One load over one pair of batches. */
struct pass {
    struct mapper *mapper;
    const struct load_plan *plan;
    struct batch *mapped;
};

struct mapper *
mapper_new(const struct mapping *mapping)
{
    struct mapper *mapper = mem_zalloc(sizeof *mapper);
    mapper->mapping = mapping;
    return mapper;
}

void
mapper_free(struct mapper *mapper)
{
    free(mapper);
}

const struct value_notes *
mapper_notes(const struct mapper *mapper)
{
    return &mapper->notes;
}

/* The value as a line of text: cut, and control characters spelled out. */
static struct slice
show_value(struct slice value, struct arena *arena)
{
    size_t len = slice_utf8_prefix(value, VALUE_SHOWN);
    char *shown = arena_bytes(arena, 2 * len + 4);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        char c = value.ptr[i];
        const char *control = memchr("\n\r\t", c, 3);
        if (control != NULL) {
            shown[at++] = '\\';
            c = *control == '\n' ? 'n' : *control == '\r' ? 'r' : 't';
        }
        shown[at++] = c;
    }
    if (len < value.len) {
        memcpy(shown + at, "…", 3);
        at += 3;
    }
    return (struct slice){shown, at};
}

static void
reject(const struct pass *pass, struct record *record,
       const struct field_rule *rule, struct slice value,
       const struct value_fault *fault)
{
    const struct mapping *mapping = pass->mapper->mapping;
    struct slice shown = show_value(value, &pass->mapped->arena);
    const char *quote = value.len > 0 ? "\"" : "";
    batch_reject(pass->mapped, record, fault->code,
                 "%s:%llu: %.*s: %s%.*s%s%s%.*s (mapping %s:%d)",
                 mapping->source_name, (unsigned long long)record->line,
                 SLICE_ARGS(rule->target), quote, SLICE_ARGS(shown), quote,
                 value.len > 0 ? " " : "", SLICE_ARGS(fault->text),
                 mapping->file_name, rule->place.line);
}

static inline struct slice
source_text(const struct field_rule *rule, const struct record *source)
{
    if (rule->origin == ORIGIN_CONSTANT) {
        return rule->source;
    }
    return rule->source_index < source->field_count
               ? source->fields[rule->source_index]
               : (struct slice){NULL, 0};
}

static inline bool
is_null_literal(struct slice text)
{
    return text.len == 4 && memcmp(text.ptr, "#N/A", 4) == 0;
}

static void
map_record(const struct pass *pass, const struct record *source,
           struct record *record)
{
    struct arena *arena = &pass->mapped->arena;
    size_t count = pass->plan->load.column_count;
    const struct field_rule *rules = pass->plan->rules;
    struct value_fault fault;
    record->fields = arena_alloc(arena, count * sizeof *record->fields);
    record->field_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct field_rule *rule = &rules[i];
        struct slice text = source_text(rule, source);
        if (text.len - 1 < rule->plain_limit && !is_null_literal(text)) {
            record->fields[i] = text; /* by far the most */
        } else if (!field_rule_apply(rule, text, arena, &pass->mapper->notes,
                                     &record->fields[i], &fault)) {
            record->fields[i] = (struct slice){NULL, 0};
            reject(pass, record, rule, text, &fault);
        }
    }
}

void
mapper_apply(struct mapper *mapper, size_t load, const struct batch *source,
             struct batch *mapped)
{
    const struct pass pass = {mapper, &mapper->mapping->loads[load], mapped};
    batch_reset(mapped);
    for (size_t i = 0; i < source->count; i++) {
        const struct record *from = &source->records[i];
        struct record *to = batch_add(mapped);
        to->row = from->row;
        to->line = from->line;
        if (from->fate != RECORD_GOOD) {
            to->fate = from->fate;
            to->code = from->code;
            to->reason = from->reason;
            continue;
        }
        map_record(&pass, from, to);
    }
}
