/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_STORED_H
#define ETL_SOURCE_STORED_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/*
 * The bytes of a source as they are stored, in a file or on standard input.
 * Each byte read goes into a running hash, by which a resume finds out that a
 * source changed; a file that is written while it is read is found out at its
 * end [source-changed]. All failures are ERROR_INPUT: the source can't be read;
 * but a wait for more that stop_fd ends is ERROR_CANCELLED.
 */
struct stored {
    char *name;    /* for messages, owned: the path, or "standard input" */
    int fd;        /* -1: closed */
    int stop_fd;   /* readable: wait no longer; 0: none */
    uint64_t size; /* 0: unknown */
    struct timespec changed; /* of a file, when it was opened */
    uint64_t hashed_bytes;
    struct XXH3_state_s *hash;
};

/* path "-" is standard input. */
bool stored_open(struct stored *stored, const char *path, int stop_fd,
                 struct error *err);
/* So many bytes; fewer only where they end. */
bool stored_read(struct stored *stored, char *bytes, size_t len, size_t *got,
                 struct error *err);
/* XXH3-128 of the hashed_bytes first bytes. */
void stored_hash(const struct stored *stored, uint64_t hash[2]);
void stored_close(struct stored *stored);

#endif
