/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_BULK2_CLIENT_H
#define ETL_SALESFORCE_BULK2_CLIENT_H

#include "model/load.h"
#include "model/ticket.h"
#include "salesforce/session.h"

/*
 * The words of Bulk API 2.0 ingest (salesforce.md): its requests, and what a
 * job says of itself. It sends nothing. Each function empties the request
 * first. Addresses are made here and never taken from an answer's contentUrl:
 * a token goes to the instance and nowhere else.
 */
enum bulk2_state {
    BULK2_OPEN,
    BULK2_UPLOAD_COMPLETE,
    BULK2_IN_PROGRESS,
    BULK2_JOB_COMPLETE,
    BULK2_FAILED,
    BULK2_ABORTED,
};

struct bulk2_job {
    char id[TICKET_JOB_ID_SIZE];
    enum bulk2_state state;
    int64_t processed, failed; /* -1: not said; failed ones are processed */
    int64_t total_processing_ms, active_processing_ms, apex_processing_ms;
    char message[TICKET_MESSAGE_SIZE]; /* errorMessage, "" */
};

enum bulk2_result {
    BULK2_SUCCESSFUL,
    BULK2_FAILED_ROWS,
    BULK2_UNPROCESSED,
};

/* Whether the API has the operation: undelete it has not. */
bool bulk2_client_knows(enum operation operation);

void bulk2_client_create(struct http_request *request,
                         const struct session *session,
                         const struct load *load);
/* The CSV comes from path, or, with path NULL, from bytes. */
void bulk2_client_upload(struct http_request *request,
                         const struct session *session, const char *job_id,
                         const char *path, struct slice bytes, bool gzip);
void bulk2_client_close(struct http_request *request,
                        const struct session *session, const char *job_id);
void bulk2_client_abort(struct http_request *request,
                        const struct session *session, const char *job_id);
void bulk2_client_read(struct http_request *request,
                       const struct session *session, const char *job_id);
void bulk2_client_delete(struct http_request *request,
                         const struct session *session, const char *job_id);
void bulk2_client_result(struct http_request *request,
                         const struct session *session, const char *job_id,
                         enum bulk2_result result, const char *path);

/*
 * Reads a job. want_id: the job that was asked about; NULL: a new one. False
 * with ERROR_NETWORK when it is no job, another job, or lacks a member: what
 * stands between us and the org garbles answers, and asking again may help.
 */
bool bulk2_client_parse_job(const struct http_answer *answer,
                            const char *want_id, struct bulk2_job *job,
                            struct error *err);

#endif
