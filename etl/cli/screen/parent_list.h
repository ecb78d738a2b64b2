/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_PARENT_LIST_H
#define ETL_CLI_SCREEN_PARENT_LIST_H

#include "pipeline/parents/parent_check.h"

#include <jansson.h>
#include <stdio.h>

/* Missing parents, for people and as JSON; check may be NULL. */
void parent_list_print(FILE *stream, const struct parent_check *check);
json_t *parent_list_json(const struct parent_check *check);

#endif
