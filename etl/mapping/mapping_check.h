/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_MAPPING_CHECK_H
#define ETL_MAPPING_MAPPING_CHECK_H

#include "mapping/compile/mapping_parts.h"

/* A mapping held against the org's metadata: mapping_bind_schema, and which
 * object that needs next. */
void mapping_check_schema(struct mapping *mapping, const struct schema *schema,
                          struct problems *problems);
struct slice mapping_check_missing_object(const struct mapping *mapping,
                                          const struct schema *schema);

#endif
