/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_READER_H
#define ETL_SOURCE_CSV_READER_H

#include "base/error.h"
#include "model/batch.h"
#include "model/source_spec.h"
#include "source/charset.h"

/*
 * CSV text into records: takes bytes, not files. Text is fed line by line, so
 * that lines, offsets and sizes are exact. A line without a quote is split
 * here and its cells stay where the text was copied to; all others go through
 * libcsv.
 *
 * Of a cell ptr NULL is empty, and len 0 with a ptr is "". Blank lines are no
 * rows, but count as lines; LF, CR LF and a lone CR end one. A quote inside an
 * unquoted cell is data. Rejected, with their cells as they came, are rows
 * that hold a NUL byte [nul-byte], bytes that their encoding does not have
 * [bad-bytes, shown as U+FFFD], text behind a closing quote [stray-quote; the
 * last cell is then the raw rest of the line], or another number of cells than
 * there are columns [ragged-row].
 */
struct csv_reader;

struct csv_reader_options {
    const char *name; /* of the source, for messages; borrowed, as is comment */
    char delimiter, quote; /* quote 0: none, each line is a row */
    struct slice comment;  /* lines beginning so are no rows; empty: none */
    size_t max_row_bytes;
    bool trim;     /* blanks outside quotes are no part of a cell */
    bool fed_back; /* a result file: a row that holds U+FFFD is rejected */
    uint64_t line, offset; /* where the text begins: 1 and 0, mostly */
    /* What the text was decoded with, borrowed; NULL: nothing. */
    const struct charset *charset;
};

struct csv_reader *csv_reader_new(const struct csv_reader_options *options);
void csv_reader_free(struct csv_reader *reader);

/* The header is read: the next row is the first, and has so many cells. Until
 * then rows may have any number. */
void csv_reader_set_columns(struct csv_reader *reader, size_t count,
                            enum ragged_policy ragged);

/*
 * Adds the rows that text completes, row_limit at most, and says how many
 * bytes it took; it leaves what it can't judge yet. at_end: nothing follows
 * this text. False with ERROR_INPUT where the rest can't be read.
 */
bool csv_reader_feed(struct csv_reader *reader, struct batch *batch,
                     struct slice text, bool at_end, size_t row_limit,
                     size_t *taken, struct error *err);
/* Before the batch goes: what it holds of a half-read row is kept aside. */
void csv_reader_hold(struct csv_reader *reader);

/* Given so far. */
uint64_t csv_reader_rows(const struct csv_reader *reader);
/* Behind the last row. */
uint64_t csv_reader_offset(const struct csv_reader *reader);

#endif
