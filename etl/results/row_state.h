/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_ROW_STATE_H
#define ETL_RESULTS_ROW_STATE_H

#include "model/outcome.h"

/*
 * What the matcher knows of one row, packed into 24 bytes for there are many:
 * fate, Id and where its message is spooled. Zeroed: no result yet.
 */
enum row_state_flag {
    ROW_STATE_FATE = 0x07,
    ROW_STATE_CREATED = 0x08,
    ROW_STATE_TAKEN = 0x10, /* it has its result */
    ROW_STATE_ID_15 = 0x20,
    ROW_STATE_ID_18 = 0x40,
    /* Taken: results of its key contradict one another. Else: in the second
     * try several results could be its own. */
    ROW_STATE_SPOILED = 0x80,
};

struct row_state {
    char id[OUTCOME_ID_LIMIT];
    uint8_t flags;
    uint8_t ref[5]; /* of the message spool, little end first; 0: none */
};

/* id: empty, or 15 or 18 bytes; ref below 2^40. */
void row_state_take(struct row_state *row, enum outcome_fate fate, bool created,
                    struct slice id, uint64_t ref);
enum outcome_fate row_state_fate(const struct row_state *row);
struct slice row_state_id(const struct row_state *row);
uint64_t row_state_ref(const struct row_state *row);

/* The same fate and, as far as 15 characters tell, the same Id. */
bool row_state_says(const struct row_state *row, enum outcome_fate fate,
                    struct slice id);

/* Empty, or 15 or 18 letters and digits. */
bool row_state_takes_id(struct slice id);

#endif
