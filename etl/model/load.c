/* SPDX-License-Identifier: Apache-2.0 */
#include "model/load.h"

static const char *const operation_names[] = {
    [OPERATION_INSERT] = "insert",           [OPERATION_UPDATE] = "update",
    [OPERATION_UPSERT] = "upsert",           [OPERATION_DELETE] = "delete",
    [OPERATION_HARD_DELETE] = "hard_delete", [OPERATION_UNDELETE] = "undelete",
};
#define OPERATION_COUNT (sizeof operation_names / sizeof *operation_names)

bool
load_has_order(const struct load *load)
{
    return load->group != LOAD_GROUP_NONE || load->link_count > 0;
}

const char *
load_operation_name(enum operation operation)
{
    return operation_names[operation];
}

bool
load_operation_of(struct slice name, enum operation *operation)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++) {
        if (slice_is(name, operation_names[i])) {
            *operation = (enum operation)i;
            return true;
        }
    }
    return false;
}

bool
load_has_files(const struct load *load)
{
    bool found = false;
    for (size_t i = 0; i < load->column_count; i++) {
        found |= load->columns[i].is_file;
    }
    return found;
}
