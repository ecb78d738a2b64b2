/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_URL_H
#define ETL_HTTP_HTTP_URL_H

#include "base/error.h"

#include <stddef.h>

/*
 * Which addresses may be called: https://, and http:// for loopback addresses
 * only (127.0.0.0/8, ::1, localhost); for files also sftp:// and ftps://. No
 * user and password in an address: it stands in logs and messages.
 */
#define HTTP_URL_HOST_SIZE 272 /* a host name of DNS, a colon and the port */

enum http_scheme { HTTP_SCHEME_HTTP, HTTP_SCHEME_SFTP, HTTP_SCHEME_FTPS };

struct http_url {
    enum http_scheme scheme;       /* https:// is HTTP_SCHEME_HTTP, too */
    char host[HTTP_URL_HOST_SIZE]; /* "login.salesforce.com", with ":8080" */
    bool is_loopback, is_encrypted;
};

/* ERROR_CONFIG when it may not be called. */
bool http_url_check(const char *url, struct http_url *parts, struct error *err);
/* Of a file to be fetched. No ".." in its path: what an address begins with
 * says how to sign in there. */
bool http_url_check_file(const char *url, struct http_url *parts,
                         struct error *err);
/* The last part of the path, as a file may be called; on the heap. */
char *http_url_file_name(const char *url);

#endif
