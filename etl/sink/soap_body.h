/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_SOAP_BODY_H
#define ETL_SINK_SOAP_BODY_H

#include "base/buffer.h"
#include "base/error.h"
#include "model/load.h"

/*
 * What a SOAP call says of the rows first to first + count of a staged chunk:
 * <ids> for delete and undelete, else <sObjects>: the type, the names of the
 * fields that #N/A clears, the Id (null where there is none, which the WSDL
 * wants), and the fields in the mapping's order; blank cells not at all; a
 * parent by its key as a record of its own. Values go as they were staged, for
 * the org to judge. Ids of 15 characters get their checksum: the WSDL knows no
 * other.
 */
bool soap_body_make(const struct load *load, const char *chunk_path,
                    uint64_t first, uint64_t count, struct buffer *body,
                    struct error *err);

#endif
