/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/levels.h"

#include "base/mem.h"

#include <stdlib.h>

#define SORTS 4                   /* alive at a time */
#define CHILD ((uint64_t)1 << 63) /* of a row: it names the key as parent's */
#define LINK_SALT UINT64_C(0x9e3779b97f4a7c15)

struct levels {
    char *folder;
    size_t memory_size;
    struct spill_sort *keys;      /* key, row or CHILD | row */
    struct spill_sort *by_child;  /* child, parent; whether that has no level */
    struct spill_sort *by_parent; /* parent, child */
    struct spill_sort *open;      /* rows without a level, once each */
    struct spill_sort *levels;    /* row, level, parent */
    uint64_t open_count;
    uint64_t last_row; /* that was given out */
};

static struct spill_sort *
new_sort(const struct levels *levels)
{
    return spill_sort_new(levels->folder, levels->memory_size / SORTS);
}

struct levels *
levels_new(const char *folder, size_t memory_size)
{
    struct levels *levels = mem_zalloc(sizeof *levels);
    levels->folder = mem_strdup(folder);
    levels->memory_size = memory_size;
    levels->keys = new_sort(levels);
    return levels;
}

static bool
is_blank(struct row_key key)
{
    return key.high == 0 && key.low == 0;
}

bool
levels_add(struct levels *levels, size_t link, uint64_t row, struct row_key own,
           struct row_key parent, struct error *err)
{
    uint64_t salt = link * LINK_SALT;
    const struct spill_entry as_parent = {{own.high ^ salt, own.low}, row};
    const struct spill_entry as_child = {{parent.high ^ salt, parent.low},
                                         row | CHILD};
    return (is_blank(own) || spill_sort_add(levels->keys, &as_parent, err)) &&
           (is_blank(parent) || spill_sort_add(levels->keys, &as_child, err));
}

/* Of one key the rows that have it come before those that name it. */
static bool
join(struct levels *levels, struct error *err)
{
    struct spill_entry entry, parent = {{0, 0}, 0};
    enum spill_status status;
    bool done = spill_sort_finish(levels->keys, err);
    levels->by_child = new_sort(levels);
    while (done && (status = spill_sort_next(levels->keys, &entry, err)) ==
                       SPILL_ENTRY) {
        bool same = parent.row != 0 && entry.key[0] == parent.key[0] &&
                    entry.key[1] == parent.key[1];
        if (entry.row & CHILD) {
            const struct spill_entry edge = {{entry.row & ~CHILD, parent.row},
                                             true};
            done = !same || spill_sort_add(levels->by_child, &edge, err);
        } else if (!same) {
            parent = entry;
        }
    }
    spill_sort_free(levels->keys);
    levels->keys = NULL;
    return done && status == SPILL_END &&
           spill_sort_finish(levels->by_child, err);
}

/* A row is through: with its level, or to be looked at again. */
static bool
end_row(struct levels *levels, const struct spill_entry *edge, bool is_open,
        uint64_t level, struct error *err)
{
    if (edge->key[0] == 0) {
        return true;
    }
    if (is_open) {
        const struct spill_entry row = {{edge->key[0], 0}, 0};
        levels->open_count++;
        return spill_sort_add(levels->open, &row, err);
    }
    const struct spill_entry found = {{edge->key[0], level}, edge->key[1]};
    return spill_sort_add(levels->levels, &found, err);
}

/* Gives the level to rows none of whose parents is without one. */
static bool
give_level(struct levels *levels, uint64_t level, struct error *err)
{
    struct spill_entry edge, last = {{0, 0}, 0};
    enum spill_status status;
    bool done = true, is_open = false;
    levels->open_count = 0;
    levels->by_parent = new_sort(levels);
    levels->open = new_sort(levels);
    while (done && (status = spill_sort_next(levels->by_child, &edge, err)) ==
                       SPILL_ENTRY) {
        if (edge.key[0] != last.key[0]) {
            done = end_row(levels, &last, is_open, level, err);
            is_open = false;
        }
        last = edge;
        if (edge.row) {
            const struct spill_entry turned = {{edge.key[1], edge.key[0]}, 0};
            is_open = true;
            done = done && spill_sort_add(levels->by_parent, &turned, err);
        }
    }
    spill_sort_free(levels->by_child);
    levels->by_child = NULL;
    return done && status == SPILL_END &&
           end_row(levels, &last, is_open, level, err) &&
           spill_sort_finish(levels->by_parent, err) &&
           spill_sort_finish(levels->open, err);
}

/* Which parents are still without a level. Both ascend. */
static bool
look_at_parents(struct levels *levels, struct error *err)
{
    struct spill_entry edge, open = {{0, 0}, 0};
    enum spill_status status, more = SPILL_ENTRY;
    bool done = true;
    levels->by_child = new_sort(levels);
    while (done && (status = spill_sort_next(levels->by_parent, &edge, err)) ==
                       SPILL_ENTRY) {
        while (more == SPILL_ENTRY && open.key[0] < edge.key[0]) {
            more = spill_sort_next(levels->open, &open, err);
        }
        bool is_open = more == SPILL_ENTRY && open.key[0] == edge.key[0];
        const struct spill_entry turned = {{edge.key[1], edge.key[0]}, is_open};
        done = more != SPILL_FAILED &&
               spill_sort_add(levels->by_child, &turned, err);
    }
    spill_sort_free(levels->by_parent);
    spill_sort_free(levels->open);
    levels->by_parent = levels->open = NULL;
    return done && status == SPILL_END &&
           spill_sort_finish(levels->by_child, err);
}

static bool
take_rest(struct levels *levels, struct error *err)
{
    struct spill_entry edge;
    enum spill_status status;
    bool done = true;
    while (done && (status = spill_sort_next(levels->by_parent, &edge, err)) ==
                       SPILL_ENTRY) {
        const struct spill_entry rest = {{edge.key[1], LEVELS_REST},
                                         edge.key[0]};
        done = spill_sort_add(levels->levels, &rest, err);
    }
    return done && status == SPILL_END;
}

bool
levels_settle(struct levels *levels, uint64_t limit, struct levels_found *found,
              struct error *err)
{
    *found = (struct levels_found){.level_count = 1};
    levels->levels = new_sort(levels);
    /* As long as there are parents nothing is of level 0 here. */
    bool done = join(levels, err) && give_level(levels, 0, err);
    while (done && levels->open_count > 0 && found->level_count < limit &&
           !found->has_cycle) {
        uint64_t before = levels->open_count;
        done = look_at_parents(levels, err) &&
               give_level(levels, found->level_count, err);
        found->has_cycle = levels->open_count == before;
        found->level_count += !found->has_cycle;
    }
    found->rest_count = levels->open_count;
    return done && take_rest(levels, err) &&
           spill_sort_finish(levels->levels, err);
}

enum spill_status
levels_next(struct levels *levels, struct levels_row *row, struct error *err)
{
    struct spill_entry entry;
    enum spill_status status;
    do {
        status = spill_sort_next(levels->levels, &entry, err);
    } while (status == SPILL_ENTRY && entry.key[0] == levels->last_row);
    if (status == SPILL_ENTRY) {
        levels->last_row = entry.key[0];
        *row = (struct levels_row){entry.key[0], entry.key[1], entry.row};
    }
    return status;
}

void
levels_free(struct levels *levels)
{
    if (levels == NULL) {
        return;
    }
    spill_sort_free(levels->keys);
    spill_sort_free(levels->by_child);
    spill_sort_free(levels->by_parent);
    spill_sort_free(levels->open);
    spill_sort_free(levels->levels);
    free(levels->folder);
    free(levels);
}
