/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_REST_H
#define ETL_REHEARSAL_API_API_REST_H

#include "rehearsal/router.h"

/* REST: versions, describe, limits, single rows. */
extern const struct route api_rest_routes[];

#endif
