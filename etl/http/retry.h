/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_RETRY_H
#define ETL_HTTP_RETRY_H

#include "http/http_request.h"

/*
 * When a call is made again, and after how long: full jitter (a random time
 * between 0 and a bound that doubles), Retry-After obeyed where it is longer.
 * Statuses that pass: 408 429 500 502 503 504, and no answer at all
 * (salesforce.md, "call, again"). Only calls that are safe to repeat.
 */
#define RETRY_FIRST_MS 500
#define RETRY_LONGEST_MS 60000
#define RETRY_AFTER_LIMIT_MS 900000 /* a longer Retry-After is cut to this */
#define RETRY_ATTEMPTS 8

struct retry {
    unsigned attempts; /* made so far; a zeroed struct is a new call */
};

bool retry_is_transient(const struct http_answer *answer);
/* Counts an attempt that failed. False: enough; else *wait_ms says how long. */
bool retry_next(struct retry *retry, const struct http_answer *answer,
                int64_t *wait_ms);

#endif
