/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_TABLES_H
#define ETL_MAPPING_COMPILE_MAPPING_TABLES_H

#include "mapping/compile/mapping_reader.h"

/* The `tables` section, after the parameters. A map is filled at once; what
 * lies elsewhere is for the pipeline to feed (mapping.h, mapping_table). */
void mapping_tables_read(struct mapping_reader *reader,
                         const struct yaml_node *node);

/*
 * The table of this name, to be compiled in. NULL after a problem was told at
 * the node, with a suggestion.
 */
const struct translation *mapping_tables_find(const struct mapping *mapping,
                                              struct problems *problems,
                                              const struct yaml_node *node,
                                              struct slice name);

/* mapping_table_put of mapping.h. */
bool mapping_tables_put(const struct mapping_table *table, struct slice key,
                        struct slice value, const char *where,
                        struct problems *problems);

#endif
