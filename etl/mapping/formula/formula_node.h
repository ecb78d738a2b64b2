/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FORMULA_FORMULA_NODE_H
#define ETL_MAPPING_FORMULA_FORMULA_NODE_H

#include "mapping/formula/formula.h"
#include "mapping/formula/formula_value.h"

/*
 * A formula inside: what the parser makes, the compiler checks and the
 * evaluator runs, for the files of this folder. Operators are functions whose
 * names can't be written. Everything lives in the mapping's arena.
 */
struct function;

enum node_kind { NODE_CONSTANT, NODE_COLUMN, NODE_CALL };

struct formula_node {
    enum node_kind kind;
    bool is_wrong;  /* told already; nothing is said of what follows from it */
    unsigned kinds; /* that its value may be of, blank aside */
    struct slice text; /* as written, with all of its arguments */
    struct slice name; /* NODE_CALL: as written; NODE_COLUMN: the column's */
    struct formula_value constant;
    size_t column; /* among the formula's */
    const struct function *function;
    struct formula_node **args;
    unsigned arg_count;
    unsigned depth;       /* of calls inside of it */
    const void *compiled; /* the function's own: an expression, a shape … */
};

/* One row while a formula is computed. */
struct formula_run {
    const struct formula *formula;
    const struct formula_row *row;
    struct arena *arena;
    struct formula_scratch *scratch;
    struct formula_fault *fault;
};

/* False with the fault told. A value of kind text is not longer than
 * FORMULA_TEXT_LIMIT. */
bool formula_eval_node(struct formula_run *run, const struct formula_node *node,
                       struct formula_value *value);
/* The same for a number, or blank: a text becomes one, or the row is refused.
 */
bool formula_eval_number(struct formula_run *run,
                         const struct formula_node *node,
                         struct formula_value *value);
/* A value of the node that is not blank, likewise. */
bool formula_eval_to_number(struct formula_run *run,
                            const struct formula_node *node,
                            struct formula_value *value);
/* Blank is false. */
bool formula_eval_truth(struct formula_run *run,
                        const struct formula_node *node, bool *truth);

/* Sets the fault and is false. value: the text that is wrong; absent: none. */
bool formula_eval_refuse(struct formula_run *run, const char *code,
                         struct slice value, struct slice text);

/* Tells of a node, and marks it wrong. */
struct formula_scope;
void formula_compile_refuse(const struct formula_scope *scope,
                            struct formula_node *node, const char *code,
                            const char *help, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/* Working memory; members are made when they are needed first. */
struct formula_scratch {
    struct pcre2_real_match_data_8 *match;
    struct pcre2_real_match_context_8 *limits;
    uint64_t at_change; /* as formula_at_change counts */
};

struct formula {
    struct slice text;
    struct formula_place place;
    struct arena *arena; /* the mapping's */
    struct formula_node *root;
    struct formula_column *columns;
    size_t column_count;
    const struct text_list *null_values; /* of the source */
    const struct time_zone *zone;        /* of the source; NULL: UTC */
};

#endif
