/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_UPLOAD_PROBE_H
#define ETL_SALESFORCE_UPLOAD_PROBE_H

#include "salesforce/session.h"

/*
 * Whether an org takes gzip of Bulk 2.0 uploads, which no document says
 * (architecture.md, "Uploads are sent in the form the org is known to take").
 * It is found out by a canary: a job whose only column is a field that does
 * not exist. It fails before any row is looked at, and the text of its failure
 * names that field only when the org has read the bytes decompressed. What was
 * found is kept for the org's name, for upload_compression: auto.
 */

/* What was found before; false when it never was, or gzip does not work. */
bool upload_probe_known(const char *org_name);

/* Asks the org and remembers. Takes some seconds; a minute at most. */
bool upload_probe_ask(struct session *session, bool *takes_gzip,
                      struct error *err);

#endif
