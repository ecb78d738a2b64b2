/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_CSV_WRITER_H
#define ETL_MODEL_CSV_WRITER_H

#include "base/buffer.h"

/*
 * RFC 4180 cells, appended to a buffer: comma, doubled quotes, quotes only
 * where they are needed (comma, quote, CR, LF, or a blank at either end).
 */
void csv_writer_cell(struct buffer *line, struct slice value);
/* Cells joined by commas, without the line end. */
void csv_writer_cells(struct buffer *line, const struct slice *values,
                      size_t count);

#endif
