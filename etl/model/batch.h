/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_BATCH_H
#define ETL_MODEL_BATCH_H

#include "base/arena.h"

/*
 * Rows on their way. The consumer lends a batch, the producer resets and fills
 * it; every slice in it is valid until the next fill. Who keeps something
 * copies it.
 *
 * In a source batch fields are the cells, in the order of the source's
 * columns. In a mapped batch they are the load's columns: ptr NULL leaves the
 * org's value alone, len 0 with a ptr clears it, else it is the value to send.
 */
enum record_fate { RECORD_GOOD, RECORD_REJECTED, RECORD_SKIPPED };

struct record {
    uint64_t row;   /* 1-based number of the source record */
    uint64_t line;  /* 1-based line it begins on */
    uint64_t outer; /* of a row nested in a record (XML): the record's number;
                       0: it is the record */
    enum record_fate fate;
    const char *code;    /* stable name of the first thing wrong; static */
    struct slice reason; /* all messages, joined by "; " */
    struct slice *fields;
    size_t field_count;
    struct slice lock_group; /* what the load's formula gave; blank: none */
};

struct batch {
    struct arena arena;
    struct record *records;
    size_t count, capacity;
    /* Of several files the one that all these rows are of, borrowed from the
     * source; NULL: there is only one. */
    const char *file_name;
};

/* Empty, memory kept. */
void batch_reset(struct batch *batch);
/* One more record, zeroed. The pointer is valid until the next call. */
struct record *batch_add(struct batch *batch);
void batch_release(struct batch *batch);

/*
 * Marks a record rejected and joins one more message. The first code stays. A
 * skipped record becomes rejected.
 */
void batch_reject(struct batch *batch, struct record *record, const char *code,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
