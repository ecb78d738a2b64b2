/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FIELD_RULE_H
#define ETL_MAPPING_FIELD_RULE_H

#include "mapping/translation.h"
#include "mapping/value/field_type.h"
#include "mapping/value/time_zone.h"
#include "mapping/value/value_boolean.h"
#include "mapping/value/value_date.h"
#include "mapping/value/value_number.h"

/*
 * How one field of a load is made from a row, compiled (mapping.md, A field).
 * The order is fixed: source, blank test, conversion, required, the field's
 * own type. Lives in the mapping's arena.
 */
enum rule_origin { ORIGIN_COLUMN, ORIGIN_CONSTANT, ORIGIN_FORMULA };
enum rule_conversion {
    CONVERT_NONE,
    CONVERT_NUMBER,
    CONVERT_DATE,
    CONVERT_DATETIME,
    CONVERT_BOOLEAN,
    CONVERT_TRANSLATE,
    CONVERT_FILE, /* a path below the folder */
};
/* What becomes of a text that its table does not have. */
enum rule_otherwise {
    OTHERWISE_REJECT,
    OTHERWISE_KEEP,
    OTHERWISE_BLANK,
    OTHERWISE_TEXT,
};

/* A place in the mapping file. */
struct place {
    int line, column;
};

struct text_list {
    const struct slice *items;
    size_t count;
};

struct formula;

struct field_rule {
    struct slice target; /* "Name", "User:Owner.Username" */
    struct place place;  /* of the target */

    enum rule_origin origin;
    struct slice source; /* the column's name, or the constant */
    struct formula *formula;
    struct slice formula_text; /* as written, without the '=' */
    struct place source_place;
    size_t source_index; /* of the column, once bound to a header */

    struct text_list null_values;        /* the field's */
    struct text_list source_null_values; /* the source's */
    struct text_list clear_values;       /* the source's; they clear */
    struct slice default_value;          /* ptr NULL: none */
    struct place default_place;
    bool required, clear;
    bool is_key; /* identifies the record: may not be blank */

    enum rule_conversion conversion;
    struct place conversion_place;
    struct number_shape number;
    const struct date_pattern *patterns;
    size_t pattern_count;
    const struct time_zone *zone; /* NULL: each pattern has its own */
    struct boolean_texts boolean;
    const struct translation *table;
    enum rule_otherwise otherwise;
    struct slice otherwise_text;
    const char *folder; /* of files; NULL until the source is bound: paths stay
                           as they are */

    struct place truncate_place;
    struct field_check check;
    /* Texts of 1 to this many bytes need nothing but a look for `#N/A`. */
    size_t plain_limit;
};

/* To be called when a rule is made, and after its check is bound. */
void field_rule_prepare(struct field_rule *rule);

/*
 * The value to send for a text of the source: ptr NULL leaves the org's value
 * alone, len 0 clears it. False with the fault. *out borrows from text or the
 * rule, or lies in the arena.
 */
bool field_rule_apply(const struct field_rule *rule, struct slice text,
                      struct arena *arena, struct value_notes *notes,
                      struct slice *out, struct value_fault *fault);

/* The same, told step by step (`sfetl preview --row`); how many steps. */
struct rule_step {
    struct slice what, value; /* the value after it, or why there is none */
    bool failed;
};
#define RULE_STEP_LIMIT 4
size_t field_rule_trace(const struct field_rule *rule, struct slice text,
                        struct arena *arena,
                        struct rule_step steps[RULE_STEP_LIMIT]);

#endif
