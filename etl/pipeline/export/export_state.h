/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_EXPORT_EXPORT_STATE_H
#define ETL_PIPELINE_EXPORT_EXPORT_STATE_H

#include "base/arena.h"
#include "base/error.h"
#include "model/ticket.h"

/*
 * How far an export by a query job got, in "OUTPUT.state" beside the output,
 * so that the same command goes on with it: the job, its pages as far as they
 * are known, and how much of "OUTPUT.part" they fill. Written whole, aside and
 * renamed, after what it tells of is on disk. No secret is part of it.
 */
struct export_state {
    struct arena arena;
    /* Whose it is; a state of another query or org is not gone on with. */
    const char *soql, *instance_url, *api_version;
    char job_id[TICKET_JOB_ID_SIZE]; /* "": no job yet */
    const char **locators;           /* of the pages known, in order */
    size_t page_count, capacity;
    bool all_known;      /* no more pages follow these */
    bool side_by_side;   /* the org named them: they can be fetched at once */
    size_t pages_done;   /* of them, in the file */
    uint64_t size, rows; /* of the file */
    const char *header;
};

void export_state_add_page(struct export_state *state, const char *locator);
/* False with no error set: there is none, or it is damaged. */
bool export_state_read(struct export_state *state, const char *path,
                       struct error *err);
bool export_state_write(const struct export_state *state, const char *path,
                        struct error *err);
void export_state_release(struct export_state *state);

#endif
