/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lookup/lookup_group.h"

bool
lookup_group_add(struct lookup_group *group, struct batch *mapped, size_t rows,
                 void *cookie)
{
    group->mapped[group->count] = mapped;
    group->cookies[group->count++] = cookie;
    group->rows += rows;
    return group->count == LOOKUP_GROUP_SIZE ||
           group->rows >= LOOKUP_GROUP_ROWS;
}

bool
lookup_group_apply(struct lookup_group *group, struct session *session,
                   const struct mapping *mapping, struct error *err)
{
    struct batch *batches[LOOKUP_GROUP_SIZE];
    bool going = true;
    for (size_t i = 0; going && i < mapping_load_count(mapping); i++) {
        const struct load *load = mapping_load(mapping, i);
        if (!key_lookup_wanted(load)) {
            continue;
        }
        for (size_t j = 0; j < group->count; j++) {
            batches[j] = &group->mapped[j][i];
        }
        going = key_lookup_apply(session, load, batches, group->count,
                                 &group->counts, err);
    }
    return going;
}

void
lookup_group_reset(struct lookup_group *group)
{
    group->count = group->rows = 0;
}
