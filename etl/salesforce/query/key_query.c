/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/key_query.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/mem.h"
#include "salesforce/api_fault.h"
#include "salesforce/api_limits.h"
#include "salesforce/query/bulk2_query.h"
#include "salesforce/query/csv_page.h"
#include "salesforce/query/query.h"
#include "salesforce/query/query_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_AT_ONCE 4
#define WAIT_MS 1000
#define FIRST_POLL_MS 50
#define POLL_LONGEST_MS 5000
/* What stands before the keys, and some air. */
#define REST_QUERY_BYTES 14000
#define JOB_QUERY_BYTES 95000
#define JOB_ANSWER_BYTES ((size_t)64 << 20)
/* For estimates: keys of some ten characters. */
#define REST_KEYS_USUAL 700
#define JOB_KEYS_USUAL 5000
#define JOB_CALLS_USUAL 4

/* One query with the keys from first on, as many as fit. */
struct part {
    struct buffer soql;
    size_t first, count;
};

/* SOQL wants numbers without quotes. What is none goes in quotes, so that a
 * key can never be read as a part of the query. */
static bool
is_bare(enum field_type type, struct slice key)
{
    size_t plain = 0;
    while (plain < key.len && key.ptr[plain] != '\0' &&
           strchr("0123456789+-.eE", key.ptr[plain]) != NULL) {
        plain++;
    }
    return schema_type_is_number(type) && plain == key.len;
}

/* "'O\'Brien'", or a number as it is. */
static void
add_key(struct buffer *soql, enum field_type type, struct slice key)
{
    if (is_bare(type, key)) {
        buffer_append_slice(soql, key);
        return;
    }
    buffer_append_char(soql, '\'');
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        const char *escaped = c == '\''   ? "\\'"
                              : c == '\\' ? "\\\\"
                              : c == '\n' ? "\\n"
                              : c == '\r' ? "\\r"
                              : c == '\t' ? "\\t"
                                          : NULL;
        if (escaped != NULL) {
            buffer_append_text(soql, escaped);
        } else {
            buffer_append_char(soql, c);
        }
    }
    buffer_append_char(soql, '\'');
}

/* As an address spells it, all but letters and digits in three characters. */
static size_t
spelled_size(struct slice text)
{
    size_t size = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9');
        size += plain ? 1 : 3;
    }
    return size;
}

/* Fills the part with the next keys; at least one. */
static void
make_part(const struct key_query *query, struct part *part, size_t first,
          bool is_job)
{
    buffer_reset(&part->soql);
    part->first = first;
    part->count = 0;
    buffer_append_text(&part->soql, "SELECT ");
    for (size_t i = 0; i < query->field_count; i++) {
        buffer_append_text(&part->soql, i > 0 ? "," : "");
        buffer_append_slice(&part->soql, query->fields[i]);
    }
    buffer_printf(&part->soql, " FROM %s WHERE %s IN (", query->object,
                  query->key_field);
    size_t size =
        is_job ? part->soql.len : spelled_size(buffer_slice(&part->soql));
    size_t limit = is_job ? JOB_QUERY_BYTES : REST_QUERY_BYTES;
    while (first + part->count < query->key_count) {
        size_t before = part->soql.len;
        buffer_append_text(&part->soql, part->count > 0 ? "," : "");
        add_key(&part->soql, query->key_type, query->keys[first + part->count]);
        struct slice added = {part->soql.bytes + before,
                              part->soql.len - before};
        size += is_job ? added.len : spelled_size(added);
        if (size > limit && part->count > 0) {
            part->soql.len = before;
            break;
        }
        part->count++;
    }
    buffer_append_char(&part->soql, ')');
}

static bool
ask_by_rest(const struct key_query *query, size_t first, size_t end,
            struct error *err)
{
    struct part part = {0};
    bool going = true;
    while (going && first < end) {
        make_part(query, &part, first, false);
        const struct query page = {
            .session = query->session,
            .soql = buffer_slice(&part.soql),
            .fields = query->fields,
            .field_count = query->field_count,
            .on_record = query->on_record,
            .cookie = query->cookie,
        };
        going = query->may_go_on(err) && query_run(&page, err);
        first += part.count;
    }
    buffer_release(&part.soql);
    return going;
}

enum job_step { JOB_CREATE, JOB_POLL, JOB_RESULT };

