/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_field.h"

#include "mapping/compile/mapping_conversion.h"
#include "mapping/compile/mapping_formula.h"

#include <stdio.h>

/* A field while its keys are read, in whatever order they stand. */
struct field_reading {
    struct field_rule *rule;
    const struct yaml_pair *origin, *later_origin;
    struct conversion_reading conversion;
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
    rule->formula_text = pair->value->text;
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
    reading->conversion.number = pair;
}

static void
take_date(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.date = pair;
}

static void
take_datetime(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.datetime = pair;
}

static void
take_boolean(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.boolean = pair;
}

static void
take_timezone(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.zone = pair;
}

static void
take_translate(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.translate = pair;
}

static void
take_otherwise(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.otherwise = pair;
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

static void
take_file(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct field_reading *reading = into;
    (void)reader;
    reading->conversion.file = pair;
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
    {"file", take_file},
};

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
        mapping_conversion_read(reader, &reading.conversion, rule);
    }
    field_rule_prepare(rule);
}
