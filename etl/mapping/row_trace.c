/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/row_trace.h"

#include "mapping/compile/mapping_parts.h"
#include "mapping/formula/formula.h"

static struct slice
cell_at(const struct record *source, size_t index)
{
    return index < source->field_count ? source->fields[index]
                                       : (struct slice){NULL, 0};
}

static void
trace_formula(const struct mapping *mapping, const struct field_rule *rule,
              const struct record *source, struct arena *arena,
              struct field_trace *trace)
{
    const struct formula_row row = {source->fields, source->field_count,
                                    source->row, mapping->source_name,
                                    mapping->run_id};
    struct formula_scratch *scratch = formula_scratch_new();
    struct formula_fault fault = {0};
    size_t count = formula_column_count(rule->formula);
    trace->cells = arena_array(arena, count + 1, sizeof *trace->cells);
    for (size_t i = 0; i < count; i++) {
        const struct formula_column *column = formula_column(rule->formula, i);
        trace->cells[trace->cell_count++] =
            (struct trace_cell){column->name, cell_at(source, column->index)};
    }
    trace->has_value = formula_apply(rule->formula, &row, arena, scratch,
                                     &trace->value, &fault);
    if (!trace->has_value) {
        trace->value = arena_copy(arena, fault.text);
    } else {
        trace->value = arena_copy(arena, trace->value);
    }
    formula_scratch_free(scratch);
}

void
row_trace_field(const struct mapping *mapping, size_t load, size_t column,
                const struct record *source, struct arena *arena,
                struct field_trace *trace)
{
    const struct field_rule *rule = &mapping->loads[load].rules[column];
    *trace = (struct field_trace){
        .target = rule->target,
        .line = rule->place.line,
        .origin = rule->origin,
        .text = rule->source,
        .has_value = true,
        .value = rule->source,
    };
    if (rule->origin == ORIGIN_FORMULA) {
        trace->text = rule->formula_text;
        trace_formula(mapping, rule, source, arena, trace);
    } else if (rule->origin == ORIGIN_COLUMN) {
        trace->value = cell_at(source, rule->source_index);
        trace->cells = arena_array(arena, 1, sizeof *trace->cells);
        trace->cells[0] = (struct trace_cell){rule->source, trace->value};
        trace->cell_count = 1;
    }
    if (trace->has_value) {
        trace->step_count =
            field_rule_trace(rule, trace->value, arena, trace->steps);
    }
}

struct slice
row_trace_fault(const struct field_trace *trace)
{
    if (!trace->has_value) {
        return trace->value;
    }
    const struct rule_step *last =
        trace->step_count > 0 ? &trace->steps[trace->step_count - 1] : NULL;
    return last != NULL && last->failed ? last->value : (struct slice){NULL, 0};
}

bool
row_trace_has_where(const struct mapping *mapping, size_t load, int *line)
{
    *line = mapping->loads[load].where_place.line;
    return mapping->loads[load].where != NULL;
}
