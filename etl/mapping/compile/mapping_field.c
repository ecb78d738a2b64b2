/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_field.h"

#include "mapping/compile/mapping_formula.h"
#include "mapping/compile/mapping_tables.h"

#include <stdio.h>

/* A field while its keys are read, in whatever order they stand. */
struct field_reading {
    struct field_rule *rule;
    const struct yaml_pair *origin, *later_origin;
    const struct yaml_pair *number, *date, *datetime, *boolean, *zone;
    const struct yaml_pair *translate, *otherwise;
};

/* "[any text]" is any text. */
static struct slice
column_name(struct slice text)
{
    if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']') {
        return (struct slice){text.ptr + 1, text.len - 2};
    }
    return text;
}

/* Brackets without quotes are a list to YAML. */
static bool
refuse_list(struct mapping_reader *reader, const struct yaml_pair *pair)
{
    const struct yaml_node *node = pair->value;
    if (node->kind != YAML_LIST || !node->flow || node->count != 1 ||
        node->pairs[0].value->kind != YAML_TEXT) {
        return false;
    }
    char help[200];
    snprintf(help, sizeof help, "write it in quotes: %.60s: '[%.80s]'",
             pair->key->text.ptr, node->pairs[0].value->text.ptr);
    problem_add(reader->problems, node->line, node->column, "yaml-quote", help,
                "a text that begins with [ is a list to YAML");
    return true;
}

static void
set_formula(struct mapping_reader *reader, const struct yaml_pair *pair,
            struct field_rule *rule)
{
    rule->origin = ORIGIN_FORMULA;
    rule->formula = mapping_formula_read(reader, pair, false);
    rule->source_place = mapping_reader_place(pair->value);
    rule->source_null_values = (struct text_list){0}; /* its columns' */
    struct slice text;
    if (rule->formula != NULL && formula_constant(rule->formula, &text)) {
        rule->origin = ORIGIN_CONSTANT;
        rule->source = text;
    }
}

static void
set_column(struct mapping_reader *reader, const struct yaml_pair *pair,
           struct field_rule *rule)
{
    struct slice text;
    if (refuse_list(reader, pair) ||
        !mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (mapping_formula_is(pair->value)) {
        set_formula(reader, pair, rule);
        return;
    }
    if (text.len == 0) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "missing-value",
                    "name a column; a constant is { value: … }",
                    "'%s' names no column", pair->key->text.ptr);
        return;
    }
    (void)mapping_reader_refuse_comment(reader, pair->value, "a column name");
    rule->origin = ORIGIN_COLUMN;
    rule->source = column_name(text);
    rule->source_place = mapping_reader_place(pair->value);
}

static void
note_origin(struct field_reading *reading, const struct yaml_pair *pair)
{
    if (reading->origin == NULL) {
        reading->origin = pair;
    } else {
        reading->later_origin = pair;
    }
}

static void
take_column(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    note_origin(reading, pair);
    set_column(reader, pair, reading->rule);
}

static void
take_formula(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    note_origin(reading, pair);
    set_formula(reader, pair, reading->rule);
}

static void
take_value(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    note_origin(reading, pair);
    if (!mapping_reader_text(reader, pair, &reading->rule->source)) {
        return;
    }
    reading->rule->origin = ORIGIN_CONSTANT;
    reading->rule->source_place = mapping_reader_place(pair->value);
}

static void
take_number(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->number = pair;
}

static void
take_date(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->date = pair;
}

static void
take_datetime(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->datetime = pair;
}

static void
take_boolean(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->boolean = pair;
}

static void
take_timezone(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->zone = pair;
}

static void
take_translate(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->translate = pair;
}

static void
take_otherwise(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->otherwise = pair;
}

static void
take_null_values(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)mapping_reader_texts(reader, pair, &reading->rule->null_values);
}

static void
take_default(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (text.len == 0) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value", "a blank field is what 'blank' is about",
                    "'default' can't be blank");
        return;
    }
    reading->rule->default_value = text;
    reading->rule->default_place = mapping_reader_place(pair->value);
}

static void
take_required(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)mapping_reader_switch(reader, pair, &reading->rule->required);
}

static void
take_blank(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    static const char *const words[] = {"keep", "clear"};
    struct field_reading *reading = into;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 2, &index)) {
        reading->rule->clear = index == 1;
    }
}

static void
take_truncate(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)mapping_reader_switch(reader, pair, &reading->rule->check.truncate);
    reading->rule->truncate_place = mapping_reader_place(pair->key);
}

static const struct mapping_key field_keys[] = {
    {"column", take_column},
    {"formula", take_formula},
    {"value", take_value},
    {"date", take_date},
    {"datetime", take_datetime},
    {"timezone", take_timezone},
    {"null_values", take_null_values},
    {"number", take_number},
    {"translate", take_translate},
    {"otherwise", take_otherwise},
    {"default", take_default},
    {"required", take_required},
    {"blank", take_blank},
    {"truncate", take_truncate},
    {"boolean", take_boolean},
    {"file", NULL},
};

