/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_STAGER_H
#define ETL_STAGE_STAGER_H

#include "base/error.h"
#include "model/batch.h"
#include "model/chunk.h"
#include "model/columns.h"
#include "model/load.h"

/*
 * Turns rows into files that a kill can't take back: the source rows once
 * (rows/source.rows, those of later streams rows/source-N.rows), and for each
 * load its chunks with their indexes (chunks/), the fates decided before
 * sending (LOAD.fates) and those of its duplicates (LOAD.duplicates). Files are
 * written aside, synced and renamed before the chunk is told to on_staged,
 * which records it.
 *
 * Duplicates are found at the end by an external sort of the indexes'
 * (key, row), so memory does not grow with the input; only chunks that hold
 * one are written again, and told once more (same load and number).
 *
 * Rows that have an order of their own, and those of `duplicates: allow`, move
 * into chunks of later waves after that, which are told before the chunks they
 * have left.
 *
 * The calls come from one thread; on_staged is called from it, too.
 */
struct stager;

/* Up to where everything of all loads is staged, durable when told. */
struct stage_mark {
    uint64_t row; /* the last source row that each load has in a staged chunk
                     or in its fates */
    uint64_t rows_size; /* of rows/source.rows, that row included */
    /* The last row that stands in rows/source.rows, durable too, and the size
     * behind it: not each load has decided it. Not looked at by a resume. */
    uint64_t kept_row, kept_size;
};

struct stage_load {
    const struct load *load;
    struct chunk_limits limits;
    /* Resume: chunks up to this number, which hold or decided all rows up to
     * last_row, stand already; 0 and 0 for a new run. */
    uint32_t staged_chunks;
    uint64_t last_row;
};

struct stager_options {
    const char *run_folder;
    size_t stream; /* of the source: whose rows these are */
    const struct stage_load *loads;
    size_t load_count;
    const struct columns *columns;
    bool gzip;                /* chunks go compressed, on a worker thread */
    size_t sort_memory;       /* bytes, for all loads */
    struct stage_mark resume; /* zeros for a new run */
    /* false: stop with this error. The chunk is lent. */
    bool (*on_staged)(void *cookie, const struct chunk *chunk,
                      const struct stage_mark *mark, struct error *err);
    void *cookie;
};

/* What became of one load's rows, for the tally. */
struct stage_counts {
    uint64_t rows, sent, rejected, skipped, chunks, bytes;
    uint64_t line_ends_changed; /* values whose CR LF or CR went as LF */
    /* Of rows that were put in an order of their own (stage/order/arrange);
     * waves 0: they were not. */
    uint64_t waves, second_rows;
    bool is_grouped;
};

struct stager *stager_open(const struct stager_options *options,
                           struct error *err);
/* mapped: one batch a load, each with the same records as source. Rows up to
 * a load's last_row are passed over. */
bool stager_put(struct stager *stager, const struct batch *source,
                const struct batch *mapped, struct error *err);
/* Closes the last chunks, settles duplicates. *rows_size is the final size of
 * rows/source.rows. */
bool stager_finish(struct stager *stager, uint64_t *rows_size,
                   struct error *err);
/* All rows that were put are durable; the mark says so. */
bool stager_sync(struct stager *stager, struct stage_mark *mark,
                 struct error *err);
struct stage_counts stager_counts(const struct stager *stager, size_t load);
void stager_close(struct stager *stager);

/* Where the fates decided before sending stand; on the heap. */
char *stager_fates_path(const char *run_folder, const char *load_name);
char *stager_duplicates_path(const char *run_folder, const char *load_name);
char *stager_rows_path(const char *run_folder, size_t stream);

#endif
