/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_REPLY_H
#define ETL_REHEARSAL_SOAP_SOAP_REPLY_H

#include "rehearsal/router.h"

/*
 * Answers of the SOAP API, written as Salesforce writes them: the partner's
 * namespace is the default one, "sf" the records' (or in a fault the faults'),
 * elements in the WSDL's order; a fault has status 500 whatever it says.
 */

/* The envelope up to the inside of the response, "createResponse". */
void soap_reply_begin(struct rehearsal *rehearsal, struct exchange *exchange,
                      const char *response);
void soap_reply_end(struct exchange *exchange, const char *response);

/* <name>text</name>, escaped; text NULL: xsi:nil. */
void soap_reply_element(struct buffer *out, const char *name, const char *text);
void soap_reply_text(struct buffer *out, const char *text);

/* kind: "LoginFault", "UnexpectedErrorFault", "InvalidFieldFault" … Returns
 * false. */
bool soap_reply_fault(struct exchange *exchange, const char *kind,
                      const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The call can't be read: faultcode soapenv:Client, no detail. */
bool soap_reply_client_fault(struct exchange *exchange, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
