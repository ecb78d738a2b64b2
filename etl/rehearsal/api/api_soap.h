/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_SOAP_H
#define ETL_REHEARSAL_API_API_SOAP_H

#include "rehearsal/router.h"

/*
 * SOAP Partner API. What the body's first element asks for is looked up in a
 * const table of calls.
 */
extern const struct route api_soap_routes[];

#endif
