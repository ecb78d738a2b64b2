/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_SERVICE_H
#define ETL_REHEARSAL_SOAP_SOAP_SERVICE_H

#include "rehearsal/router.h"

/*
 * The SOAP Partner API at /services/Soap/u/V[/ORGID]: which function serves
 * which call. Faults know calls as "soap.create", "soap.login" and so on.
 */
extern const struct route soap_service_routes[];

/* Of a request that nobody has read yet, in the arena: "soap.create". */
const char *soap_service_call(struct exchange *exchange);
/* An answer that the router gave in the shape of the REST API (limits, broken
 * bodies) becomes a fault; others stay as they are. */
void soap_service_reshape(struct exchange *exchange);

#endif
