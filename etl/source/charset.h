/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CHARSET_H
#define ETL_SOURCE_CHARSET_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Bytes in another encoding into UTF-8. UTF-16 and UTF-32 are read here,
 * charsets of single bytes by a table that iconv fills once, and all others by
 * iconv. Bytes that the encoding does not have become the byte 0xFF, which no
 * UTF-8 text holds; where they stood, and where a NUL stood, is kept until it
 * is forgotten.
 */
struct charset;

struct charset_fault {
    uint64_t place;  /* in the text */
    uint64_t offset; /* in the input */
    unsigned char bytes[4];
    size_t len;
};

/* Text that so many bytes can become, and what may be written past it. */
#define CHARSET_GROWTH 4
#define CHARSET_SLACK 32

bool charset_is_utf8(const char *name);
/* What a byte order mark at the begin of head says; NULL: there is none. */
const char *charset_of_mark(struct slice head, size_t *mark_len);
/* name as iconv knows it; offset: bytes of the input that went before, as a
 * mark. head tells the byte order of an UTF-16 that does not say it. NULL with
 * ERROR_CONFIG for an unknown one. */
struct charset *charset_open(const char *name, struct slice head,
                             uint64_t offset, struct error *err);
const char *charset_name(const struct charset *charset);
/*
 * Writes text to out, which has room for CHARSET_GROWTH times the bytes and
 * CHARSET_SLACK, and says how many bytes it took: all, but for a character
 * that is cut by their end. at_end: nothing follows. Returns the text's size.
 */
size_t charset_decode(struct charset *charset, struct slice bytes, bool at_end,
                      char *out, size_t *taken);
/* The first fault in so many bytes of text from place on, or NULL. */
const struct charset_fault *charset_fault(const struct charset *charset,
                                          uint64_t place, size_t len);
/* Faults before place. */
void charset_forget(struct charset *charset, uint64_t place);
void charset_close(struct charset *charset);

#endif
