/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_SOURCE_H
#define ETL_MAPPING_COMPILE_MAPPING_SOURCE_H

#include "mapping/compile/mapping_reader.h"

/*
 * The `source` section: how the source is read, and the shapes that fields
 * take over from it. input: --input, NULL without it.
 */
void mapping_source_read(struct mapping_reader *reader,
                         const struct yaml_node *node, const char *input);

/* A path as the mapping gives it, to be opened: it stands as it is, or beside
 * the mapping. In the mapping's arena. */
const char *mapping_source_resolve(struct mapping *mapping, struct slice path);

#endif
