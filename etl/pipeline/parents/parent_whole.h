/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_PARENT_WHOLE_H
#define ETL_PIPELINE_PARENTS_PARENT_WHOLE_H

#include "pipeline/parents/parent_check.h"

/* All that an org has of one field, for where a query a few thousand keys
 * would be a thousand queries. */
struct parent_whole {
    const struct parent_org *org;
    const char *soql; /* selects the field */
    const char *field;
    const char *folder; /* for a temporary file */
    bool (*on_key)(void *cookie, struct slice key, struct error *err);
    void *cookie;
};

/* How many there are: one call. */
bool parent_whole_count(const struct parent_whole *whole, uint64_t *total,
                        struct error *err);
/* In one query, by REST or by a query job. */
bool parent_whole_read(const struct parent_whole *whole, struct error *err);

#endif
