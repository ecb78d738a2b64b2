/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_LOAD_H
#define ETL_MAPPING_COMPILE_MAPPING_LOAD_H

#include "mapping/compile/mapping_reader.h"

/* The `loads` section, after the source's. */
void mapping_load_read(struct mapping_reader *reader,
                       const struct yaml_node *node);

#endif
