/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_BULK2_RESULTS_H
#define ETL_SINK_BULK2_RESULTS_H

#include "salesforce/bulk2_client.h"
#include "sink/sink.h"

/*
 * Reads one result file of Bulk API 2.0 as a stream. Columns are found by
 * name, in whatever order and case they come; those of the load that are
 * missing are absent in every row. Memory is a window and one row.
 *
 * A file is cut when it ends inside quotes or with neither a line end nor a
 * closing quote, when a row has another number of cells than the header, or
 * when the header lacks the sf__ columns.
 */
struct bulk2_results {
    const char *path;
    enum bulk2_result kind;
    const struct load *load;
    struct slice message; /* of unprocessed rows: why */
    bool is_doubtful;     /* unprocessed rows may have been processed since */
    result_row_fn *each;
    void *cookie;
    uint64_t rows; /* out: given to each */
    bool cut;      /* out: the rest could not be read */
};

/* False: the file can't be read, or each refused a row. A cut file is told in
 * the struct, behind the rows that were whole. */
bool bulk2_results_read(struct bulk2_results *results, struct error *err);

#endif
