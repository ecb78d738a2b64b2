/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_OPTION_TABLE_H
#define ETL_CLI_OPTION_TABLE_H

#include "cli/options.h"

/* Each option once: parsing, help and completion read this. */
#define OPTION_TABLE_LIMIT 100 /* a bound for lists of them */

extern const struct option_spec option_table[];
extern const size_t option_table_count;

#endif
