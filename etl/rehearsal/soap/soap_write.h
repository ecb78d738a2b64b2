/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_WRITE_H
#define ETL_REHEARSAL_SOAP_SOAP_WRITE_H

#include "rehearsal/soap/soap_request.h"

/* create, update, upsert, delete and undelete: 200 records a call, 10 runs of
 * one type; a result for each, in order. */
void soap_write_create(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct soap_request *request);
void soap_write_update(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct soap_request *request);
void soap_write_upsert(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct soap_request *request);
void soap_write_delete(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct soap_request *request);
void soap_write_undelete(struct rehearsal *rehearsal, struct exchange *exchange,
                         const struct soap_request *request);

#endif
