/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "mapping/value/date_suggest.h"
#include "mapping/value/time_zone.h"
#include "mapping/value/value_date.h"

#define MS_A_DAY 86400000

/* How a call reads texts. */
struct moment_shape {
    bool is_plain; /* as the org spells it, without a pattern */
    struct date_pattern pattern;
    const struct time_zone *zone;
};

static int64_t
floor_of(int64_t number, int64_t unit)
{
    int64_t whole = number / unit;
    return number % unit < 0 ? whole - 1 : whole;
}

/* The day of an instant in a zone, UTC without one. */
static int64_t
day_of(int64_t ms, const struct time_zone *zone)
{
    int64_t seconds = floor_of(ms, 1000);
    if (zone != NULL) {
        seconds += time_zone_offset(zone, seconds);
    }
    return floor_of(seconds, 86400);
}

static struct moment_shape *
new_shape(const struct formula_scope *scope, struct formula_node *node)
{
    struct moment_shape *shape = arena_array(scope->arena, 1, sizeof *shape);
    char why[DATE_WHY_SIZE];
    shape->zone = scope->zone;
    shape->is_plain = node->arg_count < 2;
    node->compiled = shape;
    if (shape->is_plain || value_date_pattern(node->args[1]->constant.text,
                                              &shape->pattern, why)) {
        return shape;
    }
    char help[DATE_SUGGEST_HELP_SIZE];
    formula_compile_refuse(
        scope, node->args[1], "date-pattern",
        date_suggest_help(node->args[1]->constant.text, why, help),
        "this is no date pattern");
    return NULL;
}

bool
function_date_date_value_compile(const struct formula_scope *scope,
                                 struct formula_node *node)
{
    return new_shape(scope, node) != NULL;
}

bool
function_date_datetime_value_compile(const struct formula_scope *scope,
                                     struct formula_node *node)
{
    char why[TIME_ZONE_WHY_SIZE];
    struct moment_shape *shape = new_shape(scope, node);
    if (shape == NULL) {
        return false;
    }
    if (node->arg_count > 2) {
        shape->zone =
            time_zone_load(node->args[2]->constant.text, scope->arena, why);
        if (shape->zone == NULL) {
            formula_compile_refuse(scope, node->args[2], "unknown-timezone",
                                   why, "this is no time zone");
            return false;
        }
    }
    bool is_known = shape->zone != NULL || scope->zone_unsound ||
                    shape->is_plain || shape->pattern.has_zone;
    if (!is_known) {
        formula_compile_refuse(scope, node, "datetime-zone",
                               "add XXX to the pattern, a zone such as "
                               "\"Europe/Berlin\" behind it, or 'timezone' to "
                               "the source; none is assumed",
                               "the time zone of this text is not known");
    }
    return is_known;
}

static bool
refuse_shape(struct formula_run *run, const struct moment_shape *shape,
             struct slice text, const char *what, const char *plain)
{
    struct slice like = shape->is_plain ? slice_of(plain) : shape->pattern.text;
    return formula_eval_refuse(run, "date-shape", text,
                               arena_printf(run->arena, "is not a %s like %.*s",
                                            what, SLICE_ARGS(like)));
}

bool
function_date_date_value(struct formula_run *run,
                         const struct formula_node *node,
                         const struct formula_value *args,
                         struct formula_value *value)
{
    const struct moment_shape *shape = node->compiled;
    struct date_parts parts;
    if (args[0].kind == KIND_DATE) {
        *value = args[0];
        return true;
    }
    if (args[0].kind == KIND_DATETIME) {
        (void)formula_value_date(day_of(args[0].ms, run->formula->zone), value);
        return true;
    }
    bool is_date = shape->is_plain
                       ? value_date_read_plain(args[0].text, &parts)
                       : value_date_read(&shape->pattern, args[0].text, &parts);
    if (!is_date) {
        return refuse_shape(run, shape, args[0].text, "date", "yyyy-MM-dd");
    }
    return formula_value_date(calendar_days(parts.year, parts.month, parts.day),
                              value);
}

