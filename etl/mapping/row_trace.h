/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_ROW_TRACE_H
#define ETL_MAPPING_ROW_TRACE_H

#include "mapping/field_rule.h"
#include "mapping/mapping.h"

/*
 * How a field of a load is made of one row, for people to look at. Everything
 * lies in the arena or is borrowed from the row and the mapping.
 */
struct trace_cell {
    struct slice name, value; /* of a column that the field reads */
};
struct field_trace {
    struct slice target;
    int line; /* in the mapping */
    enum rule_origin origin;
    struct slice text;        /* the formula or the constant */
    struct trace_cell *cells; /* none of a constant */
    size_t cell_count;
    bool has_value;     /* a formula may fail: */
    struct slice value; /* what it gives, or why not */
    struct rule_step steps[RULE_STEP_LIMIT];
    size_t step_count;
};

/* column: of the load. Where a formula reads the run's name it is blank. */
void row_trace_field(const struct mapping *mapping, size_t load, size_t column,
                     const struct record *source, struct arena *arena,
                     struct field_trace *trace);
/* The last step that failed, or the formula; ptr NULL: the field is sound. */
struct slice row_trace_fault(const struct field_trace *trace);
/* Whether the load takes only some rows, and the line that says so. */
bool row_trace_has_where(const struct mapping *mapping, size_t load, int *line);

#endif
