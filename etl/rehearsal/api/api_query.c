/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_query.h"

#include "base/mem.h"
#include "rehearsal/api/api_record.h"
#include "rehearsal/soql/soql.h"

#include <pthread.h>
#include <stdlib.h>

enum { CURSOR_LIMIT = 10, PAGE_ROWS = 2000, PAGE_ROWS_LEAST = 200 };

struct query_cursors {
    pthread_mutex_t lock;
    struct {
        char id[19];
        struct soql_query *query;
    } open[CURSOR_LIMIT];
    size_t next; /* the oldest */
};

struct query_cursors *
api_query_open(void)
{
    struct query_cursors *cursors = mem_zalloc(sizeof *cursors);
    pthread_mutex_init(&cursors->lock, NULL);
    return cursors;
}

void
api_query_close(struct query_cursors *cursors)
{
    if (!cursors) {
        return;
    }
    for (size_t i = 0; i < CURSOR_LIMIT; i++) {
        soql_close(cursors->open[i].query);
    }
    pthread_mutex_destroy(&cursors->lock);
    free(cursors);
}

/* "Sforce-Query-Options: batchSize=500" */
static uint64_t
page_rows(const struct exchange *exchange)
{
    const char *options = exchange_header(exchange, "Sforce-Query-Options");
    const char *size = options ? strstr(options, "batchSize=") : NULL;
    long rows = size ? strtol(size + 10, NULL, 10) : PAGE_ROWS;
    if (rows < PAGE_ROWS_LEAST) {
        return PAGE_ROWS_LEAST;
    }
    return rows > PAGE_ROWS ? PAGE_ROWS : (uint64_t)rows;
}

/* One page. cursor is the id under which the rest is found. */
static bool
answer_page(struct exchange *exchange, struct soql_query *query,
            const char *cursor, uint64_t first)
{
    struct error err = {0};
    uint64_t all = soql_count(query), rows = page_rows(exchange);
    uint64_t shown = soql_is_count(query) || first >= all ? 0 : all - first;
    bool done = shown <= rows;
    shown = done ? shown : rows;
    exchange_answer_text(exchange, 200, "application/json;charset=UTF-8", "");
    struct buffer *out = &exchange->answer;
    buffer_printf(out, "{\"totalSize\":%llu,\"done\":%s,",
                  (unsigned long long)all, done ? "true" : "false");
    if (!done) {
        buffer_printf(out,
                      "\"nextRecordsUrl\":\"/services/data/v%s/query/"
                      "%s-%llu\",",
                      router_version_text(exchange), cursor,
                      (unsigned long long)(first + shown));
    }
    buffer_append_text(out, "\"records\":[");
    if (shown > 0 && !soql_append_json(query, router_version_text(exchange),
                                       first, shown, out, &err)) {
        api_record_answer_failure(exchange, &err);
        return true;
    }
    buffer_append_text(out, "]}");
    return done;
}

static void
keep_cursor(struct query_cursors *cursors, const char *id,
            struct soql_query *query)
{
    size_t at = cursors->next;
    cursors->next = (at + 1) % CURSOR_LIMIT;
    soql_close(cursors->open[at].query);
    cursors->open[at].query = query;
    memcpy(cursors->open[at].id, id, sizeof cursors->open[at].id);
}

static void
run_query(struct rehearsal *rehearsal, struct exchange *exchange, bool all)
{
    const char *text = exchange_parameter(exchange, "q");
    struct org_fault fault = {0};
    struct error err = {0};
    char id[19];
    if (!text) {
        exchange_answer_error(exchange, 400, "MALFORMED_QUERY",
                              "A query string has to be specified");
        return;
    }
    struct soql_query *query =
        soql_open(rehearsal->store, slice_of(text), all, &fault, &err);
    if (!query && fault.code) {
        exchange_answer_error(exchange, 400, fault.code, "%s", fault.text);
        return;
    }
    if (!query || !store_new_id(rehearsal->store, "01g", id, &err)) {
        soql_close(query);
        api_record_answer_failure(exchange, &err);
        return;
    }
    struct query_cursors *cursors = rehearsal->cursors;
    pthread_mutex_lock(&cursors->lock);
    if (answer_page(exchange, query, id, 0)) {
        soql_close(query);
    } else {
        keep_cursor(cursors, id, query);
    }
    pthread_mutex_unlock(&cursors->lock);
}

static void
serve_query(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct fault *fault)
{
    (void)fault;
    run_query(rehearsal, exchange, false);
}

static void
serve_query_all(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct fault *fault)
{
    (void)fault;
    run_query(rehearsal, exchange, true);
}

/* "01g…-2000" */
static void
serve_more(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct fault *fault)
{
    (void)fault;
    struct query_cursors *cursors = rehearsal->cursors;
    const char *locator = exchange->captures[0];
    const char *dash = strchr(locator, '-');
    uint64_t first = 0;
    bool found = false;
    pthread_mutex_lock(&cursors->lock);
    for (size_t i = 0; dash && i < CURSOR_LIMIT && !found; i++) {
        struct soql_query *query = cursors->open[i].query;
        if (query && strlen(cursors->open[i].id) == (size_t)(dash - locator) &&
            strncmp(cursors->open[i].id, locator, (size_t)(dash - locator)) ==
                0 &&
            slice_to_u64(slice_of(dash + 1), &first)) {
            answer_page(exchange, query, cursors->open[i].id, first);
            found = true;
        }
    }
    pthread_mutex_unlock(&cursors->lock);
    if (!found) {
        exchange_answer_error(exchange, 400, "INVALID_QUERY_LOCATOR",
                              "invalid query locator");
    }
}

#define DATA "/services/data/v*"

const struct route api_query_routes[] = {
    {"rest.query", "GET", DATA "/query", serve_query, 0},
    {"rest.query.all", "GET", DATA "/queryAll", serve_query_all, 0},
    {"rest.query.more", "GET", DATA "/query/*", serve_more, 0},
    {"rest.query.more", "GET", DATA "/queryAll/*", serve_more, 0},
    {0},
};
