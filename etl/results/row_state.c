/* SPDX-License-Identifier: Apache-2.0 */
#include "results/row_state.h"

_Static_assert(sizeof(struct row_state) == 24, "a promise of the header");

void
row_state_take(struct row_state *row, enum outcome_fate fate, bool created,
               struct slice id, uint64_t ref)
{
    memset(row, 0, sizeof *row);
    row->flags = (uint8_t)((unsigned)fate | ROW_STATE_TAKEN |
                           (created ? ROW_STATE_CREATED : 0) |
                           (id.len == 18   ? ROW_STATE_ID_18
                            : id.len == 15 ? ROW_STATE_ID_15
                                           : 0));
    if (id.len > 0) {
        memcpy(row->id, id.ptr, id.len);
    }
    for (size_t i = 0; i < sizeof row->ref; i++) {
        row->ref[i] = (uint8_t)(ref >> (8 * i));
    }
}

enum outcome_fate
row_state_fate(const struct row_state *row)
{
    return (enum outcome_fate)(row->flags & ROW_STATE_FATE);
}

struct slice
row_state_id(const struct row_state *row)
{
    size_t len = (row->flags & ROW_STATE_ID_18)   ? 18
                 : (row->flags & ROW_STATE_ID_15) ? 15
                                                  : 0;
    return (struct slice){row->id, len};
}

uint64_t
row_state_ref(const struct row_state *row)
{
    uint64_t ref = 0;
    for (size_t i = sizeof row->ref; i-- > 0;) {
        ref = ref << 8 | row->ref[i];
    }
    return ref;
}

bool
row_state_says(const struct row_state *row, enum outcome_fate fate,
               struct slice id)
{
    struct slice own = row_state_id(row);
    if (row_state_fate(row) != fate || (own.len == 0) != (id.len == 0)) {
        return false;
    }
    return own.len == 0 || memcmp(own.ptr, id.ptr, 15) == 0;
}

bool
row_state_takes_id(struct slice id)
{
    if (id.len != 0 && id.len != 15 && id.len != 18) {
        return false;
    }
    for (size_t i = 0; i < id.len; i++) {
        unsigned char c = (unsigned char)id.ptr[i];
        unsigned char lower = c | 0x20;
        if (!(c >= '0' && c <= '9') && !(lower >= 'a' && lower <= 'z')) {
            return false;
        }
    }
    return true;
}
