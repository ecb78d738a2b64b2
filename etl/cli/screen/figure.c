/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *
figure_count(char text[FIGURE_SIZE], uint64_t count)
{
    char digits[FIGURE_SIZE];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            text[out++] = ',';
        }
        text[out++] = digits[i];
    }
    text[out] = '\0';
    return text;
}

const char *
figure_duration(char text[FIGURE_SIZE], int64_t ms)
{
    int64_t seconds = ms / 1000;
    if (ms < 1000) {
        snprintf(text, FIGURE_SIZE, "%" PRId64 " ms", ms);
    } else if (seconds < 60) {
        snprintf(text, FIGURE_SIZE, "%" PRId64 ".%" PRId64 " s", seconds,
                 ms % 1000 / 100);
    } else if (seconds < 3600) {
        snprintf(text, FIGURE_SIZE, "%" PRId64 " min %02" PRId64 " s",
                 seconds / 60, seconds % 60);
    } else {
        snprintf(text, FIGURE_SIZE, "%" PRId64 " h %02" PRId64 " min",
                 seconds / 3600, seconds % 3600 / 60);
    }
    return text;
}

const char *
figure_bytes(char text[FIGURE_SIZE], uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        snprintf(text, FIGURE_SIZE, "%" PRIu64 " bytes", bytes);
        return text;
    }
    size_t unit = 0;
    uint64_t scale = 1000;
    while (bytes / scale >= 1000) {
        scale *= 1000;
        unit++;
    }
    snprintf(text, FIGURE_SIZE, "%" PRIu64 ".%" PRIu64 " %s", bytes / scale,
             bytes % scale / (scale / 10), units[unit]);
    return text;
}

uint64_t
figure_rate(uint64_t count, int64_t ms)
{
    return ms <= 0 ? 0 : (uint64_t)((double)count * 1000.0 / (double)ms);
}
