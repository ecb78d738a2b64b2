/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_BODY_H
#define ETL_HTTP_HTTP_BODY_H

#include "base/file.h"

/*
 * The body of one answer while it arrives: decompressed here and not by curl,
 * which takes a gzip stream that stops half-way for a whole one; bounded after
 * decompression; gathered in memory, or written aside and renamed when it is
 * whole. Not synced: what was downloaded can be downloaded again. A zeroed
 * struct is an empty one.
 */
struct http_body {
    struct buffer memory;
    struct file_writer file;        /* of PATH.part */
    char *path;                     /* NULL: into memory */
    uint64_t size, limit;           /* bytes, after decompression */
    struct http_inflater *inflater; /* NULL: plain */
};

/* Before the first write. path NULL: into memory. encoding: the header's
 * value, "" for none; one that was not asked for is ERROR_NETWORK. */
bool http_body_begin(struct http_body *body, const char *path, uint64_t limit,
                     const char *encoding, struct error *err);
bool http_body_write(struct http_body *body, const void *bytes, size_t len,
                     struct error *err);
/* Nothing more comes: checks that it is whole, and renames the file. */
bool http_body_finish(struct http_body *body, struct error *err);
/* Also removes a file that was not finished. */
void http_body_release(struct http_body *body);

#endif
