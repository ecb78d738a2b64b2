/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_CHOOSE_H
#define ETL_SINK_CHOOSE_H

#include "model/load.h"
#include "salesforce/login/credentials.h"

/*
 * Which API a load goes by, and why (salesforce.md, "Choosing the API"). Also
 * refuses what the org's entry in orgs.yaml does not allow, so that nothing
 * is opened that may not be sent.
 */
struct choice {
    const char *api; /* "bulk2", "rest", "soap" */
    const char *why; /* for `sfetl plan` */
};

/* api: as the command line or the mapping says; NULL or "auto": choose.
 * ERROR_CONFIG when it can't be, ERROR_USAGE for an API that nobody knows. */
bool choose_api(const char *api, const struct load *load, const struct org *org,
                struct choice *choice, struct error *err);

/* What chunks are staged for while it is not known how much there is. */
const char *choose_default(const struct load *load);

/* What "auto" comes to, once it is known how much there is to send: small
 * loads are answered at once, large ones go as jobs. org NULL: not known. */
void choose_by_size(const struct load *load, const struct org *org,
                    uint64_t rows, uint64_t bytes, struct choice *choice);

#endif
