/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/router.h"

#include "base/log.h"
#include "rehearsal/api/api_bulk2.h"
#include "rehearsal/api/api_bulk2_query.h"
#include "rehearsal/api/api_collections.h"
#include "rehearsal/api/api_oauth.h"
#include "rehearsal/api/api_query.h"
#include "rehearsal/api/api_rest.h"
#include "rehearsal/control.h"
#include "rehearsal/soap/soap_service.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct route *const tables[] = {
    api_oauth_routes,       api_rest_routes,  api_query_routes,
    api_collections_routes, api_bulk2_routes, api_bulk2_query_routes,
    soap_service_routes,    control_routes,
};

int
router_read_version(const char *text)
{
    char *end;
    long whole = strtol(text, &end, 10);
    if (end == text || whole < 1 || whole > 999 || strcmp(end, ".0") != 0) {
        return 0;
    }
    return (int)whole * 10;
}

/* Walks both paths part by part. */
static bool
path_fits(const char *pattern, struct exchange *exchange)
{
    const char *path = exchange->path;
    size_t captured = 0;
    while (*pattern == '/') {
        size_t want = strcspn(++pattern, "/");
        if (*path != '/') {
            return false;
        }
        size_t have = strcspn(++path, "/");
        if (have == 0 && want > 0) {
            return false;
        }
        struct slice part = {path, have};
        if (want == 2 && memcmp(pattern, "v*", 2) == 0) {
            exchange->version = router_read_version(
                exchange_decode(&exchange->arena, part, false) + 1);
            if (part.ptr[0] != 'v') {
                return false;
            }
        } else if (want == 1 && *pattern == '*') {
            exchange->captures[captured++] =
                exchange_decode(&exchange->arena, part, false);
        } else if (want != have || memcmp(pattern, path, want) != 0) {
            return false;
        }
        pattern += want;
        path += have;
    }
    return strcmp(path, "") == 0 || strcmp(path, "/") == 0;
}

static const struct route *
find_route(struct exchange *exchange, bool *path_is_known)
{
    *path_is_known = false;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const struct route *route = tables[t]; route->call; route++) {
            if (!path_fits(route->path, exchange)) {
                continue;
            }
            *path_is_known = true;
            if (strcmp(route->method, exchange->method) == 0) {
                return route;
            }
        }
    }
    return NULL;
}

/* The methods that a known path takes, "GET,POST". */
static const char *
allowed_methods(struct exchange *exchange)
{
    struct slice list = {"", 0};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const struct route *route = tables[t]; route->call; route++) {
            if (path_fits(route->path, exchange)) {
                list =
                    arena_printf(&exchange->arena, "%.*s%s%s", SLICE_ARGS(list),
                                 list.len ? "," : "", route->method);
            }
        }
    }
    return arena_strdup(&exchange->arena, list);
}

const char *
router_version_text(struct exchange *exchange)
{
    int version =
        exchange->version ? exchange->version : REHEARSAL_VERSION_NEWEST;
    return arena_printf(&exchange->arena, "%d.%d", version / 10, version % 10)
        .ptr;
}

static void
begin(void *cookie, struct exchange *exchange, uint64_t *limit_bytes,
      bool *spool, bool *inflate)
{
    struct rehearsal *rehearsal = cookie;
    bool known;
    exchange->route = find_route(exchange, &known);
    if (exchange->route && (exchange->route->flags & ROUTE_UPLOAD)) {
        *spool = true;
        *limit_bytes = ROUTER_UPLOAD_LIMIT;
        *inflate = faults_settings(rehearsal->faults).upload_gzip;
    }
}

static bool
admit(void *cookie)
{
    struct rehearsal *rehearsal = cookie;
    struct fault fault;
    if (!atomic_load(&rehearsal->is_ready)) {
        return false;
    }
    return !faults_fire(rehearsal->faults,
                        &(struct fault_call){.call = "connect"}, &fault) ||
           fault.kind != FAULT_REFUSE;
}

