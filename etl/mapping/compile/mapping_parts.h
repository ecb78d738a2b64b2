/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_PARTS_H
#define ETL_MAPPING_COMPILE_MAPPING_PARTS_H

#include "base/buffer.h"
#include "mapping/field_rule.h"
#include "mapping/mapping.h"

/*
 * What a mapping is made of, for the files of this folder that read it, bind
 * it and apply it. Everything lives in the mapping's arena, but for the text
 * and the picklist sets of the rules.
 */

/* What fields take over from the source. */
struct source_shapes {
    struct text_list null_values, clear_values;
    struct number_shape number;
    bool has_number, has_date, has_datetime, has_zone; /* right or wrong */
    const struct date_pattern *dates, *datetimes;
    size_t date_count, datetime_count;
    const struct time_zone *zone; /* NULL: none */
    bool zone_missed;             /* told that the datetimes need one */
};

/* A rule that each row is to meet, and what is said of one that does not. */
struct validation {
    struct formula *rule;
    struct formula *message_formula; /* NULL: */
    struct slice message;            /* this; ptr NULL: none was given */
    struct place place;
    bool has_rule; /* right or wrong */
};

struct example;
struct yaml_node;

struct load_plan {
    struct load load;
    struct load_column *columns; /* load.columns, to be written */
    struct field_rule *rules;    /* one a column */
    struct slice after;          /* ptr NULL: none */
    struct slice each;           /* ptr NULL: the source's records */
    struct place place, object_place, operation_place, key_place, name_place,
        after_place, where_place, each_place, require_place;
    struct formula *where;      /* NULL: every row */
    struct formula *lock_group; /* NULL: none */
    struct place lock_group_place, order_place;
    bool keeps_order; /* `order: source` */
    struct slice where_reason;
    struct validation *validations;
    size_t validation_count;
    struct example *examples; /* as example/example_read.h has them */
    size_t example_count;
    const struct yaml_node *given_tables; /* of all examples; NULL: none */
    /* Which keys stand in the file, right or wrong. */
    bool has_object, has_operation, has_key, has_fields, has_after;
    bool operation_sound;
};

struct mapping {
    struct arena arena;
    struct buffer text;
    const char *path;
    const char *file_name; /* the path's last part, in row messages */
    const char *name;
    struct mapping_param *params;
    size_t param_count;
    struct mapping_table *tables;
    struct translation_set translations; /* their rows, in the same order */
    struct source_spec source;
    const char *files; /* the folder of files that rows name; NULL: the
                          source's own */
    struct source_shapes shapes;
    struct load_plan *loads;
    size_t load_count;
    const char *source_name; /* in row messages */
    int64_t now_ms;          /* the run's start */
    const char *run_id;      /* NULL outside of a run */
};

#endif
