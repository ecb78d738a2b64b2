/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_SERIES_H
#define ETL_CLI_SERIES_H

#include "cli/closing.h"

#include <jansson.h>

/*
 * One run after another, as run, resume, retry and abort do them: each with
 * its progress and its problems, and one closing table, or one JSON document,
 * for all. A run that stopped ends the series; failed rows do not.
 */
struct series {
    const struct options *options;
    struct closing_run *runs;
    size_t count;
    json_t *json; /* NULL: for people */
    int code;     /* of the series so far */
};

/* Makes one run; returns its exit code. */
typedef int series_run_fn(void *cookie, const struct progress_sink *progress,
                          struct problems *problems, struct run_result *result);

/* At most capacity runs. */
void series_open(struct series *series, const struct options *options,
                 size_t capacity);
/* label: the mapping or the run, as typed; borrowed. False: the series has
 * ended. */
bool series_run(struct series *series, const char *label, series_run_fn *run,
                void *cookie);
/* Prints, releases, and returns the exit code. */
int series_close(struct series *series);

#endif
