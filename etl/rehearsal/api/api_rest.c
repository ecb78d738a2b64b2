/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_rest.h"

#include "rehearsal/api/api_record.h"
#include "rehearsal/schema/schema_describe.h"
#include "rehearsal/soql/soql.h"

#include <stdlib.h>

/* Of the answer to an upsert: 46.0 and later show it whole. */
#define VERSION_UPSERT_BODY 460

static void
serve_versions(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct fault *fault)
{
    static const char *const seasons[] = {"Spring", "Summer", "Winter"};
    (void)rehearsal;
    (void)fault;
    json_t *list = json_array();
    for (int v = REHEARSAL_VERSION_OLDEST; v <= REHEARSAL_VERSION_NEWEST;
         v += 10) {
        /* Three releases a year; 33.0 was Spring '15, Winter is named after
         * the year to come. */
        int turn = v / 10 - 30;
        int year = 14 + turn / 3 + (turn % 3 == 2);
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "label",
                            json_sprintf("%s '%02d", seasons[turn % 3], year),
                            "url", json_sprintf("/services/data/v%d.0", v / 10),
                            "version", json_sprintf("%d.0", v / 10)));
    }
    exchange_answer_json(exchange, 200, list);
}

static void
serve_resources(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct fault *fault)
{
    static const char *const names[] = {"composite", "jobs",     "limits",
                                        "query",     "queryAll", "sobjects"};
    (void)rehearsal;
    (void)fault;
    json_t *map = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_object_set_new(map, names[i],
                            json_sprintf("/services/data/v%s/%s",
                                         router_version_text(exchange),
                                         names[i]));
    }
    exchange_answer_json(exchange, 200, map);
}

static void
serve_global(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    exchange_answer_text(exchange, 200, "application/json;charset=UTF-8", "");
    schema_describe_global(rehearsal->schema, router_version_text(exchange),
                           &exchange->answer);
}

static void
serve_describe(struct rehearsal *rehearsal, struct exchange *exchange,
               const struct fault *fault)
{
    (void)fault;
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    if (object) {
        exchange_answer_text(exchange, 200, "application/json;charset=UTF-8",
                             "");
        schema_describe_object(rehearsal->schema, object,
                               router_version_text(exchange),
                               rehearsal->instance_url, &exchange->answer);
    }
}

static void
serve_brief(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct fault *fault)
{
    (void)fault;
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    if (object) {
        exchange_answer_text(exchange, 200, "application/json;charset=UTF-8",
                             "{\"objectDescribe\":");
        schema_describe_brief(object, router_version_text(exchange),
                              &exchange->answer);
        buffer_append_text(&exchange->answer, ",\"recentItems\":[]}");
    }
}

static void
add_limit(json_t *limits, const char *name, int64_t most, uint64_t used)
{
    int64_t left = most - (int64_t)used;
    json_object_set_new(limits, name,
                        json_pack("{s:I, s:I}", "Max", (json_int_t)most,
                                  "Remaining",
                                  (json_int_t)(left < 0 ? 0 : left)));
}

static void
serve_limits(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct fault_settings settings = faults_settings(rehearsal->faults);
    struct store *store = rehearsal->store;
    json_t *limits = json_object();
    add_limit(limits, "DailyApiRequests", settings.daily_api_requests,
              store_counted(store, STORE_API_CALLS));
    add_limit(limits, "DailyBulkApiBatches", settings.daily_batches,
              store_counted(store, STORE_BULK_BATCHES));
    add_limit(limits, "DailyBulkV2QueryFileStorageMB", 976562, 0);
    add_limit(limits, "DailyBulkV2QueryJobs", settings.daily_query_jobs,
              store_counted(store, STORE_BULK_QUERY_JOBS));
    add_limit(limits, "DataStorageMB", 1024, 0);
    add_limit(limits, "FileStorageMB", 1024, 0);
    exchange_answer_json(exchange, 200, limits);
}

static void
serve_record_count(struct rehearsal *rehearsal, struct exchange *exchange,
                   const struct fault *fault)
{
    (void)fault;
    const char *wanted = exchange_parameter(exchange, "sObjects");
    const struct schema *schema = rehearsal->schema;
    json_t *list = json_array();
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct schema_object *object = schema->objects[i];
        uint64_t count = 0;
        struct error err = {0};
        size_t len = strlen(object->name);
        const char *at = wanted ? strcasestr(wanted, object->name) : NULL;
        bool named = at && (at == wanted || at[-1] == ',') &&
                     (at[len] == '\0' || at[len] == ',');
        if ((!wanted || named) &&
            store_record_count(rehearsal->store, object, &count, &err) &&
            count > 0) {
            json_array_append_new(list, json_pack("{s:I, s:s}", "count",
                                                  (json_int_t)count, "name",
                                                  object->name));
        }
    }
    exchange_answer_json(exchange, 200, json_pack("{s:o}", "sObjects", list));
}

