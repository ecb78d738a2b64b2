/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_write.h"

#include "base/log.h"
#include "rehearsal/api/api_record.h"
#include "rehearsal/soap/soap_reply.h"
#include "rehearsal/soap/soap_sobject.h"

/* salesforce.md, SOAP. */
enum { RECORD_LIMIT = 200, CHUNK_LIMIT = 10 };

/* The records of a call: rows that are written and rows that can't be. */
struct write_call {
    enum write_operation operation;
    const char *response;
    const struct schema_field *external;
    const struct schema_object *last;
    struct write_row rows[RECORD_LIMIT];
    size_t positions[RECORD_LIMIT]; /* of the rows among the records */
    size_t row_count, count, chunks;
    struct write_result results[RECORD_LIMIT], written[RECORD_LIMIT];
};

static bool
has_room(struct exchange *exchange, const struct write_call *call)
{
    return call->count < RECORD_LIMIT ||
           soap_reply_fault(exchange, "UnexpectedErrorFault",
                            "EXCEEDED_ID_LIMIT",
                            "record limit reached. cannot submit more than %d "
                            "records into this call",
                            RECORD_LIMIT);
}

static bool
count_chunk(struct exchange *exchange, struct write_call *call,
            const struct schema_object *object)
{
    call->chunks += object != call->last;
    call->last = object;
    return call->chunks <= CHUNK_LIMIT ||
           soap_reply_fault(exchange, "UnexpectedErrorFault", "LIMIT_EXCEEDED",
                            "Cannot have more than %d chunks in a single "
                            "operation. Please rearrange the data to reduce "
                            "chunking.",
                            CHUNK_LIMIT);
}

static void
refuse_record(struct exchange *exchange, struct write_call *call,
              const char *code, const char *message)
{
    struct write_error *error = arena_array(&exchange->arena, 1, sizeof *error);
    error->code = code;
    error->message = message;
    call->results[call->count++] =
        (struct write_result){.errors = error, .error_count = 1};
}

static bool
has_id(const struct write_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        if (slice_is(row->cells[i].name, "Id")) {
            return true;
        }
    }
    return false;
}

static bool
add_record(struct rehearsal *rehearsal, struct exchange *exchange,
           const xmlNode *node, struct write_call *call)
{
    struct write_row *row = &call->rows[call->row_count];
    if (!has_room(exchange, call) ||
        !soap_sobject_read(rehearsal, exchange, node, row) ||
        !count_chunk(exchange, call, row->object)) {
        return false;
    }
    if (call->operation == WRITE_INSERT && has_id(row)) {
        refuse_record(exchange, call, "INVALID_FIELD_FOR_INSERT_UPDATE",
                      "cannot specify Id in an insert call");
        return true;
    }
    call->positions[call->row_count++] = call->count++;
    return true;
}

/* Until the end of the call's element. */
static bool
read_records(struct rehearsal *rehearsal, struct exchange *exchange,
             xmlNode *node, struct write_call *call)
{
    for (; node; node = soap_request_element(node->next)) {
        if (!soap_request_is_data(node, "sObjects")) {
            return soap_request_misplaced(exchange, node);
        }
        if (!add_record(rehearsal, exchange, node, call)) {
            return false;
        }
    }
    return true;
}

static bool
add_id(struct rehearsal *rehearsal, struct exchange *exchange, xmlNode *node,
       struct write_call *call)
{
    struct arena *arena = &exchange->arena;
    const char *id = soap_request_text(exchange, node);
    char id18[19];
    const struct schema_object *object =
        id && field_value_read_id(slice_of(id), id18)
            ? org_schema_object_of_id(rehearsal->schema, slice_of(id))
            : NULL;
    if (!has_room(exchange, call)) {
        return false;
    }
    if (!object) {
        refuse_record(exchange, call, "MALFORMED_ID",
                      arena_printf(arena, "bad id %s", id ? id : "null").ptr);
        return true;
    }
    struct write_cell *cell = arena_array(arena, 1, sizeof *cell);
    *cell = (struct write_cell){SLICE_LITERAL("Id"), slice_of(id)};
    call->rows[call->row_count] =
        (struct write_row){.cells = cell, .cell_count = 1, .object = object};
    call->positions[call->row_count++] = call->count++;
    return count_chunk(exchange, call, object);
}

