/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula.h"

#include "base/mem.h"
#include "mapping/excerpt.h"
#include "mapping/formula/formula_node.h"
#include "mapping/function/function_steps.h"
#include "mapping/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

size_t
formula_column_count(const struct formula *formula)
{
    return formula->column_count;
}

struct formula_column *
formula_column(struct formula *formula, size_t index)
{
    return &formula->columns[index];
}

void
formula_tell(struct problems *problems, struct formula_place place,
             struct slice text, size_t offset, size_t len, const char *code,
             const char *help, const char *what, ...)
{
    char told[700];
    va_list args;
    va_start(args, what);
    vsnprintf(told, sizeof told, what, args);
    va_end(args);
    bool is_there = place.is_exact && memchr(text.ptr, '\n', offset) == NULL;
    if (is_there) {
        place.column += (int)slice_utf8_count((struct slice){text.ptr, offset});
    }
    problem_add(problems, place.line, place.column, code, help, "%s", told);
    if (is_there) {
        problem_mark(problems, len);
        return;
    }
    struct buffer shown = {0};
    excerpt_append(&shown, text, offset, len, 0);
    problem_show(problems, buffer_slice(&shown));
    buffer_release(&shown);
}

void
formula_tell_column(struct problems *problems, const struct formula *formula,
                    size_t column, const char *code, const char *help,
                    const char *what, ...)
{
    const struct formula_column *named = &formula->columns[column];
    char told[700];
    va_list args;
    va_start(args, what);
    vsnprintf(told, sizeof told, what, args);
    va_end(args);
    formula_tell(problems, formula->place, formula->text, named->offset,
                 named->len, code, help, "%s", told);
}

bool
formula_constant(const struct formula *formula, struct slice *text)
{
    struct arena *arena = formula->arena;
    const struct formula_node *root = formula->root;
    if (root->kind != NODE_CONSTANT || root->constant.kind == KIND_BLANK) {
        return false;
    }
    *text = formula_value_print(&root->constant, arena);
    return true;
}

struct formula_scratch *
formula_scratch_new(void)
{
    return mem_zalloc(sizeof(struct formula_scratch));
}

void
formula_scratch_free(struct formula_scratch *scratch)
{
    if (scratch != NULL) {
        function_regex_release(scratch);
        free(scratch);
    }
}

uint64_t
formula_at_change(const struct formula_scratch *scratch)
{
    return scratch->at_change;
}

bool
formula_apply(const struct formula *formula, const struct formula_row *row,
              struct arena *arena, struct formula_scratch *scratch,
              struct slice *out, struct formula_fault *fault)
{
    struct formula_run run = {formula, row, arena, scratch, fault};
    struct formula_value value;
    if (!formula_eval_node(&run, formula->root, &value)) {
        return false;
    }
    *out = formula_value_print(&value, arena);
    return true;
}

bool
formula_test(const struct formula *formula, const struct formula_row *row,
             struct arena *arena, struct formula_scratch *scratch, bool *truth,
             struct formula_fault *fault)
{
    struct formula_run run = {formula, row, arena, scratch, fault};
    return formula_eval_truth(&run, formula->root, truth);
}
