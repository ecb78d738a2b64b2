/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_LOOKUP_LOOKUP_GROUP_H
#define ETL_PIPELINE_LOOKUP_LOOKUP_GROUP_H

#include "mapping/mapping.h"
#include "pipeline/lookup/key_lookup.h"

/*
 * Mapped batches whose keys are looked up together, in their order: thousands
 * of keys are worth the asking. A zeroed struct is an empty group.
 */
#define LOOKUP_GROUP_SIZE 20
#define LOOKUP_GROUP_ROWS 10000

struct lookup_group {
    struct batch *mapped[LOOKUP_GROUP_SIZE]; /* one a load each; borrowed */
    void *cookies[LOOKUP_GROUP_SIZE];        /* the caller's */
    size_t count, rows;
    struct key_lookup_counts counts; /* of all groups so far */
};

/* True: it is time to ask; no more may be added before. */
bool lookup_group_add(struct lookup_group *group, struct batch *mapped,
                      size_t rows, void *cookie);
bool lookup_group_apply(struct lookup_group *group, struct session *session,
                        const struct mapping *mapping, struct error *err);
void lookup_group_reset(struct lookup_group *group);

#endif
