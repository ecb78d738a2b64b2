/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_RUN_H
#define ETL_PIPELINE_RUN_H

#include "ledger/ledger.h"
#include "model/outcome.h"
#include "pipeline/lock.h"
#include "pipeline/pipeline.h"
#include "pipeline/setup.h"
#include "sink/sink.h"

/*
 * The state of one run, for the files of this folder only: what prepare,
 * deliver and conclude hand to one another. Held by the main thread.
 */
struct run_load {
    const struct load *load; /* the mapping's, or sent */
    struct load sent;        /* where Ids are looked up: the key is the Id */
    struct load_column *sent_columns; /* owned */
    struct sink *sink;
    const char *api_why; /* why it is this one; static */
    struct chunk_limits limits;
    struct tally tally;
    uint64_t staged_rows;        /* of all chunks */
    uint64_t failed_rows;        /* known so far, for --max-errors */
    uint64_t waves, second_rows; /* as of struct stage_counts */
    bool is_grouped;
    bool parents_settled; /* `require: parent`: the orphans are taken out */
    bool unfinished;      /* some rows' outcome is open: resume goes on */
    int64_t started_ms, ended_ms; /* monotonic; of the delivery */
};

/* Rows of one kind (model/source_spec.h). */
struct run_stream {
    uint64_t rows_read;
    uint64_t rows_size; /* bytes of its file below rows/ that count */
};

/* How far a resume goes. */
enum run_mode {
    RUN_ALL,    /* load what is not loaded yet */
    RUN_SETTLE, /* find out what became of what was sent; send nothing more */
    RUN_ABORT,  /* abort the open jobs too */
};

struct run {
    const struct run_options *options;
    enum run_mode mode;
    enum outcome_fate assumed; /* of in-doubt rows; OUTCOME_IN_DOUBT: none */
    const struct progress_sink *progress;
    struct setup setup;
    struct lock lock;
    char *folder;
    struct ledger *ledger;
    struct run_load *loads;
    size_t load_count;
    struct run_stream *streams; /* of the source */
    size_t stream_count;
    uint64_t passed_over; /* records */
    bool gzip_uploads;    /* as the org's entry said when the run was begun */
    bool is_cut;    /* standard input was read in part, by a process that is
                       dead: rows that no load has decided are left over */
    bool is_staged; /* all rows that were read: they can be accounted for */
    uint64_t source_bytes;
    int64_t started_at_ms; /* wall */
    int64_t started_ms;    /* monotonic */
    int64_t prepare_ms, deliver_ms, conclude_ms;
};

/* A copy for the listener; errors of all loads. */
void run_progress(const struct run *run, const struct progress_event *event);
void run_note(const struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* False with ERROR_LIMIT when --max-errors is passed. */
bool run_check_errors(const struct run *run, struct error *err);
/* The same when --timeout has passed. */
bool run_check_time(const struct run *run, struct error *err);

/* What a chunk may hold: the API's limits, lowered by options and mapping. */
struct chunk_limits run_load_limits(const struct run_options *options,
                                    const struct load *load,
                                    struct chunk_limits limits);

/* prepare (when nothing or a part is staged), deliver, conclude, as far as the
 * ledger's state says; fills result. */
void run_proceed(struct run *run, struct run_result *result);
/* Removes rows/, chunks/ and source/: they have served. */
bool run_remove_staged(const struct run *run, struct error *err);
/* Also the streams, as far as the ledger knows of them. */
bool run_open_loads(struct run *run, struct error *err);
/* What the ledger keeps for each stream. */
bool run_get_stream(const struct run *run, const char *name, size_t stream,
                    uint64_t *value, struct error *err);
bool run_set_stream(const struct run *run, const char *name, size_t stream,
                    uint64_t value, struct error *err);
/* What is staged tells which API `auto` comes to; recorded, so that a resume
 * keeps it. */
bool run_choose_apis(struct run *run, struct error *err);
/* Releases all that the run holds. */
void run_end(struct run *run);

/* Reads, maps and stages all rows; nothing is sent. Goes on behind what the
 * ledger says is staged. */
bool prepare(struct run *run, struct error *err);
/* Sends what is staged, and has the outcomes of all that the org took. */
bool deliver(struct run *run, struct error *err);
/*
 * Writes the result files as far as outcomes are known and proves the row
 * accounting; cause is what stopped the run, or none. Also the summary.
 */
bool conclude(struct run *run, const struct error *cause,
              struct run_result *result, struct error *err);

#endif
