/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_FIELD_H
#define ETL_MAPPING_COMPILE_MAPPING_FIELD_H

#include "mapping/compile/mapping_reader.h"

/* One entry of a load's `fields`. */
void mapping_field_read(struct mapping_reader *reader,
                        const struct yaml_pair *pair, struct field_rule *rule);

#endif
