/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_SOBJECT_H
#define ETL_REHEARSAL_SOAP_SOAP_SOBJECT_H

#include "rehearsal/org/record_write.h"
#include "rehearsal/soap/soap_request.h"

/*
 * A record of a call, <sObjects>: type, fieldsToNull, Id and fields, in this
 * order; a parent by external id is a record of its own within. Fields that
 * the object does not have fail the call, as in Salesforce.
 */

/* Fills the row. False: a fault has been answered. */
bool soap_sobject_read(struct rehearsal *rehearsal, struct exchange *exchange,
                       const xmlNode *record, struct write_row *row);

#endif
