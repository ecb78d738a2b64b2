/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_HEADERS_H
#define ETL_MAPPING_COMPILE_MAPPING_HEADERS_H

#include "mapping/compile/mapping_reader.h"

/* `headers` of a load: what SOAP and REST are told beside the records. */
void mapping_headers_read(struct mapping_reader *reader,
                          const struct yaml_pair *pair,
                          struct load_headers *headers);

#endif
