/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_bulk2_query.h"

#include "rehearsal/api/api_bulk2.h"
#include "rehearsal/api/api_bulk2_create.h"
#include "rehearsal/soql/soql.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

enum {
    /* Of a query's results, where the client names none (unconfirmed). */
    PAGE_ROWS = 100000,
    QUERY_LIMIT = 100000, /* characters of a SOQL text */
    VERSION_QUERY = 470
};

/* Runs it once to say at once what is wrong; fills the object. */
static bool
check_query(struct rehearsal *rehearsal, struct exchange *exchange,
            struct slice text, struct job *job)
{
    struct org_fault fault = {0};
    struct error err = {0};
    struct soql_query *query =
        soql_open(rehearsal->store, text,
                  strcmp(job->operation, "queryAll") == 0, &fault, &err);
    if (!query) {
        exchange_answer_error(exchange, fault.code ? 400 : 500,
                              fault.code ? fault.code : "UNKNOWN_EXCEPTION",
                              "%s", fault.code ? fault.text : err.text);
        return false;
    }
    snprintf(job->object, sizeof job->object, "%s", soql_object(query)->name);
    bool bulk = !(soql_object(query)->flags & OBJECT_NO_BULK);
    if (!bulk) {
        exchange_answer_error(exchange, 400, "INVALIDENTITY",
                              "InvalidEntity : Entity '%s' is not supported "
                              "by the Bulk API.",
                              job->object);
    }
    soql_close(query);
    return bulk;
}

static void
serve_create_query(struct rehearsal *rehearsal, struct exchange *exchange,
                   const struct fault *fault)
{
    (void)fault;
    static const char *const known[] = {"operation",   "query",
                                        "contentType", "columnDelimiter",
                                        "lineEnding",  NULL};
    struct error err = {0};
    struct job job = {.version = exchange->version, .is_query = true};
    char type[32] = "CSV";
    if (exchange->version < VERSION_QUERY) {
        api_bulk2_answer_no_job(exchange);
        return;
    }
    json_t *body = exchange_json(exchange);
    const char *text = json_string_value(json_object_get(body, "query"));
    bool fine =
        body && api_bulk2_create_members(exchange, body, known) &&
        api_bulk2_create_text(exchange, body, "operation", job.operation,
                              sizeof job.operation) &&
        api_bulk2_create_text(exchange, body, "columnDelimiter", job.delimiter,
                              sizeof job.delimiter) &&
        api_bulk2_create_text(exchange, body, "lineEnding", job.line_ending,
                              sizeof job.line_ending) &&
        api_bulk2_create_text(exchange, body, "contentType", type,
                              sizeof type) &&
        api_bulk2_create_format(exchange, &job, type);
    bool known_operation = strcmp(job.operation, "query") == 0 ||
                           strcmp(job.operation, "queryAll") == 0;
    if (fine && (!text || strlen(text) > QUERY_LIMIT || !known_operation)) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : operation and query are required");
        fine = false;
    }
    fine = fine && check_query(rehearsal, exchange, slice_of(text), &job);
    if (fine) {
        store_count(rehearsal->store, STORE_BULK_QUERY_JOBS, 1);
        if (job_engine_create(rehearsal->jobs, &job, slice_of(text), &err)) {
            json_t *info = api_bulk2_head(rehearsal, &job);
            api_bulk2_add_format(info, &job);
            exchange_answer_json(exchange, 200, info);
        } else {
            api_bulk2_answer_failure(exchange);
        }
    }
    json_decref(body);
}

/* A locator is the position in base64, without its padding. */
static void
write_locator(uint64_t position, char text[32])
{
    char digits[24];
    int len =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)position);
    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)digits, len);
    text[strcspn(text, "=")] = '\0';
}

static bool
read_locator(const char *text, uint64_t *position)
{
    unsigned char digits[48];
    char padded[64];
    size_t len = strlen(text);
    if (len == 0 || len > 32) {
        return false;
    }
    snprintf(padded, sizeof padded, "%s%.*s", text, (int)((4 - len % 4) % 4),
             "===");
    int size = EVP_DecodeBlock(digits, (const unsigned char *)padded,
                               (int)strlen(padded));
    size_t count = 0;
    while (size > 0 && count < (size_t)size && digits[count] != '\0') {
        count++;
    }
    return slice_to_u64((struct slice){(const char *)digits, count}, position);
}

