/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/call_settle.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "model/chunk_replay.h"
#include "salesforce/answer_json.h"
#include "salesforce/api_limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* CreatedDate and the Date header count seconds, each cut off. */
#define MARGIN_MS 2000
#define ID_SHORT 15

static char *
asked_path(const struct sink_files *files, uint64_t call)
{
    return mem_printf("%s.answers/%04llu.asked", files->spool_prefix,
                      (unsigned long long)call);
}

struct searching {
    const struct load *load;
    uint64_t first, end, row;
    bool has_keys;
};

static bool
row_has_key(const struct load *load, const struct slice *fields)
{
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].is_unique && fields[i].len > 0 &&
            !slice_is(fields[i], "#N/A")) {
            return true;
        }
    }
    return false;
}

static bool
look_at_row(void *cookie, const struct slice *fields)
{
    struct searching *searching = cookie;
    if (searching->row >= searching->first &&
        !row_has_key(searching->load, fields)) {
        searching->has_keys = false;
    }
    searching->row++;
    return searching->has_keys && searching->row < searching->end;
}

bool
call_settle_has_keys(const struct load *load, const struct sink_files *files,
                     uint64_t first, uint64_t count, bool *has_keys,
                     struct error *err)
{
    struct searching searching = {
        .load = load, .first = first, .end = first + count, .has_keys = true};
    bool done = chunk_replay_each(files->chunk_path, load->column_count,
                                  look_at_row, &searching, err);
    *has_keys = searching.has_keys;
    return done;
}

/* "DUPLICATE_VALUE:duplicate value found: ERP_Id__c duplicates value on record
 * with id: 001…:--": the Id in it; empty. */
static struct slice
named_id(const struct save_result *result)
{
    static const char mark[] = "record with id: ";
    struct slice text = result->message;
    const char *at = text.len > 0 && slice_is(result->code, "DUPLICATE_VALUE")
                         ? memmem(text.ptr, text.len, mark, sizeof mark - 1)
                         : NULL;
    if (at == NULL) {
        return (struct slice){"", 0};
    }
    at += sizeof mark - 1;
    size_t len = 0, room = text.len - (size_t)(at - text.ptr);
    while (len < room && ((at[len] >= '0' && at[len] <= '9') ||
                          (at[len] >= 'a' && at[len] <= 'z') ||
                          (at[len] >= 'A' && at[len] <= 'Z'))) {
        len++;
    }
    return len == ID_SHORT || len == 18 ? (struct slice){at, ID_SHORT}
                                        : (struct slice){"", 0};
}

bool
call_settle_wanted(const struct save_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        if (named_id(&results->items[i]).len > 0) {
            return true;
        }
    }
    return false;
}

void
call_settle_ask(struct http_request *request, const struct session *session,
                const struct load *load, const struct save_results *results)
{
    struct buffer soql = {0};
    buffer_printf(&soql, "SELECT Id, CreatedDate FROM %s WHERE Id IN (",
                  load->object);
    bool more = false;
    for (size_t i = 0; i < results->count; i++) {
        struct slice id = named_id(&results->items[i]);
        if (id.len > 0) {
            buffer_printf(&soql, "%s'%.*s'", more ? "," : "", SLICE_ARGS(id));
            more = true;
        }
    }
    buffer_append_char(&soql, ')');
    http_request_reset(request);
    session_set_url(session, request, "/query?q=%s",
                    http_request_escape(request, buffer_slice(&soql)));
    buffer_release(&soql);
    request->name = "settle.query";
    request->method = "GET";
    request->needs_session = true;
    request->answer_limit = API_JOB_ANSWER_BYTES;
}

bool
call_settle_is_kept(const struct sink_files *files, uint64_t call)
{
    char *path = asked_path(files, call);
    bool found = file_exists(path);
    free(path);
    return found;
}

static bool
is_whole(const json_t *answer)
{
    return json_is_true(json_object_get(answer, "done")) &&
           json_is_array(json_object_get(answer, "records"));
}

bool
call_settle_keep(const struct sink_files *files, uint64_t call,
                 const struct ticket *ticket, const struct http_answer *answer,
                 struct error *err)
{
    json_t *json = answer_json_parse(answer->body, "query", err);
    if (json == NULL) {
        return false;
    }
    if (!is_whole(json)) {
        json_decref(json);
        return error_set(err, ERROR_NETWORK, 0,
                         "query: the answer is not what was asked for");
    }
    json_decref(json);
    /* Ours and the org's clocks may differ. */
    int64_t ahead_ms =
        answer->date_ms >= 0 ? answer->date_ms - clock_wall_ms() : 0;
    struct buffer text = {0};
    buffer_printf(&text, "%" PRId64 "\n",
                  ticket->closed_at_ms + ahead_ms - MARGIN_MS);
    buffer_append_slice(&text, answer->body);
    char *path = asked_path(files, call);
    bool done = file_replace(path, buffer_slice(&text), err);
    free(path);
    buffer_release(&text);
    return done;
}

bool
call_settle_open(const struct sink_files *files, uint64_t call,
                 struct call_origins *origins, struct error *err)
{
    *origins = (struct call_origins){0};
    char *path = asked_path(files, call);
    struct buffer text = {.limit = 2 * API_JOB_ANSWER_BYTES};
    bool done = !file_exists(path) ||
                file_read_whole(path, 2 * API_JOB_ANSWER_BYTES, &text, err);
    const char *line = done && text.len > 0 ? buffer_text(&text) : NULL;
    const char *end = line != NULL ? strchr(line, '\n') : NULL;
    if (end != NULL) {
        origins->since_ms = strtoll(line, NULL, 10);
        origins->records =
            json_loadb(end + 1, text.len - (size_t)(end + 1 - line), 0, NULL);
    }
    buffer_release(&text);
    free(path);
    return done;
}

/* "2026-01-31T09:30:00.000+0000"; -1 when it is none. */
static int64_t
read_time(const char *text)
{
    struct tm parts = {0};
    const char *rest =
        text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
    return rest != NULL ? (int64_t)timegm(&parts) * 1000 : -1;
}

struct slice
call_settle_own(const struct call_origins *origins,
                const struct save_result *result)
{
    struct slice id = named_id(result);
    const json_t *record;
    size_t i;
    const json_t *list =
        id.len > 0 ? json_object_get(origins->records, "records") : NULL;
    json_array_foreach(list, i, record)
    {
        const char *found = answer_json_text(record, "Id");
        int64_t made_ms = read_time(answer_json_text(record, "CreatedDate"));
        if (found != NULL && strlen(found) == 18 &&
            memcmp(found, id.ptr, ID_SHORT) == 0 &&
            made_ms >= origins->since_ms) {
            return slice_of(found);
        }
    }
    return (struct slice){"", 0};
}

void
call_settle_close(struct call_origins *origins)
{
    json_decref(origins->records);
    *origins = (struct call_origins){0};
}
