/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_TRANSFER_H
#define ETL_HTTP_HTTP_TRANSFER_H

#include "http/http_body.h"
#include "http/http_client.h"
#include "http/http_headers.h"
#include "http/http_url.h"

#include <curl/curl.h>

/*
 * One request on its way, as http_client keeps it: the curl handle with what
 * its callbacks need, and the answer as it grows.
 */
struct http_transfer {
    struct http_transfer *next; /* of the client's list */
    CURL *easy;
    struct curl_slist *headers;
    const struct http_options *options; /* borrowed from the client */
    struct http_request *request;       /* borrowed */
    void *cookie;                       /* borrowed */
    struct http_url url;
    struct http_answer answer;
    struct http_body body;
    struct http_headers head;
    bool body_begun;
    int upload_fd;        /* -1: none */
    uint64_t upload_left; /* bytes */
    unsigned sends;       /* times that the request began to leave */
    struct error error;   /* of a callback: then curl's is its echo */
    int64_t started_ms;
    char curl_text[CURL_ERROR_SIZE];
};

/* Ready for curl_multi_add_handle. */
struct http_transfer *http_transfer_new(const struct http_options *options,
                                        struct http_request *request,
                                        const char *authorization,
                                        struct error *err);
/* curl is done with it: fills the answer. */
void http_transfer_finish(struct http_transfer *transfer, CURLcode code);
void http_transfer_free(struct http_transfer *transfer);

#endif
