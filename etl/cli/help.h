/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_HELP_H
#define ETL_CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

/* Help, made from the tables of commands and options, 80 columns wide. */
void help_print(FILE *stream);
void help_print_command(const struct command *command, FILE *stream);

#endif
