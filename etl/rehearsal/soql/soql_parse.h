/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_PARSE_H
#define ETL_REHEARSAL_SOQL_SOQL_PARSE_H

#include "rehearsal/org/field_value.h"
#include "rehearsal/soql/soql_path.h"

/*
 * The text of a query to a tree, checked against the schema. Everything lives
 * in the arena that is passed; names are spelled as the schema spells them.
 */
#define SOQL_TEXT_LIMIT 100000 /* characters of a statement */
#define SOQL_DEPTH_LIMIT 64    /* parentheses */
#define SOQL_OFFSET_LIMIT 2000

enum soql_operator {
    SOQL_EQUAL,
    SOQL_NOT_EQUAL,
    SOQL_LESS,
    SOQL_AT_MOST,
    SOQL_GREATER,
    SOQL_AT_LEAST,
    SOQL_LIKE,
    SOQL_IN,
    SOQL_NOT_IN,
    SOQL_INCLUDES,
    SOQL_EXCLUDES,
};
enum soql_kind { SOQL_COMPARE, SOQL_AND, SOQL_OR, SOQL_NOT };

struct soql_condition {
    enum soql_kind kind;
    struct soql_condition *left, *right; /* right NULL with NOT */
    struct soql_path path;
    enum soql_operator operator;
    struct slice *values; /* stored forms, texts folded; ptr NULL: null */
    size_t value_count;
};

struct soql_order {
    struct soql_path path;
    bool descending, nulls_last;
};

struct soql_statement {
    const struct schema_object *object;
    bool is_count;
    struct soql_path *columns;
    size_t column_count;
    struct soql_condition *where; /* NULL: all */
    struct soql_order *order;
    size_t order_count;
    uint64_t limit, offset; /* limit UINT64_MAX: none */
};

bool soql_parse_statement(const struct schema *schema, struct slice text,
                          struct arena *arena, struct soql_statement *statement,
                          struct org_fault *fault);

#endif
