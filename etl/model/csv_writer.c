/* SPDX-License-Identifier: Apache-2.0 */
#include "model/csv_writer.h"

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* A bit in each byte that is zero; "Bit Twiddling Hacks", haszero. */
static inline uint64_t
zero_bytes(uint64_t word)
{
    return (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
}

/* Not zero when one of the eight is a comma, a quote or a line end. */
static inline uint64_t
special_bytes(uint64_t word)
{
    return zero_bytes(word ^ EACH_BYTE(',')) |
           zero_bytes(word ^ EACH_BYTE('"')) |
           zero_bytes(word ^ EACH_BYTE('\n')) |
           zero_bytes(word ^ EACH_BYTE('\r'));
}

static inline bool
is_special(char c)
{
    return c == ',' || c == '"' || c == '\n' || c == '\r';
}

/*
 * Copies and looks at once, eight bytes at a time: every cell of a run comes
 * by here twice. True when the copy needs no quotes. The last word overlaps
 * the one before.
 */
static bool
copy_plain(char *to, const char *from, size_t len)
{
    uint64_t word, found = 0;
    if (len < sizeof word) {
        bool special = false;
        for (size_t i = 0; i < len; i++) {
            to[i] = from[i];
            special |= is_special(from[i]);
        }
        return !special;
    }
    for (size_t i = 0; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, from + i, sizeof word);
        memcpy(to + i, &word, sizeof word);
        found |= special_bytes(word);
    }
    memcpy(&word, from + len - sizeof word, sizeof word);
    memcpy(to + len - sizeof word, &word, sizeof word);
    return (found | special_bytes(word)) == 0;
}

static size_t
copy_quoted(char *to, const char *from, size_t len)
{
    char *end = to;
    *end++ = '"';
    for (size_t i = 0; i < len; i++) {
        if (from[i] == '"') {
            *end++ = '"';
        }
        *end++ = from[i];
    }
    *end++ = '"';
    return (size_t)(end - to);
}

static inline bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The bytes that were written at to, where 2 * len + 2 fit. */
static inline size_t
spell(char *to, struct slice value)
{
    if (value.len == 0) {
        return 0;
    }
    if (copy_plain(to, value.ptr, value.len) && !is_blank(value.ptr[0]) &&
        !is_blank(value.ptr[value.len - 1])) {
        return value.len;
    }
    return copy_quoted(to, value.ptr, value.len);
}

void
csv_writer_cell(struct buffer *line, struct slice value)
{
    char *to = buffer_reserve(line, 2 * value.len + 2);
    if (to != NULL) {
        line->len += spell(to, value);
    }
}

void
csv_writer_cells(struct buffer *line, const struct slice *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *to = buffer_reserve(line, 2 * values[i].len + 3);
        if (to == NULL) {
            return;
        }
        char *end = to;
        if (i > 0) {
            *end++ = ',';
        }
        end += spell(end, values[i]);
        line->len += (size_t)(end - to);
    }
}
