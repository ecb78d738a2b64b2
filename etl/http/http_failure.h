/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_FAILURE_H
#define ETL_HTTP_HTTP_FAILURE_H

#include "base/error.h"

#include <curl/curl.h>
#include <stdint.h>

/*
 * Why there is no answer, in plain words, and what helps. The kind says what
 * may be done: ERROR_NETWORK may pass; a certificate that is not valid and a
 * proxy that refuses us do not (ERROR_REMOTE); files of ours are
 * ERROR_CONFIG or ERROR_SYSTEM.
 */
struct http_failure {
    CURLcode code;
    CURL *easy;
    const char *host; /* "login.salesforce.com" */
    const char *text; /* curl's own, may be "" */
    const char *ca_file;
    int64_t connect_timeout_ms, stall_timeout_ms;
    bool was_sent;
};

void http_failure_set(const struct http_failure *failure, struct error *err);

#endif
