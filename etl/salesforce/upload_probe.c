/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/upload_probe.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "salesforce/bulk2_client.h"
#include "salesforce/state_folder.h"

#include <stdlib.h>
#include <zlib.h>

/* Nobody has it: it is not created anywhere, only named. */
#define CANARY_FIELD "sfetl_upload_canary_c59f__c"
#define CANARY_CSV CANARY_FIELD "\nx\n"
#define POLL_MS 1000
#define WAIT_LIMIT_MS 60000
#define GZIP_WORD "gzip"

static char *
memory_path(const char *org_name, struct error *err)
{
    char *relative = mem_printf("orgs/%s/upload_compression", org_name);
    char *path = state_folder_path(relative, err);
    free(relative);
    return path;
}

bool
upload_probe_known(const char *org_name)
{
    struct error ignored = {0};
    struct buffer bytes = {0};
    char *path = memory_path(org_name, &ignored);
    bool known = path != NULL && file_exists(path) &&
                 file_read_whole(path, 64, &bytes, &ignored) &&
                 slice_is(slice_trim(buffer_slice(&bytes)), GZIP_WORD);
    buffer_release(&bytes);
    free(path);
    return known;
}

static bool
remember(const char *org_name, bool takes_gzip, struct error *err)
{
    char *path = memory_path(org_name, err);
    if (path == NULL) {
        return false;
    }
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool done = file_make_folders(path, err);
    *slash = '/';
    done = done &&
           file_replace(path, slice_of(takes_gzip ? GZIP_WORD "\n" : "none\n"),
                        err);
    free(path);
    return done;
}

static size_t
compress_canary(unsigned char *bytes, size_t size)
{
    unsigned char csv[] = CANARY_CSV;
    z_stream stream = {.next_in = csv,
                       .avail_in = sizeof csv - 1,
                       .next_out = bytes,
                       .avail_out = (uInt)size};
    /* 15 bits of window, 16: a gzip head. */
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return 0;
    }
    int status = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return status == Z_STREAM_END ? size - stream.avail_out : 0;
}

/* Until the job has ended. */
static bool
wait_for_end(struct session *session, struct bulk2_job *job,
             struct http_request *request, struct error *err)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_LIMIT_MS;
    struct http_answer answer;
    char id[TICKET_JOB_ID_SIZE];
    memcpy(id, job->id, sizeof id);
    do {
        http_client_next(session->http, POLL_MS, &answer);
        bulk2_client_read(request, session, id);
        if (!session_call(session, request, &answer, err) ||
            !bulk2_client_parse_job(&answer, id, job, err)) {
            return false;
        }
    } while (job->state <= BULK2_IN_PROGRESS && clock_monotonic_ms() < end_ms);
    return job->state > BULK2_IN_PROGRESS ||
           error_set(err, ERROR_NETWORK, 0,
                     "the canary job '%s' has not ended within %d s", id,
                     WAIT_LIMIT_MS / 1000);
}

/* False with *refused set: the org did not take the bytes at all. */
static bool
upload(struct session *session, const struct bulk2_job *job,
       struct http_request *request, bool *refused, struct error *err)
{
    unsigned char bytes[256];
    size_t len = compress_canary(bytes, sizeof bytes);
    struct http_answer answer = {0};
    bulk2_client_upload(request, session, job->id, NULL,
                        (struct slice){(const char *)bytes, len}, true);
    bool done = session_call(session, request, &answer, err);
    *refused = !done && answer.status >= 400 && answer.status < 500 &&
               err->kind == ERROR_REMOTE;
    return done;
}

static bool
run_canary(struct session *session, struct bulk2_job *job,
           struct http_request *request, bool *takes_gzip, struct error *err)
{
    bool refused = false;
    struct http_answer answer;
    *takes_gzip = false;
    if (!upload(session, job, request, &refused, err)) {
        if (refused) {
            error_clear(err);
        }
        return refused;
    }
    bulk2_client_close(request, session, job->id);
    if (!session_call(session, request, &answer, err) ||
        !wait_for_end(session, job, request, err)) {
        return false;
    }
    *takes_gzip = job->state == BULK2_FAILED &&
                  strstr(job->message, CANARY_FIELD) != NULL;
    return true;
}

/* Leaves nothing behind in the org, if it can be helped. */
static void
clean_up(struct session *session, const char *job_id,
         struct http_request *request)
{
    struct error ignored = {0};
    struct http_answer answer;
    bulk2_client_abort(request, session, job_id);
    session_call(session, request, &answer, &ignored);
    error_clear(&ignored);
    bulk2_client_delete(request, session, job_id);
    session_call(session, request, &answer, &ignored);
}

bool
upload_probe_ask(struct session *session, bool *takes_gzip, struct error *err)
{
    const struct load load = {.object = "Account",
                              .operation = OPERATION_INSERT};
    struct http_request request = {0};
    struct http_answer answer;
    struct bulk2_job job;
    bulk2_client_create(&request, session, &load);
    bool created = session_call(session, &request, &answer, err) &&
                   bulk2_client_parse_job(&answer, NULL, &job, err);
    bool done = created && run_canary(session, &job, &request, takes_gzip, err);
    if (created) {
        clean_up(session, job.id, &request);
    }
    http_request_release(&request);
    return done && remember(session->org->name, *takes_gzip, err);
}
