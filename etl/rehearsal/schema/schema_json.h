/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SCHEMA_SCHEMA_JSON_H
#define ETL_REHEARSAL_SCHEMA_SCHEMA_JSON_H

#include "base/error.h"
#include "rehearsal/schema/org_schema.h"

/*
 * One object from the answer to GET sobjects/X/describe. It replaces what the
 * schema knew of the object; attributes that the rehearsal org has no use for
 * are passed over. A field without createable or updateable (the describe of
 * an old API may lack members) can't be written.
 */
bool schema_json_add(struct schema *schema, struct slice bytes,
                     const char *name, struct error *err);

#endif
