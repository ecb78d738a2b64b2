/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_JOIN_H
#define ETL_MAPPING_COMPILE_MAPPING_JOIN_H

#include "mapping/compile/mapping_reader.h"

/* What the loads of a mapping are to one another: their names, which waits
 * for which. */
void mapping_join_loads(struct mapping_reader *reader);

/*
 * Keeps the loads that are named, in the file's order, and all when none is; a
 * load that is not kept is not waited for. ERROR_USAGE for a name of none.
 */
bool mapping_join_select(struct mapping *mapping, const char *const *names,
                         size_t count, struct error *err);

#endif
