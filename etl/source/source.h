/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_SOURCE_H
#define ETL_SOURCE_SOURCE_H

#include "base/error.h"
#include "model/batch.h"
#include "model/columns.h"
#include "model/source_part.h"
#include "model/source_spec.h"

/*
 * Where rows come from. A source is opened, tells its columns, and fills one
 * lent batch after another until its end; it never sees more of its input than
 * a window and the row that is being read. A bad row (ragged, a NUL byte,
 * bytes its encoding does not have) is a rejected record that keeps its cells;
 * what leaves the count of rows unknown (an open quote, a row over
 * max_row_bytes) fails with ERROR_INPUT and the line where it began.
 *
 * Rows come in streams: one, but for XML whose nested elements are rows too
 * (source_spec.h); source_next fills a batch for each of them.
 */
struct source;
enum source_status { SOURCE_ROWS, SOURCE_END, SOURCE_FAILED };

/* How far the input was read when the last row of a batch ended. */
struct source_position {
    uint64_t bytes;   /* of the input as stored; rounded up to the window where
                         these are not the text itself */
    uint64_t rows;    /* of all streams */
    uint64_t hash[2]; /* XXH3-128 of those bytes, rounded up to the window */
    uint64_t hashed_bytes;
};

/* spec is borrowed for the source's life. Reads up to the header. */
struct source *source_open(const struct source_spec *spec, struct error *err);
size_t source_stream_count(const struct source *source);
/* An array, of one for each stream. */
const struct columns *source_columns(const struct source *source);
/* What was found where the mapping left it open, for people: "UTF-8 with BOM,
 * delimiter ;, 12 columns". */
const char *source_description(const struct source *source);
/* How messages name it: the path as given, or "standard input". */
const char *source_name(const struct source *source);
/* batches: one for each stream; with SOURCE_ROWS, one of them has rows. */
enum source_status source_next(struct source *source, struct batch *batches,
                               struct error *err);
struct source_position source_position(const struct source *source);
/* Size of the input in bytes as stored, 0 when unknown: for progress. */
uint64_t source_size(const struct source *source);
/* Of several files what each held, as far as they are read; NULL when the spec
 * names only one. Borrowed from the source, and so are the names. */
const struct source_part *source_parts(const struct source *source,
                                       size_t stream, size_t *count);
void source_close(struct source *source);

#endif
