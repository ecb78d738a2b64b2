/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_BULK2_H
#define ETL_REHEARSAL_API_BULK2_H

#include "rehearsal/jobs/job_engine.h"

/*
 * Bulk API 2.0: ingest jobs, as salesforce.md has them, and what query jobs
 * (api_bulk2_query.c) have in common with them. Functions that return bool
 * have answered the refusal when they return false.
 */
extern const struct route api_bulk2_routes[];

/* The job's members up to apiVersion. */
json_t *api_bulk2_head(struct rehearsal *rehearsal, const struct job *job);
/* lineEnding and columnDelimiter. */
void api_bulk2_add_format(json_t *info, const struct job *job);
/* The job that the path names, of the kind that the path says. */
bool api_bulk2_find(struct rehearsal *rehearsal, struct exchange *exchange,
                    bool is_query, struct job *job);
/* Copies a text member of a body; an absent one leaves text alone. */
bool api_bulk2_read_text(struct exchange *exchange, json_t *body,
                         const char *name, char *text, size_t size);
/* No other members than these; NULL ends the list. */
bool api_bulk2_check_members(struct exchange *exchange, json_t *body,
                             const char *const *known);
/* Fills delimiter and line ending where absent; type is the contentType. */
bool api_bulk2_check_format(struct exchange *exchange, struct job *job,
                            const char *type);
void api_bulk2_answer_no_job(struct exchange *exchange);
void api_bulk2_answer_failure(struct exchange *exchange);

/* Served for both kinds; the route's path says which. */
void api_bulk2_patch(struct rehearsal *, struct exchange *,
                     const struct fault *);
void api_bulk2_info(struct rehearsal *, struct exchange *,
                    const struct fault *);
void api_bulk2_delete(struct rehearsal *, struct exchange *,
                      const struct fault *);
void api_bulk2_list(struct rehearsal *, struct exchange *,
                    const struct fault *);

#endif
