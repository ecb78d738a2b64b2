/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapper.h"

#include "base/mem.h"
#include "mapping/compile/mapping_parts.h"
#include "mapping/formula/formula.h"

#include <stdlib.h>

#define VALUE_SHOWN 80 /* characters of a value in a message */

struct mapper {
    const struct mapping *mapping;
    struct value_notes **notes; /* of each load's columns */
    struct formula_scratch *scratch;
};

/* One load over one pair of batches. */
struct pass {
    struct mapper *mapper;
    const struct load_plan *plan;
    struct batch *mapped;
    const char *source_name;   /* of these rows */
    struct value_notes *notes; /* of the load's columns */
};

struct mapper *
mapper_new(const struct mapping *mapping)
{
    struct mapper *mapper = mem_zalloc(sizeof *mapper);
    mapper->mapping = mapping;
    mapper->scratch = formula_scratch_new();
    mapper->notes = mem_array(mapping->load_count + 1, sizeof *mapper->notes);
    for (size_t i = 0; i < mapping->load_count; i++) {
        mapper->notes[i] = mem_array(mapping->loads[i].load.column_count + 1,
                                     sizeof **mapper->notes);
    }
    return mapper;
}

void
mapper_free(struct mapper *mapper)
{
    if (mapper == NULL) {
        return;
    }
    for (size_t i = 0; i < mapper->mapping->load_count; i++) {
        free(mapper->notes[i]);
    }
    free(mapper->notes);
    formula_scratch_free(mapper->scratch);
    free(mapper);
}

const struct value_notes *
mapper_notes(const struct mapper *mapper, size_t load, size_t column)
{
    return &mapper->notes[load][column];
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
                 pass->source_name, (unsigned long long)record->line,
                 SLICE_ARGS(rule->target), quote, SLICE_ARGS(shown), quote,
                 value.len > 0 ? " " : "", SLICE_ARGS(fault->text),
                 mapping->file_name, rule->place.line);
}

/* A message on a row, of a field or a rule; value absent: none is shown. */
static void
reject_by_formula(const struct pass *pass, struct record *record,
                  struct slice subject, struct place place,
                  const struct formula_fault *fault)
{
    const struct mapping *mapping = pass->mapper->mapping;
    struct slice shown = show_value(fault->value, &pass->mapped->arena);
    const char *quote = fault->value.ptr != NULL ? "\"" : "";
    batch_reject(pass->mapped, record, fault->code,
                 "%s:%llu: %.*s%s%s%.*s%s%s%.*s (mapping %s:%d)",
                 pass->source_name, (unsigned long long)record->line,
                 SLICE_ARGS(subject), subject.len > 0 ? ": " : "", quote,
                 SLICE_ARGS(shown), quote, fault->value.ptr != NULL ? " " : "",
                 SLICE_ARGS(fault->text), mapping->file_name, place.line);
}

/* SKIP() goes before all that may be wrong with the row. */
static void
leave_out(struct record *record, const char *code, struct slice reason)
{
    record->fate = RECORD_SKIPPED;
    record->code = code;
    record->reason = reason;
}

