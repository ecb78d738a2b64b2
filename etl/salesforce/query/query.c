/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/query.h"

#include "base/mem.h"
#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"

#include <stdio.h>
#include <stdlib.h>

#define NUMBER_SIZE 32
#define PAGE_TRIES 3

/* How far a query got. */
struct progress {
    uint64_t records;
    int64_t total; /* -1: not said */
    bool is_stopped;
};

/* One field of one record; numbers and booleans are spelled into spelled. */
struct cell {
    const json_t *value;
    char spelled[NUMBER_SIZE];
};

static json_t *
member(json_t *object, struct slice name)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (slice_is_nocase(name, key)) {
            return value;
        }
    }
    return NULL;
}

/* Leads through parents; a parent that is null has null fields. NULL: there is
 * no such member. */
static json_t *
find_value(json_t *record, struct slice path)
{
    json_t *at = record;
    while (at != NULL && !json_is_null(at)) {
        const char *dot = memchr(path.ptr, '.', path.len);
        size_t len = dot ? (size_t)(dot - path.ptr) : path.len;
        at = member(at, (struct slice){path.ptr, len});
        if (dot == NULL) {
            return at;
        }
        path.ptr += len + 1;
        path.len -= len + 1;
    }
    return at;
}

/* With as few digits as tell it from every other number. */
static void
spell_real(double value, char text[NUMBER_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

static struct slice
spell(struct cell *cell)
{
    const json_t *value = cell->value;
    if (json_is_string(value)) {
        return (struct slice){json_string_value(value),
                              json_string_length(value)};
    }
    if (json_is_integer(value)) {
        snprintf(cell->spelled, sizeof cell->spelled, "%lld",
                 (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        spell_real(json_real_value(value), cell->spelled);
    } else if (json_is_boolean(value)) {
        snprintf(cell->spelled, sizeof cell->spelled, "%s",
                 json_is_true(value) ? "true" : "false");
    } else {
        return (struct slice){NULL, 0};
    }
    return slice_of(cell->spelled);
}

static bool
take_record(const struct query *query, json_t *record, struct cell *cells,
            struct slice *values, struct error *err)
{
    for (size_t i = 0; i < query->field_count; i++) {
        cells[i].value = find_value(record, query->fields[i]);
        if (cells[i].value == NULL || json_is_object(cells[i].value)) {
            return error_set(err, ERROR_CONFIG, 0,
                             "the query's records have no field '%.*s'; it "
                             "must be among what the query selects",
                             SLICE_ARGS(query->fields[i]));
        }
        values[i] = spell(&cells[i]);
    }
    return query->on_record(query->cookie, values, err);
}

static bool
take_page(const struct query *query, const json_t *page,
          struct progress *progress, struct error *err)
{
    const json_t *records = json_object_get(page, "records");
    if (!json_is_array(records)) {
        return error_set(err, ERROR_NETWORK, 0,
                         "query: the answer holds no records");
    }
    struct cell *cells = mem_array(query->field_count, sizeof *cells);
    struct slice *values = mem_array(query->field_count, sizeof *values);
    bool going = true;
    for (size_t i = 0; going && i < json_array_size(records); i++) {
        going =
            take_record(query, json_array_get(records, i), cells, values, err);
        progress->records += going;
    }
    free(cells);
    free(values);
    return going;
}

/* "/services/data/v64.0/query/01g…-2000", from outside: only a page of a query
 * of this org is fetched. *request has its url then. */
static bool
set_next_url(const struct query *query, struct http_request *request,
             const char *next, struct error *err)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_./";
    if (strncmp(next, "/services/data/", 15) != 0 ||
        next[strspn(next, plain)] != '\0' || strstr(next, "..") != NULL) {
        return error_set(err, ERROR_NETWORK, 0,
                         "query: the answer names no next page that can be "
                         "asked for");
    }
    http_request_set_url(request, "%s%s", query->session->instance_url, next);
    return true;
}

static bool
set_first_url(const struct query *query, struct http_request *request,
              struct error *err)
{
    const char *escaped = http_request_escape(request, query->soql);
    if (strlen(escaped) > QUERY_URL_BYTES) {
        return error_set(err, ERROR_CONFIG, 0,
                         "the query is too long for one call (%zu bytes of at "
                         "most %d)",
                         strlen(escaped), QUERY_URL_BYTES);
    }
    session_set_url(query->session, request, "/query?q=%s", escaped);
    return true;
}

/* On the first page. False: the asker has heard enough. */
static bool
tell_total(const struct query *query, const json_t *page,
           struct progress *progress)
{
    progress->total = answer_json_count(page, "totalSize");
    progress->is_stopped =
        progress->total >= 0 && query->on_total != NULL &&
        !query->on_total(query->cookie, (uint64_t)progress->total);
    return !progress->is_stopped;
}

/* *done behind the last page. */
static bool
take_answer(const struct query *query, struct http_request *request,
            const json_t *page, struct progress *progress, bool *done,
            struct error *err)
{
    *done = true;
    if (progress->total < 0 && !tell_total(query, page, progress)) {
        return true;
    }
    if (!take_page(query, page, progress, err)) {
        return false;
    }
    const char *next = answer_json_text(page, "nextRecordsUrl");
    *done = next == NULL;
    if (*done && !answer_json_bool(page, "done")) {
        return error_set(err, ERROR_NETWORK, 0,
                         "query: the answer is not the last page and names "
                         "no next one");
    }
    return *done || set_next_url(query, request, next, err);
}

/* A page that is no JSON was cut or is a gateway's: asked for again. */
static json_t *
fetch_page(const struct query *query, struct http_request *request,
           struct error *err)
{
    json_t *page = NULL;
    for (int tries = 0; page == NULL && tries < PAGE_TRIES; tries++) {
        struct http_answer answer;
        error_clear(err);
        if (!session_call(query->session, request, &answer, err)) {
            return NULL;
        }
        page = answer_json_parse(answer.body, "query", err);
    }
    return page;
}

static bool
check_count(const struct progress *progress, struct error *err)
{
    if (progress->total < 0 || progress->is_stopped ||
        progress->records == (uint64_t)progress->total) {
        return true;
    }
    return error_set(err, ERROR_NETWORK, 0,
                     "query: the org announced %lld records and sent %llu",
                     (long long)progress->total,
                     (unsigned long long)progress->records);
}

bool
query_run(const struct query *query, struct error *err)
{
    struct http_request request = {
        .name = "query",
        .method = "GET",
        .needs_session = true,
        .answer_limit = QUERY_ANSWER_BYTES,
    };
    struct progress progress = {.total = -1};
    bool done = false;
    bool going = set_first_url(query, &request, err);
    while (going && !done) {
        json_t *page = fetch_page(query, &request, err);
        going = page != NULL &&
                take_answer(query, &request, page, &progress, &done, err);
        json_decref(page);
    }
    http_request_release(&request);
    return going && check_count(&progress, err);
}
