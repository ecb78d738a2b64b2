/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SERVER_EXCHANGE_H
#define ETL_REHEARSAL_SERVER_EXCHANGE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

#include <jansson.h>

/*
 * One HTTP request and the answer to it. The server fills the upper part,
 * whoever serves the request fills the lower part through exchange_answer_*
 * and the server sends it. Everything lives until the answer has been sent;
 * texts belong to the arena. Errors have the shape of the REST API: an array
 * of {"message","errorCode"[,"fields"]}.
 */
#define EXCHANGE_CAPTURES 6
#define EXCHANGE_HEADERS 12

struct route;

struct exchange {
    struct arena arena;
    void *connection; /* the server's */

    const char *method;
    const char *uri;  /* as it came, with the query */
    const char *path; /* as it came, without the query */
    const char *(*lookup)(const struct exchange *, const char *header);
    const struct route *route;
    const char *captures[EXCHANGE_CAPTURES]; /* decoded parts of the path */
    int version;                             /* 640 for v64.0; 0: none */
    struct buffer body;                      /* decoded; or, for uploads, */
    char *spool_path;                        /* the file it lies in */
    uint64_t body_size;
    bool body_too_large, body_broken;

    unsigned status;
    const char *content_type;
    struct buffer answer;
    const char *answer_path;  /* a file instead of the buffer */
    bool answer_path_is_ours; /* removed after sending */
    struct {
        const char *name, *value;
    } headers[EXCHANGE_HEADERS];
    size_t header_count;
};

/* NULL when the request has none. */
const char *exchange_header(const struct exchange *exchange, const char *name);
/* A parameter of the query, decoded; NULL when absent. */
const char *exchange_parameter(struct exchange *exchange, const char *name);
/* A field of a form-encoded body, decoded; NULL when absent. */
const char *exchange_form_field(struct exchange *exchange, const char *name);
/* Percent-decoded; plus signs become blanks in forms and queries. */
char *exchange_decode(struct arena *arena, struct slice text, bool plus);
/* The body as JSON; NULL when it is none, which then has been answered. */
json_t *exchange_json(struct exchange *exchange);

/* The answers. Name and value of a header are copied. */
void exchange_add_header(struct exchange *exchange, const char *name,
                         const char *value);
void exchange_answer_empty(struct exchange *exchange, unsigned status);
void exchange_answer_text(struct exchange *exchange, unsigned status,
                          const char *content_type, const char *text);
/* Takes the reference of value. */
void exchange_answer_json(struct exchange *exchange, unsigned status,
                          json_t *value);
void exchange_answer_file(struct exchange *exchange, const char *content_type,
                          const char *path);
void exchange_answer_error(struct exchange *exchange, unsigned status,
                           const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* {"message","errorCode"} and with fields (may be NULL) "fields". */
json_t *exchange_error_object(const char *code, const char *message,
                              json_t *fields);
void exchange_release(struct exchange *exchange);

#endif
