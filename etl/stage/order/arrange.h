/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_ARRANGE_H
#define ETL_STAGE_ORDER_ARRANGE_H

#include "stage/duplicates.h"
#include "stage/order/wave_chunks.h"

/*
 * The order in which a load's rows are sent (load_has_order), once all are
 * staged in source order and their duplicates are settled:
 *
 *   - parents that stand in the same file go in an earlier wave than their
 *     children (levels); where rows are one another's parents, or levels would
 *     be too many, all but the lookups goes in the first wave and each such
 *     row again, whole, in a later one. An insert can't be sent twice: rows of
 *     an insert below a cycle are rejected;
 *   - rows of one group stand one behind the other in one chunk; what is too
 *     much for one chunk goes into a chunk of the next wave, so that no two
 *     chunks in flight fight for the group's parent;
 *   - the n-th row of a key (`duplicates: allow`) goes behind all that.
 *
 * Where neither a parent nor a torn group is found, nothing is done. Else all
 * rows move into new chunks, numbered behind the others; what was made is
 * recorded last, as waves.h has it, and then arrange_drop_first empties the
 * chunks they came from.
 */
#define ARRANGE_LEVELS_LIMIT 16 /* more are loaded in two passes */

/* Whether rows may go twice: an insert would make each record twice. */
bool arrange_sends_twice(const struct load *load);
/* Of levels (levels_settle). */
uint64_t arrange_levels_limit(const struct load *load);

struct arrange {
    struct duplicates_options rows; /* all chunks, in source order */
    struct wave_chunks_options chunks;
    /* Where the rows of an insert that are rejected go: a file of fates, with
     * the code "parent-cycle". */
    const char *fates_path;
};

/* Not recorded: the rows stay where they are. */
bool arrange_write(const struct arrange *arrange, struct waves *waves,
                   struct error *err);
/* The first chunks of what was recorded hold nothing any more: each is told,
 * then its files are removed. May be called again. */
bool arrange_drop_first(const struct arrange *arrange,
                        const struct waves *waves,
                        bool (*tell)(void *cookie, const struct chunk *chunk,
                                     struct error *err),
                        void *cookie, struct error *err);

#endif
