/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_PLAN_H
#define ETL_PIPELINE_DRAFT_DRAFT_PLAN_H

#include "mapping/draft/field_match.h"
#include "pipeline/draft/draft_source.h"

/* A note of its own, for there is nothing to decide. */
#define DRAFT_PLAN_READ_ONLY "the org keeps it itself"

/* What becomes of each column, and which one finds the records. */
struct draft_line {
    struct field_match match;
    bool is_open;     /* stands there as a comment */
    const char *note; /* why */
};

struct draft_plan {
    struct arena arena;
    const struct draft_source *source;
    const char *object_name;
    const struct schema_object *object; /* NULL: no metadata */
    struct draft_line *lines;           /* one a column */
    size_t key;                         /* SIZE_MAX: none */
    const char *key_note;
};

/* source and the object's members are set. */
void draft_plan_make(struct draft_plan *plan);
bool draft_plan_is_mapped(const struct draft_plan *plan, const char *field);
void draft_plan_release(struct draft_plan *plan);

#endif
