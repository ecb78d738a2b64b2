/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_EXAMPLE_EXAMPLE_RUN_H
#define ETL_MAPPING_EXAMPLE_EXAMPLE_RUN_H

#include "mapping/mapping.h"

/*
 * The examples of a mapping (mapping.md, Examples): rows with what is to
 * become of them, run without org and source. Running binds the mapping to the
 * columns that the examples give, so it is good for nothing else afterwards.
 */
struct example_difference {
    struct slice what; /* a field; absent: what became of the row */
    /* ptr NULL: the field is left out. */
    struct slice expected, got;
};
struct example_result {
    const char *load;
    size_t number;                                /* 1-based, of the load */
    int line;                                     /* of the mapping */
    const struct example_difference *differences; /* none: it passed */
    size_t difference_count;
};

/* Warns of columns that examples give and the mapping does not read, where it
 * reads one that is nearly called so. */
void example_run_check(struct mapping *mapping, struct problems *problems);
size_t example_run_count(const struct mapping *mapping);
/* Tables that lie in files are to be filled before. */
void example_run(struct mapping *mapping,
                 void (*tell)(void *cookie,
                              const struct example_result *result),
                 void *cookie);

#endif
