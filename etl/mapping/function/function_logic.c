/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

bool
function_logic_if(struct formula_run *run, const struct formula_node *node,
                  struct formula_value *value)
{
    bool truth;
    return formula_eval_truth(run, node->args[0], &truth) &&
           formula_eval_node(run, node->args[truth ? 1 : 2], value);
}

bool
function_logic_if_compile(const struct formula_scope *scope,
                          struct formula_node *node)
{
    (void)scope;
    node->kinds = node->args[1]->kinds | node->args[2]->kinds;
    return true;
}

bool
function_logic_and(struct formula_run *run, const struct formula_node *node,
                   struct formula_value *value)
{
    bool truth = true;
    for (unsigned i = 0; truth && i < node->arg_count; i++) {
        if (!formula_eval_truth(run, node->args[i], &truth)) {
            return false;
        }
    }
    *value = formula_value_truth(truth);
    return true;
}

bool
function_logic_or(struct formula_run *run, const struct formula_node *node,
                  struct formula_value *value)
{
    bool truth = false;
    for (unsigned i = 0; !truth && i < node->arg_count; i++) {
        if (!formula_eval_truth(run, node->args[i], &truth)) {
            return false;
        }
    }
    *value = formula_value_truth(truth);
    return true;
}

bool
function_logic_not(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_truth(!args[0].truth);
    return true;
}

bool
function_logic_is_blank(struct formula_run *run,
                        const struct formula_node *node,
                        const struct formula_value *args,
                        struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_truth(args[0].kind == KIND_BLANK);
    return true;
}

bool
function_logic_blank_value(struct formula_run *run,
                           const struct formula_node *node,
                           struct formula_value *value)
{
    return formula_eval_node(run, node->args[0], value) &&
           (value->kind != KIND_BLANK ||
            formula_eval_node(run, node->args[1], value));
}

bool
function_logic_blank_value_compile(const struct formula_scope *scope,
                                   struct formula_node *node)
{
    (void)scope;
    node->kinds = node->args[0]->kinds | node->args[1]->kinds;
    return true;
}

bool
function_logic_error(struct formula_run *run, const struct formula_node *node,
                     const struct formula_value *args,
                     struct formula_value *value)
{
    (void)node;
    (void)value;
    return formula_eval_refuse(run, "formula-error", (struct slice){NULL, 0},
                               args[0].kind == KIND_BLANK
                                   ? SLICE_LITERAL("refused by ERROR()")
                                   : args[0].text);
}

bool
function_logic_skip(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    (void)value;
    *run->fault = (struct formula_fault){
        .code = "formula-skip",
        .is_skip = true,
        .text = args[0].kind == KIND_BLANK ? SLICE_LITERAL("left out by SKIP()")
                                           : args[0].text};
    return false;
}

static int
order_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* By code point, which UTF-8 keeps. */
static int
order_of_texts(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.ptr, b.ptr, len);
    return order != 0 ? order : order_of((int64_t)a.len, (int64_t)b.len);
}

/* Below, equal, above of two values that are not blank. */
static bool
compare(struct formula_run *run, const struct formula_node *node,
        struct formula_value *a, struct formula_value *b, int *order)
{
    char first[FORMULA_KINDS_SIZE], second[FORMULA_KINDS_SIZE];
    if ((a->kind | b->kind) == (KIND_NUMBER | KIND_TEXT) &&
        (!formula_eval_to_number(run, node->args[0], a) ||
         !formula_eval_to_number(run, node->args[1], b))) {
        return false;
    }
    if (a->kind != b->kind) {
        return formula_eval_refuse(
            run, "wrong-kind", formula_value_print(a, run->arena),
            arena_printf(run->arena, "is %s and can't be compared with %s",
                         formula_value_kinds(a->kind, first),
                         formula_value_kinds(b->kind, second)));
    }
    switch (a->kind) {
    case KIND_TEXT:
        *order = order_of_texts(a->text, b->text);
        break;
    case KIND_NUMBER:
        *order = decimal_compare(a->number, b->number);
        break;
    case KIND_DATE:
        *order = order_of(a->days, b->days);
        break;
    case KIND_DATETIME:
        *order = order_of(a->ms, b->ms);
        break;
    case KIND_BOOLEAN:
        *order = order_of(a->truth, b->truth);
        break;
    case KIND_BLANK:
        break;
    }
    return true;
}

