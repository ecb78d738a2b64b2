/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_QUERY_H
#define ETL_REHEARSAL_SOAP_SOAP_QUERY_H

#include "rehearsal/soap/soap_request.h"

/*
 * query, queryAll and queryMore: 500 records a page, or what QueryOptions
 * says, from 200 to 2,000. A locator keeps the query's text and not what it
 * found, so pages move when records do.
 */
void soap_query_run(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct soap_request *request);
void soap_query_all(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct soap_request *request);
void soap_query_more(struct rehearsal *rehearsal, struct exchange *exchange,
                     const struct soap_request *request);

#endif