/* A query job on its way. */
struct lookup {
    struct part part;
    enum job_step step;
    char id[TICKET_JOB_ID_SIZE];
    char locator[256];
    unsigned polls;
    uint64_t rows;
    int64_t total; /* -1: not said */
    bool is_open;
};

struct lookups {
    const struct key_query *query;
    struct query_calls calls;
    struct lookup open[JOBS_AT_ONCE];
    size_t next;     /* the first key that nobody has asked for */
    bool is_refused; /* no query jobs for this object: REST, then */
};

static void
fill_request(struct lookups *lookups, struct query_call *call)
{
    struct session *session = lookups->query->session;
    struct lookup *lookup = call->cookie;
    switch (lookup->step) {
    case JOB_CREATE:
        bulk2_query_create(&call->request, session,
                           buffer_slice(&lookup->part.soql));
        break;
    case JOB_POLL:
        bulk2_query_read(&call->request, session, lookup->id);
        break;
    case JOB_RESULT:
        bulk2_query_result(&call->request, session, lookup->id, lookup->locator,
                           0, NULL);
        call->request.answer_limit = JOB_ANSWER_BYTES;
        break;
    }
}

static void
take_up(struct lookups *lookups)
{
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        struct lookup *lookup = &lookups->open[i];
        if (lookup->is_open || lookups->next >= lookups->query->key_count) {
            continue;
        }
        make_part(lookups->query, &lookup->part, lookups->next, true);
        lookups->next += lookup->part.count;
        lookup->is_open = true;
        lookup->step = JOB_CREATE;
        lookup->polls = 0;
        lookup->rows = 0;
        lookup->locator[0] = '\0';
        struct query_call *call = query_calls_take(&lookups->calls);
        call->cookie = lookup;
        fill_request(lookups, call);
        query_calls_start(call, 0);
    }
}

static void
go_on(struct lookups *lookups, struct query_call *call, enum job_step step,
      int64_t delay_ms)
{
    struct lookup *lookup = call->cookie;
    lookup->step = step;
    fill_request(lookups, call);
    query_calls_start(call, delay_ms);
}

static bool
take_poll(struct lookups *lookups, struct query_call *call,
          const struct bulk2_job *job, struct error *err)
{
    struct lookup *lookup = call->cookie;
    if (job->state == BULK2_FAILED || job->state == BULK2_ABORTED) {
        return error_set(
            err, ERROR_REMOTE, 0, "the query job %s that looks up keys %s: %s",
            lookup->id, job->state == BULK2_FAILED ? "failed" : "was aborted",
            job->message);
    }
    lookup->total = job->processed;
    if (job->state == BULK2_JOB_COMPLETE) {
        go_on(lookups, call, JOB_RESULT, 0);
        return true;
    }
    int64_t delay_ms = FIRST_POLL_MS;
    for (unsigned i = 0; i < lookup->polls && delay_ms < POLL_LONGEST_MS; i++) {
        delay_ms += delay_ms / 2;
    }
    lookup->polls++;
    go_on(lookups, call, JOB_POLL,
          delay_ms < POLL_LONGEST_MS ? delay_ms : POLL_LONGEST_MS);
    return true;
}

static bool
take_job(struct lookups *lookups, struct query_call *call,
         const struct http_answer *answer, struct error *err)
{
    struct lookup *lookup = call->cookie;
    struct bulk2_job job;
    bool is_new = lookup->step == JOB_CREATE;
    if (!bulk2_client_parse_job(answer, is_new ? NULL : lookup->id, &job,
                                err)) {
        return query_calls_again(call, answer, err);
    }
    memcpy(lookup->id, job.id, sizeof lookup->id);
    return take_poll(lookups, call, &job, err);
}

static bool
close_lookup(struct lookup *lookup, struct error *err)
{
    lookup->is_open = false;
    if (lookup->total >= 0 && lookup->rows != (uint64_t)lookup->total) {
        return error_set(err, ERROR_NETWORK, 0,
                         "the query job %s counted %lld records and sent %llu",
                         lookup->id, (long long)lookup->total,
                         (unsigned long long)lookup->rows);
    }
    return true;
}

struct row_count {
    const struct key_query *query;
    uint64_t rows;
};

static bool
count_record(void *cookie, const struct slice *values, struct error *err)
{
    struct row_count *count = cookie;
    count->rows++;
    return count->query->on_record(count->query->cookie, values, err);
}

