/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_EXAMPLE_EXAMPLE_READ_H
#define ETL_MAPPING_EXAMPLE_EXAMPLE_READ_H

#include "mapping/compile/mapping_reader.h"

/* One example as it stands in the file; sound once it was read without a
 * problem. */
struct example {
    struct place place;
    const struct yaml_node *given;        /* a map of texts */
    const struct yaml_node *expect;       /* likewise; or */
    struct slice error, skip;             /* ptr NULL: not given */
    const struct yaml_node *given_tables; /* a map of maps; NULL: none */
};

/* `examples` of a load. */
void example_read(struct mapping_reader *reader, const struct yaml_pair *pair,
                  struct load_plan *plan);
/* `given_tables` of a load; its node, NULL after a problem. */
const struct yaml_node *example_read_tables(struct mapping_reader *reader,
                                            const struct yaml_pair *pair);
/* That each example expects fields which the load has. Once all is read. */
void example_read_check(struct mapping_reader *reader,
                        const struct load_plan *plan);

#endif
