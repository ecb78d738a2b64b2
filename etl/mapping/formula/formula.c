/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "mapping/formula/formula_node.h"
#include "mapping/function/function_steps.h"
#include "mapping/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SHOWN_BEFORE 50 /* characters of a long line before the caret */
#define SHOWN_LINE 76

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

/* The line that holds the offset; *offset is then counted in it. */
static struct slice
line_at(struct slice text, size_t *offset)
{
    size_t begin = *offset, end = *offset;
    while (begin > 0 && text.ptr[begin - 1] != '\n') {
        begin--;
    }
    while (end < text.len && text.ptr[end] != '\n') {
        end++;
    }
    *offset -= begin;
    return (struct slice){text.ptr + begin, end - begin};
}

static void
append_plain(struct buffer *shown, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        buffer_append_char(shown, c < ' ' || c == 0x7F ? ' ' : text.ptr[i]);
    }
}

/* The line, and below it a caret for the first character that is meant and
 * tildes for the others. */
static void
show(struct buffer *shown, struct slice text, size_t offset, size_t len)
{
    struct slice line = line_at(text, &offset);
    size_t before = slice_utf8_count((struct slice){line.ptr, offset});
    size_t skipped = 0;
    if (before > SHOWN_BEFORE) {
        skipped = slice_utf8_prefix(line, before - SHOWN_BEFORE);
        before = SHOWN_BEFORE + 1;
    }
    struct slice rest = {line.ptr + skipped, line.len - skipped};
    size_t cut = slice_utf8_prefix(rest, SHOWN_LINE);
    len = len < line.len - offset ? len : line.len - offset;
    size_t marks = slice_utf8_count((struct slice){line.ptr + offset, len});
    buffer_printf(shown, "    %s", skipped > 0 ? "…" : "");
    append_plain(shown, (struct slice){rest.ptr, cut});
    buffer_printf(shown, "%s\n    %*s^", cut < rest.len ? "…" : "", (int)before,
                  "");
    for (size_t i = 1; i < marks && before + i < SHOWN_LINE; i++) {
        buffer_append_char(shown, '~');
    }
}

void
formula_tell(struct problems *problems, struct formula_place place,
             struct slice text, size_t offset, size_t len, const char *code,
             const char *help, const char *what, ...)
{
    char told[700];
    struct buffer shown = {0};
    va_list args;
    va_start(args, what);
    vsnprintf(told, sizeof told, what, args);
    va_end(args);
    if (place.is_exact && memchr(text.ptr, '\n', offset) == NULL) {
        place.column += (int)slice_utf8_count((struct slice){text.ptr, offset});
    }
    problem_add(problems, place.line, place.column, code, help, "%s", told);
    show(&shown, text, offset, len);
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
