/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_plan.h"

#include <string.h>

/* Two columns can't feed one field: the surer, then the first. */
static void
drop_rivals(struct draft_plan *plan, size_t index)
{
    struct draft_line *line = &plan->lines[index];
    for (size_t i = 0; i < index; i++) {
        struct draft_line *other = &plan->lines[i];
        if (line->match.name == NULL || other->match.name == NULL ||
            other->is_open || line->is_open ||
            strcmp(other->match.name, line->match.name) != 0) {
            continue;
        }
        struct draft_line *loser =
            line->match.surety > other->match.surety ? other : line;
        loser->is_open = true;
        loser->note = "another column is nearer";
    }
}

static bool
is_number(const struct schema_field *field)
{
    return field != NULL && schema_type_is_number(field->type);
}

/* What keeps a line that matches from being written as one. */
static const char *
doubt(const struct draft_plan *plan, const struct field_match *match,
      const struct draft_column *column)
{
    const struct column_guess *guess = &column->guess;
    const struct schema_field *field = match->field;
    if (match->surety == MATCH_POSSIBLE) {
        return match->why;
    }
    if (field != NULL && !field->createable && field->type != FIELD_ID) {
        return DRAFT_PLAN_READ_ONLY;
    }
    if (field == NULL || plan->source->rows == 0) {
        return NULL;
    }
    if (is_number(field) && guess->number_other != NULL) {
        return "is 1,234 a thousand, or 1.234?";
    }
    if (field->type == FIELD_DATE && guess->other != NULL) {
        return "day and month could be swapped";
    }
    if (field->type == FIELD_DATETIME && guess->shape != NULL &&
        strstr(guess->shape, "XXX") == NULL) {
        return "of which time zone?";
    }
    return NULL;
}

static void
match_columns(struct draft_plan *plan)
{
    const struct draft_source *source = plan->source;
    plan->lines =
        arena_array(&plan->arena, source->column_count, sizeof *plan->lines);
    for (size_t i = 0; i < source->column_count; i++) {
        const struct draft_column *column = &source->columns[i];
        struct draft_line *line = &plan->lines[i];
        line->match =
            field_match_find(plan->object, plan->object_name, column->label,
                             &column->guess, &column->profile, &plan->arena);
        line->note = doubt(plan, &line->match, column);
        line->is_open = line->match.surety == MATCH_NONE || line->note != NULL;
        drop_rivals(plan, i);
    }
}

static const struct schema_field *
first_external_id(const struct schema_object *object)
{
    for (size_t i = 0; object != NULL && i < object->field_count; i++) {
        const struct schema_field *field = &object->fields[i];
        if (field->external_id && field->createable) {
            return field;
        }
    }
    return NULL;
}

static bool
takes_column(const struct draft_source *source, size_t i)
{
    return source->columns[i].guess.is_key;
}

/* A column that is one already, else a unique one that is named as keys are
 * and feeds nothing. */
static void
find_key(struct draft_plan *plan)
{
    const struct draft_source *source = plan->source;
    plan->key = SIZE_MAX;
    for (size_t i = 0; i < source->column_count; i++) {
        const struct draft_line *line = &plan->lines[i];
        if (!line->is_open && line->match.field != NULL &&
            line->match.field->external_id && takes_column(source, i)) {
            plan->key = i;
            plan->key_note = "each value comes once, or nearly";
            return;
        }
    }
    const struct schema_field *field = first_external_id(plan->object);
    for (size_t i = 0; field != NULL && i < source->column_count; i++) {
        struct draft_line *line = &plan->lines[i];
        if (takes_column(source, i) &&
            field_match_is_key_name(source->columns[i].label) &&
            (line->match.surety != MATCH_SURE || line->is_open)) {
            line->match = (struct field_match){
                .field = field,
                .name = field->name,
                .surety = MATCH_LIKELY,
                .why = "values come once, and the name is a key's"};
            line->is_open = false;
            line->note = NULL;
            plan->key = i;
            plan->key_note = line->match.why;
            return;
        }
    }
}

bool
draft_plan_is_mapped(const struct draft_plan *plan, const char *field)
{
    for (size_t i = 0; i < plan->source->column_count; i++) {
        const struct draft_line *line = &plan->lines[i];
        if (!line->is_open && strcmp(line->match.name, field) == 0) {
            return true;
        }
    }
    return false;
}

/* Records that are found by their Id are only changed. */
static void
drop_create_only(struct draft_plan *plan)
{
    if (!draft_plan_is_mapped(plan, "Id")) {
        return;
    }
    for (size_t i = 0; i < plan->source->column_count; i++) {
        struct draft_line *line = &plan->lines[i];
        const struct schema_field *field = line->match.field;
        if (field != NULL && !field->updateable && field->type != FIELD_ID) {
            line->is_open = true;
            line->note = DRAFT_PLAN_READ_ONLY;
        }
    }
}

void
draft_plan_make(struct draft_plan *plan)
{
    match_columns(plan);
    drop_create_only(plan);
    find_key(plan);
}

void
draft_plan_release(struct draft_plan *plan)
{
    arena_release(&plan->arena);
}