/* Rows [first, first + count) of the pages file, with the header before. */
static bool
read_page(struct rehearsal *rehearsal, struct exchange *exchange,
          const struct job *job, uint64_t first, uint64_t count)
{
    struct arena *arena = &exchange->arena;
    int index = open(job_engine_query_path(rehearsal->jobs, job, true, arena),
                     O_RDONLY | O_CLOEXEC);
    int pages = open(job_engine_query_path(rehearsal->jobs, job, false, arena),
                     O_RDONLY | O_CLOEXEC);
    uint64_t header = 0, begin = 0, end = 0;
    ssize_t word = sizeof header;
    bool fine = index >= 0 && pages >= 0 &&
                pread(index, &header, 8, 0) == word &&
                pread(index, &begin, 8, (off_t)(first * 8)) == word &&
                pread(index, &end, 8, (off_t)((first + count) * 8)) == word;
    size_t size = fine ? (size_t)(header + end - begin) : 0;
    exchange_answer_empty(exchange, 200);
    exchange->content_type = "text/csv";
    char *bytes = fine ? buffer_reserve(&exchange->answer, size) : NULL;
    fine = fine && (bytes || size == 0) &&
           pread(pages, bytes, (size_t)header, 0) == (ssize_t)header &&
           pread(pages, bytes + header, (size_t)(end - begin), (off_t)begin) ==
               (ssize_t)(end - begin);
    exchange->answer.len += fine ? size : 0;
    if (index >= 0) {
        close(index);
    }
    if (pages >= 0) {
        close(pages);
    }
    return fine;
}

static void
serve_query_results(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct fault *fault)
{
    (void)fault;
    struct job job;
    const char *locator = exchange_parameter(exchange, "locator");
    const char *most = exchange_parameter(exchange, "maxRecords");
    uint64_t first = 0, limit = PAGE_ROWS;
    if (!api_bulk2_find(rehearsal, exchange, true, &job)) {
        return;
    }
    if (job.state != JOB_COMPLETE) {
        exchange_answer_error(exchange, 400, "INVALIDJOBSTATE",
                              "Results are not available while the job is "
                              "%s",
                              job_state_name(job.state));
        return;
    }
    if ((locator && !read_locator(locator, &first)) || first > job.processed ||
        (most && (!slice_to_u64(slice_of(most), &limit) || limit == 0))) {
        exchange_answer_error(exchange, 400, "INVALID_QUERY_LOCATOR",
                              "invalid query locator or maxRecords");
        return;
    }
    limit = limit < PAGE_ROWS ? limit : PAGE_ROWS;
    uint64_t left = job.processed - first;
    uint64_t count = left < limit ? left : limit;
    if (!read_page(rehearsal, exchange, &job, first, count)) {
        api_bulk2_answer_failure(exchange);
        return;
    }
    char text[32] = "null";
    if (count < left) {
        write_locator(first + count, text);
    }
    exchange_add_header(exchange, "Sforce-Locator", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    exchange_add_header(exchange, "Sforce-NumberOfRecords", text);
}

/* 58.0 and later: the addresses of pages that can be fetched in parallel. */
static void
serve_result_pages(struct rehearsal *rehearsal, struct exchange *exchange,
                   const struct fault *fault)
{
    (void)fault;
    enum { PAGES_AT_ONCE = 5, PARALLEL_VERSION = 580 };
    struct job job;
    uint64_t first = 0;
    const char *locator = exchange_parameter(exchange, "locator");
    if (!api_bulk2_find(rehearsal, exchange, true, &job)) {
        return;
    }
    if (job.state != JOB_COMPLETE || exchange->version < PARALLEL_VERSION ||
        (locator && !read_locator(locator, &first))) {
        api_bulk2_answer_no_job(exchange);
        return;
    }
    json_t *pages = json_array();
    char text[32];
    for (int i = 0; i < PAGES_AT_ONCE; i++, first += PAGE_ROWS) {
        if (first >= job.processed && first > 0) {
            break;
        }
        write_locator(first, text);
        json_array_append_new(
            pages, json_pack("{s:o}", "resultUrl",
                             json_sprintf("/services/data/v%d.0/jobs/query/"
                                          "%s/results?locator=%s",
                                          job.version / 10, job.id, text)));
    }
    bool done = first >= job.processed;
    json_t *answer =
        json_pack("{s:o, s:b}", "resultPages", pages, "done", done);
    if (!done) {
        write_locator(first, text);
        json_object_set_new(
            answer, "nextRecordsUrl",
            json_sprintf("/services/data/v%d.0/jobs/query/%s/resultPages"
                         "?locator=%s",
                         job.version / 10, job.id, text));
    }
    exchange_answer_json(exchange, 200, answer);
}

#define QUERY "/services/data/v*/jobs/query"

const struct route api_bulk2_query_routes[] = {
    {"bulk2.query.create", "POST", QUERY, serve_create_query, 0},
    {"bulk2.query.list", "GET", QUERY, api_bulk2_list, 0},
    {"bulk2.query.close", "PATCH", QUERY "/*", api_bulk2_patch, 0},
    {"bulk2.query.status", "GET", QUERY "/*", api_bulk2_info, 0},
    {"bulk2.query.delete", "DELETE", QUERY "/*", api_bulk2_delete, 0},
    {"bulk2.query.results", "GET", QUERY "/*/results", serve_query_results, 0},
    {"bulk2.query.pages", "GET", QUERY "/*/resultPages", serve_result_pages, 0},
    {0},
};
