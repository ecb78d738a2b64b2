/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_collections.h"

#include "rehearsal/api/api_record.h"

#include <stdio.h>
#include <stdlib.h>

/* salesforce.md, REST. */
enum {
    RECORD_LIMIT = 200,
    CHUNK_LIMIT = 10,
    SUBREQUEST_LIMIT = 25,
    SUBQUERY_LIMIT = 5, /* queries and collections among them */
    VERSION_UPSERT = 460
};

/* The records of a call: rows that are written and rows that can't be. */
struct collection {
    struct write_row rows[RECORD_LIMIT];
    size_t positions[RECORD_LIMIT]; /* of the rows among the records */
    size_t row_count, count, chunks;
    struct write_result results[RECORD_LIMIT];
    struct write_result written[RECORD_LIMIT];
    const struct schema_object *last;
};

/* The record at the end of the collection is refused. */
static void
refuse_record(struct exchange *exchange, struct collection *collection,
              const char *code, const char *format, const char *detail)
{
    struct write_error *error = arena_array(&exchange->arena, 1, sizeof *error);
    error->code = code;
    error->message = arena_printf(&exchange->arena, "%s%s", format, detail).ptr;
    collection->results[collection->count++] =
        (struct write_result){.errors = error, .error_count = 1};
}

static bool
count_chunk(struct exchange *exchange, struct collection *collection,
            const struct schema_object *object)
{
    if (object != collection->last) {
        collection->last = object;
        collection->chunks++;
    }
    if (collection->chunks > CHUNK_LIMIT) {
        exchange_answer_error(exchange, 400, "LIMIT_EXCEEDED",
                              "Cannot have more than 10 chunks in a single "
                              "operation. Please rearrange the data to reduce "
                              "chunking.");
        return false;
    }
    return true;
}

static bool
add_record(struct rehearsal *rehearsal, struct exchange *exchange,
           json_t *record, const struct schema_object *wanted,
           struct collection *collection)
{
    const char *type = json_string_value(
        json_object_get(json_object_get(record, "attributes"), "type"));
    const struct schema_object *object =
        type ? org_schema_object(rehearsal->schema, slice_of(type)) : NULL;
    if (!type) {
        exchange_answer_error(exchange, 400, "INVALID_INPUT",
                              "The type attribute of a record is missing");
        return false;
    }
    if (!object) {
        refuse_record(exchange, collection, "INVALID_TYPE",
                      "sObject type is not supported: ", type);
        return true;
    }
    if (wanted && object != wanted) {
        exchange_answer_error(exchange, 400, "INVALID_INPUT",
                              "The records are not all of type %s",
                              wanted->name);
        return false;
    }
    struct write_row *row = &collection->rows[collection->row_count];
    if (!count_chunk(exchange, collection, object) ||
        !api_record_cells(exchange, object, record, row)) {
        return false;
    }
    collection->positions[collection->row_count++] = collection->count++;
    return true;
}

static void
refuse_count(struct exchange *exchange)
{
    exchange_answer_error(exchange, 400, "EXCEEDED_ID_LIMIT",
                          "record limit reached. cannot submit more than 200 "
                          "records into this call");
}

static bool
read_records(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct schema_object *wanted, bool *all_or_none,
             struct collection *collection)
{
    json_t *body = exchange_json(exchange);
    json_t *records = json_object_get(body, "records");
    bool fine = body != NULL;
    size_t i;
    json_t *record;
    if (fine && !json_is_array(records)) {
        exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                              "The list of records is missing");
        fine = false;
    } else if (fine && json_array_size(records) > RECORD_LIMIT) {
        refuse_count(exchange);
        fine = false;
    }
    *all_or_none = json_is_true(json_object_get(body, "allOrNone"));
    if (fine) {
        json_array_foreach(records, i, record)
        {
            if (!add_record(rehearsal, exchange, record, wanted, collection)) {
                fine = false;
                break;
            }
        }
    }
    json_decref(body);
    return fine;
}

static json_t *
result_json(const struct write_result *result, bool upsert)
{
    json_t *json = json_object();
    if (result->id[0]) {
        json_object_set_new(json, "id", json_string(result->id));
    }
    json_object_set_new(json, "success", json_boolean(result->success));
    json_object_set_new(json, "errors", api_record_errors(result));
    if (upsert && result->success) {
        json_object_set_new(json, "created", json_boolean(result->created));
    }
    return json;
}

/* With all_or_none, a record that can't be written takes the others down. */
static bool
write_collection(struct rehearsal *rehearsal, struct exchange *exchange,
                 enum write_operation operation,
                 const struct schema_field *external, bool all_or_none,
                 struct collection *collection)
{
    static const struct write_error rolled_back = {
        .code = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        .message = "Record rolled back because not all records were valid and "
                   "the request was using AllOrNone header"};
    bool refused = collection->row_count < collection->count;
    for (size_t i = 0; refused && all_or_none && i < collection->row_count;
         i++) {
        collection->results[collection->positions[i]] =
            (struct write_result){.errors = &rolled_back, .error_count = 1};
    }
    if ((refused && all_or_none) || collection->row_count == 0) {
        return true;
    }
    if (!api_record_write(rehearsal, exchange, operation, NULL, external,
                          all_or_none, collection->rows, collection->row_count,
                          collection->written)) {
        return false;
    }
    for (size_t i = 0; i < collection->row_count; i++) {
        collection->results[collection->positions[i]] = collection->written[i];
    }
    return true;
}

