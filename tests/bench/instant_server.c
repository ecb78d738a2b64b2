/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instant_server FOLDER: an org that answers at once, for the bench. It serves
 * on a free loopback port, which it prints, spools uploads in FOLDER, and ends
 * at the end of its input, when it prints what it saw as JSON. It speaks as
 * much of the API as a Bulk 2.0 load needs, checks nothing, and accepts every
 * row; its results come in another order than the rows were sent.
 */
#include "instant_job.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_LIMIT 4096
#define BODY_LIMIT (16 * 1024) /* of what is not an upload */
#define RESULT_BLOCK (512 * 1024)
#define CONNECTION_MEMORY (1024 * 1024)
#define ANSWER_SIZE (64 * 1024)
#define DATA_PATH "/services/data/v64.0"
#define JOBS_PATH DATA_PATH "/jobs/ingest"

struct server {
    const char *folder;
    unsigned port;
    struct job jobs[JOBS_LIMIT];
    size_t job_count;
    uint64_t records;
    uint64_t requests, polls, creates, uploads, closes, results, others;
    uint64_t bytes_in; /* bodies */
};

/* What a request gathers until its body is there. */
struct request {
    struct job *upload;
    char body[BODY_LIMIT];
    size_t body_len;
};

static enum MHD_Result
reply(struct MHD_Connection *connection, unsigned status, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued;

    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Sforce-Limit-Info",
                            "api-usage=1/1000000");
    queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result
reply_not_found(struct MHD_Connection *connection)
{
    return reply(connection, MHD_HTTP_NOT_FOUND,
                 "[{\"message\":\"The requested resource does not exist\","
                 "\"errorCode\":\"NOT_FOUND\"}]");
}

/* The job of ".../jobs/ingest/ID[/rest]"; *rest is "" or begins with '/'. */
static struct job *
find_job(struct server *server, const char *path, const char **rest)
{
    size_t len;

    if (strncmp(path, JOBS_PATH "/", strlen(JOBS_PATH "/")) != 0)
        return NULL;
    path += strlen(JOBS_PATH "/");
    len = strcspn(path, "/");
    *rest = path + len;
    for (size_t i = 0; i < server->job_count; i++)
        if (strncmp(server->jobs[i].id, path, len) == 0 &&
            server->jobs[i].id[len] == '\0')
            return &server->jobs[i];
    return NULL;
}

static enum MHD_Result
reply_job(struct MHD_Connection *connection, const struct job *job)
{
    char text[2048];

    snprintf(text, sizeof(text),
             "{\"id\":\"%s\",\"operation\":\"%s\",\"object\":\"%s\","
             "\"createdById\":\"005000000000001AAA\","
             "\"createdDate\":\"2026-01-31T08:00:00.000+0000\","
             "\"systemModstamp\":\"2026-01-31T08:00:00.000+0000\","
             "\"state\":\"%s\",\"externalIdFieldName\":\"%s\","
             "\"concurrencyMode\":\"Parallel\",\"contentType\":\"CSV\","
             "\"apiVersion\":64.0,\"jobType\":\"V2Ingest\","
             "\"contentUrl\":\"services/data/v64.0/jobs/ingest/%s/batches\","
             "\"lineEnding\":\"LF\",\"columnDelimiter\":\"COMMA\","
             "\"numberRecordsProcessed\":%" PRIu64 ","
             "\"numberRecordsFailed\":0,\"retries\":0,"
             "\"totalProcessingTime\":1,\"apiActiveProcessingTime\":1,"
             "\"apexProcessingTime\":0}",
             job->id, job->operation, job->object, job->state, job->external_id,
             job->id, job->rows);
    return reply(connection, MHD_HTTP_OK, text);
}

static void
copy_text(json_t *body, const char *key, char *out)
{
    const char *text = json_string_value(json_object_get(body, key));

    snprintf(out, JOB_NAME_SIZE, "%s", text != NULL ? text : "");
}

static enum MHD_Result
create_job(struct server *server, struct MHD_Connection *connection,
           const struct request *request)
{
    struct job *job = &server->jobs[server->job_count];
    json_t *body = json_loadb(request->body, request->body_len, 0, NULL);

    server->creates++;
    if (body == NULL || server->job_count == JOBS_LIMIT) {
        json_decref(body);
        return reply(connection, MHD_HTTP_BAD_REQUEST, "[]");
    }
    snprintf(job->id, sizeof(job->id), "750%012zuAAA", ++server->job_count);
    copy_text(body, "object", job->object);
    copy_text(body, "operation", job->operation);
    copy_text(body, "externalIdFieldName", job->external_id);
    json_decref(body);
    job->state = "Open";
    job->fd = -1;
    return reply_job(connection, job);
}

