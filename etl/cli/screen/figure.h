/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SCREEN_FIGURE_H
#define ETL_CLI_SCREEN_FIGURE_H

#include <stdint.h>

/* Numbers as people read them, into text, which is returned. */
#define FIGURE_SIZE 32

/* "1,234,567" */
const char *figure_count(char text[FIGURE_SIZE], uint64_t count);
/* "850 ms" "12.3 s" "4 min 05 s" "2 h 03 min" */
const char *figure_duration(char text[FIGURE_SIZE], int64_t ms);
/* "950 bytes" "1.2 MB"; by 1,000 */
const char *figure_bytes(char text[FIGURE_SIZE], uint64_t bytes);
/* Per second, as a whole number; 0 when no time passed. */
uint64_t figure_rate(uint64_t count, int64_t ms);

#endif