/* The body as cells of one row. */
static bool
read_body_row(struct exchange *exchange, const struct schema_object *object,
              const struct schema_field *forbidden, struct write_row *row)
{
    json_t *body = exchange_json(exchange);
    if (!body) {
        return false;
    }
    bool fine = true;
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value)
    {
        if (forbidden && strcasecmp(name, forbidden->name) == 0) {
            exchange_answer_error(exchange, 400, "INVALID_FIELD",
                                  "The %s field should not be specified in "
                                  "the sobject data.",
                                  forbidden->name);
            fine = false;
        }
    }
    fine = fine && api_record_cells(exchange, object, body, row);
    json_decref(body);
    return fine;
}

static void
answer_created(struct exchange *exchange, const struct schema_object *object,
               const struct write_result *result, bool with_created)
{
    json_t *answer =
        json_pack("{s:s, s:b, s:[]}", "id", result->id, "success", 1, "errors");
    if (with_created) {
        json_object_set_new(answer, "created", json_boolean(result->created));
    }
    exchange_answer_json(exchange, result->created ? 201 : 200, answer);
    if (result->created) {
        exchange_add_header(exchange, "Location",
                            arena_printf(&exchange->arena,
                                         "/services/data/v%s/sobjects/%s/%s",
                                         router_version_text(exchange),
                                         object->name, result->id)
                                .ptr);
    }
}

static void
serve_create(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    struct write_row row;
    struct write_result result = {0};
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    if (!object || !read_body_row(exchange, object, NULL, &row) ||
        !api_record_write(rehearsal, exchange, WRITE_INSERT, object, NULL,
                          false, &row, 1, &result)) {
        return;
    }
    if (result.success) {
        answer_created(exchange, object, &result, false);
    } else {
        api_record_answer_errors(exchange, &result);
    }
}

/* 404 for an id that nothing has, as the REST API says it. */
static bool
check_id(struct rehearsal *rehearsal, struct exchange *exchange,
         const struct schema_object *object, const char *id)
{
    char id18[19];
    enum store_state state;
    struct error err = {0};
    bool well_formed =
        field_value_read_id(slice_of(id), id18) &&
        org_schema_object_of_id(rehearsal->schema, slice_of(id18)) == object;
    if (!well_formed) {
        /* record_write says what is wrong with it. */
        return true;
    }
    if (!store_record_state(rehearsal->store, slice_of(id), &state, &err)) {
        api_record_answer_failure(exchange, &err);
        return false;
    }
    if (state == STORE_MISSING) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
    }
    return state != STORE_MISSING;
}

static void
change_by_id(struct rehearsal *rehearsal, struct exchange *exchange,
             enum write_operation operation)
{
    struct write_row row = {0};
    struct write_result result = {0};
    const char *id = exchange->captures[1];
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    if (!object || !check_id(rehearsal, exchange, object, id)) {
        return;
    }
    const struct schema_field *id_field =
        org_schema_field(object, slice_of("Id"));
    if (operation == WRITE_UPDATE &&
        !read_body_row(exchange, object, id_field, &row)) {
        return;
    }
    api_record_add_cell(exchange, &row, "Id", id);
    if (!api_record_write(rehearsal, exchange, operation, object, NULL, false,
                          &row, 1, &result)) {
        return;
    }
    if (result.success) {
        exchange_answer_empty(exchange, 204);
    } else {
        api_record_answer_errors(exchange, &result);
    }
}

static void
serve_update(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    change_by_id(rehearsal, exchange, WRITE_UPDATE);
}

static void
serve_delete(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    change_by_id(rehearsal, exchange, WRITE_DELETE);
}

/* Shows a record; 404 when there is none. */
static void
answer_record(struct rehearsal *rehearsal, struct exchange *exchange,
              const struct schema_object *object, const char *id)
{
    struct org_fault fault = {0};
    struct error err = {0};
    struct soql_query *query = soql_open_record(
        rehearsal->store, object, slice_of(id),
        slice_of(exchange_parameter(exchange, "fields")), &fault, &err);
    if (!query && fault.code) {
        exchange_answer_error(exchange, 400, fault.code, "%s", fault.text);
    } else if (!query) {
        api_record_answer_failure(exchange, &err);
    } else if (soql_count(query) == 0) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
    } else {
        exchange_answer_text(exchange, 200, "application/json;charset=UTF-8",
                             "");
        if (!soql_append_json(query, router_version_text(exchange), 0, 1,
                              &exchange->answer, &err)) {
            api_record_answer_failure(exchange, &err);
        }
    }
    soql_close(query);
}

