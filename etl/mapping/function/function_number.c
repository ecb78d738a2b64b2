/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "mapping/value/value_number.h"

#define MS_A_DAY 86400000

static bool
give(struct formula_run *run, bool in_range, struct decimal number,
     struct formula_value *value)
{
    *value = formula_value_number(number);
    return in_range ||
           formula_eval_refuse(run, "number-range", (struct slice){NULL, 0},
                               SLICE_LITERAL("the result is too large for a "
                                             "number"));
}

static bool
refuse_moment(struct formula_run *run)
{
    return formula_eval_refuse(run, "date-range", (struct slice){NULL, 0},
                               SLICE_LITERAL("the result is outside of the "
                                             "years 1 to 9999"));
}

static bool
is_moment(const struct formula_value *value)
{
    return value->kind == KIND_DATE || value->kind == KIND_DATETIME;
}

/* The text beside a moment is a number of days. */
static bool
refuse_sum(struct formula_run *run, const struct formula_value *value)
{
    return formula_eval_refuse(run, "wrong-kind",
                               formula_value_print(value, run->arena),
                               SLICE_LITERAL("can't be added to or taken from "
                                             "a date; days are numbers"));
}

/* moment + sign * days; a date takes whole days, a datetime parts as well. */
static bool
move(struct formula_run *run, const struct formula_node *node,
     struct formula_value moment, struct formula_value days, bool backwards,
     struct formula_value *value)
{
    int64_t whole;
    struct decimal ms;
    if (!formula_eval_to_number(run, node, &days)) {
        return false;
    }
    if (backwards) {
        days.number = decimal_negate(days.number);
    }
    if (moment.kind == KIND_DATE) {
        if (!decimal_to_whole(days.number, &whole)) {
            return formula_eval_refuse(
                run, "not-whole", formula_value_print(&days, run->arena),
                SLICE_LITERAL("is no whole number of days"));
        }
        return (!__builtin_add_overflow(moment.days, whole, &whole) &&
                formula_value_date(whole, value)) ||
               refuse_moment(run);
    }
    return (decimal_multiply(days.number, decimal_of(MS_A_DAY), &ms) &&
            decimal_to_whole(decimal_round(ms, 0), &whole) &&
            !__builtin_add_overflow(moment.ms, whole, &whole) &&
            formula_value_datetime(whole, value)) ||
           refuse_moment(run);
}

bool
function_number_plus(struct formula_run *run, const struct formula_node *node,
                     const struct formula_value *args,
                     struct formula_value *value)
{
    struct formula_value a = args[0], b = args[1];
    struct decimal sum;
    if (is_moment(&a) && is_moment(&b)) {
        return refuse_sum(run, &b);
    }
    if (is_moment(&a)) {
        return move(run, node->args[1], a, b, false, value);
    }
    if (is_moment(&b)) {
        return move(run, node->args[0], b, a, false, value);
    }
    return formula_eval_to_number(run, node->args[0], &a) &&
           formula_eval_to_number(run, node->args[1], &b) &&
           give(run, decimal_add(a.number, b.number, &sum), sum, value);
}

/* In days. */
static bool
distance(struct formula_run *run, const struct formula_value *a,
         const struct formula_value *b, struct formula_value *value)
{
    struct decimal days;
    if (a->kind == KIND_DATE) {
        *value = formula_value_number(decimal_of(a->days - b->days));
        return true;
    }
    bool fits =
        decimal_divide(decimal_of(a->ms - b->ms), decimal_of(MS_A_DAY), &days);
    return give(run, fits, days, value);
}

bool
function_number_minus(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    struct formula_value a = args[0], b = args[1];
    struct decimal rest;
    if (is_moment(&a) && a.kind == b.kind) {
        return distance(run, &a, &b, value);
    }
    if (is_moment(&b)) {
        return refuse_sum(run, &b);
    }
    if (is_moment(&a)) {
        return move(run, node->args[1], a, b, true, value);
    }
    return formula_eval_to_number(run, node->args[0], &a) &&
           formula_eval_to_number(run, node->args[1], &b) &&
           give(run, decimal_subtract(a.number, b.number, &rest), rest, value);
}

/* What a + b and a - b make of a pair of kinds; KIND_BLANK: nothing. */
static unsigned
kinds_of_pair(unsigned a, unsigned b, bool is_minus)
{
    const unsigned number = KIND_NUMBER | KIND_TEXT;
    const unsigned moment = KIND_DATE | KIND_DATETIME;
    unsigned kinds = KIND_BLANK;
    if ((a & number) != 0 && (b & number) != 0) {
        kinds |= KIND_NUMBER;
    }
    if ((b & number) != 0) {
        kinds |= a & moment;
    }
    if ((a & number) != 0 && !is_minus) {
        kinds |= b & moment;
    }
    if ((a & b & moment) != 0 && is_minus) {
        kinds |= KIND_NUMBER;
    }
    return kinds;
}

static bool
check_text(const struct formula_scope *scope, struct formula_node *arg)
{
    struct decimal number;
    if (arg->kind != NODE_CONSTANT || arg->constant.kind != KIND_TEXT) {
        return true;
    }
    if (!decimal_read(arg->constant.text, &number)) {
        formula_compile_refuse(scope, arg, "not-a-number",
                               "texts are joined with &",
                               "a number is needed here, and this text is "
                               "none");
        return false;
    }
    arg->constant = formula_value_number(number);
    arg->kinds = KIND_NUMBER;
    return true;
}

