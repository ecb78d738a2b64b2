/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_FORMULA_H
#define ETL_MAPPING_COMPILE_MAPPING_FORMULA_H

#include "mapping/compile/mapping_reader.h"
#include "mapping/formula/formula.h"

/* Formulas of a mapping, from where they stand in the file. */

/* A text that begins with '=', in quotes or not. */
bool mapping_formula_is(const struct yaml_node *node);

/* NULL after a problem was told. truth: a condition is wanted. */
struct formula *mapping_formula_read(struct mapping_reader *reader,
                                     const struct yaml_pair *pair, bool truth);

/* `where` and `validate` of a load. */
void mapping_formula_where(struct mapping_reader *reader,
                           const struct yaml_pair *pair,
                           struct load_plan *plan);
void mapping_formula_validate(struct mapping_reader *reader,
                              const struct yaml_pair *pair,
                              struct load_plan *plan);

#endif
