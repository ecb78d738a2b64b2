/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_record.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

/* The shortest text that reads back as the same number. */
static struct slice
number_text(struct arena *arena, double number)
{
    for (int digits = 15; digits < 17; digits++) {
        struct slice text = arena_printf(arena, "%.*g", digits, number);
        if (strtod(text.ptr, NULL) == number) {
            return text;
        }
    }
    return arena_printf(arena, "%.17g", number);
}

/* False when it is an array or an object. */
static bool
scalar_text(struct arena *arena, json_t *value, struct slice *text)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        *text = (struct slice){0};
        return true;
    case JSON_STRING:
        *text = arena_copy(arena, (struct slice){json_string_value(value),
                                                 json_string_length(value)});
        return true;
    case JSON_INTEGER:
        *text =
            arena_printf(arena, "%lld", (long long)json_integer_value(value));
        return true;
    case JSON_REAL:
        *text = number_text(arena, json_real_value(value));
        return true;
    case JSON_TRUE:
        *text = SLICE_LITERAL("true");
        return true;
    case JSON_FALSE:
        *text = SLICE_LITERAL("false");
        return true;
    default:
        return false;
    }
}

static bool
refuse_value(struct exchange *exchange, const char *name)
{
    exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                          "Cannot deserialize instance of %s from the value "
                          "given or request may be missing a required field",
                          name);
    return false;
}

/* {"attributes":{"type":"User"},"ERP_Id__c":"4711"}: "User:Owner.ERP_Id__c" */
static bool
parent_cell(struct exchange *exchange, const struct schema_object *object,
            const char *relationship, json_t *parent, struct write_cell *cell)
{
    struct arena *arena = &exchange->arena;
    const struct schema_field *field =
        object ? org_schema_relationship(object, slice_of(relationship)) : NULL;
    const char *type = json_string_value(
        json_object_get(json_object_get(parent, "attributes"), "type"));
    const char *name, *key = NULL;
    json_t *value, *key_value = NULL;
    json_object_foreach(parent, name, value)
    {
        if (strcmp(name, "attributes") == 0) {
            continue;
        }
        if (key) {
            return refuse_value(exchange, relationship);
        }
        key = name;
        key_value = value;
    }
    if (!key || !scalar_text(arena, key_value, &cell->value)) {
        return refuse_value(exchange, relationship);
    }
    bool typed = type && field && (field->flags & FIELD_POLYMORPHIC);
    cell->name = arena_printf(arena, "%s%s%s.%s", typed ? type : "",
                              typed ? ":" : "", relationship, key);
    return true;
}

bool
api_record_cells(struct exchange *exchange, const struct schema_object *object,
                 json_t *record, struct write_row *row)
{
    struct arena *arena = &exchange->arena;
    struct write_cell *cells =
        arena_array(arena, json_object_size(record) + 1, sizeof *cells);
    size_t count = 0;
    const char *name;
    json_t *value;
    if (!json_is_object(record)) {
        return refuse_value(exchange, "sobject");
    }
    json_object_foreach(record, name, value)
    {
        struct write_cell *cell = &cells[count];
        if (strcmp(name, "attributes") == 0) {
            continue;
        }
        if (json_is_object(value)) {
            if (!parent_cell(exchange, object, name, value, cell)) {
                return false;
            }
        } else if (scalar_text(arena, value, &cell->value)) {
            cell->name = arena_copy(arena, slice_of(name));
        } else {
            return refuse_value(exchange, name);
        }
        count++;
    }
    *row = (struct write_row){
        .cells = cells, .cell_count = count, .object = object};
    return true;
}

void
api_record_add_cell(struct exchange *exchange, struct write_row *row,
                    const char *name, const char *value)
{
    struct write_cell *cells =
        arena_array(&exchange->arena, row->cell_count + 1, sizeof *cells);
    cells[0] = (struct write_cell){slice_of(name), slice_of(value)};
    if (row->cell_count > 0) {
        memcpy(cells + 1, row->cells, row->cell_count * sizeof *cells);
    }
    row->cells = cells;
    row->cell_count++;
}

void
api_record_answer_failure(struct exchange *exchange, const struct error *err)
{
    log_error("%s", err->text);
    exchange_answer_error(exchange, 500, "UNKNOWN_EXCEPTION",
                          "An unexpected error occurred. Please include this "
                          "ErrorId if you contact support: 0");
}

static bool
is_locked(const struct write_result *result)
{
    return !result->success && result->error_count > 0 &&
           strcmp(result->errors[0].code, "UNABLE_TO_LOCK_ROW") == 0;
}

/* One batch of its own, for a batch takes an external id only once. */
static bool
write_batch_of(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct write_request *request,
               const struct write_row *rows, size_t count,
               struct write_result *results, struct error *err)
{
    struct write_batch *batch = record_write_begin(rehearsal->store, request);
    bool fine = record_write_rows(batch, rows, count, &exchange->arena, results,
                                  NULL, err);
    record_write_end(batch);
    return fine;
}

