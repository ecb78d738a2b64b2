/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_BULK2_QUERY_H
#define ETL_REHEARSAL_API_API_BULK2_QUERY_H

#include "rehearsal/router.h"

/* Bulk API 2.0: query jobs and their result pages, as salesforce.md has them.
 */
extern const struct route api_bulk2_query_routes[];

#endif
