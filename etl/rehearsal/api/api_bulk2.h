/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_BULK2_H
#define ETL_REHEARSAL_API_API_BULK2_H

#include "rehearsal/jobs/job_engine.h"

#define API_BULK2_INGEST_SINCE 410 /* 41.0 */

/*
 * Bulk API 2.0: ingest jobs, as salesforce.md has them, and what query jobs
 * (api_bulk2_query.c) have in common with them. Functions that return bool
 * have answered the refusal when they return false.
 */
extern const struct route api_bulk2_routes[];

/* The job's members up to apiVersion. */
json_t *api_bulk2_head(struct rehearsal *rehearsal, const struct job *job);
/* contentUrl, of an ingest job. */
void api_bulk2_add_url(json_t *info, const struct job *job);
/* lineEnding and columnDelimiter. */
void api_bulk2_add_format(json_t *info, const struct job *job);
/* The job that the path names, of the kind that the path says. */
bool api_bulk2_find(struct rehearsal *rehearsal, struct exchange *exchange,
                    bool is_query, struct job *job);
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