/* Rows that were locked, again, or all where they stand or fall together. */
static bool
write_locked(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct write_request *request, const struct write_row *rows,
             size_t count, struct write_result *results, struct error *err)
{
    struct arena *arena = &exchange->arena;
    struct write_row *again = arena_array(arena, count, sizeof *again);
    struct write_result *written = arena_array(arena, count, sizeof *written);
    size_t *positions = arena_array(arena, count, sizeof *positions);
    size_t again_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (request->all_or_none || is_locked(&results[i])) {
            positions[again_count] = i;
            again[again_count++] = rows[i];
        }
    }
    if (!write_batch_of(rehearsal, exchange, request, again, again_count,
                        written, err)) {
        return false;
    }
    for (size_t i = 0; i < again_count; i++) {
        results[positions[i]] = written[i];
    }
    return true;
}

static bool
any_locked(const struct write_result *results, size_t count)
{
    size_t i = 0;
    while (i < count && !is_locked(&results[i])) {
        i++;
    }
    return i < count;
}

/* A call waits for the locks of others, as in Salesforce. */
bool
api_record_write_call(struct rehearsal *rehearsal, struct exchange *exchange,
                      const struct write_request *request,
                      const struct write_row *rows, size_t count,
                      struct write_result *results, struct error *err)
{
    enum { PATIENCE_MS = 10000, STEP_MS = 5 };
    char call_id[40];
    snprintf(call_id, sizeof call_id, "%s-%016llx", request->api,
             (unsigned long long)clock_random());
    struct write_request call = *request;
    call.call_id = call_id;
    bool fine =
        write_batch_of(rehearsal, exchange, &call, rows, count, results, err);
    for (int ms = 0; fine && any_locked(results, count) && ms < PATIENCE_MS;
         ms += STEP_MS) {
        http_server_pause(rehearsal->server, STEP_MS);
        fine =
            write_locked(rehearsal, exchange, &call, rows, count, results, err);
    }
    return fine;
}

bool
api_record_write(struct rehearsal *rehearsal, struct exchange *exchange,
                 enum write_operation operation,
                 const struct schema_object *object,
                 const struct schema_field *external, bool all_or_none,
                 const struct write_row *rows, size_t count,
                 struct write_result *results)
{
    struct error err = {0};
    const struct write_request request = {.operation = operation,
                                          .object = object,
                                          .external = external,
                                          .origin = VALUE_FROM_JSON,
                                          .all_or_none = all_or_none,
                                          .api = "rest"};
    bool fine = api_record_write_call(rehearsal, exchange, &request, rows,
                                      count, results, &err);
    if (!fine) {
        api_record_answer_failure(exchange, &err);
    }
    return fine;
}

static json_t *
field_list(const struct write_error *error)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < error->field_count; i++) {
        json_array_append_new(fields, json_string(error->fields[i]));
    }
    return fields;
}

json_t *
api_record_errors(const struct write_result *result)
{
    json_t *errors = json_array();
    for (size_t i = 0; i < result->error_count; i++) {
        const struct write_error *error = &result->errors[i];
        json_array_append_new(errors,
                              json_pack("{s:s, s:s, s:o}", "statusCode",
                                        error->code, "message", error->message,
                                        "fields", field_list(error)));
    }
    return errors;
}

static unsigned
status_of(const char *code)
{
    static const struct {
        const char *code;
        unsigned status;
    } known[] = {{"ENTITY_IS_DELETED", 404},
                 {"NOT_FOUND", 404},
                 {"INVALID_CROSS_REFERENCE_KEY", 404},
                 {"INSUFFICIENT_ACCESS_OR_READONLY", 403},
                 {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 403}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].code, code) == 0) {
            return known[i].status;
        }
    }
    return 400;
}

/* What is wrong before a row is looked at comes without "fields". */
static bool
shows_fields(const struct write_error *error)
{
    return strncmp(error->message, "No such column", 14) != 0 &&
           strcmp(error->code, "JSON_PARSER_ERROR") != 0 &&
           strcmp(error->code, "NOT_FOUND") != 0;
}

void
api_record_answer_errors(struct exchange *exchange,
                         const struct write_result *result)
{
    json_t *errors = json_array();
    unsigned status =
        result->error_count > 0 ? status_of(result->errors[0].code) : 400;
    for (size_t i = 0; i < result->error_count; i++) {
        const struct write_error *error = &result->errors[i];
        json_array_append_new(
            errors, exchange_error_object(
                        error->code, error->message,
                        shows_fields(error) ? field_list(error) : NULL));
    }
    exchange_answer_json(exchange, status, errors);
}

const struct schema_object *
api_record_object(struct rehearsal *rehearsal, struct exchange *exchange,
                  const char *name)
{
    const struct schema_object *object =
        org_schema_object(rehearsal->schema, slice_of(name));
    if (!object) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
    }
    return object;
}

const struct schema_field *
api_record_key_field(struct exchange *exchange,
                     const struct schema_object *object, const char *name)
{
    const struct schema_field *field = org_schema_field(object, slice_of(name));
    unsigned keys = FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP;
    if (!field || (field->type != FIELD_ID && !(field->flags & keys))) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "Provided external ID field does not exist or "
                              "is not accessible: %s",
                              name);
        return NULL;
    }
    return field;
}