bool
function_number_sum_compile(const struct formula_scope *scope,
                            struct formula_node *node)
{
    char first[FORMULA_KINDS_SIZE], second[FORMULA_KINDS_SIZE];
    bool is_minus = node->function->name[0] == '-';
    if (!check_text(scope, node->args[0]) ||
        !check_text(scope, node->args[1])) {
        return false;
    }
    unsigned a = node->args[0]->kinds, b = node->args[1]->kinds;
    if (a == KIND_BLANK || b == KIND_BLANK) {
        return true;
    }
    node->kinds = kinds_of_pair(a, b, is_minus);
    if (node->kinds == KIND_BLANK) {
        formula_compile_refuse(
            scope, node, "wrong-kind",
            "days are added to a date as numbers; two dates of a kind can be "
            "taken from one another",
            is_minus ? "%s can't be taken from %s" : "%s can't be added to %s",
            formula_value_kinds(b, first), formula_value_kinds(a, second));
        return false;
    }
    return true;
}

bool
function_number_times(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    (void)node;
    struct decimal product;
    bool fits = decimal_multiply(args[0].number, args[1].number, &product);
    return give(run, fits, product, value);
}

static bool
refuse_zero(struct formula_run *run)
{
    return formula_eval_refuse(run, "division-by-zero", (struct slice){NULL, 0},
                               SLICE_LITERAL("division by zero"));
}

bool
function_number_divide(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)node;
    struct decimal quotient;
    if (decimal_is_zero(args[1].number)) {
        return refuse_zero(run);
    }
    bool fits = decimal_divide(args[0].number, args[1].number, &quotient);
    return give(run, fits, quotient, value);
}

bool
function_number_mod(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    struct decimal rest;
    if (decimal_is_zero(args[1].number)) {
        return refuse_zero(run);
    }
    bool fits = decimal_modulo(args[0].number, args[1].number, &rest);
    return give(run, fits, rest, value);
}

bool
function_number_negate(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_number(decimal_negate(args[0].number));
    return true;
}

bool
function_number_abs(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = args[0];
    if (decimal_is_negative(args[0].number)) {
        value->number = decimal_negate(args[0].number);
    }
    return true;
}

bool
function_number_round(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    (void)run;
    (void)node;
    int64_t places = 0;
    (void)decimal_to_whole(args[1].number, &places);
    *value = formula_value_number(decimal_round(args[0].number, places));
    return true;
}

bool
function_number_ceiling(struct formula_run *run,
                        const struct formula_node *node,
                        const struct formula_value *args,
                        struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_number(decimal_whole(args[0].number, DECIMAL_UP));
    return true;
}

bool
function_number_floor(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_number(decimal_whole(args[0].number, DECIMAL_DOWN));
    return true;
}

bool
function_number_int(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)run;
    (void)node;
    *value =
        formula_value_number(decimal_whole(args[0].number, DECIMAL_TO_ZERO));
    return true;
}

/* The smallest, or the largest with sign 1; blanks are passed over. */
static bool
extreme(struct formula_run *run, const struct formula_node *node, int sign,
        struct formula_value *value)
{
    value->kind = KIND_BLANK;
    for (unsigned i = 0; i < node->arg_count; i++) {
        struct formula_value next;
        if (!formula_eval_number(run, node->args[i], &next)) {
            return false;
        }
        if (next.kind != KIND_BLANK &&
            (value->kind == KIND_BLANK ||
             decimal_compare(next.number, value->number) == sign)) {
            *value = next;
        }
    }
    return true;
}

bool
function_number_min(struct formula_run *run, const struct formula_node *node,
                    struct formula_value *value)
{
    return extreme(run, node, -1, value);
}

bool
function_number_max(struct formula_run *run, const struct formula_node *node,
                    struct formula_value *value)
{
    return extreme(run, node, 1, value);
}

bool
function_number_shape_compile(const struct formula_scope *scope,
                              struct formula_node *node)
{
    const char *why;
    if (node->arg_count < 2) {
        node->compiled = &value_number_plain;
        return true;
    }
    struct number_shape *shape = arena_array(scope->arena, 1, sizeof *shape);
    struct slice example = node->args[1]->constant.text;
    node->compiled = shape;
    if (!value_number_shape(example, shape, &why)) {
        formula_compile_refuse(scope, node->args[1], "number-shape", why,
                               "this is no example of a number");
        return false;
    }
    return true;
}

bool
function_number_value(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    const struct number_shape *shape = node->compiled;
    struct slice plain;
    *value = args[0];
    if (args[0].kind == KIND_NUMBER) {
        return true;
    }
    if (shape == &value_number_plain) {
        return formula_eval_to_number(run, node->args[0], value);
    }
    if (!value_number_read(shape, args[0].text, run->arena, &plain)) {
        return formula_eval_refuse(run, "number-shape", args[0].text,
                                   arena_printf(run->arena,
                                                "is not a number like %.*s",
                                                SLICE_ARGS(shape->example)));
    }
    *value = formula_value_text(plain);
    return formula_eval_to_number(run, node->args[0], value);
}

bool
function_number_is_number(struct formula_run *run,
                          const struct formula_node *node,
                          const struct formula_value *args,
                          struct formula_value *value)
{
    struct slice plain;
    struct decimal number;
    bool is_number =
        args[0].kind == KIND_NUMBER ||
        (args[0].kind == KIND_TEXT &&
         value_number_read(node->compiled, args[0].text, run->arena, &plain) &&
         decimal_read(plain, &number));
    *value = formula_value_truth(is_number);
    return true;
}
