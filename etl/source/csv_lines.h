/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_LINES_H
#define ETL_SOURCE_CSV_LINES_H

#include "base/slice.h"

/*
 * The lines of a text that may go on behind its end. LF, CR LF and a lone CR
 * end one. What was found is kept, so that no byte is searched twice.
 */
struct csv_lines {
    const char *next_lf, *next_cr; /* found last; NULL: nothing yet */
    const char *end;               /* of the text */
    bool at_end;                   /* nothing follows it */
};

/* A line, or the part of it that is there; its end takes end_len bytes. */
struct csv_line {
    struct slice text; /* the end included */
    size_t end_len;    /* 0: the line goes on */
};

/* The next c at or behind at, or end; found: the last answer, or NULL. */
const char *csv_lines_find(const char *found, const char *at, const char *end,
                           char c);
/* The line at at. False when there is nothing that can be judged. */
bool csv_lines_next(struct csv_lines *lines, const char *at,
                    struct csv_line *line);

#endif
