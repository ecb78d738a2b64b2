/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SOAP_SOAP_ENVELOPE_H
#define ETL_SALESFORCE_SOAP_SOAP_ENVELOPE_H

#include "base/buffer.h"
#include "model/load.h"

/*
 * The envelope of a call, written front to back: begin, the call's element,
 * end. The partner's namespace is the default one, records' fields carry
 * SOAP_RECORD_PREFIX, and SOAP_NIL makes an element null. Elements stand as
 * the Partner WSDL orders them, and where it wants one that has no value, it
 * is sent as null.
 */
#define SOAP_RECORD_PREFIX "o:"
#define SOAP_NIL " xsi:nil=\"true\""

/* Session and headers. token NULL: a login, which has none. load NULL: the
 * call changes no records. */
void soap_envelope_begin(struct buffer *out, const char *token,
                         const struct load *load);
void soap_envelope_end(struct buffer *out);

/* Text with what XML takes for markup, and a CR, written as references. What
 * XML 1.0 can't hold at all is refused before rows are staged (stage). */
void soap_envelope_text(struct buffer *out, struct slice text);
/* <name>text</name>, where name may have a prefix. */
void soap_envelope_element(struct buffer *out, const char *name,
                           struct slice text);

#endif
