/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_PATH_H
#define ETL_REHEARSAL_SOQL_SOQL_PATH_H

#include "rehearsal/schema/org_schema.h"

#define SOQL_STEP_LIMIT 5 /* parents up from the queried object */

/* A field, or one of a parent: steps are the references on the way. */
struct soql_path {
    const struct schema_field *steps[SOQL_STEP_LIMIT];
    size_t step_count;
    const struct schema_field *field;
    const char *name; /* "Account.Owner.Name" */
};

/*
 * "Account.Owner.Name" as seen from an object; its own name may lead. False
 * with why set to the org's words, which are in the arena.
 */
bool soql_path_resolve(const struct schema *schema,
                       const struct schema_object *object, struct slice name,
                       struct arena *arena, struct soql_path *path,
                       struct slice *why);

#endif