static void
answer_collection(struct rehearsal *rehearsal, struct exchange *exchange,
                  enum write_operation operation,
                  const struct schema_field *external, bool all_or_none,
                  struct collection *collection)
{
    if (!write_collection(rehearsal, exchange, operation, external, all_or_none,
                          collection)) {
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < collection->count; i++) {
        json_array_append_new(list, result_json(&collection->results[i],
                                                operation == WRITE_UPSERT));
    }
    exchange_answer_json(exchange, 200, list);
}

static void
write_records(struct rehearsal *rehearsal, struct exchange *exchange,
              enum write_operation operation)
{
    bool all_or_none;
    struct collection *collection =
        arena_array(&exchange->arena, 1, sizeof *collection);
    if (read_records(rehearsal, exchange, NULL, &all_or_none, collection)) {
        answer_collection(rehearsal, exchange, operation, NULL, all_or_none,
                          collection);
    }
}

static void
serve_create(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    write_records(rehearsal, exchange, WRITE_INSERT);
}

static void
serve_update(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    write_records(rehearsal, exchange, WRITE_UPDATE);
}

static void
serve_upsert(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    bool all_or_none;
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    const struct schema_field *field =
        object ? api_record_key_field(exchange, object, exchange->captures[1])
               : NULL;
    if (field && exchange->version < VERSION_UPSERT) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
        return;
    }
    struct collection *collection =
        arena_array(&exchange->arena, 1, sizeof *collection);
    if (field &&
        read_records(rehearsal, exchange, object, &all_or_none, collection)) {
        answer_collection(rehearsal, exchange, WRITE_UPSERT, field, all_or_none,
                          collection);
    }
}

/* ?ids=001…,003…&allOrNone=true */
static void
serve_delete(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    const char *ids = exchange_parameter(exchange, "ids");
    const char *all = exchange_parameter(exchange, "allOrNone");
    struct collection *collection =
        arena_array(&exchange->arena, 1, sizeof *collection);
    while (ids && *ids) {
        size_t len = strcspn(ids, ",");
        const char *id =
            arena_strdup(&exchange->arena, (struct slice){ids, len});
        const struct schema_object *object =
            org_schema_object_of_id(rehearsal->schema, slice_of(id));
        ids += len + (ids[len] == ',');
        if (collection->count == RECORD_LIMIT) {
            refuse_count(exchange);
            return;
        }
        if (!object) {
            refuse_record(exchange, collection, "MALFORMED_ID", "bad id ", id);
            continue;
        }
        struct write_row *row = &collection->rows[collection->row_count];
        row->object = object;
        api_record_add_cell(exchange, row, "Id", id);
        collection->positions[collection->row_count++] = collection->count++;
    }
    answer_collection(rehearsal, exchange, WRITE_DELETE, NULL,
                      all && strcmp(all, "true") == 0, collection);
}

/* The value at "ref.id" or "ref[0].id" of the answers so far. */
static json_t *
referenced(json_t *answers, const char *path, size_t len)
{
    char text[256];
    if (len >= sizeof text) {
        return NULL;
    }
    memcpy(text, path, len);
    text[len] = '\0';
    char *rest = text + strcspn(text, ".[");
    char first = *rest;
    *rest = '\0';
    json_t *value = json_object_get(answers, text);
    *rest = first;
    while (value && *rest) {
        bool index = *rest == '[';
        char *begin = rest + 1;
        char *end = begin + strcspn(begin, index ? "]" : ".[");
        char stop = *end;
        *end = '\0';
        value = index ? json_array_get(value, (size_t)strtoul(begin, NULL, 10))
                      : json_object_get(value, begin);
        *end = stop;
        rest = index && stop ? end + 1 : end;
    }
    return value;
}

/* The text, or in JSON what stands between its quotes. */
static void
append_value(struct buffer *out, json_t *value, bool in_json)
{
    if (!in_json) {
        buffer_append_text(out, json_string_value(value));
        return;
    }
    char *quoted = json_dumps(value, JSON_ENCODE_ANY);
    buffer_append(out, quoted + 1, strlen(quoted) - 2);
    free(quoted);
}

/* "@{ref.id}" becomes what it refers to; false when it refers to nothing. */
static bool
substitute(struct exchange *exchange, json_t *answers, const char *text,
           bool in_json, struct buffer *out)
{
    const char *open;
    while ((open = strstr(text, "@{"))) {
        const char *close = strchr(open, '}');
        json_t *value =
            close ? referenced(answers, open + 2, (size_t)(close - open - 2))
                  : NULL;
        if (!json_is_string(value)) {
            exchange_answer_error(exchange, 400, "PROCESSING_HALTED",
                                  "Invalid reference specified. No value for "
                                  "%.200s found",
                                  open);
            return false;
        }
        buffer_append(out, text, (size_t)(open - text));
        append_value(out, value, in_json);
        text = close + 1;
    }
    return buffer_append_text(out, text);
}

