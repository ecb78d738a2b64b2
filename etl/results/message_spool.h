/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_MESSAGE_SPOOL_H
#define ETL_RESULTS_MESSAGE_SPOOL_H

#include "base/file.h"

/*
 * Codes and messages of rows, on disk until their rows are written in order:
 * an org may say up to 128 KiB of each row. A text that came again lately is
 * kept once. The file is made with the first text and has no name any more
 * when it is in use, so that a kill leaves none behind. {.path = P} is an
 * empty spool; P is borrowed.
 */
#define MESSAGE_SPOOL_SLOTS 1024

struct message_spool {
    const char *path;
    struct file_writer file;
    bool opened;
    int fd; /* for reading */
    struct message_spool_slot {
        uint64_t hash[2];
        uint64_t ref;
    } * slots;
    struct buffer text; /* what was read last */
    uint64_t text_ref;
};

/* Not 0, and below 2^40: a terabyte of messages is refused. */
bool message_spool_add(struct message_spool *spool, struct slice code,
                       struct slice message, uint64_t *ref, struct error *err);
/* Valid until the next get. Call message_spool_flush between add and get. */
bool message_spool_get(struct message_spool *spool, uint64_t ref,
                       struct slice *code, struct slice *message,
                       struct error *err);
bool message_spool_flush(struct message_spool *spool, struct error *err);
void message_spool_close(struct message_spool *spool);

#endif
