/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_bulk2_create.h"

#include "rehearsal/api/api_bulk2.h"

#include <stdio.h>

/* Copies a text member; false: it is too long or no text, and answered. */
bool
api_bulk2_create_text(struct exchange *exchange, json_t *body, const char *name,
                      char *text, size_t size)
{
    json_t *value = json_object_get(body, name);
    if (!value || json_is_null(value)) {
        return true;
    }
    const char *given = json_string_value(value);
    if (!given || strlen(given) >= size) {
        exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                              "Cannot deserialize instance of string for %s",
                              name);
        return false;
    }
    snprintf(text, size, "%s", given);
    return true;
}

bool
api_bulk2_create_members(struct exchange *exchange, json_t *body,
                         const char *const *known)
{
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], name) != 0) {
            i++;
        }
        if (!known[i]) {
            exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                                  "Unrecognized field \"%s\"", name);
            return false;
        }
    }
    return true;
}

/* Fills what was not given and refuses what is no such value. */
bool
api_bulk2_create_format(struct exchange *exchange, struct job *job,
                        const char *type)
{
    if (!job->delimiter[0]) {
        snprintf(job->delimiter, sizeof job->delimiter, "COMMA");
    }
    if (!job->line_ending[0]) {
        snprintf(job->line_ending, sizeof job->line_ending, "LF");
    }
    const char *wrong = NULL;
    if (!job_delimiter(job)) {
        wrong = job->delimiter;
    } else if (strcmp(job->line_ending, "LF") != 0 &&
               strcmp(job->line_ending, "CRLF") != 0) {
        wrong = job->line_ending;
    } else if (strcmp(type, "CSV") != 0) {
        wrong = type;
    }
    if (wrong) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "'%s' is not a valid value", wrong);
    }
    return !wrong;
}

static bool
check_operation(struct rehearsal *rehearsal, struct exchange *exchange,
                const struct job *job)
{
    static const char *const known[] = {"insert", "update", "upsert", "delete",
                                        "hardDelete"};
    size_t i = 0;
    while (i < 5 && strcmp(known[i], job->operation) != 0) {
        i++;
    }
    if (i == 5) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : '%s' is not a valid operation",
                              job->operation);
        return false;
    }
    if (i == 4 && !faults_settings(rehearsal->faults).hard_delete) {
        exchange_answer_error(exchange, 400, "FEATURENOTENABLED",
                              "FeatureNotEnabled : hardDelete operation "
                              "requires special user profile permission, "
                              "please contact your system administrator");
        return false;
    }
    return true;
}

static bool
check_object(struct rehearsal *rehearsal, struct exchange *exchange,
             struct job *job)
{
    const struct schema_object *object =
        org_schema_object(rehearsal->schema, slice_of(job->object));
    if (!object) {
        exchange_answer_error(exchange, 400, "INVALIDENTITY",
                              "InvalidEntity : Unable to find object: %s",
                              job->object);
        return false;
    }
    if (object->flags & OBJECT_NO_BULK) {
        exchange_answer_error(exchange, 400, "INVALIDENTITY",
                              "InvalidEntity : Entity '%s' is not supported "
                              "by the Bulk API.",
                              object->name);
        return false;
    }
    snprintf(job->object, sizeof job->object, "%s", object->name);
    bool upsert = strcmp(job->operation, "upsert") == 0;
    if (!upsert && job->external[0]) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : External ID field can only be "
                              "specified for upsert");
        return false;
    }
    const struct schema_field *field =
        org_schema_field(object, slice_of(job->external));
    bool is_key =
        field && (field->type == FIELD_ID ||
                  (field->flags & (FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP)));
    if (upsert && !job->external[0]) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : External ID was blank for %s. An "
                              "External ID must be specified for upsert.",
                              object->name);
        return false;
    }
    if (upsert && !is_key) {
        exchange_answer_error(exchange, 400, "INVALIDJOB",
                              "InvalidJob : Field name provided, %s does not "
                              "match an External ID, Salesforce Id, or "
                              "indexed field for %s",
                              job->external, object->name);
        return false;
    }
    if (upsert) {
        snprintf(job->external, sizeof job->external, "%s", field->name);
    }
    return true;
}

static bool
read_ingest(struct rehearsal *rehearsal, struct exchange *exchange,
            json_t *body, struct job *job)
{
    static const char *const known[] = {
        "object",     "operation",       "externalIdFieldName", "contentType",
        "lineEnding", "columnDelimiter", "assignmentRuleId",    NULL};
    char type[32] = "CSV";
    return api_bulk2_create_members(exchange, body, known) &&
           api_bulk2_create_text(exchange, body, "object", job->object,
                                 sizeof job->object) &&
           api_bulk2_create_text(exchange, body, "operation", job->operation,
                                 sizeof job->operation) &&
           api_bulk2_create_text(exchange, body, "externalIdFieldName",
                                 job->external, sizeof job->external) &&
           api_bulk2_create_text(exchange, body, "assignmentRuleId", job->rule,
                                 sizeof job->rule) &&
           api_bulk2_create_text(exchange, body, "columnDelimiter",
                                 job->delimiter, sizeof job->delimiter) &&
           api_bulk2_create_text(exchange, body, "lineEnding", job->line_ending,
                                 sizeof job->line_ending) &&
           api_bulk2_create_text(exchange, body, "contentType", type,
                                 sizeof type) &&
           api_bulk2_create_format(exchange, job, type) &&
           check_operation(rehearsal, exchange, job) &&
           check_object(rehearsal, exchange, job);
}

void
api_bulk2_create_serve(struct rehearsal *rehearsal, struct exchange *exchange,
                       const struct fault *fault)
{
    (void)fault;
    struct error err = {0};
    struct job job = {.version = exchange->version};
    if (exchange->version < API_BULK2_INGEST_SINCE) {
        api_bulk2_answer_no_job(exchange);
        return;
    }
    json_t *body = exchange_json(exchange);
    if (!body || !read_ingest(rehearsal, exchange, body, &job)) {
        json_decref(body);
        return;
    }
    json_decref(body);
    if (!job_engine_create(rehearsal->jobs, &job, (struct slice){0}, &err)) {
        api_bulk2_answer_failure(exchange);
        return;
    }
    json_t *info = api_bulk2_head(rehearsal, &job);
    api_bulk2_add_url(info, &job);
    api_bulk2_add_format(info, &job);
    exchange_answer_json(exchange, 200, info);
}
