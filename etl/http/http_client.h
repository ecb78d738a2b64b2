/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_CLIENT_H
#define ETL_HTTP_HTTP_CLIENT_H

#include "http/http_request.h"

/*
 * HTTP over one curl_multi handle: many requests in flight on one thread,
 * connections kept alive and shared. TLS is verified, always; http:// is
 * accepted for loopback addresses only; redirects are not followed; answers
 * are bounded, decompressed, and whole: one that ends early, or whose length
 * is not the one announced, is a failed one. Stalls end by a low-speed limit.
 * The client retries nothing: that is decided above it, by http/retry.
 */
struct http_client;

struct http_options {
    const char *proxy, *no_proxy; /* NULL: the usual environment */
    const char *ca_file;          /* NULL: the system's */
    int64_t connect_timeout_ms;   /* 0: 30 s */
    int64_t stall_timeout_ms;     /* 0: 120 s with under 1 byte a second */
    unsigned connections;         /* at once to one host; 0: 16 */
    /* Asked at least every 250 ms while http_client_call waits; true ends the
     * call with ERROR_CANCELLED. NULL: nobody asks. */
    bool (*stop)(void *cookie);
    void *stop_cookie;
};

struct http_totals {
    uint64_t requests, sent_bytes, received_bytes;
    char limit_info[128]; /* Sforce-Limit-Info, as it came last; "" */
};

/* libcurl is set up, once; http_client_new does it, too. */
void http_client_begin(void);
struct http_client *http_client_new(const struct http_options *options,
                                    struct error *err);
void http_client_free(struct http_client *client);

/*
 * Starts a request. It and the cookie are borrowed until http_client_next
 * hands them back. authorization is the header's value or NULL.
 */
bool http_client_start(struct http_client *client, struct http_request *request,
                       const char *authorization, void *cookie,
                       struct error *err);
/* In flight now. */
size_t http_client_active(const struct http_client *client);

/*
 * Waits until a request is finished, at most timeout_ms (0: not at all), or
 * until woken. Returns its cookie and fills answer, whose body is valid until
 * the next call; NULL when there is none.
 */
void *http_client_next(struct http_client *client, int64_t timeout_ms,
                       struct http_answer *answer);
/* Ends a wait early; safe from any thread and from a signal handler. The
 * cookie is the client. */
void http_client_wake(void *client);
/* Drops what is in flight; its answers are never handed back. */
void http_client_cancel(struct http_client *client);
struct http_totals http_client_totals(const struct http_client *client);

/*
 * Start and wait for this one alone, with retries as http/retry says; other
 * requests in flight go on and are handed back by a later http_client_next.
 * True when there is an answer, whatever its status.
 */
bool http_client_call(struct http_client *client, struct http_request *request,
                      const char *authorization, struct http_answer *answer,
                      struct error *err);

#endif
