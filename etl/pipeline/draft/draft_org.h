/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_ORG_H
#define ETL_PIPELINE_DRAFT_DRAFT_ORG_H

#include "model/schema.h"
#include "salesforce/login/credentials.h"
#include "salesforce/session.h"

/*
 * Metadata for a draft: from the org that is named or the default, offline
 * from what was saved of it; without an org there is none.
 */
struct draft_org {
    const char *name, *config_path; /* NULL: the default */
    bool offline;
    struct orgs orgs;
    const struct org *org; /* NULL: none */
    struct http_client *http;
    struct session session;
    struct schema schema; /* grows with each describe */
};

/* The first members are set, the rest is zero. Signs in. */
bool draft_org_open(struct draft_org *draft, struct error *err);
/* False without an error set when there is nothing to know. */
bool draft_org_describe(struct draft_org *draft, struct slice object,
                        struct error *err);
void draft_org_close(struct draft_org *draft);

#endif
