/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_FAULTS_H
#define ETL_REHEARSAL_FAULTS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

/*
 * What shall go wrong, and when: read from YAML, seeded, changed while the
 * org runs, and safe from any thread.
 *
 *   seed: 7
 *   settings: { daily_api_requests: 5000, session_seconds: 7200 }
 *   rules:
 *     - when: bulk2.upload            # a call, '*' fits anything
 *       what: lost-answer
 *       times: 1
 *     - when: { method: GET, path: "/failedResults", object: Account }
 *       what: reset
 *       at: 1000
 *       after: 2                      # spare the first two that match
 *       every: 3                      # then each third
 *       probability: 0.5
 *
 * path is a POSIX extended expression that is searched for. The first rule
 * that fires decides; later ones do not count that call. Calls are the names
 * in the route tables (`bulk2.create`, `oauth.token`, `rest.query`, …) and
 * `connect`, `job.begin`, `job.slice`, `job.end`.
 */
enum fault_kind {
    FAULT_NONE,
    FAULT_REFUSE,       /* connect: close it at once */
    FAULT_RESET,        /* at: bytes of the answer, then a reset */
    FAULT_STALL,        /* ms before the answer */
    FAULT_DRIP,         /* at bytes, then ms pause, and so on */
    FAULT_STATUS,       /* status with text as body, an HTML page if none */
    FAULT_LIMIT,        /* REQUEST_LIMIT_EXCEEDED; text: the message */
    FAULT_SESSION,      /* the session is gone */
    FAULT_LOST,         /* carried out, then a reset without an answer */
    FAULT_TWICE,        /* the answer comes twice */
    FAULT_LENGTH,       /* at: added to Content-Length */
    FAULT_CUT,          /* at: bytes of the body, then the end */
    FAULT_CUT_DECLARED, /* the same with a Content-Length that fits */
    FAULT_CLOCK,        /* the org's clock goes ms ahead (or behind) */
    FAULT_JOB_FAILED,   /* job.begin, job.slice: Failed, with text */
    FAULT_JOB_ABORTED,  /* the same: somebody else aborts it */
    FAULT_LOCKS,        /* job.slice: rows or percent fail with a lock */
    FAULT_RESTART,      /* the process ends; the next start goes on */
    FAULT_ROWS_MISSING, /* results: rows left out */
    FAULT_ROWS_ADDED,   /* results: rows that nobody sent */
    FAULT_ROWS_DOUBLED, /* results: rows that come twice */
    FAULT_OTHER_JOB,    /* results: those of another job */
    FAULT_COLUMNS,      /* results: the columns have other names */
    FAULT_KIND_COUNT,
};

struct fault {
    enum fault_kind kind;
    int64_t at; /* bytes */
    int64_t ms;
    unsigned status;
    int64_t rows;
    double percent;
    int64_t retry_after; /* seconds; 0: no such header */
    char text[512];
};

struct fault_call {
    const char *call, *method, *path; /* method and path may be NULL */
    const char *object;               /* NULL: none */
};

/* What can be set beside the rules; the defaults are Salesforce's. */
struct fault_settings {
    int64_t daily_api_requests, daily_batches, daily_query_jobs;
    int64_t session_seconds;
    int64_t clock_skew_ms;
    int64_t latency_ms;
    bool hard_delete; /* the permission of that name */
    bool soap_login;  /* new orgs have it off */
    bool upload_gzip; /* Bulk uploads may come compressed */
    bool shuffle;     /* results in another order than the upload */
};

struct faults;

/* No rules. latency_ms: what applies where the YAML says none. */
struct faults *faults_new(int64_t latency_ms);
void faults_free(struct faults *faults);
/* Replaces rules, seed and settings; unchanged when the YAML is wrong. */
bool faults_load(struct faults *faults, struct slice yaml, const char *name,
                 struct error *err);
/* Counts the call against the rules; false: nothing goes wrong. */
bool faults_fire(struct faults *faults, const struct fault_call *call,
                 struct fault *fault);
struct fault_settings faults_settings(struct faults *faults);
/* The org's time, skewed. */
int64_t faults_now_ms(struct faults *faults);
/* Moves it for good. */
void faults_skew_clock(struct faults *faults, int64_t ms);
/* Seeded random bits, for what must be repeatable. */
uint64_t faults_random(struct faults *faults);
/* How often a rule has fired since it was loaded, in all. */
uint64_t faults_fired(struct faults *faults);

#endif