static void
serve_get(struct rehearsal *rehearsal, struct exchange *exchange,
          const struct fault *fault)
{
    (void)fault;
    const struct schema_object *object =
        api_record_object(rehearsal, exchange, exchange->captures[0]);
    if (object) {
        answer_record(rehearsal, exchange, object, exchange->captures[1]);
    }
}

/* Several records have this key: 300 and where they are. */
static void
answer_matches(struct exchange *exchange, const struct schema_object *object,
               char (*ids)[19], size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list,
                              json_sprintf("/services/data/v%s/sobjects/%s/%s",
                                           router_version_text(exchange),
                                           object->name, ids[i]));
    }
    exchange_answer_json(exchange, 300, list);
}

/* The records that a key in the path names; false: answered. */
static bool
find_matches(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct schema_object **object,
             const struct schema_field **field, char (*ids)[19], size_t limit,
             size_t *count)
{
    struct error err = {0};
    *object = api_record_object(rehearsal, exchange, exchange->captures[0]);
    *field =
        *object ? api_record_key_field(exchange, *object, exchange->captures[1])
                : NULL;
    if (!*field) {
        return false;
    }
    if (!store_find(rehearsal->store, *object, *field,
                    slice_of(exchange->captures[2]), ids, limit, count, &err)) {
        api_record_answer_failure(exchange, &err);
        return false;
    }
    if (*count > 1) {
        answer_matches(exchange, *object, ids, *count);
        return false;
    }
    return true;
}

enum { MATCH_LIMIT = 200 };

static void
serve_get_by_key(struct rehearsal *rehearsal, struct exchange *exchange,
                 const struct fault *fault)
{
    (void)fault;
    const struct schema_object *object;
    const struct schema_field *field;
    char ids[MATCH_LIMIT][19];
    size_t count = 0;
    if (!find_matches(rehearsal, exchange, &object, &field, ids, MATCH_LIMIT,
                      &count)) {
        return;
    }
    if (count == 0) {
        exchange_answer_error(exchange, 404, "NOT_FOUND",
                              "The requested resource does not exist");
    } else {
        answer_record(rehearsal, exchange, object, ids[0]);
    }
}

static void
serve_upsert(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct fault *fault)
{
    (void)fault;
    const struct schema_object *object;
    const struct schema_field *field;
    char ids[MATCH_LIMIT][19];
    size_t count = 0;
    struct write_row row;
    struct write_result result = {0};
    if (!find_matches(rehearsal, exchange, &object, &field, ids, MATCH_LIMIT,
                      &count) ||
        !read_body_row(exchange, object, field, &row)) {
        return;
    }
    api_record_add_cell(exchange, &row, field->name, exchange->captures[2]);
    if (!api_record_write(rehearsal, exchange, WRITE_UPSERT, object, field,
                          false, &row, 1, &result)) {
        return;
    }
    if (!result.success) {
        api_record_answer_errors(exchange, &result);
    } else if (exchange->version < VERSION_UPSERT_BODY && !result.created) {
        exchange_answer_empty(exchange, 204);
    } else {
        answer_created(exchange, object, &result,
                       exchange->version >= VERSION_UPSERT_BODY);
    }
}

#define DATA "/services/data/v*"

const struct route api_rest_routes[] = {
    {"versions", "GET", "/services/data", serve_versions, ROUTE_OPEN},
    {"resources", "GET", DATA, serve_resources, 0},
    {"limits", "GET", DATA "/limits", serve_limits, 0},
    {"limits.count", "GET", DATA "/limits/recordCount", serve_record_count, 0},
    {"describe.global", "GET", DATA "/sobjects", serve_global, 0},
    {"rest.brief", "GET", DATA "/sobjects/*", serve_brief, 0},
    {"describe", "GET", DATA "/sobjects/*/describe", serve_describe, 0},
    {"rest.create", "POST", DATA "/sobjects/*", serve_create, 0},
    {"rest.get", "GET", DATA "/sobjects/*/*", serve_get, 0},
    {"rest.update", "PATCH", DATA "/sobjects/*/*", serve_update, 0},
    {"rest.delete", "DELETE", DATA "/sobjects/*/*", serve_delete, 0},
    {"rest.get", "GET", DATA "/sobjects/*/*/*", serve_get_by_key, 0},
    {"rest.upsert", "PATCH", DATA "/sobjects/*/*/*", serve_upsert, 0},
    {0},
};
