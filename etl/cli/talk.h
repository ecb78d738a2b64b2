/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_TALK_H
#define ETL_CLI_TALK_H

#include "base/error.h"
#include "cli/options.h"
#include "mapping/problem.h"

#include <jansson.h>

/* What commands say of trouble: to standard error for people, or as JSON. */

/* Returns the exit code. An error that is not set says nothing. */
int talk_error(const struct error *err);
/* All of them, a line each: "FILE:LINE:COL: error: what; help [code]".
 * Warnings are left out when they are to be quiet. */
void talk_problems(struct problems *problems, const struct options *options);

/* Text that may hold bytes that are no UTF-8: these become U+FFFD. */
json_t *talk_json_text(struct slice text);
/* {"exit_code","text"}, or null. */
json_t *talk_json_error(const struct error *err);
json_t *talk_json_problems(const struct problems *problems);
/* Prints indented, with a line end, and releases. */
void talk_json_print(json_t *json);

#endif
