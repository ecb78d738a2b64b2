/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_HTTP_HTTP_REQUEST_H
#define ETL_HTTP_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/error.h"

/*
 * One call and its answer, as data. Who makes a request says what it costs to
 * lose its answer; who sends it (http_client, deliver) knows nothing else of
 * what it means. Texts of a request live in its arena or outlive the call.
 */
enum http_repeat {
    HTTP_REPEAT_SAFE,  /* changes nothing, or nothing more when repeated */
    HTTP_REPEAT_NEVER, /* a lost answer must be settled by asking */
};

#define HTTP_HEADER_COUNT 12

struct http_header {
    const char *name, *value;
};

struct http_request {
    struct arena arena;
    const char *method;
    const char *url; /* absolute */
    struct http_header headers[HTTP_HEADER_COUNT];
    size_t header_count;
    struct slice body;       /* absent: none */
    const char *body_path;   /* NULL: body; else this file's bytes */
    const char *answer_path; /* NULL: into memory; else this file */
    size_t answer_limit;     /* bytes, after decompression; 0: default */
    enum http_repeat repeat;
    bool needs_session; /* the sender adds the session's token */
    const char *name;   /* for logs and progress: "bulk2.create" */
};

struct http_answer {
    long status;       /* 0: no answer; see error */
    struct slice body; /* in memory, decompressed; empty for a file */
    uint64_t body_size;
    char content_type[96];  /* lower case, without parameters */
    char locator[256];      /* Sforce-Locator */
    char limit_info[128];   /* Sforce-Limit-Info */
    int64_t record_count;   /* Sforce-NumberOfRecords, -1: not said */
    int64_t retry_after_ms; /* -1: not said */
    int64_t date_ms;        /* of the Date header, -1: none */
    bool was_sent;          /* any byte of the request may have arrived */
    uint64_t sent_bytes, received_bytes; /* on the wire, headers included */
    struct error error; /* transport: ERROR_NETWORK or ERROR_SYSTEM */
};

/* Empties a request; its arena is kept. */
void http_request_reset(struct http_request *request);
void http_request_release(struct http_request *request);
/* Copies value into the request's arena. */
void http_request_add_header(struct http_request *request, const char *name,
                             const char *value);
/* Sets the url by format, in the request's arena. */
void http_request_set_url(struct http_request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* bytes percent-encoded for a path segment or a query, in the arena. */
const char *http_request_escape(struct http_request *request,
                                struct slice bytes);

#endif
