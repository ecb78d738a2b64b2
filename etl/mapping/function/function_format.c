/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "base/buffer.h"
#include "mapping/value/time_zone.h"
#include "mapping/value/value_date.h"
#include "mapping/value/value_number.h"

/* TEXT(x, pattern): a date by a pattern, a number by an example. */
struct text_shape {
    bool is_date;
    struct date_pattern pattern;
    struct number_shape number;
    size_t places; /* behind the example's decimal sign */
};

static size_t
places_of(const struct number_shape *shape)
{
    size_t places = 0;
    const char *sign =
        shape->decimal == '\0'
            ? NULL
            : memrchr(shape->example.ptr, shape->decimal, shape->example.len);
    const char *end = shape->example.ptr + shape->example.len;
    while (sign != NULL && ++sign < end && *sign >= '0' && *sign <= '9') {
        places++;
    }
    return places;
}

bool
function_format_text_compile(const struct formula_scope *scope,
                             struct formula_node *node)
{
    char date_why[DATE_WHY_SIZE];
    const char *why;
    const unsigned moments = KIND_DATE | KIND_DATETIME;
    unsigned kinds = node->args[0]->kinds;
    if (node->arg_count < 2) {
        return true;
    }
    struct slice text = node->args[1]->constant.text;
    struct text_shape *shape = arena_array(scope->arena, 1, sizeof *shape);
    node->compiled = shape;
    shape->is_date = (kinds & moments) != 0 &&
                     ((kinds & (KIND_NUMBER | KIND_TEXT)) == 0 ||
                      value_date_format(text, &shape->pattern, date_why));
    if (shape->is_date) {
        if (value_date_format(text, &shape->pattern, date_why)) {
            return true;
        }
        formula_compile_refuse(scope, node->args[1], "date-pattern", date_why,
                               "this is no date pattern");
        return false;
    }
    if (!value_number_shape(text, &shape->number, &why)) {
        bool is_date = value_date_format(text, &shape->pattern, date_why);
        formula_compile_refuse(
            scope, node->args[1], "number-shape",
            is_date ? "a date pattern needs a date: make the text one with "
                      "DATEVALUE"
                    : why,
            "this is no example of a number");
        return false;
    }
    shape->places = places_of(&shape->number);
    return true;
}

/* With group signs between threes, and the example's decimal sign. */
static struct slice
group(const struct text_shape *shape, struct slice plain, struct arena *arena)
{
    const struct number_shape *number = &shape->number;
    bool negative = plain.len > 0 && plain.ptr[0] == '-';
    struct buffer text = {0};
    struct slice digits = {plain.ptr + negative, plain.len - negative};
    const char *point = memchr(digits.ptr, '.', digits.len);
    size_t whole = point == NULL ? digits.len : (size_t)(point - digits.ptr);
    bool in_brackets = negative && number->parentheses;
    bool behind = negative && number->trailing_minus;
    buffer_append_text(&text, in_brackets           ? "("
                              : negative && !behind ? "-"
                                                    : "");
    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            buffer_append_text(&text, number->group);
        }
        buffer_append_char(&text, i == whole ? number->decimal : digits.ptr[i]);
    }
    buffer_append_text(&text, in_brackets ? ")" : behind ? "-" : "");
    struct slice made = arena_copy(arena, buffer_slice(&text));
    buffer_release(&text);
    return made;
}

static void
parts_of(const struct formula_run *run, const struct formula_value *moment,
         struct date_parts *parts)
{
    *parts = (struct date_parts){.has_zone = true};
    if (moment->kind == KIND_DATE) {
        calendar_date_of(moment->days, parts);
        return;
    }
    int64_t ms = moment->ms, rest = ms % 1000;
    rest += rest < 0 ? 1000 : 0;
    int64_t seconds = (ms - rest) / 1000;
    if (run->formula->zone != NULL) {
        parts->zone_seconds = time_zone_offset(run->formula->zone, seconds);
        seconds += parts->zone_seconds;
    }
    int64_t of_day = seconds % 86400;
    of_day += of_day < 0 ? 86400 : 0;
    calendar_date_of((seconds - of_day) / 86400, parts);
    parts->hour = (int)(of_day / 3600);
    parts->minute = (int)(of_day / 60 % 60);
    parts->second = (int)(of_day % 60);
    parts->millisecond = (int)rest;
}

static bool
refuse_kind(struct formula_run *run, const struct text_shape *shape,
            const struct formula_value *x)
{
    return formula_eval_refuse(
        run, "wrong-kind", formula_value_print(x, run->arena),
        shape->is_date ? SLICE_LITERAL("is no date, and a date "
                                       "pattern is given")
                       : SLICE_LITERAL("is no number, and a "
                                       "number's example is "
                                       "given"));
}

bool
function_format_text(struct formula_run *run, const struct formula_node *node,
                     const struct formula_value *args,
                     struct formula_value *value)
{
    const struct text_shape *shape = node->compiled;
    struct formula_value x = args[0];
    bool is_moment = x.kind == KIND_DATE || x.kind == KIND_DATETIME;
    struct date_parts parts;
    if (shape == NULL) {
        *value = formula_value_text(formula_value_print(&x, run->arena));
        return true;
    }
    if (shape->is_date != is_moment || x.kind == KIND_BOOLEAN) {
        return refuse_kind(run, shape, &x);
    }
    if (is_moment) {
        parts_of(run, &x, &parts);
        *value = formula_value_text(
            value_date_print(&shape->pattern, &parts, run->arena));
        return true;
    }
    if (!formula_eval_to_number(run, node->args[0], &x)) {
        return false;
    }
    x.number = decimal_round(x.number, (int64_t)shape->places);
    *value = formula_value_text(
        group(shape, formula_value_print(&x, run->arena), run->arena));
    return true;
}
