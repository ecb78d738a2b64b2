/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_ANSWER_JSON_H
#define ETL_SALESFORCE_ANSWER_JSON_H

#include "base/arena.h"
#include "base/error.h"

#include <jansson.h>

/*
 * JSON that came from outside. jansson bounds the depth and refuses invalid
 * UTF-8 and NUL in texts; the size is bounded by who fetched it. Members of
 * another type than asked for are as if they were not there.
 */

/* NULL with ERROR_NETWORK when it is no JSON (a gateway's page may pass);
 * json_decref it. */
json_t *answer_json_parse(struct slice bytes, const char *what,
                          struct error *err);
/* NULL: not there. Borrowed from the object. */
const char *answer_json_text(const json_t *object, const char *name);
bool answer_json_bool(const json_t *object, const char *name);
/* A number that is whole and not negative, also when written as 3.0; -1: not
 * there. */
int64_t answer_json_count(const json_t *object, const char *name);

#endif
