/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_ROWS_H
#define ETL_SOURCE_XML_XML_ROWS_H

#include "model/batch.h"
#include "source/xml/xml_values.h"

/*
 * The rows of one record, its own and those of elements nested in it, until
 * the record ends: then all that they read of it is known, and they go into
 * the lent batches, one for each stream.
 */
struct xml_cell {
    struct xml_span span;
    uint64_t count; /* matches; 0: nothing is there */
};

struct xml_row {
    size_t stream, first_cell;
    uint64_t line;
    bool is_dropped; /* a test on its way failed */
};

struct xml_rows {
    const struct source_spec *spec;
    struct xml_values *values;
    struct batch *batches;
    struct xml_row *items;
    size_t count, capacity;
    struct xml_cell *cells;
    size_t cell_count, cell_capacity;
    uint64_t *row_counts; /* of each stream so far */
};

/* Both are borrowed. */
void xml_rows_init(struct xml_rows *rows, const struct source_spec *spec,
                   struct xml_values *values);
/* Where rows go from now on, until the next are lent. */
void xml_rows_lend(struct xml_rows *rows, struct batch *batches);
void xml_rows_add(struct xml_rows *rows, size_t stream, uint64_t line);
/* The rows from first on that begin below an anchor have what its columns are
 * worth now that it ends. */
void xml_rows_fill(struct xml_rows *rows, size_t anchor, size_t first);
/* Those of the stream whose way leads over the anchor. */
void xml_rows_drop(struct xml_rows *rows, size_t anchor, size_t first);
/* The record has ended; its rows are given away and forgotten. */
void xml_rows_emit(struct xml_rows *rows);
/* They are forgotten. */
void xml_rows_reset(struct xml_rows *rows);
void xml_rows_release(struct xml_rows *rows);

#endif
