/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_COLUMNS_H
#define ETL_MODEL_COLUMNS_H

#include "base/slice.h"

/*
 * The columns of a source, in its order. A result file fed back (product.md)
 * begins with columns that sfetl added, `sf__Id` and its like: these are the
 * first added_count. They can be mapped by name, but are no source columns:
 * `[#n]` does not count them and result files write them anew. Names are
 * borrowed from the source that owns the list.
 */
struct columns {
    struct slice *names;
    size_t count;       /* the added ones included */
    size_t added_count; /* leading */
};

enum columns_match { COLUMNS_FOUND, COLUMNS_MISSING, COLUMNS_AMBIGUOUS };

/*
 * Case and outer blanks don't count, and an exact match wins; "#3" is the
 * third source column. Two that match equally well are ambiguous.
 */
enum columns_match columns_find(const struct columns *columns,
                                struct slice name, size_t *index);

#endif
