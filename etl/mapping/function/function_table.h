/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FUNCTION_FUNCTION_TABLE_H
#define ETL_MAPPING_FUNCTION_FUNCTION_TABLE_H

#include "mapping/formula/formula_node.h"

/*
 * The functions of the language, one row each, operators among them.
 *
 * takes says what each argument is: t text, n number, w whole number, d date,
 * m date or datetime, x text, date or datetime, y text or datetime, v text or
 * number, s number, date or datetime, c condition, k a constant text, a
 * anything. A capital letter lets a blank through; else a blank argument makes
 * the whole blank. The last letter stands for all that follow.
 */
#define FUNCTION_ARGS_LIMIT 5 /* of those with an apply */
#define FUNCTION_HELP_SIZE 240

struct function {
    const char *name;
    const char *usage; /* "LEFT(text, n)" */
    const char *takes;
    unsigned least, most;
    unsigned kinds; /* of the result */
    /* One of these: with all arguments computed and of the right kind, */
    bool (*apply)(struct formula_run *run, const struct formula_node *node,
                  const struct formula_value *args,
                  struct formula_value *value);
    /* or computing what it needs itself. */
    bool (*step)(struct formula_run *run, const struct formula_node *node,
                 struct formula_value *value);
    /* Looks at a call when it is compiled; may set kinds and compiled. NULL:
     * nothing is to be looked at. */
    bool (*compile)(const struct formula_scope *scope,
                    struct formula_node *node);
    /* The result depends on more than the arguments. */
    bool is_impure;
    /* Of XML, it reads all elements that a path among its arguments matches. */
    bool gathers;
};

/* In any case; NULL: there is none. Operators are not found. */
const struct function *function_table_find(struct slice name);
/* Of a name that is there. */
const struct function *function_table_operator(const char *name);
/* What to do instead of calling a function that is not there. */
void function_table_suggest(struct slice name, char help[FUNCTION_HELP_SIZE]);
/* All that can be written, in the manual's order; NULL past the last. */
const struct function *function_table_at(size_t index);

#endif
