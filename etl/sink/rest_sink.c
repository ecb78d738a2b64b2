/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/api_limits.h"
#include "salesforce/rest_client.h"
#include "sink/call_sink.h"
#include "sink/rest_body.h"

/* The words of sObject Collections; call_sink does the rest. */
static bool
send(const struct sink *sink, const struct sink_files *files, uint64_t first,
     uint64_t count, struct http_request *request, struct error *err)
{
    struct buffer body = {0};
    bool done = rest_body_make(sink->target.load, files->chunk_path, first,
                               count, &body, err);
    if (done) {
        rest_client_send(request, sink->target.session, sink->target.load,
                         buffer_slice(&body));
    }
    buffer_release(&body);
    return done;
}

static bool
parse(struct slice answer, size_t count, struct save_results *results,
      struct error *err)
{
    json_t *list = rest_client_parse(answer, count, err);
    if (list == NULL) {
        return false;
    }
    struct buffer message = {0};
    results->items =
        arena_array(&results->arena, count, sizeof *results->items);
    results->count = count;
    for (size_t i = 0; i < count; i++) {
        struct save_result *item = &results->items[i];
        buffer_reset(&message);
        rest_client_read(json_array_get(list, i), item, &message);
        item->id = arena_copy(&results->arena, item->id);
        item->code = arena_copy(&results->arena, item->code);
        item->message = arena_copy(&results->arena, buffer_slice(&message));
    }
    buffer_release(&message);
    json_decref(list);
    return true;
}

static const struct call_wire wire = {
    .what = "REST collections",
    .suffix = "json",
    .rows = REST_COLLECTION_ROWS,
    .answer_limit = REST_COLLECTION_ANSWER_BYTES,
    .may_repeat = rest_client_may_repeat,
    .send = send,
    .probe = rest_client_probe,
    .parse = parse,
};

static struct sink *
rest_open(const struct sink_target *target, struct error *err)
{
    (void)target;
    (void)err;
    return call_sink_new(&wire);
}

const struct sink_ops rest_sink_ops = {
    .name = "rest",
    .limits = {.rows = REST_CHUNK_ROWS,
               .bytes = REST_CHUNK_BYTES,
               .rows_rounded = REST_COLLECTION_ROWS,
               .row_characters = BULK_RECORD_CHARACTERS},
    .open = rest_open,
    .next = call_sink_next,
    .answer = call_sink_answer,
    .collect = call_sink_collect,
    .missing = call_sink_missing,
    .close = call_sink_close,
};
