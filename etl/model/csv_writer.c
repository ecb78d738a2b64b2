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

/* Sixteen bytes at once, in the registers that each x86-64 and ARM has. */
typedef unsigned char lane16 __attribute__((vector_size(16)));

static inline bool
is_special(char c)
{
    return c == ',' || c == '"' || c == '\n' || c == '\r';
}

/*
 * Copies and looks at once; every cell of a run comes by here twice. True when
 * the copy needs no quotes. The last step of each way overlaps the one before.
 */
static bool
copy_lanes(char *to, const char *from, size_t len)
{
    lane16 lane, found = {0};
    for (size_t i = 0;; i += sizeof lane) {
        i = i + sizeof lane > len ? len - sizeof lane : i;
        memcpy(&lane, from + i, sizeof lane);
        memcpy(to + i, &lane, sizeof lane);
        found |= (lane16)(lane == ',') | (lane16)(lane == '"') |
                 (lane16)(lane == '\n') | (lane16)(lane == '\r');
        if (i + sizeof lane == len) {
            break;
        }
    }
    uint64_t words[2];
    memcpy(words, &found, sizeof words);
    return (words[0] | words[1]) == 0;
}

static bool
copy_short(char *to, const char *from, size_t len)
{
    if (len >= sizeof(uint64_t)) {
        uint64_t first, last;
        memcpy(&first, from, sizeof first);
        memcpy(&last, from + len - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return (special_bytes(first) | special_bytes(last)) == 0;
    }
    if (len >= sizeof(uint32_t)) {
        uint32_t first, last;
        memcpy(&first, from, sizeof first);
        memcpy(&last, from + len - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return special_bytes((uint64_t)last << 32 | first) == 0;
    }
    bool special = false;
    for (size_t i = 0; i < len; i++) {
        to[i] = from[i];
        special |= is_special(from[i]);
    }
    return !special;
}

static inline bool
copy_plain(char *to, const char *from, size_t len)
{
    return len >= sizeof(lane16) ? copy_lanes(to, from, len)
                                 : copy_short(to, from, len);
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
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += 2 * values[i].len + 3;
    }
    char *to = buffer_reserve(line, size);
    if (to == NULL) {
        return;
    }
    char *end = to;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            *end++ = ',';
        }
        end += spell(end, values[i]);
    }
    line->len += (size_t)(end - to);
}