bool
function_date_datetime_value(struct formula_run *run,
                             const struct formula_node *node,
                             const struct formula_value *args,
                             struct formula_value *value)
{
    const struct moment_shape *shape = node->compiled;
    struct date_parts parts;
    bool at_change = false;
    if (args[0].kind == KIND_DATETIME) {
        *value = args[0];
        return true;
    }
    bool is_time = shape->is_plain
                       ? value_date_read_iso(args[0].text, &parts)
                       : value_date_read(&shape->pattern, args[0].text, &parts);
    if (!is_time || (!parts.has_zone && shape->zone == NULL)) {
        return refuse_shape(run, shape, args[0].text, "time",
                            "yyyy-MM-ddTHH:mm:ssXXX");
    }
    int64_t seconds = calendar_wall_seconds(&parts);
    seconds = parts.has_zone
                  ? seconds - parts.zone_seconds
                  : time_zone_to_utc(shape->zone, seconds, &at_change);
    run->scratch->at_change += at_change;
    return formula_value_datetime(seconds * 1000 + parts.millisecond, value) ||
           refuse_shape(run, shape, args[0].text, "time",
                        "yyyy-MM-ddTHH:mm:ssXXX");
}

bool
function_date_date(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    (void)node;
    int64_t numbers[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        (void)decimal_to_whole(args[i].number, &numbers[i]);
        if (numbers[i] < 0 || numbers[i] > 9999) {
            numbers[0] = 0; /* no year */
        }
    }
    struct date_parts parts = {.year = (int)numbers[0],
                               .month = (int)numbers[1],
                               .day = (int)numbers[2]};
    if (!calendar_is_date(&parts)) {
        struct slice shown[3];
        for (size_t i = 0; i < 3; i++) {
            shown[i] = formula_value_print(&args[i], run->arena);
        }
        return formula_eval_refuse(
            run, "no-date",
            arena_printf(run->arena, "%.*s, %.*s, %.*s", SLICE_ARGS(shown[0]),
                         SLICE_ARGS(shown[1]), SLICE_ARGS(shown[2])),
            SLICE_LITERAL("is no year, month and day"));
    }
    return formula_value_date(calendar_days(parts.year, parts.month, parts.day),
                              value);
}

static void
parts_of(const struct formula_run *run, const struct formula_value *moment,
         struct date_parts *parts)
{
    int64_t days = moment->kind == KIND_DATE
                       ? moment->days
                       : day_of(moment->ms, run->formula->zone);
    *parts = (struct date_parts){0};
    calendar_date_of(days, parts);
}

bool
function_date_year(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    (void)node;
    struct date_parts parts;
    parts_of(run, &args[0], &parts);
    *value = formula_value_number(decimal_of(parts.year));
    return true;
}

bool
function_date_month(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    struct date_parts parts;
    parts_of(run, &args[0], &parts);
    *value = formula_value_number(decimal_of(parts.month));
    return true;
}

bool
function_date_day(struct formula_run *run, const struct formula_node *node,
                  const struct formula_value *args, struct formula_value *value)
{
    (void)node;
    struct date_parts parts;
    parts_of(run, &args[0], &parts);
    *value = formula_value_number(decimal_of(parts.day));
    return true;
}

/* As Salesforce does it: the last day of a month stays the last one. */
bool
function_date_add_months(struct formula_run *run,
                         const struct formula_node *node,
                         const struct formula_value *args,
                         struct formula_value *value)
{
    (void)node;
    struct date_parts parts = {0};
    int64_t months = 0;
    calendar_date_of(args[0].days, &parts);
    (void)decimal_to_whole(args[1].number, &months);
    bool in_range = months > -200000 && months < 200000;
    int64_t month =
        (int64_t)parts.year * 12 + parts.month - 1 + (in_range ? months : 0);
    int64_t year = floor_of(month, 12);
    if (!in_range || year < 1 || year > 9999) {
        return formula_eval_refuse(run, "date-range",
                                   formula_value_print(&args[1], run->arena),
                                   SLICE_LITERAL("months lead outside of the "
                                                 "years 1 to 9999"));
    }
    int next = (int)(month - year * 12) + 1;
    int len = calendar_month_len(year, next);
    bool is_last = parts.day == calendar_month_len(parts.year, parts.month);
    int day = is_last || parts.day > len ? len : parts.day;
    return formula_value_date(calendar_days(year, next, day), value);
}

bool
function_date_today_compile(const struct formula_scope *scope,
                            struct formula_node *node)
{
    node->kind = NODE_CONSTANT;
    (void)formula_value_date(day_of(scope->now_ms, scope->zone),
                             &node->constant);
    return true;
}

bool
function_date_now_compile(const struct formula_scope *scope,
                          struct formula_node *node)
{
    node->kind = NODE_CONSTANT;
    (void)formula_value_datetime(scope->now_ms, &node->constant);
    return true;
}
