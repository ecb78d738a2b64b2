/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_CLI_H
#define ETL_CLI_CLI_H

/*
 * The command line: finds the command, parses its options, runs it. Returns
 * the exit code of product.md, sfetl(1).
 */
int cli_main(int argc, char **argv);

#endif
