/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/field_rule.h"
#include "mapping/function/function_table.h"

#include <ctype.h>

bool
formula_eval_refuse(struct formula_run *run, const char *code,
                    struct slice value, struct slice text)
{
    *run->fault =
        (struct formula_fault){.code = code, .value = value, .text = text};
    return false;
}

/* A form of VALUE that reads the text; "" when none does. */
static struct slice
reading_form(struct formula_run *run, const struct formula_node *node,
             struct slice text)
{
    static const char *const examples[] = {
        "1.234,56",  "1,234.56",  "1 234,56",  "1'234.56",
        "1.234,56-", "1,234.56-", "(1,234.56)"};
    struct slice shown = {node->text.ptr,
                          node->text.len < 60 ? node->text.len : 60};
    struct slice forms = SLICE_LITERAL(""), number;
    if (slice_trim(text).len < text.len &&
        value_number_read(&value_number_plain, slice_trim(text), run->arena,
                          &number)) {
        return arena_printf(run->arena, "; TRIM(%.*s) reads it",
                            SLICE_ARGS(shown));
    }
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct number_shape shape;
        const char *why;
        if (i > 1 && forms.len > 0) {
            break; /* only "1,234" can be read in both of the first ways */
        }
        if (!value_number_shape(slice_of(examples[i]), &shape, &why) ||
            !value_number_read(&shape, text, run->arena, &number)) {
            continue;
        }
        forms = arena_printf(run->arena, "%.*s%sVALUE(%.*s, \"%s\")",
                             SLICE_ARGS(forms), forms.len > 0 ? " or " : "; ",
                             SLICE_ARGS(shown), examples[i]);
    }
    return forms.len == 0
               ? forms
               : arena_printf(run->arena, "%.*s reads it", SLICE_ARGS(forms));
}

bool
formula_eval_to_number(struct formula_run *run, const struct formula_node *node,
                       struct formula_value *value)
{
    struct slice text = value->text, number;
    char kinds[FORMULA_KINDS_SIZE];
    if (value->kind == KIND_NUMBER) {
        return true;
    }
    if (value->kind != KIND_TEXT) {
        return formula_eval_refuse(
            run, "wrong-kind", formula_value_print(value, run->arena),
            arena_printf(run->arena, "is %s, and a number is needed",
                         formula_value_kinds(value->kind, kinds)));
    }
    value->kind = KIND_NUMBER;
    if (decimal_read(text, &value->number)) {
        return true;
    }
    if (value_number_read(&value_number_plain, text, run->arena, &number)) {
        return formula_eval_refuse(run, "number-digits", text,
                                   SLICE_LITERAL("has more than 34 digits"));
    }
    struct slice form = reading_form(run, node, text);
    return formula_eval_refuse(run, "not-a-number", text,
                               arena_printf(run->arena,
                                            "is not a number like -1234.56"
                                            "%.*s",
                                            SLICE_ARGS(form)));
}

static bool
want_kind(struct formula_run *run, unsigned wanted,
          const struct formula_value *value)
{
    char is[FORMULA_KINDS_SIZE], needed[FORMULA_KINDS_SIZE];
    return (value->kind & wanted) != 0 ||
           formula_eval_refuse(
               run, "wrong-kind", formula_value_print(value, run->arena),
               arena_printf(run->arena, "is %s, and %s is needed",
                            formula_value_kinds(value->kind, is),
                            formula_value_kinds(wanted, needed)));
}

static bool
to_whole(struct formula_run *run, const struct formula_node *node,
         struct formula_value *value)
{
    int64_t whole;
    if (!formula_eval_to_number(run, node, value)) {
        return false;
    }
    return decimal_to_whole(value->number, &whole) ||
           formula_eval_refuse(run, "not-whole",
                               formula_value_print(value, run->arena),
                               SLICE_LITERAL("is not a whole number"));
}

/* A value as its function takes it. */
static bool
convert(struct formula_run *run, const struct formula_node *node, char letter,
        struct formula_value *value)
{
    switch (letter | 0x20) {
    case 't':
        if (value->kind != KIND_TEXT) {
            *value = formula_value_text(formula_value_print(value, run->arena));
        }
        return true;
    case 'n':
        return formula_eval_to_number(run, node, value);
    case 'w':
        return to_whole(run, node, value);
    case 'd':
        return want_kind(run, KIND_DATE, value);
    case 'm':
        return want_kind(run, KIND_DATE | KIND_DATETIME, value);
    case 'x':
        return want_kind(run, KIND_TEXT | KIND_DATE | KIND_DATETIME, value);
    case 'y':
        return want_kind(run, KIND_TEXT | KIND_DATETIME, value);
    case 'v':
        return want_kind(run, KIND_TEXT | KIND_NUMBER, value);
    case 's':
        return want_kind(
            run, KIND_TEXT | KIND_NUMBER | KIND_DATE | KIND_DATETIME, value);
    case 'c':
        return want_kind(run, KIND_BOOLEAN, value);
    default:
        return true;
    }
}

static bool
eval_call(struct formula_run *run, const struct formula_node *node,
          struct formula_value *value)
{
    const struct function *function = node->function;
    struct formula_value args[FUNCTION_ARGS_LIMIT];
    const char *takes = function->takes;
    if (function->step != NULL) {
        return function->step(run, node, value);
    }
    for (unsigned i = 0; i < node->arg_count; i++) {
        if (!formula_eval_node(run, node->args[i], &args[i])) {
            return false;
        }
        bool is_blank = args[i].kind == KIND_BLANK;
        if (is_blank && *takes >= 'a') {
            value->kind = KIND_BLANK;
            return true;
        }
        if (!is_blank && !convert(run, node->args[i], *takes, &args[i])) {
            return false;
        }
        takes += takes[1] != '\0';
    }
    return function->apply(run, node, args, value);
}

static bool
is_null(const struct formula *formula, struct slice text)
{
    for (size_t i = 0; i < formula->null_values->count; i++) {
        if (slice_equals(formula->null_values->items[i], text)) {
            return true;
        }
    }
    return false;
}

static void
eval_column(const struct formula_run *run, const struct formula_node *node,
            struct formula_value *value)
{
    size_t index = run->formula->columns[node->column].index;
    const struct formula_row *row = run->row;
    *value = (struct formula_value){.kind = KIND_BLANK};
    if (index < row->field_count && row->fields[index].len > 0 &&
        !is_null(run->formula, row->fields[index])) {
        *value = formula_value_text(row->fields[index]);
    }
}

bool
formula_eval_node(struct formula_run *run, const struct formula_node *node,
                  struct formula_value *value)
{
    switch (node->kind) {
    case NODE_CONSTANT:
        *value = node->constant;
        return true;
    case NODE_COLUMN:
        eval_column(run, node, value);
        return true;
    case NODE_CALL:
        break;
    }
    return eval_call(run, node, value);
}

bool
formula_eval_number(struct formula_run *run, const struct formula_node *node,
                    struct formula_value *value)
{
    return formula_eval_node(run, node, value) &&
           (value->kind == KIND_BLANK ||
            formula_eval_to_number(run, node, value));
}

bool
formula_eval_truth(struct formula_run *run, const struct formula_node *node,
                   bool *truth)
{
    struct formula_value value;
    if (!formula_eval_node(run, node, &value)) {
        return false;
    }
    *truth = value.kind == KIND_BOOLEAN && value.truth;
    return value.kind == KIND_BLANK || want_kind(run, KIND_BOOLEAN, &value);
}
