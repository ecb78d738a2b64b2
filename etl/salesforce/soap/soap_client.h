/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SOAP_SOAP_CLIENT_H
#define ETL_SALESFORCE_SOAP_SOAP_CLIENT_H

#include "base/buffer.h"
#include "model/load.h"
#include "salesforce/session.h"

/*
 * The calls of the SOAP Partner API (salesforce.md, "SOAP"): where they go and
 * what is around their records. It sends nothing. Each function empties the
 * request first. The session's id stands in the body, so a request is made
 * anew when the session was renewed.
 */

/* Whether the API has the operation: hard_delete it has not. */
bool soap_client_knows(enum operation operation);
/* Whether a call that may have been carried out can be made again. */
bool soap_client_may_repeat(enum operation operation);

/* records: <sObjects> or <ids>, as many as a call takes. Copied; compressed
 * where the org's entry does not say 'upload_compression: none'. */
bool soap_client_send(struct http_request *request,
                      const struct session *session, const struct load *load,
                      struct slice records, struct error *err);
/* Changes nothing: does the org answer? */
void soap_client_probe(struct http_request *request,
                       const struct session *session);

#endif