static bool
read_ids(struct rehearsal *rehearsal, struct exchange *exchange, xmlNode *node,
         struct write_call *call)
{
    for (; node; node = soap_request_element(node->next)) {
        if (!soap_request_is_data(node, "ids")) {
            return soap_request_misplaced(exchange, node);
        }
        if (!add_id(rehearsal, exchange, node, call)) {
            return false;
        }
    }
    return true;
}

/* With all_or_none, a record that can't be written takes the others down. */
static bool
roll_back(struct write_call *call)
{
    static const struct write_error rolled_back = {
        .code = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        .message = "Record rolled back because not all records were valid and "
                   "the request was using AllOrNone header"};
    if (call->row_count == call->count) {
        return false;
    }
    for (size_t i = 0; i < call->row_count; i++) {
        call->results[call->positions[i]] =
            (struct write_result){.errors = &rolled_back, .error_count = 1};
    }
    return true;
}

/* Rows that others hold, as a fault asks for: they are not written. */
static void
lock_rows(struct write_call *call, const struct fault *fault)
{
    static const struct write_error locked = {
        .code = "UNABLE_TO_LOCK_ROW",
        .message = "unable to obtain exclusive access to this record"};
    size_t wanted =
        fault->kind != FAULT_LOCKS ? 0
        : fault->rows > 0
            ? (size_t)fault->rows
            : (size_t)((double)call->row_count * fault->percent / 100);
    size_t kept = 0;
    for (size_t i = 0; i < call->row_count; i++) {
        if (i < wanted) {
            call->results[call->positions[i]] =
                (struct write_result){.errors = &locked, .error_count = 1};
        } else {
            call->rows[kept] = call->rows[i];
            call->positions[kept++] = call->positions[i];
        }
    }
    call->row_count = kept;
}

static bool
write_rows(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct soap_request *request, struct write_call *call)
{
    struct error err = {0};
    const struct write_request written = {.operation = call->operation,
                                          .external = call->external,
                                          .origin = VALUE_FROM_XML,
                                          .all_or_none = request->all_or_none,
                                          .api = "soap"};
    lock_rows(call, request->fault);
    if (call->row_count == 0 || (request->all_or_none && roll_back(call))) {
        return true;
    }
    if (!api_record_write_call(rehearsal, exchange, &written, call->rows,
                               call->row_count, call->written, &err)) {
        log_error("%s", err.text);
        return soap_reply_fault(exchange, "UnexpectedErrorFault",
                                "UNKNOWN_EXCEPTION",
                                "An unexpected error occurred. Please include "
                                "this ErrorId if you contact support: 0");
    }
    for (size_t i = 0; i < call->row_count; i++) {
        call->results[call->positions[i]] = call->written[i];
    }
    return true;
}

static void
append_result(struct buffer *out, const struct write_call *call,
              const struct write_result *result)
{
    buffer_append_text(out, "<result>");
    if (call->operation == WRITE_UPSERT) {
        soap_reply_element(out, "created", result->created ? "true" : "false");
    }
    for (size_t i = 0; i < result->error_count; i++) {
        const struct write_error *error = &result->errors[i];
        buffer_append_text(out, "<errors>");
        for (size_t f = 0; f < error->field_count; f++) {
            soap_reply_element(out, "fields", error->fields[f]);
        }
        soap_reply_element(out, "message", error->message);
        soap_reply_element(out, "statusCode", error->code);
        buffer_append_text(out, "</errors>");
    }
    soap_reply_element(out, "id", result->id[0] ? result->id : NULL);
    soap_reply_element(out, "success", result->success ? "true" : "false");
    buffer_append_text(out, "</result>");
}

