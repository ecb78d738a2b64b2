/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_PROBLEM_H
#define ETL_MAPPING_PROBLEM_H

#include "base/arena.h"

/*
 * What is wrong with a mapping, all of it at once: each with where, what, and
 * what to do, so that an analyst mends a file in one go. A zeroed list is
 * empty. Texts live in the list's arena.
 */
struct problem {
    int line, column;   /* of the mapping; 0: the file as a whole */
    const char *code;   /* stable name for `sfetl explain`: "unknown-column" */
    struct slice what;  /* lower case, no full stop, subjects in 'quotes' */
    struct slice help;  /* what to do; may be empty */
    struct slice shown; /* the line to look at, a caret below; may be empty */
    bool is_warning;    /* the run may go on */
};

struct problems {
    struct arena arena;
    const char *path; /* of the mapping, borrowed */
    /* The mapping's, from which lines are shown: borrowed until it is closed;
     * absent: none is shown. */
    struct slice text;
    struct problem *items;
    size_t count, capacity;
    size_t error_count; /* those that are no warnings */
    bool lines_only;    /* columns are not those of the file at path */
};

void problem_add(struct problems *problems, int line, int column,
                 const char *code, const char *help, const char *what, ...)
    __attribute__((format(printf, 6, 7)));
void problem_warn(struct problems *problems, int line, int column,
                  const char *code, const char *help, const char *what, ...)
    __attribute__((format(printf, 6, 7)));
/* Of the problem that was told last: how many bytes are meant, */
void problem_mark(struct problems *problems, size_t len);
/* or other lines to look at. */
void problem_show(struct problems *problems, struct slice lines);
/* By line and column. */
void problem_sort(struct problems *problems);
/* "mappings/a.yaml:14:12: what; help [code]" into the arena. */
struct slice problem_text(struct problems *problems,
                          const struct problem *problem);
void problem_release(struct problems *problems);

#endif
