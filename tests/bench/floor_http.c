/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_http BASE-URL FOLDER CHUNK...: what libcurl alone needs to move the
 * bytes of a run: per chunk one Bulk API 2.0 job is created, uploaded, closed
 * and asked once; its results go into a file of the folder. A chunk whose name
 * ends in .gz is sent as it is.
 */
#include <curl/curl.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOBS_PATH "/services/data/v64.0/jobs/ingest"
#define TEXT_SIZE 1024
#define JOB_BODY                                                               \
    "{\"object\":\"Account\",\"operation\":\"upsert\","                        \
    "\"externalIdFieldName\":\"ERP_Id__c\",\"contentType\":\"CSV\","           \
    "\"lineEnding\":\"LF\"}"

struct call {
    CURL *curl;
    const char *base;
    struct curl_slist *json, *csv, *gzip;
    char answer[TEXT_SIZE]; /* of the last small answer, cut */
    size_t answer_len;
};

static size_t
keep(char *data, size_t size, size_t count, void *cookie)
{
    struct call *call = cookie;
    size_t len = size * count;
    size_t room = sizeof(call->answer) - 1 - call->answer_len;

    memcpy(call->answer + call->answer_len, data, len < room ? len : room);
    call->answer_len += len < room ? len : room;
    call->answer[call->answer_len] = '\0';
    return len;
}

static void
prepare(struct call *call, const char *method, const char *path,
        struct curl_slist *headers)
{
    char url[TEXT_SIZE];

    snprintf(url, sizeof(url), "%s%s", call->base, path);
    call->answer_len = 0;
    call->answer[0] = '\0';
    curl_easy_reset(call->curl);
    curl_easy_setopt(call->curl, CURLOPT_URL, url);
    curl_easy_setopt(call->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(call->curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(call->curl, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(call->curl, CURLOPT_BUFFERSIZE, 256L * 1024);
    curl_easy_setopt(call->curl, CURLOPT_UPLOAD_BUFFERSIZE, 256L * 1024);
}

static bool
send_text(struct call *call, const char *method, const char *path,
          const char *body)
{
    prepare(call, method, path, call->json);
    curl_easy_setopt(call->curl, CURLOPT_POSTFIELDS, body);
    return curl_easy_perform(call->curl) == CURLE_OK;
}

static bool
send_file(struct call *call, const char *path, const char *file)
{
    size_t len = strlen(file);
    bool is_gzip = len > 3 && strcmp(file + len - 3, ".gz") == 0;
    struct stat stat;
    FILE *in = fopen(file, "rbe");
    bool sent = false;

    if (in != NULL && fstat(fileno(in), &stat) == 0) {
        prepare(call, "PUT", path, is_gzip ? call->gzip : call->csv);
        curl_easy_setopt(call->curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(call->curl, CURLOPT_READDATA, in);
        curl_easy_setopt(call->curl, CURLOPT_INFILESIZE_LARGE,
                         (curl_off_t)stat.st_size);
        sent = curl_easy_perform(call->curl) == CURLE_OK;
    }
    if (in != NULL)
        fclose(in);
    return sent;
}

static size_t
spool(char *data, size_t size, size_t count, void *cookie)
{
    ssize_t written = write(*(int *)cookie, data, size * count);

    return written < 0 ? 0 : (size_t)written;
}

static bool
fetch_file(struct call *call, const char *path, const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool fetched;

    if (fd < 0)
        return false;
    prepare(call, "GET", path, call->json);
    curl_easy_setopt(call->curl, CURLOPT_WRITEFUNCTION, spool);
    curl_easy_setopt(call->curl, CURLOPT_WRITEDATA, &fd);
    fetched = curl_easy_perform(call->curl) == CURLE_OK;
    return close(fd) == 0 && fetched;
}

static bool
get_text(struct call *call, const char *path)
{
    prepare(call, "GET", path, call->json);
    return curl_easy_perform(call->curl) == CURLE_OK;
}

/* "id":"750…" of the create answer into path, "" when there is none. */
static bool
job_path(const struct call *call, char *path, size_t size)
{
    const char *id = strstr(call->answer, "\"id\":\"");

    if (id == NULL)
        return false;
    snprintf(path, size, JOBS_PATH "/%.*s", (int)strcspn(id + 6, "\""), id + 6);
    return true;
}

static bool
run_job(struct call *call, const char *folder, int number, const char *chunk)
{
    char job[TEXT_SIZE / 4], path[TEXT_SIZE / 2], file[TEXT_SIZE];

    if (!send_text(call, "POST", JOBS_PATH, JOB_BODY) ||
        !job_path(call, job, sizeof(job)))
        return false;
    snprintf(path, sizeof(path), "%s/batches", job);
    if (!send_file(call, path, chunk) ||
        !send_text(call, "PATCH", job, "{\"state\":\"UploadComplete\"}") ||
        !get_text(call, job))
        return false;
    snprintf(path, sizeof(path), "%s/successfulResults/", job);
    snprintf(file, sizeof(file), "%s/%d.csv", folder, number);
    return fetch_file(call, path, file);
}

int
main(int argc, char **argv)
{
    struct call call = {0};
    int status = EXIT_SUCCESS;

    if (argc < 4) {
        fputs("usage: floor_http BASE-URL FOLDER CHUNK...\n", stderr);
        return EXIT_FAILURE;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    call.curl = curl_easy_init();
    call.base = argv[1];
    call.json = curl_slist_append(NULL, "Content-Type: application/json");
    call.csv = curl_slist_append(NULL, "Content-Type: text/csv");
    call.gzip = curl_slist_append(NULL, "Content-Type: text/csv");
    call.gzip = curl_slist_append(call.gzip, "Content-Encoding: gzip");
    for (int i = 3; i < argc && status == EXIT_SUCCESS; i++)
        if (!run_job(&call, argv[2], i - 2, argv[i])) {
            fprintf(stderr, "floor_http: '%s' can't be loaded\n", argv[i]);
            status = EXIT_FAILURE;
        }
    curl_slist_free_all(call.json);
    curl_slist_free_all(call.csv);
    curl_slist_free_all(call.gzip);
    curl_easy_cleanup(call.curl);
    curl_global_cleanup();
    return status;
}
