/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_body.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>
/* next_in points to bytes that zlib only reads. */
#define ZLIB_CONST
#include <zlib.h>

#define WINDOW_SIZE ((size_t)64 * 1024)

struct http_inflater {
    z_stream stream;
    bool fed, ended;
    char window[WINDOW_SIZE];
};

static bool
open_inflater(struct http_body *body, const char *encoding, struct error *err)
{
    if (encoding[0] == '\0' || strcasecmp(encoding, "identity") == 0) {
        return true;
    }
    if (strcasecmp(encoding, "gzip") != 0 &&
        strcasecmp(encoding, "x-gzip") != 0 &&
        strcasecmp(encoding, "deflate") != 0) {
        return error_set(err, ERROR_NETWORK, 0,
                         "the answer is encoded as '%.40s', which was not "
                         "asked for",
                         encoding);
    }
    body->inflater = mem_zalloc(sizeof *body->inflater);
    /* 15 bits of window, 32: gzip or zlib, whichever the head says. */
    if (inflateInit2(&body->inflater->stream, 15 + 32) != Z_OK) {
        free(body->inflater);
        body->inflater = NULL;
        return error_set(err, ERROR_SYSTEM, 0, "cannot start zlib");
    }
    return true;
}

bool
http_body_begin(struct http_body *body, const char *path, uint64_t limit,
                const char *encoding, struct error *err)
{
    *body = (struct http_body){.limit = limit, .file.fd = -1};
    if (!open_inflater(body, encoding, err)) {
        return false;
    }
    if (path == NULL) {
        return true;
    }
    body->path = mem_strdup(path);
    char *part = mem_printf("%s.part", path);
    bool done = file_writer_open_append(&body->file, part, 0, err);
    free(part);
    return done;
}

static bool
put(struct http_body *body, const void *bytes, size_t len, struct error *err)
{
    if (len > body->limit - body->size) {
        return error_set(err, ERROR_REMOTE, 0,
                         "the answer is larger than %llu bytes",
                         (unsigned long long)body->limit);
    }
    body->size += len;
    if (body->path != NULL) {
        return file_writer_write(&body->file, bytes, len, err);
    }
    if (!buffer_append(&body->memory, bytes, len)) {
        return error_set(err, ERROR_REMOTE, 0, "the answer is too large");
    }
    return true;
}

/* One call of zlib; *more: there is input or output left. */
static bool
inflate_some(struct http_body *body, bool *more, struct error *err)
{
    struct http_inflater *inflater = body->inflater;
    z_stream *stream = &inflater->stream;
    if (inflater->ended) {
        /* RFC 1952: a file may be several members, one behind another. */
        inflateReset(stream);
        inflater->ended = false;
    }
    stream->next_out = (Bytef *)inflater->window;
    stream->avail_out = (uInt)sizeof inflater->window;
    int status = inflate(stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        return error_set(err, ERROR_NETWORK, 0,
                         "the answer's compression is broken: %s",
                         stream->msg ? stream->msg : "bad data");
    }
    inflater->ended = status == Z_STREAM_END;
    size_t len = sizeof inflater->window - stream->avail_out;
    *more =
        stream->avail_in > 0 || (stream->avail_out == 0 && !inflater->ended);
    return put(body, inflater->window, len, err);
}

bool
http_body_write(struct http_body *body, const void *bytes, size_t len,
                struct error *err)
{
    if (body->inflater == NULL) {
        return put(body, bytes, len, err);
    }
    if (len == 0) {
        return true;
    }
    z_stream *stream = &body->inflater->stream;
    stream->next_in = bytes;
    stream->avail_in = (uInt)len;
    body->inflater->fed = true;
    bool more = true;
    while (more) {
        if (!inflate_some(body, &more, err)) {
            return false;
        }
    }
    return true;
}

bool
http_body_finish(struct http_body *body, struct error *err)
{
    if (body->inflater != NULL && body->inflater->fed &&
        !body->inflater->ended) {
        return error_set(err, ERROR_NETWORK, 0,
                         "the answer's compressed bytes end early");
    }
    if (body->path == NULL) {
        return true;
    }
    if (!file_writer_flush(&body->file, err)) {
        return false;
    }
    if (rename(body->file.written_path, body->path) != 0) {
        return error_set_errno(err, "cannot rename '%s'",
                               body->file.written_path);
    }
    file_writer_close(&body->file);
    free(body->path);
    body->path = NULL;
    return true;
}

void
http_body_release(struct http_body *body)
{
    if (body->path != NULL && body->file.written_path != NULL) {
        unlink(body->file.written_path);
        file_writer_close(&body->file);
    }
    free(body->path);
    if (body->inflater != NULL) {
        inflateEnd(&body->inflater->stream);
        free(body->inflater);
    }
    buffer_release(&body->memory);
    *body = (struct http_body){.file.fd = -1};
}
