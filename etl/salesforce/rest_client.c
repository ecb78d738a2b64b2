/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/rest_client.h"

#include "salesforce/api_limits.h"

#define ERRORS_LIMIT 20 /* of one record that are shown */

/* A delete may be made again, but not unseen: what is gone by then may be so by
 * the first. */
static const struct {
    const char *name, *method;
    enum http_repeat repeat;
} calls[] = {
    [OPERATION_INSERT] = {"rest.create", "POST", HTTP_REPEAT_NEVER},
    [OPERATION_UPDATE] = {"rest.update", "PATCH", HTTP_REPEAT_SAFE},
    [OPERATION_UPSERT] = {"rest.upsert", "PATCH", HTTP_REPEAT_SAFE},
    [OPERATION_DELETE] = {"rest.delete", "DELETE", HTTP_REPEAT_NEVER},
};

bool
rest_client_knows(enum operation operation)
{
    return (size_t)operation < sizeof calls / sizeof *calls;
}

bool
rest_client_may_repeat(enum operation operation)
{
    return rest_client_knows(operation) && operation != OPERATION_INSERT;
}

static void
begin(struct http_request *request, const char *name, const char *method)
{
    http_request_reset(request);
    request->name = name;
    request->method = method;
    request->needs_session = true;
    request->answer_limit = REST_COLLECTION_ANSWER_BYTES;
}

static void
set_url(struct http_request *request, const struct session *session,
        const struct load *load, struct slice body)
{
    switch (load->operation) {
    case OPERATION_UPSERT:
        session_set_url(session, request, "/composite/sobjects/%s/%s",
                        load->object, load->external_id);
        return;
    case OPERATION_DELETE:
        session_set_url(session, request,
                        "/composite/sobjects?ids=%s&allOrNone=%s",
                        http_request_escape(request, body),
                        load->all_or_none ? "true" : "false");
        return;
    default:
        session_set_url(session, request, "/composite/sobjects");
    }
}

static void
add_duplicate_rule(struct http_request *request,
                   const struct load_headers *headers)
{
    if (headers->has_duplicate_rule) {
        struct slice value = arena_printf(
            &request->arena,
            "allowSave=%s, includeRecordDetails=%s, runAsCurrentUser=%s",
            headers->allow_save ? "true" : "false",
            headers->record_details ? "true" : "false",
            headers->current_user ? "true" : "false");
        http_request_add_header(request, "Sforce-Duplicate-Rule-Header",
                                value.ptr);
    }
}

void
rest_client_send(struct http_request *request, const struct session *session,
                 const struct load *load, struct slice body)
{
    begin(request, calls[load->operation].name, calls[load->operation].method);
    request->repeat = calls[load->operation].repeat;
    set_url(request, session, load, body);
    if (load->operation != OPERATION_DELETE) {
        request->body = arena_copy(&request->arena, body);
        http_request_add_header(request, "Content-Type",
                                "application/json; charset=UTF-8");
    }
    if (load->assignment_rule != NULL) {
        http_request_add_header(request, "Sforce-Auto-Assign",
                                load->assignment_rule);
    }
    add_duplicate_rule(request, &load->headers);
}

void
rest_client_probe(struct http_request *request, const struct session *session)
{
    begin(request, "rest.probe", "GET");
    session_set_url(session, request, "/limits");
}

static struct slice
text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value),
                                                  json_string_length(value)}
                                 : (struct slice){"", 0};
}

static bool
is_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9'))) {
            return false;
        }
    }
    return text.len == 15 || text.len == 18;
}

static bool
is_code(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return text.len > 0;
}

/* What worked has an Id, what did not has a reason. */
static bool
is_sound(const json_t *item)
{
    const json_t *success = json_object_get(item, "success");
    if (!json_is_boolean(success)) {
        return false;
    }
    struct slice id = text_of(item, "id");
    if (json_is_true(success)) {
        return is_id(id);
    }
    const json_t *error = json_array_get(json_object_get(item, "errors"), 0);
    return is_code(text_of(error, "statusCode")) &&
           json_is_string(json_object_get(error, "message")) &&
           (id.len == 0 || is_id(id));
}

json_t *
rest_client_parse(struct slice answer, size_t count, struct error *err)
{
    json_t *list = answer_json_parse(answer, "REST collections", err);
    if (list == NULL) {
        return NULL;
    }
    size_t sound = 0;
    if (json_is_array(list) && json_array_size(list) == count) {
        while (sound < count && is_sound(json_array_get(list, sound))) {
            sound++;
        }
    }
    if (sound < count || !json_is_array(list)) {
        json_decref(list);
        error_set(err, ERROR_NETWORK, 0,
                  "REST collections: the answer does not say what became of "
                  "the %zu records sent",
                  count);
        return NULL;
    }
    return list;
}

static void
add_error(struct buffer *message, const json_t *error)
{
    buffer_append_slice(message, text_of(error, "statusCode"));
    buffer_append_char(message, ':');
    buffer_append_slice(message, text_of(error, "message"));
    buffer_append_char(message, ':');
    const json_t *fields = json_object_get(error, "fields"), *field;
    size_t i;
    json_array_foreach(fields, i, field)
    {
        if (json_is_string(field)) {
            buffer_append_text(message, i > 0 ? "," : "");
            buffer_append_text(message, json_string_value(field));
        }
    }
    buffer_append_text(message, json_array_size(fields) > 0 ? " --" : "--");
}

void
rest_client_read(const json_t *item, struct save_result *result,
                 struct buffer *message)
{
    *result = (struct save_result){
        .success = answer_json_bool(item, "success"),
        .created = answer_json_bool(item, "created"),
        .id = text_of(item, "id"),
        .code = {"", 0},
    };
    if (result->success) {
        return;
    }
    const json_t *errors = json_object_get(item, "errors"), *error;
    size_t i;
    result->code = text_of(json_array_get(errors, 0), "statusCode");
    json_array_foreach(errors, i, error)
    {
        if (i < ERRORS_LIMIT && json_is_object(error)) {
            buffer_append_text(message, i > 0 ? "; " : "");
            add_error(message, error);
        }
    }
}