static void
refuse_bare_yes(struct mapping_reader *reader, const struct yaml_pair *pair,
                const char *example)
{
    char help[120];
    snprintf(help, sizeof help, "add '%s: %s' to the source, or give it here",
             pair->key->text.ptr, example);
    problem_add(reader->problems, pair->value->line, pair->value->column,
                "missing-shape", help, "the source has no '%s'",
                pair->key->text.ptr);
}

static void
read_number(struct mapping_reader *reader, struct field_reading *reading)
{
    const struct yaml_pair *pair = reading->number;
    const struct source_shapes *shapes = &reader->mapping->shapes;
    struct field_rule *rule = reading->rule;
    if (mapping_reader_is_yes(pair->value)) {
        if (!shapes->has_number) {
            refuse_bare_yes(reader, pair, "\"1,234.56\"");
        }
        rule->number = shapes->number;
    } else {
        (void)mapping_reader_number_shape(reader, pair, &rule->number);
    }
    rule->conversion = CONVERT_NUMBER;
    rule->conversion_place = mapping_reader_place(pair->key);
}

static void
read_date(struct mapping_reader *reader, struct field_reading *reading)
{
    const struct yaml_pair *pair = reading->date;
    const struct source_shapes *shapes = &reader->mapping->shapes;
    struct field_rule *rule = reading->rule;
    if (mapping_reader_is_yes(pair->value)) {
        if (!shapes->has_date) {
            refuse_bare_yes(reader, pair, "yyyy-MM-dd");
        }
        rule->patterns = shapes->dates;
        rule->pattern_count = shapes->date_count;
    } else {
        (void)mapping_reader_patterns(reader, pair, &rule->patterns,
                                      &rule->pattern_count);
    }
    rule->conversion = CONVERT_DATE;
    rule->conversion_place = mapping_reader_place(pair->key);
}

/* The zone is the field's or the source's; a wrong one was told. */
static bool
read_zone(struct mapping_reader *reader, const struct field_reading *reading)
{
    struct field_rule *rule = reading->rule;
    rule->zone = reader->mapping->shapes.zone;
    if (reading->zone != NULL) {
        return mapping_reader_zone(reader, reading->zone, &rule->zone);
    }
    return rule->zone != NULL || !reader->mapping->shapes.has_zone;
}

/* The source's patterns; that they lack a zone is told once. */
static void
take_source_datetime(struct mapping_reader *reader,
                     const struct field_reading *reading, bool zone_sound)
{
    struct source_shapes *shapes = &reader->mapping->shapes;
    struct field_rule *rule = reading->rule;
    if (!shapes->has_datetime) {
        refuse_bare_yes(reader, reading->datetime, "yyyy-MM-dd HH:mm:ss");
    }
    rule->patterns = shapes->datetimes;
    rule->pattern_count = shapes->datetime_count;
    if (zone_sound && !shapes->zone_missed) {
        shapes->zone_missed = !mapping_reader_zone_known(
            reader, reading->datetime->value, rule->patterns,
            rule->pattern_count, rule->zone);
    }
}

static void
read_datetime(struct mapping_reader *reader, struct field_reading *reading)
{
    const struct yaml_pair *pair = reading->datetime;
    struct field_rule *rule = reading->rule;
    bool zone_sound = read_zone(reader, reading);
    if (mapping_reader_is_yes(pair->value)) {
        take_source_datetime(reader, reading, zone_sound);
    } else if (mapping_reader_patterns(reader, pair, &rule->patterns,
                                       &rule->pattern_count) &&
               zone_sound) {
        (void)mapping_reader_zone_known(reader, pair->value, rule->patterns,
                                        rule->pattern_count, rule->zone);
    }
    rule->conversion = CONVERT_DATETIME;
    rule->conversion_place = mapping_reader_place(pair->key);
}

static void
read_boolean(struct mapping_reader *reader, struct field_reading *reading)
{
    const struct yaml_pair *pair = reading->boolean;
    struct text_list texts;
    if (!mapping_reader_texts(reader, pair, &texts)) {
        return;
    }
    if (texts.count != 2 || slice_equals(texts.items[0], texts.items[1]) ||
        texts.items[0].len == 0 || texts.items[1].len == 0) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value",
                    "it takes two texts, the true one and the false one, as "
                    "in [ja, nein]; the usual words need no 'boolean'",
                    "these are not the two texts of a boolean");
        return;
    }
    reading->rule->boolean =
        (struct boolean_texts){texts.items[0], texts.items[1]};
    reading->rule->conversion = CONVERT_BOOLEAN;
    reading->rule->conversion_place = mapping_reader_place(pair->key);
}

