/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_OPTION_VALUE_H
#define ETL_CLI_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Values of options as people write them. Each function returns false, with
 * nothing set, for a text that is none or does not fit.
 */

/* "90s" "5m" "2h" "7d", in milliseconds; never 0. */
bool option_value_duration(const char *text, int64_t *ms);
/* "100MB" "64KiB" "5000": kB MB GB count by 1,000, KiB MiB GiB by 1,024;
 * a bare number is bytes; never 0. */
bool option_value_size(const char *text, uint64_t *bytes);
/* Plain digits. */
bool option_value_count(const char *text, uint64_t *count);
/* Plain digits, or "all", which is UINT64_MAX. */
bool option_value_rows(const char *text, uint64_t *rows);

struct option_errors {
    uint64_t count;
    unsigned percent;
    bool is_percent;
};
/* "10" or "2%" (0 to 100). */
bool option_value_errors(const char *text, struct option_errors *errors);

#endif
