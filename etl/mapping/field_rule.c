/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/field_rule.h"

#include "mapping/value/value_file.h"

#define PATTERNS_SHOWN 3 /* in a message */

void
field_rule_prepare(struct field_rule *rule)
{
    bool is_plain =
        rule->conversion == CONVERT_NONE && rule->null_values.count == 0 &&
        rule->source_null_values.count == 0 && rule->clear_values.count == 0;
    rule->plain_limit = is_plain ? field_type_plain_limit(&rule->check) : 0;
}

static bool
is_among(const struct text_list *list, struct slice text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (slice_equals(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

static bool
refuse(struct value_fault *fault, const char *code, struct slice text)
{
    *fault = (struct value_fault){code, text};
    return false;
}

static bool
apply_blank(const struct field_rule *rule, bool clear, struct slice *out,
            struct value_fault *fault)
{
    *out = (struct slice){NULL, 0};
    if (rule->is_key) {
        return refuse(fault, "blank-key",
                      SLICE_LITERAL("is blank, but it is the key that finds "
                                    "the record"));
    }
    if (rule->required) {
        return refuse(fault, "required",
                      SLICE_LITERAL("is blank, but required"));
    }
    if (clear) {
        *out = SLICE_LITERAL("");
    }
    return true;
}

/* Blanks at its ends are all that is wrong with some values. */
static const char *
trim_hint(struct slice text)
{
    return slice_trim(text).len < text.len
               ? " (it has blanks at its ends, 'trim: yes' in the source "
                 "takes them off)"
               : "";
}

static bool
convert_number(const struct field_rule *rule, struct slice text,
               struct arena *arena, struct slice *out,
               struct value_fault *fault)
{
    return value_number_read(&rule->number, text, arena, out) ||
           refuse(fault, "number-shape",
                  arena_printf(arena, "is not a number like %.*s%s",
                               SLICE_ARGS(rule->number.example),
                               trim_hint(text)));
}

static bool
read_by_patterns(const struct field_rule *rule, struct slice text,
                 struct date_parts *parts)
{
    for (size_t i = 0; i < rule->pattern_count; i++) {
        if (value_date_read(&rule->patterns[i], text, parts)) {
            return true;
        }
    }
    return false;
}

/* "dd.MM.yyyy or yyyyMMdd"; of many the first. */
static bool
refuse_shape(const struct field_rule *rule, struct slice text,
             struct arena *arena, struct value_fault *fault)
{
    struct slice list = SLICE_LITERAL("");
    bool is_date = rule->conversion == CONVERT_DATE;
    size_t count = rule->pattern_count;
    for (size_t i = 0; i < count && i < PATTERNS_SHOWN; i++) {
        list = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(list),
                            i == 0 ? "" : " or ",
                            SLICE_ARGS(rule->patterns[i].text));
    }
    if (count > PATTERNS_SHOWN) {
        list = arena_printf(arena, "%.*s or one of %zu others",
                            SLICE_ARGS(list), count - PATTERNS_SHOWN);
    }
    return refuse(fault, is_date ? "date-shape" : "datetime-shape",
                  arena_printf(arena, "is not a %s like %.*s%s",
                               is_date ? "date" : "time", SLICE_ARGS(list),
                               trim_hint(text)));
}

static bool
convert_date(const struct field_rule *rule, struct slice text,
             struct arena *arena, struct slice *out, struct value_fault *fault)
{
    struct date_parts parts;
    char spelled[DATE_TEXT_SIZE];
    if (!read_by_patterns(rule, text, &parts)) {
        return refuse_shape(rule, text, arena, fault);
    }
    calendar_print(&parts, spelled);
    *out =
        slice_is(text, spelled) ? text : arena_copy(arena, slice_of(spelled));
    return true;
}

static bool
convert_datetime(const struct field_rule *rule, struct slice text,
                 struct arena *arena, struct value_notes *notes,
                 struct slice *out, struct value_fault *fault)
{
    struct date_parts parts;
    char spelled[DATETIME_TEXT_SIZE];
    if (!read_by_patterns(rule, text, &parts)) {
        return refuse_shape(rule, text, arena, fault);
    }
    int64_t seconds = calendar_wall_seconds(&parts);
    bool at_change = false;
    seconds = parts.has_zone
                  ? seconds - parts.zone_seconds
                  : time_zone_to_utc(rule->zone, seconds, &at_change);
    if (at_change) {
        value_note_add(notes, &notes->at_change);
    }
    if (!calendar_print_utc(seconds, parts.millisecond, spelled)) {
        return refuse_shape(rule, text, arena, fault);
    }
    *out = arena_copy(arena, slice_of(spelled));
    return true;
}

static bool
convert_boolean(const struct field_rule *rule, struct slice text,
                struct arena *arena, struct slice *out,
                struct value_fault *fault)
{
    bool value;
    if (!value_boolean_read(&rule->boolean, text, &value)) {
        return refuse(fault, "not-boolean",
                      arena_printf(arena,
                                   "is neither '%.*s' (true) nor '%.*s' "
                                   "(false)",
                                   SLICE_ARGS(rule->boolean.yes),
                                   SLICE_ARGS(rule->boolean.no)));
    }
    *out = value ? SLICE_LITERAL("true") : SLICE_LITERAL("false");
    return true;
}

/* *out: ptr NULL when 'otherwise: blank' struck. */
static bool
convert_translate(const struct field_rule *rule, struct slice text,
                  struct arena *arena, struct slice *out,
                  struct value_fault *fault)
{
    *out = translation_find(rule->table, text);
    if (out->ptr != NULL) {
        return true;
    }
    switch (rule->otherwise) {
    case OTHERWISE_REJECT:
        return refuse(fault, "not-in-table",
                      arena_printf(arena, "is not in table %s%s",
                                   translation_name(rule->table),
                                   trim_hint(text)));
    case OTHERWISE_KEEP:
        *out = text;
        break;
    case OTHERWISE_BLANK:
        break;
    case OTHERWISE_TEXT:
        *out = rule->otherwise_text;
        break;
    }
    return true;
}

static bool
convert(const struct field_rule *rule, struct slice text, struct arena *arena,
        struct value_notes *notes, struct slice *out, struct value_fault *fault)
{
    switch (rule->conversion) {
    case CONVERT_NONE:
        *out = text;
        return true;
    case CONVERT_NUMBER:
        return convert_number(rule, text, arena, out, fault);
    case CONVERT_DATE:
        return convert_date(rule, text, arena, out, fault);
    case CONVERT_DATETIME:
        return convert_datetime(rule, text, arena, notes, out, fault);
    case CONVERT_BOOLEAN:
        return convert_boolean(rule, text, arena, out, fault);
    case CONVERT_TRANSLATE:
        return convert_translate(rule, text, arena, out, fault);
    case CONVERT_FILE:
        *out = text;
        return rule->folder == NULL ||
               value_file_find(rule->folder, text, arena, out, fault);
    }
    return false;
}

bool
field_rule_apply(const struct field_rule *rule, struct slice text,
                 struct arena *arena, struct value_notes *notes,
                 struct slice *out, struct value_fault *fault)
{
    bool is_blank = text.len == 0 || is_among(&rule->null_values, text) ||
                    is_among(&rule->source_null_values, text);
    if (!is_blank && is_among(&rule->clear_values, text)) {
        return apply_blank(rule, true, out, fault);
    }
    if (!is_blank) {
        if (!convert(rule, text, arena, notes, &text, fault)) {
            return false;
        }
        if (text.len == 0 && text.ptr != NULL) {
            return apply_blank(rule, rule->clear, out,
                               fault); /* the table says so */
        }
        is_blank = text.ptr == NULL;
    }
    if (is_blank) {
        if (rule->default_value.ptr == NULL) {
            return apply_blank(rule, rule->clear, out, fault);
        }
        text = rule->default_value; /* final: not converted */
    }
    return field_type_apply(&rule->check, text, arena, notes, out, fault);
}

/* "date dd.MM.yyyy" */
static struct slice
conversion_text(const struct field_rule *rule, struct arena *arena)
{
    const struct slice none = SLICE_LITERAL("");
    struct slice pattern =
        rule->pattern_count > 0 ? rule->patterns[0].text : none;
    const char *more = rule->pattern_count > 1 ? " …" : "";
    switch (rule->conversion) {
    case CONVERT_NONE:
        break;
    case CONVERT_NUMBER:
        return arena_printf(arena, "number %.*s",
                            SLICE_ARGS(rule->number.example));
    case CONVERT_DATE:
        return arena_printf(arena, "date %.*s%s", SLICE_ARGS(pattern), more);
    case CONVERT_DATETIME:
        return arena_printf(arena, "datetime %.*s%s", SLICE_ARGS(pattern),
                            more);
    case CONVERT_BOOLEAN:
        return arena_printf(arena, "boolean %.*s, %.*s",
                            SLICE_ARGS(rule->boolean.yes),
                            SLICE_ARGS(rule->boolean.no));
    case CONVERT_TRANSLATE:
        return arena_printf(arena, "translate %s",
                            translation_name(rule->table));
    case CONVERT_FILE:
        return SLICE_LITERAL("file");
    }
    return none;
}

static void
trace_blank(const struct field_rule *rule, bool clear, struct rule_step *step)
{
    struct slice out;
    struct value_fault fault = {0};
    step->failed = !apply_blank(rule, clear, &out, &fault);
    step->what = step->failed ? SLICE_LITERAL("blank")
                 : clear      ? SLICE_LITERAL("blank: clear")
                              : SLICE_LITERAL("blank: keep");
    step->value = step->failed ? fault.text
                  : clear      ? SLICE_LITERAL("the org's value is removed")
                               : SLICE_LITERAL("the org's value stays");
}

static bool
trace_convert(const struct field_rule *rule, struct slice *text,
              struct arena *arena, struct rule_step *step)
{
    struct value_notes notes = {0};
    struct value_fault fault = {0};
    step->what = conversion_text(rule, arena);
    step->failed = !convert(rule, *text, arena, &notes, text, &fault);
    step->value = step->failed ? fault.text : *text;
    return !step->failed;
}

static void
trace_type(const struct field_rule *rule, struct slice text,
           struct arena *arena, struct rule_step *step)
{
    struct value_notes notes = {0};
    struct value_fault fault = {0};
    struct slice out = text;
    const struct field_check *check = &rule->check;
    step->what =
        check->length > 0
            ? arena_printf(arena, "%s, %u characters%s",
                           schema_type_name(check->type), check->length,
                           check->truncate ? ", truncate" : "")
            : slice_of(schema_type_name(check->type));
    step->failed = !field_type_apply(check, text, arena, &notes, &out, &fault);
    step->value = step->failed ? fault.text : out;
}

size_t
field_rule_trace(const struct field_rule *rule, struct slice text,
                 struct arena *arena, struct rule_step steps[RULE_STEP_LIMIT])
{
    size_t count = 0;
    bool is_null = is_among(&rule->null_values, text) ||
                   is_among(&rule->source_null_values, text);
    memset(steps, 0, RULE_STEP_LIMIT * sizeof *steps);
    if (text.len > 0 && !is_null && is_among(&rule->clear_values, text)) {
        trace_blank(rule, true, &steps[0]);
        return 1;
    }
    if (text.len > 0 && is_null) {
        steps[count].what = SLICE_LITERAL("null_values");
        steps[count++].value = SLICE_LITERAL("is read as blank");
        text.len = 0;
    }
    if (text.len > 0 && rule->conversion != CONVERT_NONE &&
        !trace_convert(rule, &text, arena, &steps[count++])) {
        return count;
    }
    if (text.len == 0) {
        bool is_final = rule->default_value.ptr == NULL;
        if (is_final) {
            trace_blank(rule, rule->clear, &steps[count]);
            return count + 1;
        }
        steps[count].what = SLICE_LITERAL("default");
        steps[count++].value = text = rule->default_value;
    }
    trace_type(rule, text, arena, &steps[count]);
    bool says_nothing = rule->check.type == FIELD_OTHER && !steps[count].failed;
    return says_nothing ? count : count + 1;
}