/* A page is looked through before a record of it is given out: one that is cut
 * is fetched again. */
static bool
take_result(struct lookups *lookups, struct query_call *call,
            const struct http_answer *answer, struct error *err)
{
    struct lookup *lookup = call->cookie;
    struct row_count count = {.query = lookups->query};
    const struct csv_page page = {
        .bytes = answer->body,
        .fields = lookups->query->fields,
        .field_count = lookups->query->field_count,
        .announced = answer->record_count,
        .on_record = count_record,
        .cookie = &count,
    };
    const char *next;
    bool is_empty = answer->body.len == 0 && answer->record_count == 0;
    if (!bulk2_query_next(answer, &next)) {
        error_set(err, ERROR_NETWORK, 0,
                  "query.result: the answer does not say whether more pages "
                  "follow");
        return query_calls_again(call, answer, err);
    }
    if (!is_empty && !csv_page_check(&page, err)) {
        return query_calls_again(call, answer, err);
    }
    if (!is_empty && !csv_page_read(&page, err)) {
        return false;
    }
    lookup->rows += count.rows;
    if (*next == '\0') {
        return close_lookup(lookup, err);
    }
    snprintf(lookup->locator, sizeof lookup->locator, "%s", next);
    go_on(lookups, call, JOB_RESULT, 0);
    return true;
}

/* The org has no query jobs for the object: then by REST. */
static bool
take_refusal(struct lookups *lookups, struct query_call *call,
             const struct http_answer *answer, struct error *err)
{
    struct lookup *lookup = call->cookie;
    api_fault_set_error(answer, call->request.name, err);
    if (lookup->step != JOB_CREATE || err->kind != ERROR_REMOTE) {
        return false;
    }
    log_info("keys are looked up by REST: %s", err->text);
    error_clear(err);
    lookups->is_refused = true;
    lookup->is_open = false;
    return ask_by_rest(lookups->query, lookup->part.first,
                       lookup->part.first + lookup->part.count, err);
}

static bool
take_answer(struct lookups *lookups, struct query_call *call,
            const struct http_answer *answer, struct error *err)
{
    const struct lookup *lookup = call->cookie;
    if (answer->status >= 300) {
        return take_refusal(lookups, call, answer, err);
    }
    return lookup->step == JOB_RESULT ? take_result(lookups, call, answer, err)
                                      : take_job(lookups, call, answer, err);
}

static bool
is_through(const struct lookups *lookups)
{
    bool open = false;
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        open = open || lookups->open[i].is_open;
    }
    return !open &&
           (lookups->is_refused || lookups->next >= lookups->query->key_count);
}

static bool
ask_by_jobs(struct lookups *lookups, struct error *err)
{
    bool going = true;
    while (going && !is_through(lookups)) {
        struct http_answer answer;
        if (!lookups->is_refused) {
            take_up(lookups);
        }
        struct query_call *call =
            query_calls_next(&lookups->calls, WAIT_MS, &answer, err);
        going = lookups->query->may_go_on(err) && err->kind == ERROR_NONE &&
                (call == NULL || take_answer(lookups, call, &answer, err));
    }
    return going;
}

static bool
wants_jobs(const struct key_query *query)
{
    return query->key_count > KEY_QUERY_REST_KEYS &&
           strtoul(query->session->org->api_version, NULL, 10) >=
               BULK2_QUERY_VERSION;
}

bool
key_query_run(const struct key_query *query, struct error *err)
{
    if (!wants_jobs(query)) {
        return ask_by_rest(query, 0, query->key_count, err);
    }
    struct lookups lookups = {.query = query};
    query_calls_open(&lookups.calls, query->session, JOBS_AT_ONCE);
    bool done = ask_by_jobs(&lookups, err);
    query_calls_close(&lookups.calls);
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        buffer_release(&lookups.open[i].part.soql);
    }
    return done && ask_by_rest(query, lookups.next, query->key_count, err);
}

uint64_t
key_query_calls(uint64_t key_count, uint64_t *jobs)
{
    *jobs = 0;
    if (key_count <= KEY_QUERY_REST_KEYS) {
        return (key_count + REST_KEYS_USUAL - 1) / REST_KEYS_USUAL;
    }
    *jobs = (key_count + JOB_KEYS_USUAL - 1) / JOB_KEYS_USUAL;
    return *jobs * JOB_CALLS_USUAL;
}
