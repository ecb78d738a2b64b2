/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

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
    strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S.000Z", &utc);
    unsigned ms = (unsigned)(wall_ms % 1000);
    text[20] = (char)('0' + ms / 100);
    text[21] = (char)('0' + ms / 10 % 10);
    text[22] = (char)('0' + ms % 10);
}

void
clock_replace(struct clock_source source)
{
    replaced = source;
}
