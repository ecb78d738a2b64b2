/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_DESCRIBE_H
#define ETL_REHEARSAL_SOAP_SOAP_DESCRIBE_H

#include "rehearsal/soap/soap_request.h"

/* describeSObject, and describeSObjects of at most 100: what REST's describe
 * says, in the WSDL's elements and order. */
void soap_describe_one(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct soap_request *request);
void soap_describe_many(struct rehearsal *rehearsal, struct exchange *exchange,
                        const struct soap_request *request);

#endif
