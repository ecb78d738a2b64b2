/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SCHEMA_SCHEMA_DESCRIBE_H
#define ETL_REHEARSAL_SCHEMA_SCHEMA_DESCRIBE_H

#include "base/buffer.h"
#include "rehearsal/schema/org_schema.h"

/*
 * Describe answers as REST gives them, appended as JSON text. version is
 * "64.0"; base_url "http://127.0.0.1:8080" stands in the ui… templates.
 */
void schema_describe_global(const struct schema *schema, const char *version,
                            struct buffer *json);
void schema_describe_object(const struct schema *schema,
                            const struct schema_object *object,
                            const char *version, const char *base_url,
                            struct buffer *json);
/* The member of describe global alone (GET sobjects/X: objectDescribe). */
void schema_describe_brief(const struct schema_object *object,
                           const char *version, struct buffer *json);

#endif
