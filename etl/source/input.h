/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_INPUT_H
#define ETL_SOURCE_INPUT_H

#include "base/error.h"
#include "base/slice.h"

/*
 * The bytes of a source as UTF-8 text, a window at a time, from a file or
 * standard input. What is read stays until it is taken, so a reader may leave
 * the end of a window and see it again with more behind it. Each byte read
 * goes into a running hash, by which a resume finds out that a source changed.
 * All failures are ERROR_INPUT: the source can't be read; but a wait for more
 * that stop_fd ends is ERROR_CANCELLED.
 */
#define INPUT_WINDOW_SIZE ((size_t)64 * 1024)

struct input {
    char *name; /* for messages, owned: the path, or "standard input" */
    int fd;     /* -1: closed */
    char *bytes;
    size_t begin, end, capacity; /* of what is read and not taken */
    size_t window_size;
    int stop_fd;     /* readable: wait no longer; 0: none */
    bool at_end;     /* nothing can be read any more */
    bool has_bom;    /* taken already */
    uint64_t offset; /* of the first byte not taken */
    uint64_t size;   /* of the whole input, 0: unknown */
    uint64_t hashed_bytes;
    struct XXH3_state_s *hash;
};

/* path "-" is standard input. window_size 0: INPUT_WINDOW_SIZE; tests give
 * tiny ones. Refuses what is not UTF-8 by its first bytes, and takes a BOM. */
bool input_open(struct input *input, const char *path, size_t window_size,
                int stop_fd, struct error *err);
/* Reads a window more, whole unless the input ends in it. */
bool input_fill(struct input *input, struct error *err);
/* What is not taken, but for a character cut by the window's end. Valid until
 * the next fill. */
struct slice input_text(const struct input *input);
void input_take(struct input *input, size_t len);
/* XXH3-128 of the hashed_bytes first bytes. */
void input_hash(const struct input *input, uint64_t hash[2]);
void input_close(struct input *input);

#endif
