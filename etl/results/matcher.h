/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_MATCHER_H
#define ETL_RESULTS_MATCHER_H

#include "base/error.h"
#include "model/outcome.h"
#include "model/row_index.h"

/*
 * Finds the source row of each result of one chunk and writes the chunk's
 * outcomes, sorted by source row. By position where the API keeps order, else
 * by the rows' keys (model/row_key); rows with equal keys are interchangeable
 * and queue up. What the exact keys leave over is tried once more by loose
 * keys, where that is one to one. A row without a result is OUTCOME_IN_DOUBT,
 * or OUTCOME_UNPROCESSED where `missing` says so; a result without a row is
 * counted as stray and logged, never guessed.
 *
 * Memory: the index and 24 bytes a row; messages are spooled to a file.
 *
 * Use: open; give every result; when matcher_wants_again, give every result
 * once more, in the same order; finish.
 */
struct matcher;

struct matcher_options {
    const struct load *load;
    const char *index_path, *outcomes_path;
    const char *chunk_path; /* read again only for loose keys */
    /* The fate of rows that no result names, and why. */
    enum outcome_fate missing;
    struct slice missing_code, missing_message;
};

/* One result; fields by the load's columns, NULL: by position. */
struct matcher_result {
    enum outcome_fate fate;
    bool created;
    struct slice id, code, message;
    const struct slice *fields;
};

struct matcher_counts {
    uint64_t by_fate[OUTCOME_FATE_COUNT];
    uint64_t created;
    uint64_t loose; /* matched by the second try */
    uint64_t stray; /* results that no row of the chunk explains */
};

struct matcher *matcher_open(const struct matcher_options *options,
                             struct error *err);
bool matcher_put(struct matcher *matcher, const struct matcher_result *result,
                 struct error *err);
/* After all results were given once: prepares the second try when there are
 * both rows and results left over. */
bool matcher_wants_again(struct matcher *matcher, bool *again,
                         struct error *err);
/* Writes the outcomes file. */
bool matcher_finish(struct matcher *matcher, struct matcher_counts *counts,
                    struct error *err);
void matcher_close(struct matcher *matcher);

#endif
