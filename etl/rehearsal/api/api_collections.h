/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_COLLECTIONS_H
#define ETL_REHEARSAL_API_API_COLLECTIONS_H

#include "rehearsal/router.h"

/*
 * REST: sObject Collections (up to 200 records a call) and composite (up to 25
 * calls in one). Composite with allOrNone is refused, for its calls would have
 * to share one transaction.
 */
extern const struct route api_collections_routes[];

#endif
