/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_DESCRIBE_H
#define ETL_SALESFORCE_DESCRIBE_H

#include "base/buffer.h"
#include "model/schema.h"
#include "salesforce/session.h"

/*
 * Metadata of the org's objects: asked, kept in the cache folder
 * ($XDG_STATE_HOME/sfetl/describe/ORG/OBJECT.json) for work without the org,
 * and read into a schema.
 */

/* Asks the org, refreshes the cache, adds the object to the schema. An unknown
 * object is ERROR_CONFIG with "did you mean" from the global describe. */
bool describe_object(struct session *session, struct slice name,
                     struct schema *schema, struct error *err);
/* From the cache (or from folder, when given) only; false without an error
 * set when there is nothing saved. */
bool describe_saved_object(const char *org_name, const char *folder,
                           struct slice name, struct schema *schema,
                           struct error *err);
/* The answer itself, from the cache, as it was saved last; false without an
 * error set when there is none. */
bool describe_saved_text(const char *org_name, struct slice name,
                         struct buffer *json, struct error *err);
/* Reads one describe answer. */
bool describe_parse(struct slice json, struct schema *schema,
                    struct error *err);
/* The names of the org's objects, in the arena. */
bool describe_global(struct session *session, struct arena *arena,
                     const char ***names, size_t *count, struct error *err);

#endif
