/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_TALLY_H
#define ETL_REPORT_TALLY_H

#include "model/outcome.h"
#include "model/source_part.h"

/*
 * Counts of one load: how many rows came to what end, and which codes caused
 * it, with a few examples each. Codes past TALLY_CODE_LIMIT are counted as
 * "other". A zeroed struct is empty.
 */
#define TALLY_CODE_LIMIT 200
#define TALLY_EXAMPLE_LIMIT 3
/* A load of at most so many rows tells of each; of a larger one the result
 * files do. */
#define TALLY_ROW_LIMIT 200

struct tally_code {
    char code[80];
    enum outcome_fate fate;
    uint64_t count;
    struct tally_example {
        uint64_t row, line;
        char message[200];
    } examples[TALLY_EXAMPLE_LIMIT];
    size_t example_count;
};

struct tally_row {
    uint64_t row, line;
    enum outcome_fate fate;
    bool created;
    char id[OUTCOME_ID_LIMIT + 1];
    char code[80], message[400]; /* "" when it succeeded */
};

/* One file of several. */
struct tally_part {
    char *name;               /* owned */
    uint64_t first_row, rows; /* its numbers, those passed over included */
    uint64_t read, by_fate[OUTCOME_FATE_COUNT];
};

struct tally {
    uint64_t read, sent, created, updated;
    uint64_t by_fate[OUTCOME_FATE_COUNT];
    uint64_t passed_over; /* by --skip and --limit: not read */
    uint64_t line_ends_changed, loose, stray;
    struct tally_code *codes; /* owned; most frequent first after sort */
    size_t code_count;
    struct tally_row *rows; /* owned; in source order */
    size_t row_count;
    bool too_many_rows;       /* then there are none */
    struct tally_part *parts; /* owned; in source order; NULL: one source */
    size_t part_count, part_at;
};

/* Adds an outcome to the codes (not to by_fate). */
void tally_add_code(struct tally *tally, const struct outcome *outcome,
                    uint64_t line);
void tally_add_row(struct tally *tally, const struct outcome *outcome,
                   uint64_t line);
/* Counts by file from here on; rows come in source order. */
void tally_open_parts(struct tally *tally, const struct source_part *parts,
                      size_t count);
void tally_add_part(struct tally *tally, const struct outcome *outcome);
void tally_sort_codes(struct tally *tally);
/* True of a code that only follows from others: rows that were taken back
 * because a neighbour failed. It stands behind the causes. */
bool tally_code_follows(const struct tally_code *code);
void tally_release(struct tally *tally);
/* read = succeeded + failed + rejected + skipped + unprocessed (in-doubt rows
 * are unprocessed). */
bool tally_balances(const struct tally *tally);

#endif
