/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_CONVERSION_H
#define ETL_MAPPING_COMPILE_MAPPING_CONVERSION_H

#include "mapping/compile/mapping_reader.h"

/* The keys of a field that say how its text is converted; NULL: not given. */
struct conversion_reading {
    const struct yaml_pair *number, *date, *datetime, *boolean, *zone;
    const struct yaml_pair *translate, *otherwise, *file;
};

/* A field is converted in one way: the first stands, a second is told. */
void mapping_conversion_read(struct mapping_reader *reader,
                             const struct conversion_reading *reading,
                             struct field_rule *rule);

#endif
