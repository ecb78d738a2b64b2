/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_BATCH_H
#define ETL_REHEARSAL_JOBS_JOB_BATCH_H

#include "rehearsal/jobs/job_engine.h"
#include "rehearsal/org/record_write.h"

#include <csv.h>

/*
 * An upload: read once to check it and to find where its batches begin, then
 * batch by batch. Rows are judged here only for their width; the rest is
 * record_write's.
 */
struct job_column {
    struct slice name; /* as sent, unquoted */
    bool quoted;       /* as sent */
    struct write_column meaning;
};

struct job_upload {
    struct arena arena;
    struct slice bytes; /* of the file, mapped */
    struct job_column *columns;
    size_t column_count;
    uint64_t *batches; /* where each begins; one more, where the last ends */
    size_t batch_count;
    uint64_t row_count;
    bool is_readable; /* is CSV at all, whatever its header says */
};

/*
 * To be closed in any case. False with the job's errorMessage in message when
 * Salesforce would fail the job ("InvalidBatch : …"), and with err set when the
 * file can't be read.
 */
bool job_batch_open(const struct rehearsal *rehearsal, const struct job *job,
                    const char *path, struct job_upload *upload,
                    char message[512], struct error *err);
void job_batch_close(struct job_upload *upload);

/* One row of the upload: cells as many as it has. */
struct job_row {
    const struct slice *cells; /* ptr NULL: nothing, not even quotes */
    size_t count;
};
/* Rows of batches [first, last), each WRITE_SLICE of them; stops when take
 * returns false. Cells live until take returns. */
bool job_batch_read(const struct job *job, const struct job_upload *upload,
                    size_t batch,
                    bool (*take)(void *cookie, const struct job_row *rows,
                                 size_t count),
                    void *cookie);

/* What became of a row: as kept in a slice's item. */
struct job_outcome {
    char kind; /* 'c' created, 'u' updated or deleted, 'f' failed */
    char id[19];
    struct slice error; /* "CODE:message:fields --" */
};
void job_batch_put_outcome(struct buffer *item,
                           const struct write_result *result);
/* Takes the first off the item; false at its end. */
bool job_batch_take_outcome(struct slice *item, struct job_outcome *outcome);
/* "750…-00001-07" */
#define JOB_SLICE_KEY_SIZE 40
void job_batch_slice_key(const struct job *job, size_t batch, size_t slice,
                         char key[JOB_SLICE_KEY_SIZE]);

#endif
