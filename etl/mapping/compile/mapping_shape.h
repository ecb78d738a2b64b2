/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_SHAPE_H
#define ETL_MAPPING_COMPILE_MAPPING_SHAPE_H

#include "mapping/compile/mapping_reader.h"

/* The shapes of numbers and times that a source and its fields name; as with
 * the reader, false when there is none to go on with, as was told. */
bool mapping_shape_number(struct mapping_reader *reader,
                          const struct yaml_pair *pair,
                          struct number_shape *shape);
bool mapping_shape_patterns(struct mapping_reader *reader,
                            const struct yaml_pair *pair,
                            const struct date_pattern **patterns,
                            size_t *count);
bool mapping_shape_zone(struct mapping_reader *reader,
                        const struct yaml_pair *pair,
                        const struct time_zone **zone);
/* Patterns that leave the offset open need a zone; false when there is none. */
bool mapping_shape_zone_known(struct mapping_reader *reader,
                              const struct yaml_node *node,
                              const struct date_pattern *patterns, size_t count,
                              const struct time_zone *zone);

#endif
