/* SPDX-License-Identifier: Apache-2.0 */
#include "http/retry.h"

#include "base/clock.h"

bool
retry_is_transient(const struct http_answer *answer)
{
    switch (answer->status) {
    case 0:
        return answer->error.kind == ERROR_NETWORK;
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

/* Full jitter: callers that failed together do not come back together. */
static int64_t
jitter(unsigned attempts)
{
    int64_t bound = RETRY_FIRST_MS;
    for (unsigned i = 1; i < attempts && bound < RETRY_LONGEST_MS; i++) {
        bound *= 2;
    }
    if (bound > RETRY_LONGEST_MS) {
        bound = RETRY_LONGEST_MS;
    }
    return (int64_t)(clock_random() % (uint64_t)(bound + 1));
}

bool
retry_next(struct retry *retry, const struct http_answer *answer,
           int64_t *wait_ms)
{
    if (++retry->attempts >= RETRY_ATTEMPTS) {
        return false;
    }
    int64_t asked_ms = answer->retry_after_ms;
    if (asked_ms > RETRY_AFTER_LIMIT_MS) {
        asked_ms = RETRY_AFTER_LIMIT_MS;
    }
    int64_t own_ms = jitter(retry->attempts);
    *wait_ms = asked_ms > own_ms ? asked_ms : own_ms;
    return true;
}
