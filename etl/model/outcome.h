/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_OUTCOME_H
#define ETL_MODEL_OUTCOME_H

#include "base/file.h"

/*
 * The fate of one row in one load, and the files that hold fates sorted by
 * row: one a load for what was decided before sending (rejected, skipped), one
 * a load for its duplicates, and one a chunk for what the org said. A file
 * appears whole. Format: per entry a fixed head {row, fate, created, lengths}
 * in host order, then id, code and message.
 */
enum outcome_fate {
    OUTCOME_SUCCEEDED,
    OUTCOME_FAILED,      /* the org refused it: error.csv, origin org */
    OUTCOME_REJECTED,    /* the mapping refused it: origin mapping */
    OUTCOME_SKIPPED,     /* left out: skipped.csv */
    OUTCOME_UNPROCESSED, /* never tried, or known to be untouched */
    OUTCOME_IN_DOUBT,    /* may have happened: unprocessed.csv, says so */
};
#define OUTCOME_FATE_COUNT 6

#define OUTCOME_ID_LIMIT 18
#define OUTCOME_MESSAGE_LIMIT ((size_t)128 * 1024) /* longer ones are cut */

struct outcome {
    uint64_t row;
    enum outcome_fate fate;
    bool created;
    struct slice id; /* 15 or 18 characters, or empty */
    /* Salesforce's status code or our stable name; of several the first's. */
    struct slice code;
    struct slice message; /* as result files show it */
};

struct outcome_writer {
    struct file_writer file;
    uint64_t last_row;
    uint64_t counts[OUTCOME_FATE_COUNT];
};
bool outcome_writer_open(struct outcome_writer *writer, const char *path,
                         struct error *err);
/* In place, cut to its first size bytes, to go on (resume). */
bool outcome_writer_open_append(struct outcome_writer *writer, const char *path,
                                uint64_t size, struct error *err);
/* Everything put so far is on disk afterwards; *size is the file's. */
bool outcome_writer_sync(struct outcome_writer *writer, uint64_t *size,
                         struct error *err);
/* Rows must ascend; anything else is ERROR_INTERNAL. */
bool outcome_writer_put(struct outcome_writer *writer,
                        const struct outcome *outcome, struct error *err);
bool outcome_writer_commit(struct outcome_writer *writer, struct error *err);
void outcome_writer_close(struct outcome_writer *writer);

/* One outcome at a time; its slices are valid until the next call. */
struct outcome_reader {
    struct file_reader file;
};
bool outcome_reader_open(struct outcome_reader *reader, const char *path,
                         struct error *err);
enum file_status outcome_reader_next(struct outcome_reader *reader,
                                     struct outcome *outcome,
                                     struct error *err);
void outcome_reader_close(struct outcome_reader *reader);

#endif
