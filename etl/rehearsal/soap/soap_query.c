/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_query.h"

#include "rehearsal/soap/soap_reply.h"
#include "rehearsal/soql/soql.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAGE_ROWS = 500, PAGE_ROWS_LEAST = 200, PAGE_ROWS_MOST = 2000 };

struct page {
    const char *response;
    const char *text; /* the query */
    bool include_deleted;
    uint64_t first;
    char cursor[19]; /* "" while it has none */
};

static uint64_t
page_rows(const struct soap_request *request)
{
    unsigned rows = request->batch_size ? request->batch_size : PAGE_ROWS;
    return rows < PAGE_ROWS_LEAST  ? PAGE_ROWS_LEAST
           : rows > PAGE_ROWS_MOST ? PAGE_ROWS_MOST
                                   : rows;
}

static void append_record(struct buffer *out, const char *name, json_t *record);

/* REST's times end in +0000, those of SOAP in Z. */
static void
append_value(struct buffer *out, const char *name, json_t *value)
{
    char element[128], text[64];
    snprintf(element, sizeof element, "sf:%.100s", name);
    if (json_is_object(value)) {
        append_record(out, element, value);
        return;
    }
    if (json_is_string(value)) {
        const char *string = json_string_value(value);
        size_t len = strlen(string);
        bool is_time =
            len == 28 && string[10] == 'T' && strcmp(string + 23, "+0000") == 0;
        if (is_time) {
            snprintf(text, sizeof text, "%.23sZ", string);
        }
        soap_reply_element(out, element, is_time ? text : string);
        return;
    }
    char *scalar =
        json_is_null(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    soap_reply_element(out, element, scalar);
    free(scalar);
}

/* Id comes twice: once as the record's own, which the WSDL wants, and once
 * where the query names it. */
static void
append_record(struct buffer *out, const char *name, json_t *record)
{
    const char *key;
    json_t *value;
    const char *type = json_string_value(
        json_object_get(json_object_get(record, "attributes"), "type"));
    buffer_printf(out, "<%s xsi:type=\"sf:sObject\">", name);
    soap_reply_element(out, "sf:type", type ? type : "");
    soap_reply_element(out, "sf:Id",
                       json_string_value(json_object_get(record, "Id")));
    json_object_foreach(record, key, value)
    {
        if (strcmp(key, "attributes") != 0) {
            append_value(out, key, value);
        }
    }
    buffer_printf(out, "</%s>", name);
}

static bool
append_records(struct exchange *exchange, struct soql_query *query,
               uint64_t first, uint64_t count, struct error *err)
{
    struct buffer text = {0};
    buffer_append_char(&text, '[');
    bool fine =
        count == 0 || soql_append_json(query, router_version_text(exchange),
                                       first, count, &text, err);
    buffer_append_char(&text, ']');
    json_t *list = fine ? json_loadb(text.bytes, text.len, 0, NULL) : NULL;
    size_t i;
    json_t *record;
    json_array_foreach(list, i, record)
    {
        append_record(&exchange->answer, "records", record);
    }
    json_decref(list);
    buffer_release(&text);
    return fine;
}

/* Where queryMore goes on: "01g…-500". */
static bool
keep_cursor(struct rehearsal *rehearsal, struct exchange *exchange,
            struct page *page, struct error *err)
{
    if (page->cursor[0]) {
        return true;
    }
    struct slice value =
        arena_printf(&exchange->arena, "%c%s",
                     page->include_deleted ? '1' : '0', page->text);
    return store_new_id(rehearsal->store, "01g", page->cursor, err) &&
           store_put_item(rehearsal->store, "soap-cursor", page->cursor, value,
                          err);
}

static bool
answer_page(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct soap_request *request, struct page *page,
            struct soql_query *query, struct error *err)
{
    struct buffer *out = &exchange->answer;
    uint64_t all = soql_count(query), rows = page_rows(request);
    uint64_t left =
        soql_is_count(query) || page->first >= all ? 0 : all - page->first;
    bool done = left <= rows;
    char locator[48] = "";
    if (!done) {
        if (!keep_cursor(rehearsal, exchange, page, err)) {
            return false;
        }
        snprintf(locator, sizeof locator, "%s-%llu", page->cursor,
                 (unsigned long long)(page->first + rows));
    }
    soap_reply_begin(rehearsal, exchange, page->response);
    buffer_append_text(out, "<result xsi:type=\"QueryResult\">");
    soap_reply_element(out, "done", done ? "true" : "false");
    soap_reply_element(out, "queryLocator", done ? NULL : locator);
    if (!append_records(exchange, query, page->first, done ? left : rows,
                        err)) {
        return false;
    }
    buffer_printf(out, "<size>%llu</size></result>", (unsigned long long)all);
    soap_reply_end(exchange, page->response);
    return true;
}

static const char *
fault_kind(const char *code)
{
    return strcmp(code, "INVALID_FIELD") == 0     ? "InvalidFieldFault"
           : strcmp(code, "INVALID_TYPE") == 0    ? "InvalidSObjectFault"
           : strcmp(code, "MALFORMED_QUERY") == 0 ? "MalformedQueryFault"
                                                  : "UnexpectedErrorFault";
}

static void
serve_page(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct soap_request *request, struct page *page)
{
    struct org_fault fault = {0};
    struct error err = {0};
    struct soql_query *query = soql_open(rehearsal->store, slice_of(page->text),
                                         page->include_deleted, &fault, &err);
    if (!query && fault.code) {
        soap_reply_fault(exchange, fault_kind(fault.code), fault.code, "%s",
                         fault.text);
    } else if (!query ||
               !answer_page(rehearsal, exchange, request, page, query, &err)) {
        soap_reply_fault(exchange, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION",
                         "An unexpected error occurred.");
    }
    soql_close(query);
}

static const char *
read_member(struct exchange *exchange, const struct soap_request *request,
            const char *name)
{
    const char *const names[] = {name, NULL};
    const char *text = NULL;
    return soap_request_members(exchange, request->call, SOAP_REQUEST_PARTNER,
                                names, &text) &&
                   text
               ? text
               : NULL;
}

static void
serve_query(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct soap_request *request, struct page *page)
{
    page->text = read_member(exchange, request, "queryString");
    if (page->text) {
        serve_page(rehearsal, exchange, request, page);
    } else if (exchange->status == 0) {
        soap_reply_fault(exchange, "MalformedQueryFault", "MALFORMED_QUERY",
                         "A query string has to be specified");
    }
}

void
soap_query_run(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct soap_request *request)
{
    struct page page = {.response = "queryResponse"};
    serve_query(rehearsal, exchange, request, &page);
}

void
soap_query_all(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct soap_request *request)
{
    struct page page = {.response = "queryAllResponse",
                        .include_deleted = true};
    serve_query(rehearsal, exchange, request, &page);
}

static bool
find_cursor(struct rehearsal *rehearsal, struct exchange *exchange,
            const char *locator, struct page *page)
{
    struct error err = {0};
    struct slice kept = {0};
    const char *dash = locator ? strchr(locator, '-') : NULL;
    if (!dash || (size_t)(dash - locator) != sizeof page->cursor - 1 ||
        !slice_to_u64(slice_of(dash + 1), &page->first)) {
        return false;
    }
    memcpy(page->cursor, locator, sizeof page->cursor - 1);
    if (!store_get_item(rehearsal->store, "soap-cursor", page->cursor,
                        &exchange->arena, &kept, &err) ||
        kept.len == 0) {
        return false;
    }
    page->include_deleted = kept.ptr[0] == '1';
    page->text = arena_strdup(&exchange->arena,
                              (struct slice){kept.ptr + 1, kept.len - 1});
    return true;
}

void
soap_query_more(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct soap_request *request)
{
    struct page page = {.response = "queryMoreResponse"};
    const char *locator = read_member(exchange, request, "queryLocator");
    if (find_cursor(rehearsal, exchange, locator, &page)) {
        serve_page(rehearsal, exchange, request, &page);
    } else if (exchange->status == 0) {
        soap_reply_fault(exchange, "InvalidQueryLocatorFault",
                         "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
}
