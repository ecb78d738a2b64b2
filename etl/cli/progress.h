/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_PROGRESS_H
#define ETL_CLI_PROGRESS_H

#include "pipeline/pipeline.h"

#include <stdio.h>

/*
 * Shows what a run is at. On a terminal a live line a phase, drawn anew at
 * most PROGRESS_DRAW_MS apart and cut to the terminal's width of the moment;
 * elsewhere a plain line a change of state, without control codes; or JSON
 * lines. One at a time is shown: log lines make it step aside.
 */
enum progress_mode {
    PROGRESS_MODE_NONE,
    PROGRESS_MODE_BAR,
    PROGRESS_MODE_PLAIN,
    PROGRESS_MODE_JSON,
};

#define PROGRESS_DRAW_MS 100
#define PROGRESS_JSON_MS 1000
#define PROGRESS_PHASE_COUNT 4

struct progress_line {
    struct progress_event last;
    int64_t began_ms, ended_ms; /* monotonic */
    bool is_seen, is_committed; /* committed: it scrolls away */
};

struct progress {
    FILE *stream;
    enum progress_mode mode;
    struct progress_line lines[PROGRESS_PHASE_COUNT];
    unsigned drawn_count; /* live lines on the screen */
    int64_t shown_ms;
};

/* name as --progress has it; "auto" looks at the stream. */
enum progress_mode progress_mode_of(const char *name, FILE *stream,
                                    bool is_quiet, bool log_is_json);
void progress_begin(struct progress *progress, FILE *stream,
                    enum progress_mode mode);
/* What pipeline_run is to be given; borrows progress. */
struct progress_sink progress_sink(struct progress *progress);
/* Leaves the last state of each phase on the screen. */
void progress_end(struct progress *progress);

/* "read  [####....]  45 %  1,200 rows  300/s  ETA 4 s  2 errors", cut to
 * width; on the heap. now_ms is monotonic. */
char *progress_line_text(const struct progress_line *line, int64_t now_ms,
                         size_t width) __attribute__((warn_unused_result));

#endif
