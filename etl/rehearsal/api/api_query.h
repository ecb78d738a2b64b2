/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_QUERY_H
#define ETL_REHEARSAL_API_API_QUERY_H

#include "rehearsal/router.h"

/*
 * REST: query and queryAll, a page at a time. A query that has more pages
 * stays open under a cursor, the ten youngest of them at most, as in
 * Salesforce; an older one is forgotten.
 */
struct query_cursors;

struct query_cursors *api_query_open(void);
void api_query_close(struct query_cursors *cursors);

extern const struct route api_query_routes[];

#endif