static bool
check_version(struct exchange *exchange)
{
    if (!strstr(exchange->route->path, "v*")) {
        return true;
    }
    if (exchange->version > 0 && exchange->version < REHEARSAL_VERSION_OLDEST) {
        exchange_answer_error(exchange, 410, "UNSUPPORTED_API_VERSION",
                              "The requested API version is no longer "
                              "supported");
        return false;
    }
    if (exchange->version == 0 ||
        exchange->version > REHEARSAL_VERSION_NEWEST) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
        return false;
    }
    return true;
}

static bool
check_limit(struct rehearsal *rehearsal, struct exchange *exchange)
{
    struct fault_settings settings = faults_settings(rehearsal->faults);
    store_count(rehearsal->store, STORE_API_CALLS, 1);
    uint64_t used = store_counted(rehearsal->store, STORE_API_CALLS);
    char usage[64];
    snprintf(usage, sizeof usage, "api-usage=%llu/%lld",
             (unsigned long long)used, (long long)settings.daily_api_requests);
    if (!(exchange->route->flags & ROUTE_SOAP)) {
        exchange_add_header(exchange, "Sforce-Limit-Info", usage);
    }
    if (used > (uint64_t)settings.daily_api_requests) {
        exchange_answer_error(exchange, 403, "REQUEST_LIMIT_EXCEEDED",
                              "TotalRequests Limit exceeded.");
        return false;
    }
    return true;
}

static bool
check_body(struct exchange *exchange)
{
    if (exchange->body_too_large) {
        exchange_answer_error(exchange, 400, "EXCEEDED_MAX_SIZE_REQUEST",
                              "Maximum size of request reached. Maximum size "
                              "of request is %llu bytes",
                              (unsigned long long)ROUTER_UPLOAD_LIMIT);
    } else if (exchange->body_broken) {
        exchange_answer_error(exchange, 400, "INVALID_CONTENT",
                              "The request body could not be decoded");
    }
    return !exchange->body_too_large && !exchange->body_broken;
}

static void
add_common_headers(struct rehearsal *rehearsal, struct exchange *exchange)
{
    time_t now = (time_t)(faults_now_ms(rehearsal->faults) / 1000);
    struct tm parts;
    char date[64];
    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    exchange_add_header(exchange, "Date", date);
    exchange_add_header(exchange, "Cache-Control",
                        "no-cache,must-revalidate,max-age=0,no-store,private");
    exchange_add_header(exchange, "Vary", "Accept-Encoding");
}

static const char html_page[] =
    "<html>\n<head><title>Service Unavailable</title></head>\n<body>\n"
    "<h1>We are down for maintenance.</h1>\n"
    "<p>Sorry for the inconvenience. We'll be back shortly.</p>\n"
    "</body>\n</html>\n";

/* What comes instead of the call; true: it has been answered. */
static bool
fault_before(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault, struct http_spoil *spoil)
{
    char seconds[24];
    switch (fault->kind) {
    case FAULT_REFUSE:
        exchange_answer_empty(exchange, 503);
        spoil->spoiled = spoil->lose = true;
        return true;
    case FAULT_STATUS:
        exchange_answer_text(exchange, fault->status,
                             "text/html; charset=UTF-8",
                             fault->text[0] ? fault->text : html_page);
        if (fault->retry_after > 0) {
            snprintf(seconds, sizeof seconds, "%lld",
                     (long long)fault->retry_after);
            exchange_add_header(exchange, "Retry-After", seconds);
        }
        return true;
    case FAULT_LIMIT:
        exchange_answer_error(exchange, 403, "REQUEST_LIMIT_EXCEEDED", "%s",
                              fault->text[0] ? fault->text
                                             : "TotalRequests Limit exceeded.");
        return true;
    case FAULT_SESSION:
        api_oauth_expire(rehearsal, exchange);
        return false;
    case FAULT_CLOCK:
        faults_skew_clock(rehearsal->faults, fault->ms);
        return false;
    default:
        return false;
    }
}