/* What a formula that has no value makes of its row; false: it is left out. */
static bool
judge(const struct pass *pass, struct record *record, struct slice subject,
      struct place place, const struct formula_fault *fault)
{
    if (fault->is_skip) {
        leave_out(record, fault->code,
                  show_value(fault->text, &pass->mapped->arena));
        return false;
    }
    reject_by_formula(pass, record, subject, place, fault);
    return true;
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

static struct formula_row
formula_row_of(const struct pass *pass, const struct record *source)
{
    const struct mapping *mapping = pass->mapper->mapping;
    return (struct formula_row){source->fields, source->field_count,
                                source->row, pass->source_name,
                                mapping->run_id};
}

/* Whether the row is to be mapped; what becomes of it otherwise is told. */
static bool
meets_where(const struct pass *pass, const struct record *source,
            struct record *record)
{
    const struct load_plan *plan = pass->plan;
    const struct formula_row row = formula_row_of(pass, source);
    struct formula_fault fault = {0};
    bool meets;
    if (!formula_test(plan->where, &row, &pass->mapped->arena,
                      pass->mapper->scratch, &meets, &fault)) {
        (void)judge(pass, record, SLICE_LITERAL("where"), plan->where_place,
                    &fault);
        return false;
    }
    if (!meets) {
        leave_out(record, "where", plan->where_reason);
    }
    return meets;
}

/* The message of a rule that a row does not meet. */
static struct slice
message_of(const struct pass *pass, const struct validation *validation,
           const struct formula_row *row, struct formula_fault *fault)
{
    struct slice text = validation->message;
    if (validation->message_formula != NULL &&
        !formula_apply(validation->message_formula, row, &pass->mapped->arena,
                       pass->mapper->scratch, &text, fault)) {
        return fault->text;
    }
    return text.len > 0 ? text : SLICE_LITERAL("the rule is not met");
}

static void
validate(const struct pass *pass, const struct record *source,
         struct record *record)
{
    const struct load_plan *plan = pass->plan;
    const struct formula_row row = formula_row_of(pass, source);
    for (size_t i = 0; i < plan->validation_count; i++) {
        const struct validation *validation = &plan->validations[i];
        struct formula_fault fault = {0};
        bool meets;
        if (!formula_test(validation->rule, &row, &pass->mapped->arena,
                          pass->mapper->scratch, &meets, &fault)) {
            if (!judge(pass, record, SLICE_LITERAL("rule"), validation->place,
                       &fault)) {
                return;
            }
        } else if (!meets) {
            fault = (struct formula_fault){.code = "validate"};
            fault.text = message_of(pass, validation, &row, &fault);
            fault.code = "validate";
            fault.value = (struct slice){NULL, 0};
            reject_by_formula(pass, record, (struct slice){NULL, 0},
                              validation->place, &fault);
        }
    }
}

/* False when the row is left out. */
static bool
compute(const struct pass *pass, const struct field_rule *rule,
        const struct record *source, struct record *record, struct slice *text,
        struct value_notes *notes, bool *is_sound)
{
    const struct formula_row row = formula_row_of(pass, source);
    struct formula_scratch *scratch = pass->mapper->scratch;
    struct formula_fault fault = {0};
    uint64_t before = formula_at_change(scratch);
    *is_sound = formula_apply(rule->formula, &row, &pass->mapped->arena,
                              scratch, text, &fault);
    if (formula_at_change(scratch) > before) {
        value_note_add(notes, &notes->at_change);
    }
    return *is_sound || judge(pass, record, rule->target, rule->place, &fault);
}

static void
find_lock_group(const struct pass *pass, const struct record *source,
                struct record *record)
{
    const struct formula_row row = formula_row_of(pass, source);
    struct formula_fault fault = {0};
    if (!formula_apply(pass->plan->lock_group, &row, &pass->mapped->arena,
                       pass->mapper->scratch, &record->lock_group, &fault)) {
        (void)judge(pass, record, SLICE_LITERAL("lock_group"),
                    pass->plan->lock_group_place, &fault);
    }
}

static void
map_record(const struct pass *pass, const struct record *source,
           struct record *record)
{
    struct arena *arena = &pass->mapped->arena;
    size_t count = pass->plan->load.column_count;
    const struct field_rule *rules = pass->plan->rules;
    struct value_notes *notes = pass->notes;
    struct value_fault fault;
    bool is_sound = true;
    record->fields = arena_alloc(arena, count * sizeof *record->fields);
    record->field_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct field_rule *rule = &rules[i];
        struct slice text = source_text(rule, source);
        notes[i].line = source->line;
        if (rule->origin == ORIGIN_FORMULA) {
            record->fields[i] = (struct slice){NULL, 0};
            if (!compute(pass, rule, source, record, &text, &notes[i],
                         &is_sound)) {
                return;
            }
            if (!is_sound) {
                continue;
            }
        }
        if (text.len - 1 < rule->plain_limit && !is_null_literal(text)) {
            record->fields[i] = text; /* by far the most */
        } else if (!field_rule_apply(rule, text, arena, &notes[i],
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
    const struct mapping *mapping = mapper->mapping;
    const struct pass pass = {mapper, &mapping->loads[load], mapped,
                              source->file_name ? source->file_name
                                                : mapping->source_name,
                              mapper->notes[load]};
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
        if (pass.plan->where != NULL && !meets_where(&pass, from, to)) {
            continue;
        }
        map_record(&pass, from, to);
        if (pass.plan->validation_count > 0 && to->fate != RECORD_SKIPPED) {
            validate(&pass, from, to);
        }
        if (pass.plan->lock_group != NULL && to->fate != RECORD_SKIPPED) {
            find_lock_group(&pass, from, to);
        }
    }
}