/* Runs one call of a composite; inner has the answer in any case. */
static void
run_subrequest(struct rehearsal *rehearsal, json_t *answers, json_t *request,
               struct exchange *inner)
{
    struct buffer uri = {0};
    const char *url = json_string_value(json_object_get(request, "url"));
    const char *method = json_string_value(json_object_get(request, "method"));
    json_t *body = json_object_get(request, "body");
    char *text = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    inner->body.limit = HTTP_SERVER_BODY_LIMIT;
    if (!url || !method) {
        exchange_answer_error(inner, 400, "JSON_PARSER_ERROR",
                              "url and method are required");
    } else if (substitute(inner, answers, url, false, &uri) &&
               (!text ||
                substitute(inner, answers, text, true, &inner->body))) {
        inner->method = method;
        inner->uri = arena_strdup(&inner->arena, buffer_slice(&uri));
        inner->path =
            arena_strdup(&inner->arena,
                         (struct slice){inner->uri, strcspn(inner->uri, "?")});
        router_serve_inner(rehearsal, inner);
    }
    free(text);
    buffer_release(&uri);
}

static json_t *
subanswer(const struct exchange *inner, const char *reference, json_t *body)
{
    json_t *headers = json_object();
    for (size_t i = 0; i < inner->header_count; i++) {
        if (strcmp(inner->headers[i].name, "Location") == 0) {
            json_object_set_new(headers, "Location",
                                json_string(inner->headers[i].value));
        }
    }
    return json_pack("{s:O, s:o, s:i, s:s}", "body", body, "httpHeaders",
                     headers, "httpStatusCode", (int)inner->status,
                     "referenceId", reference);
}

static bool
check_composite(struct exchange *exchange, json_t *body)
{
    json_t *requests = json_object_get(body, "compositeRequest");
    size_t heavy = 0, i;
    json_t *request;
    if (!json_is_array(requests) || json_array_size(requests) == 0) {
        exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                              "compositeRequest is missing");
        return false;
    }
    json_array_foreach(requests, i, request)
    {
        const char *url = json_string_value(json_object_get(request, "url"));
        heavy += url && (strstr(url, "/query") || strstr(url, "/composite"));
        if (!json_string_value(json_object_get(request, "referenceId"))) {
            exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                                  "referenceId is required");
            return false;
        }
    }
    if (i > SUBREQUEST_LIMIT || heavy > SUBQUERY_LIMIT) {
        exchange_answer_error(exchange, 400, "LIMIT_EXCEEDED",
                              "Limit exceeded: at most 25 subrequests, and 5 "
                              "queries or collections among them");
        return false;
    }
    if (json_is_true(json_object_get(body, "allOrNone"))) {
        exchange_answer_error(exchange, 400, "FUNCTIONALITY_NOT_ENABLED",
                              "the rehearsal org does not offer composite "
                              "with allOrNone");
        return false;
    }
    return true;
}

static void
serve_composite(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct fault *fault)
{
    (void)fault;
    json_t *body = exchange_json(exchange);
    if (!body || !check_composite(exchange, body)) {
        json_decref(body);
        return;
    }
    json_t *answers = json_object(), *list = json_array(), *request;
    size_t i;
    json_array_foreach(json_object_get(body, "compositeRequest"), i, request)
    {
        struct exchange inner = {0};
        const char *reference =
            json_string_value(json_object_get(request, "referenceId"));
        run_subrequest(rehearsal, answers, request, &inner);
        json_t *value = inner.answer.len > 0
                            ? json_loadb(inner.answer.bytes, inner.answer.len,
                                         JSON_DECODE_ANY, NULL)
                            : NULL;
        value = value ? value : json_null();
        json_array_append_new(list, subanswer(&inner, reference, value));
        if (inner.status < 300) {
            json_object_set(answers, reference, value);
        }
        json_decref(value);
        exchange_release(&inner);
    }
    json_decref(answers);
    json_decref(body);
    exchange_answer_json(exchange, 200,
                         json_pack("{s:o}", "compositeResponse", list));
}

#define COMPOSITE "/services/data/v*/composite"

const struct route api_collections_routes[] = {
    {"composite", "POST", COMPOSITE, serve_composite, 0},
    {"rest.collections.create", "POST", COMPOSITE "/sobjects", serve_create, 0},
    {"rest.collections.update", "PATCH", COMPOSITE "/sobjects", serve_update,
     0},
    {"rest.collections.delete", "DELETE", COMPOSITE "/sobjects", serve_delete,
     0},
    {"rest.collections.upsert", "PATCH", COMPOSITE "/sobjects/*/*",
     serve_upsert, 0},
    {0},
};
