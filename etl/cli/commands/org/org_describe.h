/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_COMMANDS_ORG_ORG_DESCRIBE_H
#define ETL_CLI_COMMANDS_ORG_ORG_DESCRIBE_H

#include "model/schema.h"
#include "salesforce/session.h"

#include <jansson.h>

/* An object's fields, as `sfetl org describe OBJECT` shows and saves them. */

/* A table; with json, members of it instead. */
void org_describe_show(const struct schema_object *object, json_t *json);
/* The org's answer as it is: what `sfetl rehearsal start --schema` takes. */
bool org_describe_save(struct session *session, const char *name,
                       const char *path, struct error *err);

#endif
