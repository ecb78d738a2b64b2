/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_SLICE_H
#define ETL_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Borrowed bytes, not terminated. ptr == NULL is absent, len == 0 is empty:
 * the difference between leaving a Salesforce field alone and clearing it.
 */
struct slice {
    const char *ptr;
    size_t len;
};

/* Fits "%.*s" of printf. */
#define SLICE_ARGS(s) ((int)(s).len), ((s).ptr ? (s).ptr : "")
#define SLICE_LITERAL(text) ((struct slice){(text), sizeof(text) - 1})

static inline struct slice
slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline bool
slice_equals(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
slice_is(struct slice a, const char *text)
{
    return slice_equals(a, slice_of(text));
}

static inline bool
slice_begins(struct slice a, const char *prefix)
{
    size_t len = strlen(prefix);
    return a.len >= len && memcmp(a.ptr, prefix, len) == 0;
}

/* ASCII case is ignored. */
bool slice_is_nocase(struct slice a, const char *text);

/* Without blanks (space, tab, CR, LF) at both ends. */
struct slice slice_trim(struct slice a);

/* Plain decimal digits that fit; false otherwise. */
bool slice_to_u64(struct slice a, uint64_t *value);

/* A terminated copy on the heap, owned by the caller. */
char *slice_dup(struct slice a) __attribute__((warn_unused_result));

/*
 * The length of the first bytes that are valid UTF-8 (RFC 3629: no
 * surrogates, nothing overlong); len when all are.
 */
size_t slice_utf8_valid_len(struct slice a);

/* Code points of valid UTF-8. */
size_t slice_utf8_count(struct slice a);

/* The bytes that the first count code points of valid UTF-8 take. */
size_t slice_utf8_prefix(struct slice a, size_t count);

#endif
