/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_SHELL_WORD_H
#define ETL_CLI_SCREEN_SHELL_WORD_H

#include <stdio.h>

/* word as a shell takes it, quoted where it must be. */
void shell_word_print(const char *word, FILE *stream);

#endif