static void
write_and_answer(struct rehearsal *rehearsal, struct exchange *exchange,
                 const struct soap_request *request, struct write_call *call)
{
    if (!write_rows(rehearsal, exchange, request, call)) {
        return;
    }
    const struct fault *fault = request->fault;
    size_t left_out =
        fault->kind == FAULT_ROWS_MISSING ? (size_t)fault->rows : 0;
    size_t added =
        fault->kind == FAULT_ROWS_ADDED || fault->kind == FAULT_ROWS_DOUBLED
            ? (size_t)fault->rows
            : 0;
    soap_reply_begin(rehearsal, exchange, call->response);
    for (size_t i = left_out; i < call->count; i++) {
        append_result(&exchange->answer, call, &call->results[i]);
    }
    for (size_t i = 0; call->count > 0 && i < added; i++) {
        append_result(&exchange->answer, call, &call->results[0]);
    }
    soap_reply_end(exchange, call->response);
}

static struct write_call *
new_call(struct exchange *exchange, enum write_operation operation,
         const char *response)
{
    struct write_call *call = arena_array(&exchange->arena, 1, sizeof *call);
    call->operation = operation;
    call->response = response;
    return call;
}

void
soap_write_create(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct soap_request *request)
{
    struct write_call *call =
        new_call(exchange, WRITE_INSERT, "createResponse");
    if (read_records(rehearsal, exchange,
                     soap_request_element(request->call->children), call)) {
        write_and_answer(rehearsal, exchange, request, call);
    }
}

void
soap_write_update(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct soap_request *request)
{
    struct write_call *call =
        new_call(exchange, WRITE_UPDATE, "updateResponse");
    if (read_records(rehearsal, exchange,
                     soap_request_element(request->call->children), call)) {
        write_and_answer(rehearsal, exchange, request, call);
    }
}

/* All records are of the type whose field that is. */
static bool
find_external(struct exchange *exchange, const char *name,
              struct write_call *call)
{
    const struct schema_object *object = call->rows[0].object;
    call->external = org_schema_field(object, slice_of(name));
    unsigned keys = FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP;
    bool is_key = call->external && (call->external->type == FIELD_ID ||
                                     (call->external->flags & keys));
    if (!is_key) {
        return soap_reply_fault(
            exchange, "InvalidFieldFault", "INVALID_FIELD",
            "Field name provided, %s does not match an External ID, "
            "Salesforce Id, or indexed field for %s",
            name, object->name);
    }
    for (size_t i = 1; i < call->row_count; i++) {
        if (call->rows[i].object != object) {
            return soap_reply_fault(
                exchange, "InvalidSObjectFault", "INVALID_TYPE",
                "Upsert call can't include more than one type of object");
        }
    }
    return true;
}

void
soap_write_upsert(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct soap_request *request)
{
    struct write_call *call =
        new_call(exchange, WRITE_UPSERT, "upsertResponse");
    xmlNode *node = soap_request_element(request->call->children);
    if (!soap_request_is_data(node, "externalIDFieldName")) {
        if (node) {
            soap_request_misplaced(exchange, node);
        } else {
            soap_reply_client_fault(exchange,
                                    "Required element {" SOAP_REQUEST_PARTNER
                                    "}externalIDFieldName is missing");
        }
        return;
    }
    const char *name = soap_request_text(exchange, node);
    if (read_records(rehearsal, exchange, soap_request_element(node->next),
                     call) &&
        (call->row_count == 0 ||
         find_external(exchange, name ? name : "", call))) {
        write_and_answer(rehearsal, exchange, request, call);
    }
}

void
soap_write_delete(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct soap_request *request)
{
    struct write_call *call =
        new_call(exchange, WRITE_DELETE, "deleteResponse");
    if (read_ids(rehearsal, exchange,
                 soap_request_element(request->call->children), call)) {
        write_and_answer(rehearsal, exchange, request, call);
    }
}

void
soap_write_undelete(struct rehearsal *rehearsal, struct exchange *exchange,
                    const struct soap_request *request)
{
    struct write_call *call =
        new_call(exchange, WRITE_UNDELETE, "undeleteResponse");
    if (read_ids(rehearsal, exchange,
                 soap_request_element(request->call->children), call)) {
        write_and_answer(rehearsal, exchange, request, call);
    }
}
