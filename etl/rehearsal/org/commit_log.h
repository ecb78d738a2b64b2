/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_COMMIT_LOG_H
#define ETL_REHEARSAL_ORG_COMMIT_LOG_H

#include "base/buffer.h"
#include "rehearsal/org/store_link.h"

#include <stdint.h>

/*
 * commits.jsonl (store.h says what a line is). The truth is the table
 * commit_log, a row a transaction; the file follows it: after each commit, and
 * at the open, where a half-written last line is cut off and what is missing
 * is added. A file that can't be written is caught up later, so it never stops
 * a commit. Used by the thread whose turn it is to write.
 */
struct commit_log {
    char *path;
    int fd;              /* -1: not open */
    uint64_t seq;        /* of the last line, pending ones included */
    uint64_t stored_seq; /* of the last line that is committed */
    uint64_t file_seq;   /* of the last line in the file */
    struct buffer lines; /* pending */
};

bool commit_log_open(struct commit_log *log, const char *path,
                     struct store_link *link, struct error *err);
void commit_log_close(struct commit_log *log);

/* Begins a line, {"seq":N, and returns where the rest goes, "}\n" included. */
struct buffer *commit_log_begin(struct commit_log *log);
/* Before the commit: the pending lines into the table. */
bool commit_log_store(struct commit_log *log, struct store_link *link,
                      struct error *err);
/* After it: into the file. */
void commit_log_follow(struct commit_log *log, struct store_link *link);
/* Instead of it: forgets them. */
void commit_log_drop(struct commit_log *log);

#endif
