/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_BUFFER_H
#define ETL_BASE_BUFFER_H

#include "base/slice.h"

/*
 * Bytes that grow up to a ceiling: {.limit = N} is an empty one, and limit 0
 * means BUFFER_LIMIT_DEFAULT. An append that would pass the ceiling does
 * nothing, marks the buffer overflowed, and returns false, as do all appends
 * after it; so a writer may append many times and ask once. Not terminated,
 * but for buffer_text.
 */
#define BUFFER_LIMIT_DEFAULT ((size_t)1 << 30)

struct buffer {
    char *bytes;
    size_t len, capacity, limit;
    bool overflowed;
};

bool buffer_append(struct buffer *buffer, const void *bytes, size_t len);
bool buffer_append_slice(struct buffer *buffer, struct slice bytes);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_char(struct buffer *buffer, char c);
/* Fit for a terminal: control characters, and bytes that are no UTF-8, are
 * spelled "\n", "\x1b". */
bool buffer_append_visible(struct buffer *buffer, struct slice text);
bool buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Makes room for len bytes more behind the current end and returns where they
 * go, NULL past the ceiling. The caller adds to buffer->len what it wrote.
 */
char *buffer_reserve(struct buffer *buffer, size_t len);

/* Terminated, without counting the NUL; borrowed until the next change. */
const char *buffer_text(struct buffer *buffer);
struct slice buffer_slice(const struct buffer *buffer);

/* Empty again, memory kept. */
void buffer_reset(struct buffer *buffer);
void buffer_release(struct buffer *buffer);

#endif
