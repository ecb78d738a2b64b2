/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_DOWNLOAD_H
#define ETL_HTTP_DOWNLOAD_H

#include "base/error.h"

#include <stdint.h>

/*
 * Fetches one file by https://, sftp:// or ftps:// into a file of ours. It is
 * bounded, ended by a low-speed limit, and made again as http/retry says; each
 * attempt goes on where the one before ended, also that of an earlier process,
 * where the server proves that the file is still the same: by If-Range over
 * HTTP, else by size and time of change. What it is the beginning of stands
 * beside it, in PATH.version. TLS is verified, always, and so is the key of an
 * SSH host; redirects are not followed, for they could lead anywhere.
 */
#define DOWNLOAD_SIZE_LIMIT ((uint64_t)64 << 30) /* ours: 64 GiB */

struct download {
    const char *url; /* http_url_check_file takes it */
    const char *path;
    /* All NULL where they are not needed. token goes as "Bearer". */
    const char *username, *password, *token;
    const char *private_key_file, *passphrase;
    const char *known_hosts_file; /* SSH: needed */
    const char *ca_file, *proxy, *no_proxy;
    uint64_t size_limit;        /* 0: DOWNLOAD_SIZE_LIMIT */
    int64_t stall_timeout_ms;   /* 0: 120 s with under 1 byte a second */
    bool (*stop)(void *cookie); /* asked about once a second; NULL: nobody */
    void *stop_cookie;
};

enum download_status {
    DOWNLOAD_WHOLE,   /* synced */
    DOWNLOAD_MISSING, /* there is no such file, and no error is set */
    DOWNLOAD_FAILED,
};

/*
 * ERROR_INPUT: it is refused, or no file that can be had [source-refused];
 * ERROR_NETWORK: not reached in all attempts; ERROR_CONFIG, ERROR_SYSTEM: of
 * ours; ERROR_CANCELLED: stop said so. What arrived stays for the next time.
 */
enum download_status download_file(const struct download *download,
                                   uint64_t *size, struct error *err);
/* Removes what download_file left, the file itself included. */
void download_remove(const char *path);

#endif