bool
function_logic_compare(struct formula_run *run, const struct formula_node *node,
                       struct formula_value *value)
{
    struct formula_value a, b;
    const char *sign = node->function->name;
    bool is_equal = sign[0] == '=', is_other = sign[0] == '<' && sign[1] == '>';
    int order = 0;
    if (!formula_eval_node(run, node->args[0], &a) ||
        !formula_eval_node(run, node->args[1], &b)) {
        return false;
    }
    if (a.kind == KIND_BLANK || b.kind == KIND_BLANK) {
        bool same = a.kind == b.kind;
        *value = formula_value_truth((is_equal && same) || (is_other && !same));
        return true;
    }
    if (!compare(run, node, &a, &b, &order)) {
        return false;
    }
    bool truth = is_equal         ? order == 0
                 : is_other       ? order != 0
                 : sign[0] == '<' ? order < 0 || (sign[1] == '=' && order == 0)
                                  : order > 0 || (sign[1] == '=' && order == 0);
    *value = formula_value_truth(truth);
    return true;
}

static bool
refuse_pair(const struct formula_scope *scope, struct formula_node *node,
            const struct formula_node *a, const struct formula_node *b)
{
    char first[FORMULA_KINDS_SIZE], second[FORMULA_KINDS_SIZE];
    const char *help = "compare two of a kind";
    unsigned both = a->kinds | b->kinds;
    if (both == (KIND_DATE | KIND_TEXT)) {
        help = "make the text a date: DATEVALUE(text, \"yyyyMMdd\")";
    } else if (both == (KIND_DATETIME | KIND_TEXT)) {
        help = "make the text a datetime: DATETIMEVALUE(text, pattern, zone)";
    } else if (both == (KIND_DATETIME | KIND_DATE)) {
        help = "make the datetime a date: DATEVALUE(datetime)";
    } else if ((both & KIND_BOOLEAN) != 0) {
        help = "a condition is true or false as it is";
    }
    formula_compile_refuse(scope, node, "wrong-kind", help,
                           "%s can't be compared with %s",
                           formula_value_kinds(a->kinds, first),
                           formula_value_kinds(b->kinds, second));
    return false;
}

/* A constant text beside what can only be a number is one. */
static bool
check_constant(const struct formula_scope *scope, struct formula_node *text,
               const struct formula_node *other)
{
    struct decimal number;
    if (other->kinds != KIND_NUMBER || text->kind != NODE_CONSTANT ||
        text->constant.kind != KIND_TEXT) {
        return true;
    }
    if (!decimal_read(text->constant.text, &number)) {
        formula_compile_refuse(scope, text, "not-a-number",
                               "a number is written like -1234.56",
                               "this text is compared with a number and is "
                               "none");
        return false;
    }
    text->constant = formula_value_number(number);
    text->kinds = KIND_NUMBER;
    return true;
}

static bool
check_pair(const struct formula_scope *scope, struct formula_node *node,
           struct formula_node *a, struct formula_node *b)
{
    const unsigned mixed = KIND_TEXT | KIND_NUMBER;
    bool fits = a->kinds == KIND_BLANK || b->kinds == KIND_BLANK ||
                (a->kinds & b->kinds) != 0 ||
                ((a->kinds & mixed) != 0 && (b->kinds & mixed) != 0);
    if (!fits) {
        return refuse_pair(scope, node, a, b);
    }
    return check_constant(scope, a, b) && check_constant(scope, b, a);
}

bool
function_logic_compare_compile(const struct formula_scope *scope,
                               struct formula_node *node)
{
    return check_pair(scope, node, node->args[0], node->args[1]);
}

bool
function_logic_case(struct formula_run *run, const struct formula_node *node,
                    struct formula_value *value)
{
    struct formula_value x;
    if (!formula_eval_node(run, node->args[0], &x)) {
        return false;
    }
    for (unsigned i = 1; i + 1 < node->arg_count; i += 2) {
        struct formula_value key, subject = x;
        int order = 0;
        if (!formula_eval_node(run, node->args[i], &key)) {
            return false;
        }
        if (key.kind != KIND_BLANK && x.kind != KIND_BLANK) {
            struct formula_node *pair[] = {node->args[0], node->args[i]};
            const struct formula_node both = {.args = pair, .arg_count = 2};
            if (!compare(run, &both, &subject, &key, &order)) {
                return false;
            }
        } else {
            order = key.kind != x.kind;
        }
        if (order == 0) {
            return formula_eval_node(run, node->args[i + 1], value);
        }
    }
    return formula_eval_node(run, node->args[node->arg_count - 1], value);
}

bool
function_logic_case_compile(const struct formula_scope *scope,
                            struct formula_node *node)
{
    bool is_sound = true;
    if (node->arg_count % 2 != 0) {
        formula_compile_refuse(scope, node, "argument-count",
                               "it is written CASE(x, key, value, ..., else)",
                               "'CASE' has no last value, for what no key "
                               "fits");
        return false;
    }
    node->kinds = node->args[node->arg_count - 1]->kinds;
    for (unsigned i = 1; i + 1 < node->arg_count; i += 2) {
        is_sound &=
            check_pair(scope, node->args[i], node->args[0], node->args[i]);
        node->kinds |= node->args[i + 1]->kinds;
    }
    return is_sound;
}
