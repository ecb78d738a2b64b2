/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_LOOKUP_KEY_LOOKUP_H
#define ETL_PIPELINE_LOOKUP_KEY_LOOKUP_H

#include "model/batch.h"
#include "model/load.h"
#include "salesforce/session.h"

/*
 * `update` and `delete` by an external id: the org's APIs want Ids, so the Ids
 * of the keys are asked for, thousands at a time, before rows are staged. What
 * is staged and sent holds the Id in the place of the key: a resume sends what
 * was found then and asks nothing anew. A key that the org does not have, or
 * has more than once, rejects its row.
 */

/* Whether the load's key is one to be looked up. */
bool key_lookup_wanted(const struct load *load);
/* The load as it is staged and sent; columns: room for all of its. */
void key_lookup_sent(const struct load *load, struct load *sent,
                     struct load_column *columns);

struct key_lookup_counts {
    uint64_t keys, missing, ambiguous;
};
/* In the good records of the batches, mapped for load. Adds to counts. */
bool key_lookup_apply(struct session *session, const struct load *load,
                      struct batch *const *batches, size_t count,
                      struct key_lookup_counts *counts, struct error *err);

#endif
