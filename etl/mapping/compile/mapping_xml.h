/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_XML_H
#define ETL_MAPPING_COMPILE_MAPPING_XML_H

#include "mapping/compile/mapping_reader.h"

/*
 * What an XML source adds to the `source` section, read when all of its keys
 * are known; and its columns, which are the paths that the loads read.
 */
void mapping_xml_read(struct mapping_reader *reader,
                      const struct yaml_node *source,
                      const struct yaml_pair *record,
                      const struct yaml_pair *namespaces);

/* A key that only the other format has. */
void mapping_xml_refuse_keys(struct mapping_reader *reader,
                             const struct yaml_node *source);

/* What loads say of `each` that can't be. */
void mapping_xml_check_loads(struct mapping_reader *reader);

/* Fills an XML source's streams and their paths from the loads that were
 * selected, and tells each of these its stream. */
void mapping_xml_collect_paths(struct mapping *mapping);

#endif
