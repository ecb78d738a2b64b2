/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BENCH_INSTANT_JOB_H
#define TESTS_BENCH_INSTANT_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <zlib.h>

/*
 * A Bulk API 2.0 job of the instant server: the upload as it came, spooled to
 * a file without a name, and the results that are made of it. Every row
 * succeeds. Results come as Salesforce's do: every value quoted, the columns
 * in another order (sorted), the rows in another order (blocks of
 * JOB_BLOCK_ROWS in leaps).
 */
#define JOB_ID_SIZE 19
#define JOB_NAME_SIZE 81
#define JOB_COLUMNS 64 /* at most: the bench has 12 */
#define JOB_BLOCK_ROWS 200

struct job {
    char id[JOB_ID_SIZE];
    char object[JOB_NAME_SIZE], operation[JOB_NAME_SIZE];
    char external_id[JOB_NAME_SIZE];
    const char *state;
    int fd;
    bool gzip;
    z_stream unzip;
    /* Once closed: */
    const char *text;
    size_t size;
    size_t columns;
    size_t order[JOB_COLUMNS]; /* place in the answer -> place in the upload */
    size_t *blocks;            /* where each block begins; and the end */
    size_t block_count;
    uint64_t rows;
    uint64_t first_id; /* the records of the jobs before */
};

/* folder: where to spool. */
bool job_open(struct job *job, const char *folder, bool gzip);
bool job_put(struct job *job, const char *data, size_t len);
/* Reads the upload's rows; what stands in `order` follows its header. */
bool job_finish(struct job *job);
void job_release(struct job *job);

/* The answer to successfulResults, or the header alone, piece by piece. */
enum result_kind { RESULT_SUCCESSFUL, RESULT_FAILED, RESULT_UNPROCESSED };

struct result_stream {
    const struct job *job;
    enum result_kind kind;
    bool has_begun;
    size_t turn;    /* blocks given so far */
    size_t at, end; /* in the present block */
    uint64_t row;   /* given so far, for the Ids */
};

/*
 * Fills up to max bytes with whole rows; 0: the end. A row that does not fit
 * into max is never given: -1.
 */
ssize_t result_stream_read(struct result_stream *stream, char *out, size_t max);

#endif
