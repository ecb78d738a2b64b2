/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_COLUMNS_H
#define ETL_MAPPING_COMPILE_MAPPING_COLUMNS_H

#include "mapping/compile/mapping_parts.h"

/* A mapping held against the source's header: mapping_bind_columns. */
void mapping_columns_bind(struct mapping *mapping,
                          const struct columns *columns,
                          const char *source_name, struct problems *problems);

#endif
