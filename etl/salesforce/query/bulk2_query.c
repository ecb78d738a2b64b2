/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/bulk2_query.h"

#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
begin(struct http_request *request, const char *name, const char *method)
{
    http_request_reset(request);
    request->name = name;
    request->method = method;
    request->needs_session = true;
    request->answer_limit = API_JOB_ANSWER_BYTES;
}

void
bulk2_query_create(struct http_request *request, const struct session *session,
                   struct slice soql)
{
    begin(request, "query.create", "POST");
    session_set_url(session, request, "/jobs/query");
    json_t *json = json_object(); /* keeps the members' order */
    json_object_set_new(json, "operation", json_string("query"));
    json_object_set_new(json, "query", json_stringn(soql.ptr, soql.len));
    char *text = json_dumps(json, JSON_COMPACT);
    request->body = arena_copy(&request->arena, slice_of(text ? text : "{}"));
    free(text);
    json_decref(json);
    http_request_add_header(request, "Content-Type",
                            "application/json; charset=UTF-8");
}

void
bulk2_query_read(struct http_request *request, const struct session *session,
                 const char *job_id)
{
    begin(request, "query.poll", "GET");
    session_set_url(session, request, "/jobs/query/%s", job_id);
}

void
bulk2_query_pages(struct http_request *request, const struct session *session,
                  const char *job_id, const char *locator)
{
    begin(request, "query.pages", "GET");
    const char *escaped = http_request_escape(request, slice_of(locator));
    session_set_url(session, request, "/jobs/query/%s/resultPages%s%s", job_id,
                    *escaped != '\0' ? "?locator=" : "", escaped);
}

void
bulk2_query_result(struct http_request *request, const struct session *session,
                   const char *job_id, const char *locator, uint64_t max_rows,
                   const char *path)
{
    begin(request, "query.result", "GET");
    const char *escaped = http_request_escape(request, slice_of(locator));
    bool has_locator = *escaped != '\0';
    char rows[40] = "";
    if (max_rows > 0) {
        snprintf(rows, sizeof rows, "%cmaxRecords=%llu",
                 has_locator ? '&' : '?', (unsigned long long)max_rows);
    }
    session_set_url(session, request, "/jobs/query/%s/results%s%s%s", job_id,
                    has_locator ? "?locator=" : "", escaped, rows);
    http_request_add_header(request, "Accept", "text/csv");
    if (path != NULL) {
        request->answer_path = arena_strdup(&request->arena, slice_of(path));
    }
    request->answer_limit = BULK2_RESULT_BYTES;
}

/* Base64 of any kind, or whatever the org makes of a position. */
static bool
is_locator(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-_+/=.~", c) != NULL);
        if (!plain) {
            return false;
        }
    }
    return text.len > 0 && text.len < 256;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* Percent signs away; NULL when it is no locator. */
static const char *
unescape(struct arena *arena, struct slice text)
{
    char *out = arena_bytes(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = -1, low = -1;
        if (text.ptr[i] == '%' && i + 2 < text.len) {
            high = hex_digit(text.ptr[i + 1]);
            low = hex_digit(text.ptr[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            out[len++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[len++] = text.ptr[i];
        }
    }
    out[len] = '\0';
    return is_locator((struct slice){out, len}) ? out : NULL;
}

/* "/services/data/v64.0/jobs/query/750…/results?locator=MTAw": its locator,
 * "" where it has none; NULL when that is spoiled. */
static const char *
locator_of(struct arena *arena, const char *url)
{
    const char *at = strstr(url, "locator=");
    if (at == NULL) {
        return "";
    }
    at += strlen("locator=");
    return unescape(arena, (struct slice){at, strcspn(at, "&#")});
}

static bool
read_pages(const json_t *json, struct arena *arena, struct bulk2_pages *pages)
{
    const json_t *list = json_object_get(json, "resultPages");
    if (!json_is_array(list)) {
        return false;
    }
    pages->locators =
        arena_array(arena, json_array_size(list) + 1, sizeof(char *));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *url =
            answer_json_text(json_array_get(list, i), "resultUrl");
        const char *locator = url != NULL ? locator_of(arena, url) : NULL;
        if (locator == NULL) {
            return false;
        }
        pages->locators[pages->count++] = locator;
    }
    if (answer_json_bool(json, "done")) {
        return true;
    }
    /* The guide spells it both ways. */
    const char *more = answer_json_text(json, "nextRecordsUrl");
    more = more != NULL ? more : answer_json_text(json, "nextRecordUrl");
    pages->next = more != NULL ? locator_of(arena, more) : NULL;
    return pages->next != NULL && *pages->next != '\0' && pages->count > 0;
}

bool
bulk2_query_parse_pages(struct slice answer, struct arena *arena,
                        struct bulk2_pages *pages, struct error *err)
{
    *pages = (struct bulk2_pages){0};
    json_t *json = answer_json_parse(answer, "query.pages", err);
    if (json == NULL) {
        return false;
    }
    bool done = read_pages(json, arena, pages);
    json_decref(json);
    return done || error_set(err, ERROR_NETWORK, 0,
                             "query.pages: the answer names no pages that "
                             "can be asked for");
}

bool
bulk2_query_next(const struct http_answer *answer, const char **locator)
{
    if (strcmp(answer->locator, "null") == 0) {
        *locator = "";
        return true;
    }
    *locator = answer->locator;
    return is_locator(slice_of(answer->locator));
}
