/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_DOWNLOAD_ATTEMPT_H
#define ETL_HTTP_DOWNLOAD_ATTEMPT_H

#include "http/download.h"
#include "http/download_version.h"
#include "http/http_request.h"
#include "http/http_url.h"

#include <curl/curl.h>

/*
 * One attempt of a download, for download.c only: asks for what is missing of
 * the file, or for all of it, and adds what comes.
 */
enum download_end {
    DOWNLOAD_END_WHOLE,
    DOWNLOAD_END_MISSING,
    DOWNLOAD_END_AGAIN, /* it may work in a while; answer says why it did not */
    DOWNLOAD_END_ANEW,  /* at once, but from the beginning */
    DOWNLOAD_END_FAILED, /* for error */
};

struct download_attempt {
    const struct download *download;
    struct http_url url;
    CURL *easy;
    struct curl_slist *headers;
    int fd;
    uint64_t have;                 /* bytes in the file */
    uint64_t had;                  /* when the attempt began */
    struct download_version kept;  /* that they are of */
    struct download_version now;   /* that the server has */
    int64_t range_begin;           /* of Content-Range; -1: none */
    bool began, is_other, is_over; /* is_other: not the one we have part of */
    struct http_answer answer;     /* of the attempt, for http/retry */
    char text[CURL_ERROR_SIZE];
    struct error error; /* of ours, in a callback */
};

/* fd, url, have and kept are set before the first. */
enum download_end download_attempt_make(struct download_attempt *attempt);
/* Cuts the file: what it held is of no use. False with error set. */
bool download_attempt_anew(struct download_attempt *attempt);

#endif
