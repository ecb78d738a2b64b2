/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_STORE_SETUP_H
#define ETL_REHEARSAL_ORG_STORE_SETUP_H

#include "rehearsal/org/store_access.h"

/*
 * What an org has before anybody loads into it: numbers and key prefixes for
 * the schema's objects and fields, kept from start to start; index entries for
 * fields that have become keys; the loader's user, the standard price book and
 * the schema's record types. All in the transaction that is under way.
 */
bool store_setup_run(struct store *store, struct store_link *link,
                     struct error *err);

#endif
