/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_MAPPING_SOURCE_H
#define ETL_MAPPING_MAPPING_SOURCE_H

#include "mapping/mapping_reader.h"

/*
 * The `source` section: how the source is read, and the shapes that fields
 * take over from it. input: --input, NULL without it.
 */
void mapping_source_read(struct mapping_reader *reader,
                         const struct yaml_node *node, const char *input);

#endif
