/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FORMULA_FORMULA_PARSE_H
#define ETL_MAPPING_FORMULA_FORMULA_PARSE_H

#include "mapping/formula/formula_node.h"

/*
 * A formula's text as a tree: who is an argument of whom. Names are not looked
 * up but for those of functions. NULL after the first thing that is wrong was
 * told.
 */
struct formula_node *formula_parse(const struct formula_scope *scope);

#endif
