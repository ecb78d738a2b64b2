/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SERVER_HTTP_SERVER_H
#define ETL_REHEARSAL_SERVER_HTTP_SERVER_H

#include "rehearsal/server/exchange.h"

/*
 * HTTP/1.1 on a loopback address by libmicrohttpd, a thread a connection, so
 * that an answer may take its time. Takes gzip bodies and gives gzip answers
 * to who accepts them. Large request bodies go to a file. An answer can be
 * spoiled on its way out (struct http_spoil), which is what this server is
 * for.
 */
#define HTTP_SERVER_BODY_LIMIT ((size_t)50 << 20)
/* salesforce.md: a URI, or URI with headers, over this is refused. */
#define HTTP_SERVER_URI_LIMIT 16384

/* How to spoil an answer; all zero sends it well. */
struct http_spoil {
    int stall_ms;      /* before the first byte */
    bool spoiled;      /* any of the following is set */
    size_t drip_bytes; /* with drip_ms: so many at once */
    int drip_ms;       /* and a pause between */
    bool lose;         /* no byte, connection reset */
    bool reset;        /* after reset_at bytes of head and body */
    uint64_t reset_at;
    bool cut;             /* body ends at cut_at; the connection too */
    bool cut_is_declared; /* Content-Length says cut_at */
    uint64_t cut_at;
    int64_t length_error; /* added to Content-Length */
    bool twice;           /* the same answer once more, unasked */
};

struct http_service {
    void *cookie;
    /* The request's head is known: where shall the body go? limit_bytes is
     * for the decoded body, spool says whether to a file, inflate whether a
     * gzip body is to be decoded. */
    void (*begin)(void *cookie, struct exchange *exchange,
                  uint64_t *limit_bytes, bool *spool, bool *inflate);
    /* All of it is there: answer, and say how to spoil the answer. */
    void (*serve)(void *cookie, struct exchange *exchange,
                  struct http_spoil *spoil);
    /* A new connection: false refuses it. */
    bool (*admit)(void *cookie);
};

struct http_server;

/* Port 0 takes a free one. The spool folder must exist. */
struct http_server *http_server_start(uint16_t port,
                                      const struct http_service *service,
                                      const char *spool_folder,
                                      struct error *err);
uint16_t http_server_port(const struct http_server *server);
/* Waits unless the server stops; for pauses inside serve. */
void http_server_pause(struct http_server *server, int ms);
bool http_server_is_stopping(struct http_server *server);
/* Ends pauses, then connections. */
void http_server_stop(struct http_server *server);

#endif
