/* SPDX-License-Identifier: Apache-2.0 */
#include "results/id_owners.h"

#define ID_KEY_SIZE 15 /* the other 3 characters are a checksum */

static bool
owns(const struct row_state *row)
{
    return row_state_id(row).len > 0 &&
           row_state_fate(row) == OUTCOME_SUCCEEDED;
}

void
id_owners_put(struct id_owners *owners, struct row_state *row)
{
    if (owns(row)) {
        map_put(&owners->rows, (struct slice){row->id, ID_KEY_SIZE}, row);
    }
}

static struct row_state *
owner_of(const struct id_owners *owners, struct slice id)
{
    return id.len < ID_KEY_SIZE
               ? NULL
               : map_get(&owners->rows, (struct slice){id.ptr, ID_KEY_SIZE});
}

bool
id_owners_has(const struct id_owners *owners, struct slice id)
{
    return owner_of(owners, id) != NULL;
}

bool
id_owners_spoil_shared(const struct id_owners *owners, struct row_state *rows,
                       size_t count)
{
    bool found = false;
    for (size_t i = 0; owners->rows.count > 0 && i < count; i++) {
        struct row_state *owner = owner_of(owners, row_state_id(&rows[i]));
        if (owner != NULL && owner != &rows[i] && owns(&rows[i])) {
            owner->flags |= ROW_STATE_SPOILED;
            rows[i].flags |= ROW_STATE_SPOILED;
            found = true;
        }
    }
    return found;
}

void
id_owners_release(struct id_owners *owners)
{
    map_release(&owners->rows);
}
