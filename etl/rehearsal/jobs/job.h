/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_H
#define ETL_REHEARSAL_JOBS_JOB_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * A Bulk 2.0 job: what its info shows, and a little more.
 */
#define JOB_BATCH_ROWS 10000
#define JOB_OPEN_MS ((int64_t)24 * 3600 * 1000)     /* then it is aborted */
#define JOB_KEPT_MS ((int64_t)7 * 24 * 3600 * 1000) /* then it is gone */

enum job_state {
    JOB_OPEN,
    JOB_UPLOADED, /* UploadComplete */
    JOB_RUNNING,  /* InProgress */
    JOB_ABORTED,
    JOB_COMPLETE, /* JobComplete */
    JOB_FAILED,
    JOB_STATE_COUNT,
};

/* A job as its info shows it; copied freely. */
struct job {
    char id[19];
    bool is_query;
    char object[81];
    char operation[16];  /* "upsert", "queryAll" */
    char external[256];  /* upsert's key field; "" */
    char rule[19];       /* assignmentRuleId; "" */
    char delimiter[16];  /* "COMMA" */
    char line_ending[8]; /* "LF", "CRLF" */
    int version;         /* 640 */
    int64_t created_ms, modified_ms;
    enum job_state state;
    bool has_content; /* an upload has come */
    uint64_t processed, failed;
    int64_t started_ms, total_ms, active_ms;
    char message[512]; /* errorMessage */
    uint64_t random;   /* the order of its results */
};

/* Which result; the file's ending in the jobs folder. */
enum job_result { JOB_SUCCESSFUL, JOB_UNSUCCESSFUL, JOB_UNPROCESSED };

const char *job_state_name(enum job_state state);
char job_delimiter(const struct job *job);       /* ','; NUL: none such */
const char *job_line_end(const struct job *job); /* "\n" */
bool job_is_over(const struct job *job);

/* As the store keeps it. */
json_t *job_to_json(const struct job *job);
bool job_from_json(json_t *json, struct job *job);

#endif
