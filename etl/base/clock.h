/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_CLOCK_H
#define ETL_BASE_CLOCK_H

#include <stdint.h>

/*
 * Time and randomness, in one place so that tests can replace them. Wall time
 * is milliseconds since 1970 in UTC and may jump; monotonic time only goes on,
 * and is the one to measure and wait by.
 */
int64_t clock_wall_ms(void);
int64_t clock_monotonic_ms(void);
/* From the kernel's generator; fit for names and jitter. */
uint64_t clock_random(void);

/* "2026-01-31T09:30:00.000Z" */
#define CLOCK_TEXT_SIZE 25
void clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE]);

/* For tests: a NULL member keeps the real one. */
struct clock_source {
    int64_t (*wall_ms)(void);
    int64_t (*monotonic_ms)(void);
    uint64_t (*random)(void);
};
void clock_replace(struct clock_source source);

#endif
