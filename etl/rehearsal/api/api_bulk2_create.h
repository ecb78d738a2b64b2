/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_BULK2_CREATE_H
#define ETL_REHEARSAL_API_API_BULK2_CREATE_H

#include "rehearsal/jobs/job_engine.h"

/*
 * What a Bulk 2.0 job may be: the checks at its creation. Functions that
 * return bool have answered the refusal when they return false.
 */

/* Copies a text member of a body; an absent one leaves text alone. */
bool api_bulk2_create_text(struct exchange *exchange, json_t *body,
                           const char *name, char *text, size_t size);
/* No other members than these; NULL ends the list. */
bool api_bulk2_create_members(struct exchange *exchange, json_t *body,
                              const char *const *known);
/* Fills delimiter and line ending where absent; type is the contentType. */
bool api_bulk2_create_format(struct exchange *exchange, struct job *job,
                             const char *type);
/* POST jobs/ingest */
void api_bulk2_create_serve(struct rehearsal *, struct exchange *,
                            const struct fault *);

#endif