/* How the answer is to be spoiled. */
static void
fault_after(const struct fault *fault, struct http_spoil *spoil)
{
    uint64_t at = fault->at > 0 ? (uint64_t)fault->at : 0;
    spoil->spoiled = true;
    switch (fault->kind) {
    case FAULT_RESET:
        spoil->reset = true;
        spoil->reset_at = at;
        break;
    case FAULT_DRIP:
        spoil->drip_bytes = at ? (size_t)at : 1;
        spoil->drip_ms = (int)fault->ms;
        break;
    case FAULT_LOST:
        spoil->lose = true;
        break;
    case FAULT_TWICE:
        spoil->twice = true;
        break;
    case FAULT_LENGTH:
        spoil->length_error = fault->at;
        break;
    case FAULT_CUT:
    case FAULT_CUT_DECLARED:
        spoil->cut = true;
        spoil->cut_at = at;
        spoil->cut_is_declared = fault->kind == FAULT_CUT_DECLARED;
        break;
    default:
        spoil->spoiled = false;
        break;
    }
    if (fault->kind == FAULT_STALL) {
        spoil->stall_ms = (int)fault->ms;
    }
}

static void
answer_unrouted(struct exchange *exchange, bool path_is_known)
{
    if (path_is_known) {
        exchange_answer_error(exchange, 405, "METHOD_NOT_ALLOWED",
                              "HTTP Method '%s' not allowed. Allowed are %s",
                              exchange->method, allowed_methods(exchange));
    } else {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
    }
}

static bool
find_and_check(struct rehearsal *rehearsal, struct exchange *exchange)
{
    bool known;
    exchange->route = find_route(exchange, &known);
    if (strlen(exchange->uri) > HTTP_SERVER_URI_LIMIT) {
        exchange_answer_error(exchange, 414, "URI_TOO_LONG",
                              "The URI exceeds the maximum length of %d",
                              HTTP_SERVER_URI_LIMIT);
        return false;
    }
    if (!exchange->route) {
        if (api_oauth_check(rehearsal, exchange)) {
            answer_unrouted(exchange, known);
        }
        return false;
    }
    return true;
}

static void
serve_routed(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    unsigned flags = exchange->route->flags;
    bool ours = flags & ROUTE_CONTROL;
    bool open = flags & (ROUTE_OPEN | ROUTE_CONTROL | ROUTE_OWN_SESSION);
    if (!open && !api_oauth_check(rehearsal, exchange)) {
        return;
    }
    bool counted = !ours && !(flags & ROUTE_OPEN);
    if (check_version(exchange) &&
        (!counted || check_limit(rehearsal, exchange)) &&
        check_body(exchange)) {
        exchange->route->serve(rehearsal, exchange, fault);
    }
}

static const char *
call_name(struct exchange *exchange)
{
    return exchange->route->flags & ROUTE_SOAP ? soap_service_call(exchange)
                                               : exchange->route->call;
}

static void
serve(void *cookie, struct exchange *exchange, struct http_spoil *spoil)
{
    struct rehearsal *rehearsal = cookie;
    add_common_headers(rehearsal, exchange);
    if (!find_and_check(rehearsal, exchange)) {
        return;
    }
    struct fault fault = {0};
    if (!(exchange->route->flags & ROUTE_CONTROL)) {
        faults_fire(rehearsal->faults,
                    &(struct fault_call){call_name(exchange), exchange->method,
                                         exchange->path, NULL},
                    &fault);
    }
    if (fault.kind == FAULT_RESTART) {
        log_info("the org restarts at %s", exchange->route->call);
        raise(SIGKILL);
    }
    if (!fault_before(rehearsal, exchange, &fault, spoil)) {
        serve_routed(rehearsal, exchange, &fault);
        fault_after(&fault, spoil);
    }
    if (exchange->route->flags & ROUTE_SOAP) {
        soap_service_reshape(exchange);
    }
}

struct http_service
router_service(struct rehearsal *rehearsal)
{
    return (struct http_service){
        .cookie = rehearsal, .begin = begin, .serve = serve, .admit = admit};
}

void
router_serve_inner(struct rehearsal *rehearsal, struct exchange *inner)
{
    bool known;
    static const struct fault none;
    inner->route = find_route(inner, &known);
    if (!inner->route ||
        (inner->route->flags & (ROUTE_CONTROL | ROUTE_UPLOAD | ROUTE_OPEN))) {
        answer_unrouted(inner, known && !inner->route);
    } else if (check_version(inner)) {
        inner->route->serve(rehearsal, inner, &none);
    }
}
