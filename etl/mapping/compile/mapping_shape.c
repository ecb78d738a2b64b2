/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_shape.h"

#include "mapping/value/date_suggest.h"

bool
mapping_shape_number(struct mapping_reader *reader,
                     const struct yaml_pair *pair, struct number_shape *shape)
{
    struct slice example;
    const char *why;
    if (!mapping_reader_text(reader, pair, &example)) {
        return false;
    }
    if (value_number_shape(example, shape, &why)) {
        return true;
    }
    problem_add(reader->problems, pair->value->line, pair->value->column,
                "number-shape", why, "'%.80s' is no example of a number",
                example.ptr);
    return false;
}

bool
mapping_shape_patterns(struct mapping_reader *reader,
                       const struct yaml_pair *pair,
                       const struct date_pattern **patterns, size_t *count)
{
    struct text_list texts;
    char why[DATE_WHY_SIZE];
    if (!mapping_reader_texts(reader, pair, &texts)) {
        return false;
    }
    struct date_pattern *compiled =
        arena_array(&reader->mapping->arena, texts.count, sizeof *compiled);
    bool is_sound = texts.count > 0;
    if (!is_sound) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "missing-value", "give it at least one pattern",
                    "'%s' is an empty list", pair->key->text.ptr);
    }
    for (size_t i = 0; i < texts.count; i++) {
        const struct yaml_node *node = pair->value->kind == YAML_LIST
                                           ? pair->value->pairs[i].value
                                           : pair->value;
        if (!value_date_pattern(texts.items[i], &compiled[i], why)) {
            char help[DATE_SUGGEST_HELP_SIZE];
            problem_add(reader->problems, node->line, node->column,
                        "date-pattern",
                        date_suggest_help(texts.items[i], why, help),
                        "'%.80s' is no date pattern", node->text.ptr);
            is_sound = false;
        }
    }
    *patterns = compiled;
    *count = texts.count;
    return is_sound;
}

bool
mapping_shape_zone(struct mapping_reader *reader, const struct yaml_pair *pair,
                   const struct time_zone **zone)
{
    struct slice name;
    char why[TIME_ZONE_WHY_SIZE];
    if (!mapping_reader_text(reader, pair, &name)) {
        return false;
    }
    *zone = time_zone_load(name, &reader->mapping->arena, why);
    if (*zone != NULL) {
        return true;
    }
    problem_add(reader->problems, pair->value->line, pair->value->column,
                "unknown-timezone", why, "'%.80s' is no time zone", name.ptr);
    return false;
}

bool
mapping_shape_zone_known(struct mapping_reader *reader,
                         const struct yaml_node *node,
                         const struct date_pattern *patterns, size_t count,
                         const struct time_zone *zone)
{
    for (size_t i = 0; i < count && zone == NULL; i++) {
        if (!patterns[i].has_zone) {
            problem_add(reader->problems, node->line, node->column,
                        "datetime-zone",
                        "add XXX to the pattern, or 'timezone: Europe/Berlin' "
                        "to the field or the source; none is assumed",
                        "the time zone of '%.*s' is not known",
                        SLICE_ARGS(patterns[i].text));
            return false;
        }
    }
    return true;
}
