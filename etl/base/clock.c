/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static struct clock_source replaced;

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
    return replaced.wall_ms ? replaced.wall_ms() : read_clock(CLOCK_REALTIME);
}

int64_t
clock_monotonic_ms(void)
{
    return replaced.monotonic_ms ? replaced.monotonic_ms()
                                 : read_clock(CLOCK_MONOTONIC);
}

uint64_t
clock_random(void)
{
    if (replaced.random) {
        return replaced.random();
    }
    uint64_t value = 0;
    ssize_t got = getrandom(&value, sizeof value, 0);
    return got == sizeof value ? value : (uint64_t)read_clock(CLOCK_MONOTONIC);
}

void
clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    char date[32];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, CLOCK_TEXT_SIZE, "%.19s.%03dZ", date, (int)(wall_ms % 1000));
}

void
clock_replace(struct clock_source source)
{
    replaced = source;
}