/* The three words are words, whether in quotes or not. */
static void
read_otherwise(struct mapping_reader *reader, struct field_reading *reading)
{
    struct field_rule *rule = reading->rule;
    struct slice text;
    if (reading->otherwise == NULL ||
        !mapping_reader_text(reader, reading->otherwise, &text)) {
        return;
    }
    rule->otherwise = slice_is(text, "reject")  ? OTHERWISE_REJECT
                      : slice_is(text, "keep")  ? OTHERWISE_KEEP
                      : slice_is(text, "blank") ? OTHERWISE_BLANK
                                                : OTHERWISE_TEXT;
    rule->otherwise_text = text;
    if (text.len == 0) {
        rule->otherwise = OTHERWISE_BLANK;
    }
}

static void
read_translate(struct mapping_reader *reader, struct field_reading *reading)
{
    struct field_rule *rule = reading->rule;
    struct slice name;
    read_otherwise(reader, reading);
    if (!mapping_reader_text(reader, reading->translate, &name)) {
        return;
    }
    rule->table = mapping_tables_find(reader->mapping, reader->problems,
                                      reading->translate->value, name);
    if (rule->table != NULL) {
        rule->conversion = CONVERT_TRANSLATE;
        rule->conversion_place = mapping_reader_place(reading->translate->key);
    }
}

/* A field is converted in one way: the first stands, a second is told. */
static void
read_conversion(struct mapping_reader *reader, struct field_reading *reading)
{
    const struct {
        const struct yaml_pair *pair;
        void (*read)(struct mapping_reader *, struct field_reading *);
    } ways[] = {
        {reading->number, read_number},       {reading->date, read_date},
        {reading->datetime, read_datetime},   {reading->boolean, read_boolean},
        {reading->translate, read_translate},
    };
    const struct yaml_pair *first = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        bool is_off = ways[i].pair != NULL && ways[i].read != read_translate &&
                      mapping_reader_is_no(ways[i].pair->value);
        if (ways[i].pair == NULL || is_off) {
            continue;
        }
        if (first == NULL) {
            ways[i].read(reader, reading);
            first = ways[i].pair;
            continue;
        }
        problem_add(reader->problems, ways[i].pair->key->line,
                    ways[i].pair->key->column, "two-conversions",
                    "keep the one that the field's type needs",
                    "'%s' and '%s' can't both be", first->key->text.ptr,
                    ways[i].pair->key->text.ptr);
    }
    if (reading->zone != NULL && reading->datetime == NULL) {
        problem_add(reader->problems, reading->zone->key->line,
                    reading->zone->key->column, "wrong-key",
                    "it belongs to 'datetime'", "'timezone' says nothing here");
    }
    if (reading->otherwise != NULL && reading->translate == NULL) {
        problem_add(reader->problems, reading->otherwise->key->line,
                    reading->otherwise->key->column, "wrong-key",
                    "it belongs to 'translate'",
                    "'otherwise' says nothing here");
    }
}

static void
check_origin(struct mapping_reader *reader, const struct yaml_pair *pair,
             const struct field_reading *reading)
{
    if (reading->origin == NULL) {
        if (mapping_reader_was_meant(reader, "column") ||
            mapping_reader_was_meant(reader, "formula") ||
            mapping_reader_was_meant(reader, "value")) {
            return;
        }
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "missing-key", "add 'column', 'formula' or 'value'",
                    "'%s' does not say where its text comes from",
                    pair->key->text.ptr);
    } else if (reading->later_origin != NULL) {
        problem_add(reader->problems, reading->later_origin->key->line,
                    reading->later_origin->key->column, "two-origins",
                    "keep one of them", "'%s' and '%s' can't both be",
                    reading->origin->key->text.ptr,
                    reading->later_origin->key->text.ptr);
    }
}

void
mapping_field_read(struct mapping_reader *reader, const struct yaml_pair *pair,
                   struct field_rule *rule)
{
    struct field_reading reading = {.rule = rule};
    rule->target = pair->key->text;
    rule->place = mapping_reader_place(pair->key);
    rule->source_null_values = reader->mapping->shapes.null_values;
    rule->clear_values = reader->mapping->shapes.clear_values;
    rule->check.type = FIELD_OTHER;
    rule->check.scale = -1;
    if (pair->value->kind != YAML_MAP) {
        set_column(reader, pair, rule);
    } else if (mapping_reader_keys(reader, pair->value, "a field", field_keys,
                                   sizeof field_keys / sizeof *field_keys,
                                   &reading)) {
        check_origin(reader, pair, &reading);
        read_conversion(reader, &reading);
    }
    field_rule_prepare(rule);
}
