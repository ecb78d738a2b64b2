/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_ID_OWNERS_H
#define ETL_RESULTS_ID_OWNERS_H

#include "base/map.h"
#include "results/row_state.h"

/*
 * A record is one row's. Of rows where that could be missed (equal rows to be
 * inserted, the matcher's second try, answers that are matched by place) this
 * knows the Ids. Rows are borrowed and must stay where they are. A zeroed
 * struct is empty.
 */
struct id_owners {
    struct map rows; /* by the first 15 characters */
};

/* Passes over a row without an Id, or that did not succeed. */
void id_owners_put(struct id_owners *owners, struct row_state *row);
bool id_owners_has(const struct id_owners *owners, struct slice id);
/* Flags as ROW_STATE_SPOILED all succeeded rows whose Id another row has too,
 * and one of them is known here. False: there is none. */
bool id_owners_spoil_shared(const struct id_owners *owners,
                            struct row_state *rows, size_t count);
void id_owners_release(struct id_owners *owners);

#endif