static enum MHD_Result
change_job(struct server *server, struct MHD_Connection *connection,
           const struct request *request, struct job *job)
{
    server->closes++;
    if (strstr(request->body, "Aborted") != NULL) {
        job->state = "Aborted";
    } else if (job_finish(job)) {
        job->state = "JobComplete";
        job->first_id = server->records;
        server->records += job->rows;
    } else {
        job->state = "Failed";
    }
    return reply_job(connection, job);
}

static ssize_t
read_result(void *cookie, uint64_t position, char *out, size_t max)
{
    ssize_t got = result_stream_read(cookie, out, max);

    (void)position;
    if (got == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static enum MHD_Result
send_result(struct server *server, struct MHD_Connection *connection,
            const struct job *job, enum result_kind kind)
{
    struct result_stream *stream = calloc(1, sizeof(*stream));
    struct MHD_Response *response;
    enum MHD_Result queued;

    server->results++;
    if (stream == NULL || job->text == NULL) {
        free(stream);
        return reply_not_found(connection);
    }
    stream->job = job;
    stream->kind = kind;
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, RESULT_BLOCK,
                                                 read_result, stream, free);
    MHD_add_response_header(response, "Content-Type", "text/csv");
    queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result
answer_job(struct server *server, struct MHD_Connection *connection,
           const char *method, struct job *job, const char *rest,
           struct request *request)
{
    if (strcmp(method, "PATCH") == 0)
        return change_job(server, connection, request, job);
    if (strcmp(method, "DELETE") == 0) {
        job_release(job);
        return reply(connection, MHD_HTTP_NO_CONTENT, "");
    }
    if (strncmp(rest, "/successfulResults", 18) == 0)
        return send_result(server, connection, job, RESULT_SUCCESSFUL);
    if (strncmp(rest, "/failedResults", 14) == 0)
        return send_result(server, connection, job, RESULT_FAILED);
    if (strncmp(rest, "/unprocessedrecords", 19) == 0)
        return send_result(server, connection, job, RESULT_UNPROCESSED);
    server->polls++;
    return reply_job(connection, job);
}

/* --- metadata */

/* name, type, length, precision, scale, digits, external id */
static const struct field {
    const char *name, *type;
    unsigned length, precision, scale, digits;
    bool is_external;
} fields[] = {
    {"Id", "id", 18, 0, 0, 0, false},
    {"Name", "string", 255, 0, 0, 0, false},
    {"BillingStreet", "textarea", 255, 0, 0, 0, false},
    {"BillingPostalCode", "string", 20, 0, 0, 0, false},
    {"BillingCity", "string", 40, 0, 0, 0, false},
    {"BillingCountry", "string", 80, 0, 0, 0, false},
    {"Phone", "phone", 40, 0, 0, 0, false},
    {"Website", "url", 255, 0, 0, 0, false},
    {"AnnualRevenue", "currency", 0, 18, 2, 0, false},
    {"NumberOfEmployees", "int", 0, 0, 0, 8, false},
    {"Description", "textarea", 32000, 0, 0, 0, false},
    {"Customer_Since__c", "date", 0, 0, 0, 0, false},
    {"ERP_Id__c", "string", 40, 0, 0, 0, true},
};

static json_t *
describe_field(const struct field *field)
{
    bool is_id = strcmp(field->type, "id") == 0;
    bool is_name = strcmp(field->name, "Name") == 0;

    return json_pack(
        "{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:b, s:b, "
        "s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:n, s:[], s:[]}",
        "name", field->name, "label", field->name, "type", field->type,
        "length", (int)field->length, "byteLength", (int)field->length * 3,
        "precision", (int)field->precision, "scale", (int)field->scale,
        "digits", (int)field->digits, "nillable", !is_id && !is_name,
        "createable", !is_id, "updateable", !is_id, "calculated", 0,
        "defaultedOnCreate", is_id, "externalId", field->is_external,
        "idLookup", is_id || field->is_external, "unique", field->is_external,
        "caseSensitive", 0, "nameField", is_name, "restrictedPicklist", 0,
        "polymorphicForeignKey", 0, "relationshipName", "picklistValues",
        "referenceTo");
}

static enum MHD_Result
send_describe(struct MHD_Connection *connection)
{
    char text[ANSWER_SIZE];
    json_t *list = json_array();
    json_t *root;

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        json_array_append_new(list, describe_field(&fields[i]));
    root = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:[], "
                     "s:o}",
                     "name", "Account", "label", "Account", "keyPrefix", "001",
                     "custom", 0, "createable", 1, "updateable", 1, "deletable",
                     1, "undeletable", 1, "queryable", 1, "childRelationships",
                     "fields", list);
    text[json_dumpb(root, text, sizeof(text) - 1, JSON_COMPACT)] = '\0';
    json_decref(root);
    return reply(connection, MHD_HTTP_OK, text);
}

static enum MHD_Result
answer_other(struct server *server, struct MHD_Connection *connection,
             const char *path)
{
    char text[ANSWER_SIZE];

    server->others++;
    if (strcmp(path, DATA_PATH "/sobjects/Account/describe") == 0)
        return send_describe(connection);
    if (strcmp(path, DATA_PATH "/limits") == 0)
        return reply(connection, MHD_HTTP_OK,
                     "{\"DailyApiRequests\":{\"Max\":1000000,"
                     "\"Remaining\":999999},"
                     "\"DailyBulkApiBatches\":{\"Max\":15000,"
                     "\"Remaining\":15000},"
                     "\"DailyBulkV2QueryJobs\":{\"Max\":10000,"
                     "\"Remaining\":10000}}");
    if (strcmp(path, DATA_PATH "/sobjects") == 0)
        return reply(connection, MHD_HTTP_OK,
                     "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,"
                     "\"sobjects\":[{\"name\":\"Account\"}]}");
    if (strcmp(path, "/services/data/") == 0)
        return reply(connection, MHD_HTTP_OK,
                     "[{\"label\":\"Summer '25\",\"url\":\"" DATA_PATH
                     "\",\"version\":\"64.0\"}]");
    if (strcmp(path, "/services/oauth2/token") != 0)
        return reply_not_found(connection);
    snprintf(text, sizeof(text),
             "{\"access_token\":\"instant\",\"token_type\":\"Bearer\","
             "\"instance_url\":\"http://127.0.0.1:%u\","
             "\"id\":\"http://127.0.0.1:%u/id/00D000000000001AAA/"
             "005000000000001AAA\",\"issued_at\":\"0\",\"signature\":\"\"}",
             server->port, server->port);
    return reply(connection, MHD_HTTP_OK, text);
}

/* --- requests */

static struct request *
begin_request(struct server *server, struct MHD_Connection *connection,
              const char *method, const char *path)
{
    struct request *request = calloc(1, sizeof(*request));
    const char *rest = NULL;
    const char *encoding = MHD_lookup_connection_value(
        connection, MHD_HEADER_KIND, "Content-Encoding");
    struct job *job = find_job(server, path, &rest);

    server->requests++;
    if (request == NULL || job == NULL || strcmp(method, "PUT") != 0)
        return request;
    server->uploads++;
    if (job_open(job, server->folder,
                 encoding != NULL && strcmp(encoding, "gzip") == 0))
        request->upload = job;
    return request;
}

static bool
take_body(struct server *server, struct request *request, const char *data,
          size_t len)
{
    server->bytes_in += len;
    if (request->upload != NULL)
        return job_put(request->upload, data, len);
    if (request->body_len + len >= sizeof(request->body))
        return false;
    memcpy(request->body + request->body_len, data, len);
    request->body_len += len;
    return true;
}

static enum MHD_Result
on_request(void *cookie, struct MHD_Connection *connection, const char *path,
           const char *method, const char *version, const char *data,
           size_t *data_len, void **state)
{
    struct server *server = cookie;
    struct request *request = *state;
    const char *rest = NULL;
    struct job *job;

    (void)version;
    if (request == NULL) {
        *state = begin_request(server, connection, method, path);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*data_len > 0) {
        bool taken = take_body(server, request, data, *data_len);

        *data_len = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (request->upload != NULL)
        return reply(connection, MHD_HTTP_CREATED, "");
    if (strcmp(path, JOBS_PATH) == 0 && strcmp(method, "POST") == 0)
        return create_job(server, connection, request);
    job = find_job(server, path, &rest);
    if (job != NULL)
        return answer_job(server, connection, method, job, rest, request);
    return answer_other(server, connection, path);
}

static void
on_completed(void *cookie, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode code)
{
    (void)cookie;
    (void)connection;
    (void)code;
    free(*state);
    *state = NULL;
}

static void
wait_for_end(void)
{
    char byte;

    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
}

static void
print_counts(const struct server *server)
{
    printf("{\"requests\": %" PRIu64 ", \"creates\": %" PRIu64
           ", \"uploads\": %" PRIu64 ", \"closes\": %" PRIu64
           ", \"polls\": %" PRIu64 ", \"results\": %" PRIu64
           ", \"others\": %" PRIu64 ", \"bytes_in\": %" PRIu64
           ", \"records\": %" PRIu64 "}\n",
           server->requests, server->creates, server->uploads, server->closes,
           server->polls, server->results, server->others, server->bytes_in,
           server->records);
}

int
main(int argc, char **argv)
{
    static struct server server;
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct MHD_Daemon *daemon;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.folder = argc > 1 ? argv[1] : ".";
    daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, &server,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)CONNECTION_MEMORY / 2,
        MHD_OPTION_END);
    if (daemon == NULL) {
        fputs("instant_server: can't serve on 127.0.0.1\n", stderr);
        return EXIT_FAILURE;
    }
    server.port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    printf("%u\n", server.port);
    fflush(stdout);
    wait_for_end();
    MHD_stop_daemon(daemon);
    print_counts(&server);
    for (size_t i = 0; i < server.job_count; i++)
        job_release(&server.jobs[i]);
    return EXIT_SUCCESS;
}
