/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PIPELINE_H
#define ETL_PIPELINE_PIPELINE_H

#include "pipeline/run_options.h"
#include "report/tally.h"

/*
 * A run: prepare (read, map, stage), deliver (submit, poll, fetch, collect),
 * conclude (result files, summary). The only place that knows all stages. It
 * prints nothing: progress is told to a callback, and the result says the
 * rest.
 */
enum progress_phase {
    PROGRESS_READ,    /* rows read, mapped and staged; total is bytes */
    PROGRESS_SEND,    /* bytes uploaded of those staged */
    PROGRESS_PROCESS, /* rows the org has worked through */
    PROGRESS_COLLECT, /* rows whose results are in */
    PROGRESS_NOTE,    /* a change of state, as a text */
};

struct progress_event {
    enum progress_phase phase;
    uint64_t rows, errors;
    uint64_t done, total; /* bytes or rows, for the share; total 0: unknown */
    bool ended;           /* the phase is over */
    const char *text;     /* PROGRESS_NOTE */
};

struct progress_sink {
    /* On the main thread only; NULL: nobody listens. */
    void (*event)(void *cookie, const struct progress_event *event);
    void *cookie;
};

struct run_load_result {
    char *name, *object, *operation, *folder; /* owned */
    struct tally tally;
    int64_t duration_ms;
};

struct run_result {
    char *run, *folder; /* NULL before the folder was made */
    struct run_load_result *loads;
    size_t load_count;
    int64_t duration_ms;
    uint64_t passed_over;
    int exit_code;
    char nothing[1024]; /* "": else why there was nothing to do */
    struct error error; /* what stopped the run, if anything did */
};

/*
 * Runs one mapping. Always fills result, also on failure. problems is the
 * caller's, zeroed; mapping errors stand there. Returns the exit code.
 */
int pipeline_run(const struct run_options *options,
                 const struct progress_sink *progress,
                 struct problems *problems, struct run_result *result);
void pipeline_release(struct run_result *result);

#endif
