/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_ORDER_H
#define ETL_MAPPING_COMPILE_MAPPING_ORDER_H

#include "mapping/compile/mapping_parts.h"

/*
 * What `order: auto` comes to, once the object's fields are known: by which
 * parent rows are kept together, and which parents may be rows of the same
 * file (struct load's group and links).
 *
 * written: the field that each line writes; NULL: not known.
 */
void mapping_order_bind(struct mapping *mapping, struct load_plan *plan,
                        const struct schema_object *object,
                        const struct schema_field *const *written);

#endif
