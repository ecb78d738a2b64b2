/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOAP_SOAP_REQUEST_H
#define ETL_REHEARSAL_SOAP_SOAP_REQUEST_H

#include "rehearsal/router.h"

#include <libxml/tree.h>

/*
 * A call of the SOAP API as it came: the envelope, its headers, and the call's
 * own element. Read strictly: namespaces, and the order of elements as the
 * WSDL has it; what stands elsewhere is refused with the fault that Salesforce
 * gives.
 */
#define SOAP_REQUEST_PARTNER "urn:partner.soap.sforce.com"
#define SOAP_REQUEST_SOBJECT "urn:sobject.partner.soap.sforce.com"

struct soap_request {
    xmlDoc *document; /* to be freed with soap_request_close */
    xmlNode *call;
    const char *session; /* "" when there is none */
    bool all_or_none;
    bool allow_duplicates;       /* DuplicateRuleHeader/allowSave */
    const char *assignment_rule; /* NULL: none */
    unsigned batch_size;         /* of QueryOptions; 0: not said */
    const struct fault *fault;   /* what shall go wrong with it */
};

/* False: a fault has been answered. */
bool soap_request_open(struct exchange *exchange, struct soap_request *request);
void soap_request_close(struct soap_request *request);

/* Element and namespace. */
bool soap_request_is(const xmlNode *node, const char *name, const char *urn);
/* The same for what a call is about: "sObjects", "ids", fields. There an org
 * takes either of its namespaces, and one that a well-known client has
 * misspelled for years; name NULL: any. */
bool soap_request_is_data(const xmlNode *node, const char *name);
/* The element at or behind node, past text and comments; NULL: none. */
xmlNode *soap_request_element(xmlNode *node);
/* Its text in the arena; NULL where xsi:nil says so. */
const char *soap_request_text(struct exchange *exchange, xmlNode *node);
/* "Element {urn}name invalid at this location"; false. */
bool soap_request_misplaced(struct exchange *exchange, const xmlNode *node);
/*
 * The members of an element, in this order; what is missing is left as it is
 * if it may be, else refused. names ends with NULL; a name that begins with
 * '?' may be missing.
 */
bool soap_request_members(struct exchange *exchange, const xmlNode *parent,
                          const char *urn, const char *const *names,
                          const char **texts);

/* Of a body that nobody has read yet: "create" and so on, and the session's
 * id; "" when they can't be seen. In the arena. */
const char *soap_request_peek_call(struct exchange *exchange);
const char *soap_request_peek_session(struct exchange *exchange);

#endif
