/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_DOWNLOAD_VERSION_H
#define ETL_HTTP_DOWNLOAD_VERSION_H

#include "base/slice.h"

/*
 * Which state of a file on a server the bytes that were fetched are of: what
 * its headers said, or its size and time of change. Kept beside the file, so
 * that a later process can go on with it.
 */
#define DOWNLOAD_TAG_SIZE 256

struct download_version {
    char etag[DOWNLOAD_TAG_SIZE]; /* "": none, or only a weak one */
    char modified[64];            /* as said; "" unknown */
    int64_t size;                 /* -1: unknown */
};

/* The value of the header when line is one of that name. */
bool download_version_value(struct slice line, const char *name,
                            struct slice *value);
/* Takes what a header line of HTTP says of it. */
void download_version_header(struct download_version *version,
                             struct slice line);
/* What If-Range may say; NULL: nothing proves that it is the same. */
const char *download_version_proof(const struct download_version *version);
bool download_version_equals(const struct download_version *a,
                             const struct download_version *b);
/* The file's is PATH.version; a missing or strange one is unknown. Writing it
 * is no promise: without it the file is fetched from its beginning. */
void download_version_read(struct download_version *version, const char *path);
void download_version_write(const struct download_version *version,
                            const char *path);

#endif
