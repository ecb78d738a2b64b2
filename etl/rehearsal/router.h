/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ROUTER_H
#define ETL_REHEARSAL_ROUTER_H

#include "rehearsal/faults.h"
#include "rehearsal/org/store.h"
#include "rehearsal/server/exchange.h"
#include "rehearsal/server/http_server.h"

#include <stdatomic.h>

/*
 * Which function serves which call. Each api_*.c exports one const table; a
 * new API is a file and a line in router.c. The router checks the version and
 * the session, counts the call against the daily limit, adds the headers that
 * every answer has, and lets the faults fire: those that come instead of the
 * call before it, those that spoil the answer after it.
 */
struct job_engine;
struct query_cursors;

struct rehearsal {
    char *dir;      /* holds everything */
    char *jobs_dir; /* uploads and results */
    char *instance_url;
    char *jwt_public_key; /* PEM */
    char *refresh_token;
    struct schema *schema;
    struct store *store;
    struct faults *faults;
    struct job_engine *jobs;
    struct query_cursors *cursors;
    struct http_server *server;
    int64_t started_ms;
    atomic_bool is_ready; /* connections before that are refused */
};

/* The one user and the one connected app (rehearsal.md). */
#define REHEARSAL_USERNAME "loader@rehearsal.example"
#define REHEARSAL_PASSWORD "rehearsal"
#define REHEARSAL_CLIENT_ID "rehearsal"
#define REHEARSAL_CLIENT_SECRET "rehearsal"
#define REHEARSAL_VERSION_NEWEST 640 /* tenths: v64.0 */
#define REHEARSAL_VERSION_OLDEST 310

enum route_flag {
    ROUTE_OPEN = 1u << 0,    /* without a session */
    ROUTE_UPLOAD = 1u << 1,  /* the body goes to a file */
    ROUTE_CONTROL = 1u << 2, /* ours, not Salesforce's: no faults, no limits */
    ROUTE_OWN_SESSION = 1u << 3, /* the API looks for the session itself */
    ROUTE_SOAP = 1u << 4, /* errors are faults, the body names the call */
};

struct route {
    const char *call; /* as faults name it; NULL ends a table */
    const char *method;
    /* Parts; "v*" is the version and "*" captures one part. A slash at the
     * end of a request's path does not matter. */
    const char *path;
    void (*serve)(struct rehearsal *, struct exchange *, const struct fault *);
    unsigned flags;
};

/* The body limit of Bulk 2.0: 150,000,000 bytes after base64, which adds half
 * as much (salesforce.md: 100 MB of CSV). */
#define ROUTER_UPLOAD_LIMIT ((uint64_t)100500000)

/* Fills the members of the service for this org. */
struct http_service router_service(struct rehearsal *rehearsal);
/*
 * Serves a request from within another (composite): method, path and body are
 * set, the session has been checked.
 */
void router_serve_inner(struct rehearsal *rehearsal, struct exchange *inner);
/* "64.0" to 640; 0 when it is no version. */
int router_read_version(const char *text);
/* 640 to "64.0" */
const char *router_version_text(struct exchange *exchange);

#endif
