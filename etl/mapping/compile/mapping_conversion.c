/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_conversion.h"

#include "mapping/compile/mapping_shape.h"
#include "mapping/compile/mapping_tables.h"

#include <stdio.h>

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
read_number(struct mapping_reader *reader,
            const struct conversion_reading *reading, struct field_rule *rule)
{
    const struct yaml_pair *pair = reading->number;
    const struct source_shapes *shapes = &reader->mapping->shapes;
    if (mapping_reader_is_yes(pair->value)) {
        if (!shapes->has_number) {
            refuse_bare_yes(reader, pair, "\"1,234.56\"");
        }
        rule->number = shapes->number;
    } else {
        (void)mapping_shape_number(reader, pair, &rule->number);
    }
    rule->conversion = CONVERT_NUMBER;
    rule->conversion_place = mapping_reader_place(pair->key);
}

static void
read_date(struct mapping_reader *reader,
          const struct conversion_reading *reading, struct field_rule *rule)
{
    const struct yaml_pair *pair = reading->date;
    const struct source_shapes *shapes = &reader->mapping->shapes;
    if (mapping_reader_is_yes(pair->value)) {
        if (!shapes->has_date) {
            refuse_bare_yes(reader, pair, "yyyy-MM-dd");
        }
        rule->patterns = shapes->dates;
        rule->pattern_count = shapes->date_count;
    } else {
        (void)mapping_shape_patterns(reader, pair, &rule->patterns,
                                     &rule->pattern_count);
    }
    rule->conversion = CONVERT_DATE;
    rule->conversion_place = mapping_reader_place(pair->key);
}

/* The zone is the field's or the source's; a wrong one was told. */
static bool
read_zone(struct mapping_reader *reader,
          const struct conversion_reading *reading, struct field_rule *rule)
{
    rule->zone = reader->mapping->shapes.zone;
    if (reading->zone != NULL) {
        return mapping_shape_zone(reader, reading->zone, &rule->zone);
    }
    return rule->zone != NULL || !reader->mapping->shapes.has_zone;
}

/* The source's patterns; that they lack a zone is told once. */
static void
take_source_datetime(struct mapping_reader *reader,
                     const struct conversion_reading *reading,
                     struct field_rule *rule, bool zone_sound)
{
    struct source_shapes *shapes = &reader->mapping->shapes;
    if (!shapes->has_datetime) {
        refuse_bare_yes(reader, reading->datetime, "yyyy-MM-dd HH:mm:ss");
    }
    rule->patterns = shapes->datetimes;
    rule->pattern_count = shapes->datetime_count;
    if (zone_sound && !shapes->zone_missed) {
        shapes->zone_missed = !mapping_shape_zone_known(
            reader, reading->datetime->value, rule->patterns,
            rule->pattern_count, rule->zone);
    }
}

static void
read_datetime(struct mapping_reader *reader,
              const struct conversion_reading *reading, struct field_rule *rule)
{
    const struct yaml_pair *pair = reading->datetime;
    bool zone_sound = read_zone(reader, reading, rule);
    if (mapping_reader_is_yes(pair->value)) {
        take_source_datetime(reader, reading, rule, zone_sound);
    } else if (mapping_shape_patterns(reader, pair, &rule->patterns,
                                      &rule->pattern_count) &&
               zone_sound) {
        (void)mapping_shape_zone_known(reader, pair->value, rule->patterns,
                                       rule->pattern_count, rule->zone);
    }
    rule->conversion = CONVERT_DATETIME;
    rule->conversion_place = mapping_reader_place(pair->key);
}

static void
read_boolean(struct mapping_reader *reader,
             const struct conversion_reading *reading, struct field_rule *rule)
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
    rule->boolean = (struct boolean_texts){texts.items[0], texts.items[1]};
    rule->conversion = CONVERT_BOOLEAN;
    rule->conversion_place = mapping_reader_place(pair->key);
}

/* The three words are words, whether in quotes or not. */
static void
read_otherwise(struct mapping_reader *reader,
               const struct conversion_reading *reading,
               struct field_rule *rule)
{
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
read_translate(struct mapping_reader *reader,
               const struct conversion_reading *reading,
               struct field_rule *rule)
{
    struct slice name;
    read_otherwise(reader, reading, rule);
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

static void
read_file(struct mapping_reader *reader,
          const struct conversion_reading *reading, struct field_rule *rule)
{
    bool is_file;
    if (mapping_reader_switch(reader, reading->file, &is_file)) {
        rule->conversion = CONVERT_FILE;
        rule->conversion_place = mapping_reader_place(reading->file->key);
    }
}

void
mapping_conversion_read(struct mapping_reader *reader,
                        const struct conversion_reading *reading,
                        struct field_rule *rule)
{
    const struct {
        const struct yaml_pair *pair;
        void (*read)(struct mapping_reader *, const struct conversion_reading *,
                     struct field_rule *);
    } ways[] = {
        {reading->number, read_number},       {reading->date, read_date},
        {reading->datetime, read_datetime},   {reading->boolean, read_boolean},
        {reading->translate, read_translate}, {reading->file, read_file},
    };
    const struct yaml_pair *first = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        bool is_off = ways[i].pair != NULL && ways[i].read != read_translate &&
                      mapping_reader_is_no(ways[i].pair->value);
        if (ways[i].pair == NULL || is_off) {
            continue;
        }
        if (first == NULL) {
            ways[i].read(reader, reading, rule);
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
