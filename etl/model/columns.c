/* SPDX-License-Identifier: Apache-2.0 */
#include "model/columns.h"

#include <unicase.h>
#include <uninorm.h>

/* Not valid UTF-8 is compared as it is. */
static bool
is_same_name(struct slice a, struct slice b)
{
    int order = 0;
    if (slice_equals(a, b)) {
        return true;
    }
    return slice_utf8_valid_len(a) == a.len &&
           slice_utf8_valid_len(b) == b.len &&
           u8_casecmp((const uint8_t *)a.ptr, a.len, (const uint8_t *)b.ptr,
                      b.len, NULL, UNINORM_NFC, &order) == 0 &&
           order == 0;
}

static enum columns_match
find_position(const struct columns *columns, uint64_t position, size_t *index)
{
    if (position == 0 || position > columns->count - columns->added_count) {
        return COLUMNS_MISSING;
    }
    *index = columns->added_count + (size_t)position - 1;
    return COLUMNS_FOUND;
}

enum columns_match
columns_find(const struct columns *columns, struct slice name, size_t *index)
{
    uint64_t position;
    if (slice_begins(name, "#") &&
        slice_to_u64((struct slice){name.ptr + 1, name.len - 1}, &position)) {
        return find_position(columns, position, index);
    }
    size_t exact_count = 0, loose_count = 0, exact = 0, loose = 0;
    struct slice trimmed = slice_trim(name);
    for (size_t i = 0; i < columns->count; i++) {
        if (slice_equals(columns->names[i], name)) {
            exact_count++;
            exact = i;
        } else if (is_same_name(slice_trim(columns->names[i]), trimmed)) {
            loose_count++;
            loose = i;
        }
    }
    *index = exact_count > 0 ? exact : loose;
    size_t count = exact_count > 0 ? exact_count : loose_count;
    return count == 0   ? COLUMNS_MISSING
           : count == 1 ? COLUMNS_FOUND
                        : COLUMNS_AMBIGUOUS;
}
