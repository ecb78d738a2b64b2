/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_HEADERS_H
#define ETL_HTTP_HTTP_HEADERS_H

#include "http/http_request.h"

/*
 * What is read of an answer's head, line by line as it comes. Values that are
 * longer than their place are as if they had not been sent.
 */
struct http_headers {
    size_t size;          /* bytes seen */
    bool whole;           /* the empty line behind them was seen */
    char encoding[40];    /* Content-Encoding */
    char retry_after[64]; /* as sent: it may be a date */
    char records[32];     /* Sforce-NumberOfRecords */
};

/* One line with its end, or the status line, which begins a new head (an
 * interim answer stood before it). False: too much of it. */
bool http_headers_read(struct http_headers *headers, struct http_answer *answer,
                       struct slice line, struct error *err);
/* Reckons what depends on several headers. */
void http_headers_finish(const struct http_headers *headers,
                         struct http_answer *answer);

#endif
